"""The event log: it fits the declared net, names nobody, and holds what happened, no more."""

import io
import json
import zipfile
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from django.test import Client

from mediation.disputes import lifecycle
from mediation.disputes.enums import Status
from mediation.disputes.models import Dispute, Event
from mediation.errands import services as errands
from mediation.errands.models import Errand
from mediation.reports import eventlog, eventlog_errand
from tests.factories import CaseMaker, Cast
from tests.factories.people import COMMUNITY, SUBDISTRICT
from tests.web.conftest import SignIn, sign_in  # noqa: F401 -- a fixture
from tests.web.desk import NOON, still

pytestmark = pytest.mark.django_db

XES = "{http://www.xes-standard.org/}"
PNML = "{http://www.pnml.org/version-2009/grammar/pnml}"
EVERY = [status for status in Status if status != Status.SPLIT]


@pytest.fixture
def town(case_in: CaseMaker) -> None:
    for status in EVERY:
        case_in(status)


def silent(_count: int) -> None:
    """Nobody watches the bar."""


def log_of(cases: Any) -> tuple[ET.Element, dict[str, Any]]:
    xes, ocel, masks = io.StringIO(), io.StringIO(), eventlog.Masks()
    eventlog.write_xes(xes, cases, masks, seen=silent)
    eventlog.write_ocel(ocel, cases, masks, seen=silent)
    return ET.fromstring(xes.getvalue()), json.loads(ocel.getvalue())


def traces_of(log: ET.Element) -> list[list[str]]:
    return [
        [
            e.find(f"{XES}string[@key='concept:name']").get("value")
            for e in trace.iter(f"{XES}event")
        ]  # type: ignore[union-attr,misc]
        for trace in log.iter(f"{XES}trace")
    ]


class Net:
    """A Petri net read from PNML, played with one token: every transition has one arc in and one out."""

    def __init__(self, text: str) -> None:
        net = ET.fromstring(text).find(f"{PNML}net")
        assert net is not None
        ways = {arc.get("source"): arc.get("target") for arc in net.iter(f"{PNML}arc")}
        into = {arc.get("target"): arc.get("source") for arc in net.iter(f"{PNML}arc")}
        self.silent, self.named = set(), {}
        for step in net.iter(f"{PNML}transition"):
            name = step.find(f"{PNML}name/{PNML}text").text  # type: ignore[union-attr]
            move = into[step.get("id")], ways[step.get("id")]
            if step.find(f"{PNML}toolspecific") is None:
                assert name not in self.named
                self.named[name] = move
            else:
                self.silent.add(move)
        [self.start] = [
            p.get("id")
            for p in net.iter(f"{PNML}place")
            if p.find(f"{PNML}initialMarking") is not None
        ]
        self.end = net.find(f".//{PNML}finalmarkings//{PNML}place").get("idref")  # type: ignore[union-attr]

    def fits(self, trace: list[str]) -> bool:
        place = self.start
        for name in trace:
            if name not in self.named or self.named[name][0] != place:
                return False
            place = self.named[name][1]
        return (place, self.end) in self.silent


@pytest.mark.usefixtures("town")
def test_every_case_fits_the_declared_net() -> None:
    net, (log, _ocel) = Net(eventlog.net()), log_of(Dispute.objects.all())

    traces = traces_of(log)

    assert len(traces) == Dispute.objects.count()
    assert [trace for trace in traces if not net.fits(trace)] == []


@pytest.mark.usefixtures("town")
def test_another_order_does_not_fit() -> None:
    net = Net(eventlog.net())
    longest = max(traces_of(log_of(Dispute.objects.all())[0]), key=len)

    assert not net.fits([longest[1], longest[0], *longest[2:]])
    assert not net.fits(longest[1:])
    assert not net.fits([*longest[:2], longest[4]])


def test_net_is_the_table_of_the_lifecycle() -> None:
    net = Net(eventlog.net())

    drawn = {
        (name.split(" ")[0], source.removeprefix("p-"), target.removeprefix("p-"))
        for name, (source, target) in net.named.items()
    }
    table = {(one.command, str(one.source), str(one.target)) for one in lifecycle.arrows()}

    assert drawn == table | {("register", "start", "registered")}
    assert len(net.silent) == len(Status)


@pytest.mark.usefixtures("town")
def test_object_log_holds_every_event_once_with_its_case() -> None:
    _log, ocel = log_of(Dispute.objects.all())

    objects = {one["id"]: one["type"] for one in ocel["objects"]}
    assert len(ocel["events"]) == Event.objects.count() == len({e["id"] for e in ocel["events"]})
    for event in ocel["events"]:
        named = {link["qualifier"]: objects[link["objectId"]] for link in event["relationships"]}
        assert named == {"case": "dispute", "by": "person"}
    assert {e["type"] for e in ocel["events"]} == {t["name"] for t in ocel["eventTypes"]}
    assert sum(kind == "dispute" for kind in objects.values()) == Dispute.objects.count()


@pytest.mark.usefixtures("town")
def test_nobody_and_no_case_is_named_and_no_two_exports_can_be_joined() -> None:
    first, second = log_of(Dispute.objects.all()), log_of(Dispute.objects.all())

    text = ET.tostring(first[0], encoding="unicode") + json.dumps(first[1], ensure_ascii=False)
    for case in Dispute.objects.all():
        for known in (
            case.number,
            case.code,
            case.title,
            *case.parties.values_list("plain_name", flat=True),
        ):
            assert not known or known not in text
    for name in Event.objects.values_list("actor_name", flat=True).distinct():
        assert not name or name not in text
    common = {"system", "resident"}
    ids = [{one["id"] for one in log[1]["objects"]} - common for log in (first, second)]
    assert ids[0].isdisjoint(ids[1])


# The errand ---------------------------------------------------------------------------------------


@pytest.fixture
def _store(settings: Any, tmp_path: Any) -> None:
    settings.DATA_DIR = tmp_path


@pytest.mark.usefixtures("town", "_store")
def test_leader_gets_three_files_of_his_area(sign_in: SignIn, cast: Cast) -> None:  # noqa: F811
    with still():
        browser = sign_in("ling")
        assert browser.post("/waits/log/", {"area": SUBDISTRICT}).status_code == 302
        assert errands.drain(NOON) == 1
        [errand] = Errand.objects.all()
        answer = browser.get(f"/errands/{errand.pk}/file/")

    with zipfile.ZipFile(io.BytesIO(b"".join(answer.streaming_content))) as archive:  # type: ignore[attr-defined]
        assert sorted(archive.namelist()) == ["events.ocel.json", "events.xes", "lifecycle.pnml"]
        log = ET.fromstring(archive.read("events.xes"))
    assert len(traces_of(log)) == Dispute.objects.exclude(sensitivity="minor").count()


@pytest.mark.parametrize(
    ("who", "area", "status"),
    [
        ("li", SUBDISTRICT, 403),
        ("wang", COMMUNITY, 403),
        ("ling", "430902007", 404),
        ("xi", "", 403),
    ],
)
def test_others_get_none(sign_in: SignIn, who: str, area: str, status: int) -> None:  # noqa: F811
    assert sign_in(who).post("/waits/log/", {"area": area}).status_code == status
    assert not Errand.objects.exists()


def test_strangers_are_sent_to_sign_in(client: Client, cast: Cast) -> None:
    assert client.post("/waits/log/", {"area": SUBDISTRICT}).status_code == 302
    assert not Errand.objects.exists()


def test_right_to_the_file_ends_with_the_duty(cast: Cast) -> None:
    wanted = {"area": SUBDISTRICT}

    assert eventlog_errand.may_take(wanted, cast.ling, NOON)
    assert not eventlog_errand.may_take(wanted, cast.b_ling, NOON)
    assert not eventlog_errand.may_take(wanted, cast.li, NOON)
    assert not eventlog_errand.may_take({}, cast.ling, NOON)

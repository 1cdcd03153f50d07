"""What a step knows before anybody types, and what it asks for only when an answer needs it."""

from collections.abc import Iterator

import pytest
from django.conf import settings

from mediation.disputes.enums import Status
from mediation.disputes.models import Dispute
from mediation.web import action_forms, prefill
from tests.factories import CaseMaker, Cast, at, give
from tests.factories.track import bring
from tests.web.conftest import SignIn
from tests.web.desk import page, still
from workflows.commands import catalog
from workflows.facts import CaseFacts

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _still_clock() -> Iterator[None]:
    with still():
        yield


@pytest.mark.parametrize(("name", "fields"), sorted(action_forms.WHEN.items()))
def test_what_one_answer_needs_hangs_on_an_answer_of_the_same_form(
    name: str, fields: dict[str, str]
) -> None:
    form = catalog.find(name).form

    for field, condition in fields.items():
        other, _is, answers = condition.partition("=")
        assert field in form.base_fields
        assert not form.base_fields[field].required
        offered = {str(value) for value, _label in getattr(form.base_fields[other], "choices", [])}
        assert set(answers.split("|")) <= offered, (field, offered)


def test_scripts_part_the_network_from_the_answers() -> None:
    """Two scripts that hide by one mark undid each other: what one had hidden the other showed."""
    offline = (settings.BASE_DIR / "static/fq/fq-offline.js").read_text(encoding="utf-8")

    assert "data-when" not in offline


def test_field_says_which_answer_needs_it(sign_in: SignIn, case_in: CaseMaker) -> None:
    text = sign_in("bao").get(page(case_in(), "assess")).text

    assert 'data-field="colour_reason" data-when="colour=RED|ORANGE|YELLOW|BLUE"' in text
    assert "data-rest" in text
    assert "data-rest" not in sign_in("wang").get("/register/").text


def test_consent_and_performance_are_recorded_on_the_page_of_the_case(
    sign_in: SignIn, case_in: CaseMaker
) -> None:
    asked = sign_in("li").get(f"/disputes/{case_in(Status.CONSENT_PENDING).code}/").context["step"]
    owed = sign_in("li").get(f"/disputes/{case_in(Status.PERFORMING).code}/").context["step"]

    assert (asked["name"], owed["name"]) == ("record_consent", "record_performance")
    assert asked["form"]["receipt"].value() == "signed"
    assert owed["form"]["obligation"].value() == 1
    assert not asked["unfolded"]


@pytest.mark.parametrize(
    ("status", "who", "step", "field", "value"),
    [
        (Status.ASSESSED, "bao", "start_mediation_intake", "chosen_by", "committee"),
        (Status.ASSESSED, "bao", "refer", "summary",
         "楼上厨房漏水，泡坏楼下天花板，双方多次争吵未果。\n修好防水并赔偿损失"),
        (Status.MEDIATION_ENDED, "li", "send_to_review", "result", "FAILED"),
        (Status.REGISTERED, "bao", "receive_order", "kind", ""),
    ],
)  # fmt: skip
def test_what_the_case_knows_is_filled_in(
    sign_in: SignIn, case_in: CaseMaker, status: Status, who: str, step: str, field: str, value: str
) -> None:
    form = sign_in(who).get(page(case_in(status), step)).context["step"]["form"]

    assert (form[field].value() or "") == value


def test_parts_of_a_mixed_case_begin_as_the_whole(sign_in: SignIn, case_in: CaseMaker) -> None:
    case = case_in(Status.ASSESSED)
    Dispute.objects.filter(pk=case.pk).update(nature="MIXED")

    form = sign_in("bao").get(page(case, "split")).context["step"]["form"]

    assert [field.value() for field in form] == [case.facts, case.facts]


def test_order_comes_from_where_the_registration_says(sign_in: SignIn, case_in: CaseMaker) -> None:
    form = sign_in("bao").get(page(case_in(source="hotline"), "receive_order")).context["step"]

    assert form["form"]["kind"].value() == "hotline"


def test_court_rules_under_the_number_that_it_docketed(
    sign_in: SignIn, case_in: CaseMaker, cast: Cast
) -> None:
    case, number = case_in(Status.PERFORMING), "（2026）湘0902民特3号"
    filed = {"court": "资阳区人民法院", "filed_on": "2026-03-02", "both_parties": True}
    give(cast.li, "file_confirmation", case, at("2026-03-03 09:00"), **filed)
    give(
        cast.li, "record_docket", case, at("2026-03-03 09:10"),
        docketed="docket", docketed_on="2026-03-03", court_number=number,
    )  # fmt: skip

    form = sign_in("li").get(page(case, "record_ruling")).context["step"]["form"]

    assert form["ruling_number"].value() == number


def test_act_on_the_spot_proposes_its_ground_of_the_simplified_procedure(
    sign_in: SignIn, case_in: CaseMaker, cast: Cast
) -> None:
    case = case_in(Status.RECONSIDERING)
    bring(cast.bao, case, "RC_FILED")

    form = sign_in("fu").get(page(case, "rc_accept")).context["step"]["form"]

    assert form["simplified_ground"].value() == "spot"
    assert form["procedure"].value() == "ordinary"


def test_who_declared_no_tie_need_not_tick_it_again(
    sign_in: SignIn, case_in: CaseMaker, cast: Cast
) -> None:
    case, client = case_in(Status.CONSENT_PENDING), sign_in("li")
    before = client.get(page(case, "accept")).context["step"]["form"]["no_conflict"].value()
    give(cast.li, "declare_ties", case, at("2026-03-02 11:00"), ties=[], truthful=True)

    after = client.get(page(case, "accept")).context["step"]["form"]["no_conflict"].value()

    assert (before, after) == (False, True)


def test_case_stands_beside_its_steps_but_not_on_the_pad(
    sign_in: SignIn, case_in: CaseMaker
) -> None:
    case, client = case_in(Status.AGREED), sign_in("li")

    assert case.facts in client.get(page(case, "record_signatures")).text
    assert case.facts not in client.get(page(case, "sign_on_screen")).text


def test_running_reconsideration_stands_before_the_parties(
    sign_in: SignIn, case_in: CaseMaker
) -> None:
    text = sign_in("fu").get(f"/disputes/{case_in(Status.RECONSIDERING).code}/").text

    assert text.count('id="reconsideration"') == 1
    assert text.index('id="reconsideration"') < text.index('id="parties"')
    assert 'href="#reconsideration"' in text


@pytest.mark.parametrize(
    ("status", "result"),
    [(Status.PERFORMING, "agreed"), (Status.MEDIATION_ENDED, "failed"), (Status.ASSESSED, "")],
)
def test_answer_to_the_sender_begins_with_what_came_of_the_case(
    case_in: CaseMaker, cast: Cast, status: Status, result: str
) -> None:
    facts = CaseFacts(case_in(status), actor=cast.bao, now=at("2026-03-03 09:00"))

    assert prefill.known("answer_order", facts).get("result", "") == result


def test_who_answers_an_order_that_is_not_recorded_is_led_to_it(
    sign_in: SignIn, case_in: CaseMaker
) -> None:
    text = sign_in("bao").get(page(case_in(Status.ASSESSED), "acknowledge_order")).text

    assert "/do/receive_order/" in text

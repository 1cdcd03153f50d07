"""The inbox is the truth: numbered without gaps per person, read from any number on."""

from mediation.disputes.enums import Status as S
from mediation.notifications import services as inbox
from mediation.notifications.models import InboxCursor, Notice
from tests.factories import at, give, register
from tests.factories.cases import NEXT_DAY

NOON = at("2026-03-02 12:00")


def test_numbers_of_each_person_run_without_gap(case_in, cast):
    for status in (S.MEDIATING, S.ARCHIVED, S.SPLIT):
        case_in(status)

    for cursor in InboxCursor.objects.all():
        seqs = Notice.objects.filter(person_id=cursor.person_id).order_by("seq")
        assert list(seqs.values_list("seq", flat=True)) == list(range(1, cursor.latest + 1))


def test_reading_on_from_a_number_gives_exactly_the_rest(case_in, cast):
    case_in(S.ARCHIVED)
    wang = cast.id("wang")
    latest = inbox.latest_seq(wang)

    first = inbox.since(cast.wang, 0, now=NOON, limit=5)
    rest = inbox.since(cast.wang, first[-1].seq, now=NOON)

    assert [n.seq for n in first + rest] == list(range(1, latest + 1))
    assert inbox.since(cast.wang, latest, now=NOON) == []
    assert inbox.since(cast.actor("mo"), 0, now=NOON) == []
    assert inbox.latest_seq(cast.id("mo")) == 0


def test_acknowledging_counts_down_once(cast):
    register(cast.bao, NEXT_DAY)
    register(cast.bao, NEXT_DAY)
    zhong = cast.id("zhong")

    unread = [inbox.unread(zhong)]
    for seq in (1, 1, 2):
        assert inbox.acknowledge(zhong, seq, now=NEXT_DAY)
        unread.append(inbox.unread(zhong))

    assert unread == [2, 1, 1, 0]
    assert inbox.acknowledge(zhong, 99, now=NEXT_DAY) is False


def test_nobody_acknowledges_for_another(cast):
    register(cast.bao, NEXT_DAY)

    inbox.acknowledge(cast.id("wang"), 1, now=NEXT_DAY)

    assert (inbox.unread(cast.id("wang")), inbox.unread(cast.id("zhong"))) == (0, 1)


def test_notice_names_the_case_and_nobody(case_in, cast):
    case = case_in(S.CONSENT_PENDING)

    give(
        cast.li, "add_party", case, NEXT_DAY, name="甲测乙", side="affected", is_affected_only=True
    )

    columns = {f.name for f in Notice._meta.concrete_fields}
    assert columns == {
        "id", "about", "person", "seq", "kind", "dispute", "level", "event_version", "asks", "created_at",
        "acknowledged_at",
    }  # fmt: skip


def test_gathered_notices_are_numbered_in_order_and_keep_what_they_say(cast):
    case, wang, bao = register(cast.bao, NEXT_DAY), cast.id("wang"), cast.id("bao")
    before = inbox.latest_seq(wang)

    with inbox.gathered():
        for kind, level, about in (("first", None, ""), ("second", "RED", "alert:1")):
            drafts = [inbox.Draft(wang, kind), inbox.Draft(bao, kind, asks=True, own=True)]
            inbox.deliver(drafts, dispute=case, version=1, now=NEXT_DAY, level=level, about=about)

    kept = [
        (n.seq - before, n.kind, n.level, n.about, n.asks, n.acknowledged_at)
        for n in Notice.objects.filter(person_id=wang, seq__gt=before).order_by("seq")
    ]
    assert kept == [
        (1, "first", case.colour, "", False, None),
        (2, "second", "RED", "alert:1", False, None),
    ]
    assert inbox.latest_seq(wang) == before + 2
    own = Notice.objects.filter(person_id=bao, kind="second").get()
    assert (own.asks, own.acknowledged_at) == (True, NEXT_DAY)


def test_withheld_notices_take_no_number_and_those_after_them_do(cast):
    wang = cast.id("wang")
    draft = [inbox.Draft(person_id=wang, kind="assess")]

    with inbox.withheld():
        inbox.deliver(draft, dispute=None, version=0, now=NEXT_DAY)
        with inbox.gathered():
            inbox.deliver(draft, dispute=None, version=0, now=NEXT_DAY)
    silent = (inbox.latest_seq(wang), inbox.unread(wang))
    inbox.deliver(draft, dispute=None, version=0, now=NEXT_DAY)

    assert silent == (0, 0)
    assert (inbox.latest_seq(wang), inbox.unread(wang)) == (1, 1)

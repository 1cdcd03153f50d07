"""Whatever is sent for a field, the answer is a sentence or a case: never a crash, never half a row."""

import pytest

from mediation.core.errors import Malformed, Refusal
from mediation.disputes.models import Dispute
from tests.disputes.test_guards import TRIALS, filled, grid_of
from tests.factories import give, undone
from tests.factories.cases import NEXT_DAY, UPSTAIRS, agreement, application
from workflows.commands import catalog
from workflows.engine import Command, execute

JUNK = [
    None, True, False, 0, -1, 3.5, 10**30, float("nan"), float("inf"), "", " ", "\x00", "\ud800",
    "x" * 6000, "NaN", "1e400", "٣", "2026-02-30", "0000-00-00", "9999-12-31", "24:00", "--", "<b>",
    [], [1], [None], [[]], {}, {"a": 1}, [{}], [{"party": "x"}], [{"debtor": None, "due_on": []}],
    "\u202e隐藏", "👨‍👩‍👧", "ｘ" * 3,
]  # fmt: skip

BY_COMMAND = {trial.command: trial for trial in reversed(TRIALS)}


def attempt(command, actor):
    """Give it and take it back; a refusal is an answer, anything else is a crash."""
    sentences = ["done"]
    with undone():
        try:
            execute(command, actor, now=NEXT_DAY)
        except Refusal as refusal:
            sentences = refusal.sentences
    assert sentences
    assert all(sentences)


@pytest.mark.parametrize("name", BY_COMMAND)
def test_command_survives_any_value_of_any_field(case_in, cast, name):
    trial = BY_COMMAND[name]
    case = case_in(trial.status, **grid_of(trial))
    trial.ready(case, cast)
    good = filled(trial.data, case, cast)
    actor = getattr(cast, trial.who)

    for field in catalog.find(name).form.base_fields:
        for junk in JUNK:
            attempt(Command(name, case.number, data=good | {field: junk}), actor)


def test_registration_survives_any_value_of_any_field(cast):
    for field in catalog.find("register").form.base_fields:
        for junk in JUNK:
            attempt(Command("register", data=application(**{field: junk})), cast.wang)


def test_rows_survive_any_value_of_any_field(case_in, cast):
    party = ["name", "side", "kind", "phone", "id_number", "address", "is_minor", "guardian"]
    for field in party:
        for junk in JUNK:
            row = UPSTAIRS | {field: junk}
            attempt(Command("register", data=application(parties=[row])), cast.wang)
    case = case_in("mediating")
    for field in ("debtor", "content", "amount", "due_on"):
        for junk in JUNK:
            row = agreement()["obligations"][0] | {field: junk}
            data = agreement(obligations=[row], amount="")
            attempt(Command("reach_agreement", case.number, data=data), cast.li)


def test_data_of_a_command_is_an_object_of_fields(case_in, cast):
    """A field that the command does not know is passed over, as a page posts its own."""
    case = case_in("registered")

    give(
        cast.wang, "comment", case, NEXT_DAY,
        remark="已联系双方", csrfmiddlewaretoken="x", status="closed", version=99,
    )  # fmt: skip

    assert Dispute.objects.get(pk=case.pk).status == "registered"


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"facts": "太短"}, "facts"),
        ({"facts": "字" * 2001}, "facts"),
        ({"category": "77"}, "category"),
        ({"source": "rumour"}, "source"),
        ({"place": ""}, "place"),
        ({"grid": ""}, "grid"),
        ({"parties": []}, "parties"),
        ({"parties": [UPSTAIRS] * 21}, "parties"),
        ({"parties": [UPSTAIRS | {"id_number": "439999198506210014"}]}, "parties"),
        ({"parties": [UPSTAIRS | {"phone": "12800000001"}]}, "parties"),
        ({"parties": [UPSTAIRS | {"side": "neutral"}]}, "parties"),
        ({"amount": "-1"}, "amount"),
        ({"amount": "12.345"}, "amount"),
        ({"people_count": 0}, "people_count"),
        ({"occurred_at": "2026-03-03T09:01"}, "occurred_at"),
        ({"answers": {"weapon": "maybe"}}, "answers"),
        ({"client_id": "not-a-uuid"}, "client_id"),
    ],
)
def test_registration_says_which_field_is_wrong(cast, snapshot_rows, changes, field):
    rows = snapshot_rows()

    with pytest.raises(Malformed) as refusal:
        execute(Command("register", data=application(**changes)), cast.wang, now=NEXT_DAY)

    assert list(refusal.value.fields) == [field]
    assert snapshot_rows() == rows

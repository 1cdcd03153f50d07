"""The chart of one case: every node has a lane, and the way taken is drawn."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils.translation import override

from mediation.core import text
from mediation.disputes.enums import Status
from tests.factories import CaseMaker
from workflows.chart import HEAD, HEIGHT, LANES, TRACK, Chart, chart, plan
from workflows.flows import DisputeFlow, ReconsiderationFlow

pytestmark = pytest.mark.django_db

FONT = 12
"""Of the names of stages, in the units of the drawing (``fq-flow.css``)."""


def states(drawn: Chart) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {"done": [], "current": []}
    for spot in drawn.spots:
        found.setdefault(spot.state, []).append(spot.name)
    return {"done": found["done"], "current": found["current"]}


def test_every_node_of_the_flows_has_a_lane() -> None:
    drawn = [name for names in LANES.values() for name in names]

    nodes = [node.name for node in DisputeFlow.instance.nodes()]
    track = [node.name for node in ReconsiderationFlow.instance.nodes()]
    assert sorted(drawn) == sorted(nodes)
    assert sorted([*TRACK, "start", "end"]) == sorted(track)


@pytest.mark.parametrize(
    ("status", "done", "current"),
    [
        (Status.REGISTERED, ["start"], ["assess"]),
        (Status.MEDIATING, ["start", "assess", "triage", "seek_consent"], ["mediate"]),
        (
            Status.ARCHIVED,
            [
                "start", "assess", "triage", "seek_consent", "mediate", "sign",
                "supervise_performance", "review_closure", "follow_up", "archive", "archived",
            ],
            [],
        ),
        (Status.VOIDED, ["start", "assess", "voided"], []),
    ],
)  # fmt: skip
def test_chart_shows_done_and_current(
    case_in: CaseMaker, status: Status, done: list[str], current: list[str]
) -> None:
    drawn = chart(case_in(status))

    assert states(drawn) == {"done": done, "current": current}


def test_chart_of_reconsideration_shows_the_linked_track(case_in: CaseMaker) -> None:
    drawn = chart(case_in(Status.RECONSIDERING))

    assert states(drawn) == {"done": ["start", "assess", "triage"], "current": ["advise"]}
    assert [spot.name for spot in drawn.spots if spot.name in TRACK] == list(TRACK)


def test_chart_draws_the_way_taken_and_the_ways_ahead(case_in: CaseMaker) -> None:
    drawn = chart(case_in(Status.CONSENT_PENDING))

    # Ahead: acceptance, the end of mediation, and back to triage if it proves administrative.
    assert [way.state for way in drawn.ways] == ["open", "open", "open", "taken", "taken", "taken"]


def test_chart_asks_one_query(case_in: CaseMaker) -> None:
    case = case_in(Status.AGREED)

    with CaptureQueriesContext(
        connection,
    ) as asked:
        chart(case)

    assert len(asked) == 1


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_name_of_a_stage_ends_before_the_boxes_begin(language: str) -> None:
    with override(language):
        for lane in plan().lanes:
            heights = [y for y, _words in lane.label]
            assert " ".join(words for _y, words in lane.label) == lane.stage.label
            assert all(text.width(words) * FONT <= HEAD for _y, words in lane.label)
            assert lane.y <= min(heights) <= max(heights) <= lane.y + HEIGHT

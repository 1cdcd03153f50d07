"""Where a case is: the stages as lanes, the way it took, and the ways that are open now."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from textwrap import wrap
from typing import Any

from viewflow.workflow.models import Task

from mediation.core import text
from mediation.disputes.enums import Stage
from mediation.disputes.models import Dispute
from workflows.flows import DisputeFlow, ReconsiderationFlow

# Node names by lane, in the order in which a case usually meets them.
TRACKED = "reconsider"
"""The node that a flow of its own stands behind: ``TRACK``."""
LANES: dict[Stage, tuple[str, ...]] = {
    Stage.INTAKE: ("start",),
    Stage.EARLY_WARNING: ("assess", "triage"),
    Stage.MEDIATION: ("seek_consent", "mediate", "sign", "supervise_performance", "choose_channel"),
    Stage.RECONSIDERATION: (TRACKED,),
    Stage.REFERRAL: ("handle_referral", "await_children"),
    Stage.CLOSURE: ("review_closure", "follow_up", "archive", "archived", "voided"),
}
TRACK = (
    "advise", "follow_acceptance", "follow_review", "answer_copy", "follow_service",
    "perform_decision", "wind_up",
)  # fmt: skip

HEAD, WIDTH, HEIGHT, GAP_X, GAP_Y = 104, 118, 34, 12, 20
MARGIN, LETTER = 4, 13  # beside a title; how wide a Chinese character is drawn
HEAD_LETTERS, LINE = (
    16,
    14,
)  # of a stage's name: Latin letters to a line, and how far apart lines are


@dataclass(frozen=True, slots=True)
class Spot:
    """One node: ``state`` is done, current or todo; the numbers are its place in the drawing."""

    name: str
    title: str
    stage: Stage
    state: str
    x: int
    y: int

    @property
    def middle(self) -> int:
        return self.x + WIDTH // 2

    @property
    def right(self) -> int:
        return self.x + WIDTH - MARGIN

    @property
    def squeezed(self) -> int:
        """To how many units a title is drawn together that is wider than its box; 0: it fits."""
        inside = WIDTH - 2 * MARGIN
        return inside if text.width(self.title) * LETTER > inside else 0

    @property
    def centre(self) -> int:
        return self.y + HEIGHT // 2


@dataclass(frozen=True, slots=True)
class Way:
    """A line between two nodes, ``taken`` or still ``open``, as the data of an SVG path."""

    line: str
    state: str


@dataclass(frozen=True, slots=True)
class Lane:
    stage: Stage
    y: int
    spots: tuple[Spot, ...]

    @property
    def label(self) -> list[tuple[int, str]]:
        """The name of the stage beside the boxes, in as many lines as it needs: height and words of each."""
        lines = wrap(str(self.stage.label), HEAD_LETTERS)
        top = self.y + HEIGHT // 2 - LINE * (len(lines) - 1) // 2
        return [(top + number * LINE, line) for number, line in enumerate(lines)]


@dataclass(frozen=True, slots=True)
class Chart:
    """The drawing, and the same said as a list by its lanes."""

    lanes: tuple[Lane, ...]
    ways: tuple[Way, ...]
    width: int
    height: int
    box: tuple[int, int] = (WIDTH, HEIGHT)

    @property
    def spots(self) -> list[Spot]:
        return [spot for lane in self.lanes for spot in lane.spots]


def chart(dispute: Dispute) -> Chart:
    """The chart of one case from its tasks: one query."""
    rows = Task.objects.filter(
        process__of_case__dispute=dispute, process__of_case__alert__isnull=True
    ).order_by("pk")
    tasks = [
        (t.process_id, t.flow_task, t.finished)
        for t in rows.only("process", "flow_task", "finished")
    ]
    tracked = any(node.flow_class is ReconsiderationFlow for _process, node, _end in tasks)
    lanes = tuple(_lanes(tasks, tracked=tracked))
    spots = {spot.name: spot for lane in lanes for spot in lane.spots}
    ways = tuple(_ways(tasks, spots))
    width = max(spot.x for spot in spots.values()) + WIDTH + 2
    return Chart(lanes, ways, width, len(lanes) * (HEIGHT + GAP_Y))


def plan() -> Chart:
    """The flow of disputes as it is drawn: every node that a person works at, and every way between them."""
    lanes = tuple(_lanes((), tracked=False))
    spots = {spot.name: spot for lane in lanes for spot in lane.spots}
    nodes = DisputeFlow.instance.nodes()
    ways = {
        (node.name, edge.dst.name): Way(_line(spots[node.name], spots[edge.dst.name]), "open")
        for node in nodes
        for edge in node._outgoing()
        if node.name in spots and edge.dst.name in spots
    }
    width = max(spot.x for spot in spots.values()) + WIDTH + 2
    return Chart(lanes, tuple(ways.values()), width, len(lanes) * (HEIGHT + GAP_Y))


def _lanes(tasks: Iterable[Any], *, tracked: bool) -> Iterator[Lane]:
    state = _states(tasks)
    for row, (stage, names) in enumerate(LANES.items()):
        shown = TRACK if tracked and stage == Stage.RECONSIDERATION else names
        y = GAP_Y // 2 + row * (HEIGHT + GAP_Y)
        spots = (
            Spot(
                name=name,
                title=_title(name),
                stage=stage,
                state=state.get(name, "todo"),
                x=HEAD + column * (WIDTH + GAP_X),
                y=y,
            )
            for column, name in enumerate(shown)
        )
        yield Lane(stage, y, tuple(spots))


def _title(name: str) -> str:
    flow = ReconsiderationFlow if name in TRACK else DisputeFlow
    return str(flow.instance.node(name).task_title)


def _states(tasks: Iterable[Any]) -> dict[str, str]:
    """An open task makes its node the current one, however often it was done before."""
    state: dict[str, str] = {}
    for _process, node, finished in tasks:
        # Both flows begin with a node of this name; only the main one is drawn.
        if node.name == "start" and node.flow_class is not DisputeFlow:
            continue
        state[node.name] = "done" if finished and state.get(node.name) != "current" else "current"
    return state


def _ways(tasks: Iterable[Any], spots: dict[str, Spot]) -> Iterator[Way]:
    taken: dict[tuple[str, str], None] = {}
    latest: dict[int, Any] = {}
    for process, node, _finished in tasks:
        if process in latest:
            taken.setdefault((latest[process].name, node.name))
        latest[process] = node
    ahead = {
        (node.name, edge.dst.name): None
        for _process, node, finished in tasks
        if not finished
        for edge in node._outgoing()
    }
    for state, pairs in (("open", ahead), ("taken", taken)):
        for source, target in pairs:
            if (
                source in spots
                and target in spots
                and not (state == "open" and (source, target) in taken)
            ):
                yield Way(_line(spots[source], spots[target]), state)


def _line(source: Spot, target: Spot) -> str:
    """A neighbour is reached straight, another lane by a bend, the same lane over its top."""
    if source.y == target.y:
        if target.x == source.x + WIDTH + GAP_X:
            return f"M{source.x + WIDTH},{source.centre}H{target.x - 2}"
        top = source.y - GAP_Y // 2 + 2
        return f"M{source.middle},{source.y}V{top}H{target.middle}V{target.y - 2}"
    down = target.y > source.y
    start = source.y + HEIGHT if down else source.y
    end = target.y - 2 if down else target.y + HEIGHT + 2
    bend = (start + end) // 2
    return f"M{source.middle},{start}C{source.middle},{bend} {target.middle},{bend} {target.middle},{end}"

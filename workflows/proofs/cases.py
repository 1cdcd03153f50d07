"""What must hold for every single case."""

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, TypeVar

from django.db.models import Model
from viewflow.workflow.models import Task

from mediation.agreements.models import Agreement
from mediation.areas.selectors import subdistrict_code
from mediation.core.chain import GENESIS, link
from mediation.core.clock import local_day
from mediation.deadlines import clocks as deadlines
from mediation.deadlines.models import Deadline
from mediation.disputes import lifecycle
from mediation.disputes.enums import DONE
from mediation.disputes.enums import Status as S
from mediation.disputes.models import Dispute, Event, NumberSeries, Party
from mediation.notifications.recipients import recipients
from mediation.reconsideration import terms
from mediation.reconsideration.models import Reconsideration
from mediation.search import index
from mediation.warning.models import Alert
from workflows import clocks, journal, ladder
from workflows.commands import catalog  # noqa: F401 -- importing registers the commands
from workflows.commands.spec import REGISTRY
from workflows.mapping import ROLE_OF, open_nodes
from workflows.models import WorkItem

M = TypeVar("M", bound=Model)
SERIAL = re.compile(r"[〔(](\d{4})[〕)].*?(\d+)号$")


@dataclass(frozen=True, slots=True)
class OpenTask:
    pk: int
    node: str
    lane: str


@dataclass(slots=True)
class CaseFile:
    """Everything about one case that a question needs, read in one go for many."""

    dispute: Dispute
    today: date
    series: dict[tuple[str, str, int], int]
    events: Sequence[Event] = ()
    tasks: Sequence[OpenTask] = ()
    work: WorkItem | None = None
    parties: Sequence[Party] = ()
    alerts: Sequence[Alert] = ()
    clocks: Sequence[Deadline] = ()
    agreement: Agreement | None = None
    track: Reconsideration | None = None
    words_behind: bool = False

    @property
    def rc_status(self) -> str | None:
        relevant = self.dispute.status == S.RECONSIDERING and self.track is not None
        return self.track.position if relevant and self.track else None

    @property
    def wanted(self) -> dict[str, str]:
        return open_nodes(self.dispute, self.rc_status)


@dataclass(slots=True)
class _Shelf:
    """Rows of one kind by the case that they belong to."""

    rows: dict[int, list[Any]] = field(default_factory=lambda: defaultdict(list))

    def of(self, dispute_id: int) -> list[Any]:
        return self.rows.get(dispute_id, [])

    def latest(self, dispute_id: int) -> Any:
        return next(reversed(self.of(dispute_id)), None)


def load(keys: Sequence[int], *, now: datetime) -> Iterator[CaseFile]:
    """The files of these cases: a dozen queries for any number of them."""
    shelf = {
        model: _shelf(model.objects.filter(dispute_id__in=keys).order_by(order))
        for model, order in (
            (Event, "version"), (WorkItem, "pk"), (Party, "ordinal"), (Alert, "pk"),
            (Deadline, "pk"), (Reconsideration, "pk"),
        )
    }  # fmt: skip
    agreements = _shelf(Agreement.objects.filter(dispute_id__in=keys, is_current=True))
    tasks, series = _open_tasks(keys), _series()
    late = index.behind(keys)
    for dispute in Dispute.objects.filter(pk__in=keys).order_by("pk"):
        yield CaseFile(
            dispute,
            local_day(now),
            series,
            events=shelf[Event].of(dispute.pk),
            tasks=tasks.of(dispute.pk),
            work=shelf[WorkItem].latest(dispute.pk),
            parties=shelf[Party].of(dispute.pk),
            alerts=shelf[Alert].of(dispute.pk),
            clocks=shelf[Deadline].of(dispute.pk),
            agreement=agreements.latest(dispute.pk),
            track=shelf[Reconsideration].latest(dispute.pk),
            words_behind=dispute.pk in late,
        )


def _shelf(rows: Iterable[Any]) -> _Shelf:
    shelf = _Shelf()
    for row in rows:
        shelf.rows[row.dispute_id].append(row)
    return shelf


def _open_tasks(keys: Sequence[int]) -> _Shelf:
    shelf = _Shelf()
    rows = (
        Task.objects.filter(
            process__of_case__dispute_id__in=keys,
            process__of_case__alert__isnull=True,
            finished__isnull=True,
        )
        .order_by("pk")
        .values_list("process__of_case__dispute_id", "pk", "flow_task", "process__of_case__lane")
    )
    for dispute_id, pk, node, lane in rows:
        shelf.rows[dispute_id].append(OpenTask(pk, node.name if node else "", lane))
    return shelf


def _series() -> dict[tuple[str, str, int], int]:
    """The highest number that any committee of a subdistrict was given."""
    rows = NumberSeries.objects.values_list("organisation", "kind", "year", "latest")
    found: dict[tuple[str, str, int], int] = {}
    for organisation, kind, year, latest in rows:
        key = subdistrict_code(organisation), kind, year
        found[key] = max(found.get(key, 0), latest)
    return found


# Who acts next -------------------------------------------------------------------------------------


def open_work_matches(case: CaseFile) -> Iterator[str]:
    found = sorted(task.node for task in case.tasks)
    wanted = sorted(case.wanted.values())
    if found != wanted:
        yield f"status {case.dispute.status}: open {found}, wanted {wanted}"


def work_item_matches(case: CaseFile) -> Iterator[str]:
    """One row per open case, equal in everything that lists read."""
    node = case.wanted.get("rc") or case.wanted.get("main")
    item = case.work
    if item is None or node is None:
        if (item is None) != (node is None):
            yield f"work item {item}, wanted node {node}"
        return
    dispute = case.dispute
    wanted = {
        "node": node,
        "role": ROLE_OF[node],
        "area_code": dispute.area_code,
        "severity": dispute.severity,
        "is_sensitive": dispute.is_sensitive,
        "due_at": dispute.due_at,
    }
    for name, value in wanted.items():
        if getattr(item, name) != value:
            yield f"work item: {name} is {getattr(item, name)}, wanted {value}"
    if item.task_id not in {task.pk for task in case.tasks if task.node == node}:
        yield f"work item points to task {item.task_id}, which is not the open {node}"
    if item.assignee_id not in assignees(dispute, ROLE_OF[node], today=case.today):
        yield f"work item: assignee {item.assignee_id} does not answer for it"


def assignees(dispute: Dispute, role: str, *, today: date) -> list[int | None]:
    """Who may stand on the work item, the one whom a new step would name first."""
    if role == "mediator":
        return [dispute.mediator_id]
    if role != "grid_worker":
        return [None]
    told = recipients(dispute, (), today=today)
    workers: list[int | None] = [r.person_id for r in told if "grid_worker" in r.roles]
    return workers if len(workers) == 1 else [None, *workers]


# What happened -------------------------------------------------------------------------------------


def chain_holds(case: CaseFile) -> Iterator[str]:
    """Every event carries the hash of the one before; the case carries that of the latest."""
    bad = first_bad_event(case.dispute, case.events)
    if bad is not None:
        yield bad


def first_bad_event(dispute: Dispute, events: Sequence[Event]) -> str | None:
    previous, uid = GENESIS, str(dispute.uid)
    for number, event in enumerate(events, 1):
        if event.version != number:
            return f"event {number} is missing (found version {event.version})"
        if event.previous != previous:
            return f"event {number} does not follow the one before"
        if link(previous, journal.record(event, uid)) != event.digest:
            return f"event {number} was changed"
        previous = event.digest
    if dispute.chain != previous:
        return f"the chain does not end where the case says, after event {len(events)}"
    return None


def version_counts(case: CaseFile) -> Iterator[str]:
    if case.dispute.version != len(case.events):
        yield f"version {case.dispute.version}, but {len(case.events)} events"


def status_is_told(case: CaseFile) -> Iterator[str]:
    """The status is where the events lead."""
    status = ""
    for event in case.events:
        if event.from_status != status:
            yield f"event {event.version} starts from {event.from_status}, not from {status}"
        status = event.to_status
    if status != case.dispute.status:
        yield f"events lead to {status}, the case is {case.dispute.status}"


def every_step_is_lawful(case: CaseFile) -> Iterator[str]:
    for event in case.events:
        step = (event.command, event.from_status, event.to_status)
        if not _is_lawful(*step):
            yield f"event {event.version}: {event.command} from {step[1]} to {step[2]}"


def _is_lawful(command: str, source: str, target: str) -> bool:
    if command == "register":
        return (source, target) == ("", S.REGISTERED)
    if command in _arrows():
        return (source, target) in _arrows()[command]
    spec = REGISTRY.get(command)
    return spec is not None and source == target and source in spec.statuses


_ARROWS: dict[str, set[tuple[str, str]]] = {}


def _arrows() -> dict[str, set[tuple[str, str]]]:
    if not _ARROWS:
        for arrow in lifecycle.arrows():
            move = (arrow.source.value, arrow.target.value)
            _ARROWS.setdefault(arrow.command, set()).add(move)
    return _ARROWS


# People, alerts, clocks, agreements, numbers ---------------------------------------------------------


def parties_are_in_order(case: CaseFile) -> Iterator[str]:
    ordinals = [party.ordinal for party in case.parties]
    if ordinals != list(range(1, len(ordinals) + 1)):
        yield f"ordinals {ordinals}"
    for party in case.parties:
        if party.is_minor and party.plain_name:
            yield f"party {party.ordinal} is a minor with a name in the clear"


def alarms_are_raised(case: CaseFile) -> Iterator[str]:
    """A red or orange case has had its alert; an open one is at least as severe as the case."""
    still = [alert for alert in case.alerts if alert.status != Alert.State.RESOLVED]
    if len(still) > 1:
        yield f"{len(still)} open alerts"
    if case.dispute.severity < 3 or case.dispute.status in DONE:
        return
    if not case.alerts:
        yield f"{case.dispute.colour} without an alert"
    elif still and still[0].severity < case.dispute.severity:
        yield f"{case.dispute.colour}, but its open alert is {still[0].colour}"


RUNS_IN: dict[str, frozenset[str]] = {
    **dict.fromkeys(ladder.MEDIATION, frozenset({S.ACCEPTED, S.MEDIATING, S.PAUSED})),
    **dict.fromkeys(clocks.PERFORMANCE, frozenset({S.PERFORMING, S.BREACHED})),
    "REPLY": frozenset({S.REFERRED}),
    **dict.fromkeys(terms.RULES, frozenset({S.RECONSIDERING})),
    "VISIT": frozenset({S.CLOSED}),
}
STANDS_STILL = frozenset({S.PAUSED, S.RECONSIDERING})
ENDS = frozenset({S.ARCHIVED, S.VOIDED})


def clocks_run_where_they_may(case: CaseFile) -> Iterator[str]:
    status = case.dispute.status
    for clock in case.clocks:
        if clock.state not in deadlines.UNMET or deadlines.has_lapsed(clock):
            continue
        if status not in RUNS_IN.get(clock.rule, set(S) - ENDS):
            yield f"{clock.rule} is {clock.state} although the case is {status}"
        held = clock.state == Deadline.State.PAUSED and clock.held_since is None
        if held and status not in STANDS_STILL:
            yield f"{clock.rule} stands still although the case is {status}"


def due_is_the_nearest(case: CaseFile) -> Iterator[str]:
    nearest = min(
        (
            clock.due_at
            for clock in case.clocks
            if clock.state in {Deadline.State.ARMED, Deadline.State.FIRED}
            and not deadlines.has_lapsed(clock)
        ),
        default=None,
    )
    if case.dispute.due_at != nearest:
        yield f"due {case.dispute.due_at}, nearest clock {nearest}"


def effect_is_computed(case: CaseFile) -> Iterator[str]:
    """The day of effect is the one that its elements give (People's Mediation Law arts. 29, 30)."""
    agreement = case.agreement
    effective = agreement is not None and agreement.effective_on is not None
    if case.dispute.status in {S.PERFORMING, S.BREACHED} and not effective:
        yield f"{case.dispute.status} without an agreement in effect"
    if agreement is None or agreement.effective_on is None:
        return
    try:
        computed = agreement.computed_effect()
    except ValueError as problem:
        yield f"in effect since {agreement.effective_on}: {problem}"
        return
    if agreement.effective_on != computed:
        yield f"in effect since {agreement.effective_on}, computed {computed}"


def number_is_from_its_series(case: CaseFile) -> Iterator[str]:
    """No series may be behind a number that it is said to have given.

    Case numbers come from the subdistrict, file numbers from one of its committees.
    """
    organisation = subdistrict_code(case.dispute.area_code)
    for kind, number in (("case", case.dispute.number), ("file", case.dispute.file_number)):
        found = SERIAL.search(number)
        if found is None:
            if number:
                yield f"{kind} number {number} has no serial"
            continue
        year, serial = int(found[1]), int(found[2])
        given = case.series.get((organisation, kind, year), 0)
        if serial > given:
            yield f"{kind} number {number}, but the series has given only {given}"


def words_are_indexed(case: CaseFile) -> Iterator[str]:
    """Whoever searches finds what the case says now."""
    if case.words_behind:
        yield "the search index has other words than the case"


Check = Callable[[CaseFile], Iterator[str]]
CHECKS: tuple[tuple[str, Check], ...] = (
    ("open_tasks", open_work_matches),
    ("work_items", work_item_matches),
    ("chain", chain_holds),
    ("version", version_counts),
    ("status", status_is_told),
    ("transitions", every_step_is_lawful),
    ("parties", parties_are_in_order),
    ("alerts", alarms_are_raised),
    ("deadlines", clocks_run_where_they_may),
    ("due_at", due_is_the_nearest),
    ("agreements", effect_is_computed),
    ("numbers", number_is_from_its_series),
    ("search", words_are_indexed),
)

"""The numbers of the statutory forms once more, case by case, from events and rows alone."""

from collections import Counter
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from mediation.disputes.enums import SUCCESS
from mediation.disputes.models import Dispute
from tests.web.told import day

UNDER = {"accepted", "mediating", "paused", "agreed"}


class Story:
    """One case as its events tell it."""

    def __init__(self, case: Dispute) -> None:
        self.case = case
        self.events = list(case.events.order_by("version"))
        backs = [
            e.version for e in self.events
            if e.command == "return_for_correction" and e.to_status in {"registered", "assessed"}
        ]  # fmt: skip
        self.marks: list[tuple[date, str]] = []
        for event in self.events:
            on = day(event.at)
            spot = event.command == "settle_on_spot"
            if spot and any(v > event.version for v in backs):
                continue
            if event.command == "accept" or spot:
                self.marks.append((on, "begins"))
            if event.command == "make_effective" or spot:
                self.marks.append((on, "succeeds"))
            if event.command == "end_mediation" and event.from_status in UNDER:
                self.marks.append((on, "fails"))

    def times(self, what: str, first: date, last: date) -> int:
        return len([1 for on, mark in self.marks if mark == what and first <= on <= last])

    def runs_on(self, night: date) -> int:
        """1 when its mediation had begun and not ended when that day was over."""
        past = [mark for on, mark in self.marks if on <= night]
        return int(past.count("begins") > past.count("succeeds") + past.count("fails"))

    def did(self, commands: set[str], last: date) -> bool:
        return any(e.command in commands and day(e.at) <= last for e in self.events)

    @property
    def agreement(self) -> Any:
        return self.case.agreements.filter(effective_on__isnull=False).order_by("pk").last()


def case_figures(stories: list[Story], first: date, last: date) -> dict[str, Any]:
    """人民调解案件情况表, by hand."""
    agreed = [
        (s, s.times("succeeds", first, last)) for s in stories if s.times("succeeds", first, last)
    ]
    begun = {s: s.times("begins", first, last) for s in stories}
    confirmations = [
        c for s in stories for a in s.case.agreements.all() for c in a.confirmations.all()
    ]
    visits = [v for s in stories for v in s.case.visits.all()]
    return {
        "carried": sum(s.runs_on(first - timedelta(days=1)) for s in stories),
        "accepted": sum(begun.values()),
        "people": sum(n * s.case.people_count for s, n in begun.items()),
        "hard": sum(n for s, n in begun.items() if s.case.colour in {"RED", "ORANGE"}),
        "ended": sum(s.times(w, first, last) for s in stories for w in ("succeeds", "fails")),
        "succeeded": sum(n for _s, n in agreed),
        "failed": sum(s.times("fails", first, last) for s in stories),
        "left": sum(s.runs_on(last) for s in stories),
        "oral": sum(n for s, n in agreed if s.agreement.form == "oral"),
        "written": sum(n for s, n in agreed if s.agreement.form == "written"),
        "amount": sum(n * (s.agreement.amount or 0) for s, n in agreed),
        "performed": len(
            [s for s in stories if s.case.performed_on and first <= s.case.performed_on <= last]
        ),
        "confirm_filed": len([c for c in confirmations if first <= c.filed_on <= last]),
        "confirmed": len(
            [c for c in confirmations if c.status == "confirmed" and first <= c.ruled_on <= last]
        ),
        "visits": len([v for v in visits if first <= day(v.visited_at) <= last]),
    }


TAKES = {"accept", "settle_on_spot", "refer", "refer_to_reconsideration", "split"}


def screening_figures(stories: list[Story], first: date, last: date) -> dict[str, Any]:
    """矛盾纠纷排查情况表, by hand."""
    kept = [s for s in stories if s.events[-1].to_status != "voided"]
    found = [s for s in kept if first <= day(s.events[0].at) <= last]
    handled = [s for s in found if s.did(TAKES, last)]

    def settled(story: Story) -> bool:
        case = story.case
        closed = case.result in SUCCESS and case.closed_at and day(case.closed_at) <= last
        return story.times("succeeds", date(2000, 1, 1), last) > 0 or bool(closed)

    sizes = [s.case.people_count for s in found]
    return {
        "found": len(found),
        "by_grid": len([s for s in found if s.case.source == "grid"]),
        "people": sum(sizes),
        "to50": len([n for n in sizes if n < 50]),
        "to100": len([n for n in sizes if 50 <= n < 100]),
        "to500": len([n for n in sizes if 100 <= n < 500]),
        "from500": len([n for n in sizes if n >= 500]),
        "handled": len(handled),
        "settled": len([s for s in handled if settled(s)]),
        "year": len([s for s in kept if date(first.year, 1, 1) <= day(s.events[0].at) <= last]),
    }


def overdue_figures(stories: list[Story], first: date, last: date) -> dict[str, Any]:
    """超期与预警表, by hand."""
    clocks = [d for s in stories for d in s.case.deadlines.all() if first <= d.due_on <= last]
    cards = [c for s in stories for c in s.case.cards.all() if first <= day(c.set_at) <= last]
    alerts = [a for s in stories for a in s.case.alerts.all() if first <= day(a.raised_at) <= last]
    owed = [
        e for s in stories for e in s.case.escalations.all()
        if e.demanded_at and not e.lapsed_at and first <= day(e.demanded_at) <= last
    ]  # fmt: skip
    states = Counter(d.state for d in clocks)
    levels = Counter(c.level for c in cards)
    in_time = [
        a
        for a in alerts
        if a.acknowledged_at and a.acknowledge_by and a.acknowledged_at <= a.acknowledge_by
    ]
    return {
        "due": len(clocks),
        "met": states["met"],
        "ran_out": states["fired"] + states["dead"],
        "running": states["armed"] + states["paused"],
        "reminders": levels["reminder"],
        "yellow": levels["yellow"],
        "red": levels["red"],
        "lifted": len([c for c in cards if c.state == "lifted"]),
        "alerts": len(alerts),
        "alerts_red": len([a for a in alerts if a.colour == "RED"]),
        "in_time": len(in_time),
        "late": len(alerts) - len(in_time),
        "resolved": len([a for a in alerts if a.status == "resolved"]),
        "demanded": len(owed),
        "reported": len([e for e in owed if e.reported_at]),
    }


STEPS = {
    "registered": {"register"},
    "on_spot": {"settle_on_spot"},
    "assessed": {"assess", "reassess"},
    "accepted": {"accept"},
    "sessions": {"begin_session", "record_session"},
    "effective": {"make_effective"},
    "ended": {"end_mediation"},
    "urged": {"urge", "remind"},
    "visited": {"visit"},
    "closed": {"close"},
    "archived": {"archive"},
}


def workload_figures(stories: list[Story], first: date, last: date) -> dict[str, Any]:
    """工作量, by hand."""
    taken = [e.command for s in stories for e in s.events if first <= day(e.at) <= last]
    counted = {name: len([c for c in taken if c in own]) for name, own in STEPS.items()}
    return counted | {"other": len(taken) - sum(counted.values()), "all": len(taken)}


def subsidy_figures(stories: list[Story], first: date, last: date) -> dict[str, Any]:
    """以案定补 of an office without a standard, by hand."""
    forms = []
    for story in stories:
        case, ends = story.case, [e for e in story.events if e.to_status == "closed"]
        is_over = story.events[-1].to_status in {"closed", "archived"}
        if not (is_over and ends and first <= day(ends[0].at) <= last and story.agreement):
            continue
        if (
            case.result in SUCCESS
            and case.performed_on
            and case.mediator_id
            and case.nature != "ADMINISTRATIVE"
        ):
            forms.append(story.agreement.form)
    nothing = dict.fromkeys(("ordinary", "hard", "major", "pays"), 0)
    return nothing | {
        "eligible": len(forms),
        "unrated": len(forms),
        "oral": forms.count("oral"),
        "written": forms.count("written"),
    }


BY_HAND: dict[str, Callable[[list[Story], date, date], dict[str, Any]]] = {
    "cases": case_figures,
    "screening": screening_figures,
    "overdue": overdue_figures,
    "workload": workload_figures,
    "subsidy": subsidy_figures,
}

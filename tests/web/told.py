"""The figures of cockpit and brief once more, case by case, from events and rows alone."""

from datetime import date, datetime, timedelta
from typing import Any

from mediation.core.clock import end_of
from mediation.disputes.enums import DONE, SUCCESS
from mediation.disputes.models import Dispute
from mediation.warning.models import Cluster
from workflows import brief


def day(moment: datetime) -> date:
    return (moment + timedelta(hours=8)).date()


class Story:
    """One case as its events tell it."""

    def __init__(self, case: Dispute) -> None:
        events = list(case.events.order_by("version"))
        self.area, self.category, self.red = case.area_code, case.category, case.colour == "RED"
        self.registered = events[0].at
        self.status = events[-1].to_status
        ends = [e for e in events if e.to_status in DONE and e.from_status not in DONE]
        self.ended = ends[-1].at if self.status in DONE else None
        self.closed = self.ended if self.status in {"closed", "archived"} else None
        self.settled = bool(self.closed) and ends[-1].payload.get("result") in SUCCESS
        effects = [e for e in events if e.command in {"make_effective", "settle_on_spot"}]
        agreement = case.agreements.filter(effective_on__isnull=False).order_by("pk").last()
        self.effective = agreement.effective_on if effects and agreement else None
        self.performed = any(e.command in {"fulfil", "settle_on_spot"} for e in events)
        back = [e for e in events if e.command == "reopen" and e.payload["ground"] == "rebound"]
        self.back = day(back[-1].at) if back else None
        self.due = case.due_at
        self.raised = case.alerts.filter(status="raised").exists()


def figures(stories: list[Story], first: date, last: date) -> dict[str, Any]:
    closed = [s for s in stories if s.closed and first <= day(s.closed) <= last]
    effective = [s for s in stories if s.effective and first <= s.effective <= last]
    back = [s for s in stories if s.back and first <= s.back <= last]
    spent = sum(int((s.closed - s.registered).total_seconds()) // 60 for s in closed if s.closed)
    return {
        "new": len([s for s in stories if first <= day(s.registered) <= last]),
        "open": len([s for s in stories if s.status not in DONE]),
        "red": len([s for s in stories if s.red and s.status not in DONE]),
        "settled": rate(len([s for s in closed if s.settled]), len(closed)),
        "performed": rate(len([s for s in effective if s.performed]), len(effective)),
        "rebound": rate(len(back), len(closed)),
        "days": round(spent / len(closed) / 1440, 1) if closed else None,
        "raised": len([s for s in stories if s.raised]),
    }


def rate(part: int, whole: int) -> float | None:
    return round(100 * part / whole, 1) if whole else None


def brief_figures(cases: list[Dispute], area: str, now: datetime) -> dict[str, int]:
    """The twelve numbers again, from rows and events, case by case."""
    today = day(now)
    lately, soon = {today - timedelta(days=1), today}, end_of(today + timedelta(days=3))
    numbers = dict.fromkeys((line.name for line in brief.LINES), 0)
    for case in cases:
        events = list(case.events.order_by("version"))
        is_open = case.status not in DONE
        steps = [s for a in case.alerts.filter(colour="RED") for s in a.steps.all()]
        owed = case.escalations.filter(reported_at=None, lapsed_at=None)
        late = [
            o
            for a in case.agreements.filter(is_current=True)
            for o in a.obligations.all()
            if o.done_on is None and o.due_on < today
        ]
        ends = [e for e in events if e.to_status == "closed" and day(e.at) in lately]
        back = [e for e in events if e.command == "reopen" and e.payload["ground"] == "rebound"]
        holds = {
            "reddened": any(
                s.kind in {"raised", "repeated"} and day(s.at) in lately for s in steps
            ),
            "raised": any(a.status == "raised" for a in case.alerts.all()),
            "owed": is_open and bool(owed),
            "rebound": any(day(e.at) in lately for e in back),
            "overdue": is_open and case.due_at is not None and case.due_at <= now,
            "due": is_open and case.due_at is not None and now < case.due_at <= soon,
            "stuck": is_open and events[-1].at < now - timedelta(days=7),
            "unperformed": case.status == "breached"
            or (case.status == "performing" and bool(late)),
            "cards": any(
                c.level in {"yellow", "red"} and c.state in {"open", "answered"}
                for c in case.cards.all()
            ),
            "settled": not is_open and any(e.payload.get("result") in SUCCESS for e in ends),
            "kept": any(e.command == "fulfil" and day(e.at) in lately for e in events),
        }
        for name, holding in holds.items():
            numbers[name] += holding
    numbers["clusters"] = len(
        [
            c
            for c in Cluster.objects.all()
            if c.area_code.startswith(area) or area.startswith(c.area_code)
        ]
    )
    return numbers

"""Waits and flow as the page shows them: every number with the list of exactly its cases."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.http import QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _

from mediation.accounts.actor import Actor
from mediation.areas.models import ancestor_codes
from mediation.core.db import one_moment
from mediation.core.errors import NotFound
from mediation.disputes.enums import DONE, Category, Status
from mediation.disputes.selectors import CaseFilter, StayFilter
from mediation.reports import figures, waits
from mediation.reports.figures_sql import Scope
from mediation.reports.spread import FEWEST, Spread, placed
from mediation.web.cockpit import Asked, list_url, steps_down
from mediation.web.words import lasting
from workflows import chart, selectors
from workflows.commands import catalog

DEFAULT_STATUS = Status.MEDIATING
ENDLESS = {Status.ARCHIVED, Status.VOIDED}
GROUPINGS = ("child", "category", "mediator")


@dataclass(frozen=True, slots=True)
class Page:
    """What one page asks: an area, a period, a kind of dispute, and the status looked at closely."""

    asked: Asked
    status: str

    @property
    def url(self) -> str:
        return self.at(self.asked, self.status)

    @staticmethod
    def at(asked: Asked, status: str) -> str:
        more = "" if status == DEFAULT_STATUS else f"&{urlencode({'status': status})}"
        return f"{reverse('waits')}?{asked.query}{more}"


def read(query: QueryDict, asked: Asked) -> Page:
    status = query.get("status", "")
    known = status in Status.values and status not in ENDLESS
    return Page(asked, status if known else DEFAULT_STATUS)


def take(actor: Actor, page: Page, *, now: datetime) -> dict[str, Any]:
    """Everything that the page counts, from one state of the database."""
    with one_moment():
        return _take(actor, page, now)


def _take(actor: Actor, page: Page, now: datetime) -> dict[str, Any]:
    asked = page.asked
    names = selectors.area_names(ancestor_codes(asked.area))
    if asked.area not in names:
        raise NotFound
    children = figures.children(asked.area)
    scope = figures.scope_of(
        actor, asked.area, category=asked.category, children=[c for c, _n in children], now=now
    )
    by_status = waits.spreads(scope, asked.period.now, by="status")
    return {
        "trail": steps_down(
            page.asked.area,
            actor,
            names,
            lambda code: Page.at(page.asked.but(area=code), page.status),
        ),
        "statuses": _statuses(page, by_status, waits.waiting(scope)),
        "groups": list(_groups(page, scope, children)),
        "rework": _rework(page, scope, by_status),
        "astray": _astray(page, scope),
        "flow": _flow(page, scope),
    }


# Times ---------------------------------------------------------------------------------------------


def _times(spread: Spread, page: Page, status: str, **narrower: Any) -> dict[str, Any]:
    """The numbers of a row. A time opens the cases that waited as long or longer."""
    base, days = page.asked.base.but(**narrower), page.asked.period.now.word

    def listed(minutes: int = 0) -> str:
        return list_url(base.but(stayed=StayFilter(status, days, minutes).word))

    told: dict[str, Any] = {
        "stays": spread.stays,
        "cases": {"text": f"{spread.cases:,}", "url": listed()},
        "shown": spread.is_shown,
    }
    if spread.is_shown:
        told["interval"] = f"{lasting(spread.low)} – {lasting(spread.high)}"
        told["times"] = [
            {"text": lasting(minutes), "url": listed(minutes)}
            for minutes in (spread.median, spread.p80, spread.p95)
        ]
    return told


NOTHING = Spread(0, 0, 0, 0, 0, 0, 0)


def _statuses(
    page: Page, spreads: Mapping[str, Spread], waiting: Mapping[str, int]
) -> list[dict[str, Any]]:
    base = page.asked.base
    return [
        {
            "label": status.label,
            "url": Page.at(page.asked, status),
            "chosen": status == page.status,
            "now": waiting.get(status, 0) if status not in DONE else None,
            "now_url": list_url(base.but(status=(status.value,))),
            **_times(spreads.get(status, NOTHING), page, status),
        }
        for status in Status
        if status not in ENDLESS
    ]


def _groups(page: Page, scope: Scope, children: Sequence[tuple[str, str]]) -> Any:
    """The chosen status by area, kind and mediator: who is slower, if anybody can be called so."""
    labels = {
        "child": _("By area"),
        "category": _("By kind of dispute"),
        "mediator": _("By mediator"),
    }
    for by in GROUPINGS:
        if by == "child" and not children:
            continue
        found = waits.spreads(scope, page.asked.period.now, by=by, status=page.status)
        names = _names(by, found, children)
        rows = placed([(key, found[key]) for key in names if key in found])
        yield {
            "by": by,
            "label": labels[by],
            "verdict": _verdict(rows, names),
            "rows": [
                {
                    "name": names[row.key],
                    "place": row.place,
                    **_times(row.spread, page, page.status, **_narrower(by, row.key)),
                }
                for row in rows
            ],
        }


def _names(
    by: str, found: Mapping[str, Spread], children: Sequence[tuple[str, str]]
) -> dict[str, str]:
    """Keys in the order in which they are shown: never by time, for that would be a ranking."""
    if by == "child":
        return dict(children)
    if by == "category":
        return {key: str(Category(key).label) for key in sorted(found) if key}
    names = waits.mediator_names(list(found))
    return dict(sorted(names.items(), key=lambda pair: pair[1]))


def _narrower(by: str, key: str) -> dict[str, Any]:
    if by == "child":
        return {"area": key}
    return {"category": (key,)} if by == "category" else {"mediator": key}


def _verdict(rows: Sequence[Any], names: Mapping[str, str]) -> str:
    """In words: who is slowest, or why that cannot be said."""
    shown = [row for row in rows if row.spread.is_shown]
    if len(shown) < 2:
        return _("Too few waits to compare: fewer than %(n)s are not shown.") % {"n": FEWEST}
    first = next((row for row in shown if row.place == 1), None)
    if first:
        return _("%(name)s waits longest: the interval lies above all others.") % {
            "name": names[first.key]
        }
    return _("No order can be told: the intervals of the slowest overlap.")


# Coming back, changing hands, leaving the path --------------------------------------------------------


def _rework(page: Page, scope: Scope, spreads: Mapping[str, Spread]) -> list[dict[str, Any]]:
    span, base = page.asked.period.now, page.asked.base
    counted = waits.sent_back(scope, span)
    rows = []
    for command, status in waits.REWORK.items():
        times, cases = counted.get(command, (0, 0))
        whole = spreads.get(status)
        rows.append(
            {
                "label": catalog.done_label(command),
                "times": times,
                "cases": cases,
                "url": list_url(base.but(stayed=StayFilter("", span.word, 0, command).word)),
                "whole": whole.stays if whole and command != "reopen" else None,
                "status": status.label,
            }
        )
    times, cases = waits.hand_overs(scope, span)
    rows.append(
        {
            "label": _("Given to another mediator"),
            "times": times,
            "cases": cases,
            "url": list_url(base.but(handed=span.word)),
        }
    )
    return rows


def _astray(page: Page, scope: Scope) -> dict[str, Any]:
    return {"cases": waits.astray(scope), "url": list_url(page.asked.base.but(astray=True))}


def _flow(page: Page, scope: Scope) -> dict[str, Any]:
    """The drawing of the flow with the open cases at every node."""
    counts = selectors.at_nodes(scope)
    # Drawn as one node, worked at in a flow of its own.
    counts[chart.TRACKED] = sum(counts.get(node, 0) for node in chart.TRACK)
    most = max(counts.values(), default=0)
    drawn = chart.plan()
    return {
        "chart": drawn,
        "lanes": [_lane(lane, counts, most, page.asked.base) for lane in drawn.lanes],
    }


def _lane(
    lane: chart.Lane, counts: Mapping[str, int], most: int, base: CaseFilter
) -> dict[str, Any]:
    spots = [
        {
            "spot": spot,
            "count": counts.get(spot.name, 0),
            "url": list_url(
                base.but(node=chart.TRACK if spot.name == chart.TRACKED else (spot.name,))
            ),
            "heat": _heat(counts.get(spot.name, 0), most),
        }
        for spot in lane.spots
    ]
    return {"lane": lane, "spots": spots, "open": sum(spot["count"] for spot in spots)}


def _heat(count: int, most: int) -> int:
    return 1 + min(3, 4 * count // (most + 1)) if count else 0

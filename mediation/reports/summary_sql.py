"""The SQL of the summaries, for both databases. Our own names only; no value of a user comes in here.

A *fact* is one case as it counts: where, of what kind, in which state, and the days that matter. Cells are
sums over facts; the same text makes them from the table of cases, and from what changed since.
"""

from collections.abc import Iterable

from django.db import connection

from mediation.areas.models import LENGTH_OF, Level
from mediation.disputes.enums import DONE, SUCCESS, Sensitivity, Status

DISPUTE, FLOW, STOCK, DELTA = (
    "disputes_dispute", "reports_flowcell", "reports_stockcell", "reports_figuredelta",
)  # fmt: skip
LENGTHS = tuple(sorted(LENGTH_OF[level] for level in Level if level != Level.GRID))
FINEST = LENGTHS[-1]
FLOWS = (
    "registered", "ended", "closed", "settled", "minutes", "effective", "performed", "rebounds",
)  # fmt: skip
STOCK_KEY = ("area_code", "category", "sensitive", "status", "severity")
FLOW_KEY = ("area_code", "grain", "day", "category", "sensitive")
FACT = (
    "area_code", "category", "sensitive", "status", "severity", "registered_on", "ended_on",
    "closed", "settled", "minutes", "effective_on", "performed", "rebound_on",
)  # fmt: skip
# What a change of must be noticed.
WATCHED = (
    "status", "category", "sensitivity", "severity", "area_code", "registered_at", "closed_at",
    "result", "effective_on", "performed_on", "rebound_on",
)  # fmt: skip


def _words(values: Iterable[str]) -> str:
    return ", ".join(f"'{value}'" for value in sorted(str(v) for v in values))


def is_postgres() -> bool:
    return connection.vendor == "postgresql"


def local_day(moment: str) -> str:
    """The day of a moment in Asia/Shanghai."""
    if is_postgres():
        return f"({moment} AT TIME ZONE 'Asia/Shanghai')::date"
    return f"date({moment}, '+8 hours')"


def seconds(moment: str) -> str:
    if is_postgres():
        return f"floor(extract(epoch FROM {moment}))::bigint"
    return f"unixepoch({moment})"


def month_of(day: str) -> str:
    return (
        f"date_trunc('month', {day})::date" if is_postgres() else f"date({day}, 'start of month')"
    )


def fact(row: str) -> str:
    """The columns of ``FACT`` of one row of cases called ``row``."""
    done = f"{row}.status IN ({_words(DONE)})"
    closed = f"{row}.status IN ({_words([Status.CLOSED, Status.ARCHIVED])})"
    span = f"COALESCE(({seconds(f'{row}.closed_at')} - {seconds(f'{row}.registered_at')}) / 60, 0)"
    columns = {
        "area_code": f"{row}.area_code",
        "category": f"{row}.category",
        "sensitive": f"CASE WHEN {row}.sensitivity = '{Sensitivity.NORMAL.value}' THEN 0 ELSE 1 END",
        "status": f"CASE WHEN {done} THEN '' ELSE {row}.status END",
        "severity": f"CASE WHEN {done} THEN 0 ELSE {row}.severity END",
        "registered_on": local_day(f"{row}.registered_at"),
        "ended_on": f"CASE WHEN {done} THEN {local_day(f'{row}.closed_at')} END",
        "closed": f"CASE WHEN {closed} THEN 1 ELSE 0 END",
        "settled": f"CASE WHEN {closed} AND {row}.result IN ({_words(SUCCESS)}) THEN 1 ELSE 0 END",
        "minutes": f"CASE WHEN {closed} THEN {span} ELSE 0 END",
        "effective_on": f"{row}.effective_on",
        "performed": f"CASE WHEN {row}.performed_on IS NULL THEN 0 ELSE 1 END",
        "rebound_on": f"{row}.rebound_on",
    }
    return ", ".join(f"{columns[name]} AS {name}" for name in FACT)


def facts(where: str = "") -> str:
    """Every case as it counts."""
    return f"SELECT 1 AS weight, {fact('c')} FROM {DISPUTE} c {where}"


def deltas(where: str = "") -> str:
    return f"SELECT weight, {', '.join(FACT)} FROM {DELTA} {where}"


# The parts of a fact that count on a day of their own: the day, and what is counted then.
_ON: dict[str, dict[str, str]] = {
    "registered_on": {"registered": "weight"},
    "ended_on": {
        "ended": "weight",
        "closed": "weight * closed",
        "settled": "weight * settled",
        "minutes": "weight * minutes",
    },
    "effective_on": {"effective": "weight", "performed": "weight * performed"},
    "rebound_on": {"rebounds": "weight"},
}


def flows(relation: str) -> str:
    """``area_code, day, category, sensitive`` and the counts, from the facts called ``relation``."""
    return " UNION ALL ".join(
        f"SELECT area_code, {day} AS day, category, sensitive, "
        + ", ".join(f"{counted.get(name, '0')} AS {name}" for name in FLOWS)
        + f" FROM {relation} WHERE {day} IS NOT NULL"
        for day, counted in _ON.items()
    )


def sums(names: Iterable[str] = FLOWS) -> str:
    return ", ".join(f"SUM({name}) AS {name}" for name in names)


def none_left(names: Iterable[str] = FLOWS) -> str:
    return " AND ".join(f"SUM({name}) = 0" for name in names)

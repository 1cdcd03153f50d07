"""Stays in every status and events off the lawful path, noted by the database as each event is written.

The lifecycle table is the lawful path. Built anew from all events after a bulk seed or when found wrong.
"""

from collections.abc import Iterator
from typing import Any

from django.db import connection

from mediation.core.db import write
from mediation.disputes.enums import Status
from mediation.disputes.lifecycle import arrows
from mediation.reports.models import Stray
from mediation.reports.summary_sql import is_postgres, seconds

DISPUTE, EVENT, WAIT, STRAY = (
    "disputes_dispute", "disputes_event", "reports_wait", "reports_stray",
)  # fmt: skip
WAIT_COLUMNS = "dispute_id, version, status, area_code, entered_at, left_at, left_by, minutes"
STRAY_COLUMNS = "dispute_id, version, area_code, kind"
FIRST = ("register", "", Status.REGISTERED.value)


def lawful_moves() -> list[str]:
    """Every arrow of the lifecycle as ``command:source>target``."""
    return sorted({f"{a.command}:{a.source.value}>{a.target.value}" for a in arrows()})


def _words(values: Any) -> str:
    return ", ".join(f"'{value}'" for value in values)


def kind_of(row: str, before: str) -> str:
    """Why the event ``row`` is off the path, or ``''``. ``before``: the status that the event before left."""
    command, source, target = FIRST
    moves = _words(lawful_moves())
    movers = _words(sorted({arrow.command for arrow in arrows()}))
    return (
        f"CASE WHEN {row}.version = 1 THEN CASE WHEN {row}.command = '{command}' "
        f"AND {row}.from_status = '{source}' AND {row}.to_status = '{target}' "
        f"THEN '' ELSE '{Stray.Kind.START.value}' END "
        f"WHEN {before} IS NULL OR {before} <> {row}.from_status THEN '{Stray.Kind.GAP.value}' "
        f"WHEN {row}.from_status = {row}.to_status THEN CASE WHEN {row}.command IN ({movers}) "
        f"THEN '{Stray.Kind.MOVE.value}' ELSE '' END "
        f"WHEN {row}.command || ':' || {row}.from_status || '>' || {row}.to_status IN ({moves}) "
        f"THEN '' ELSE '{Stray.Kind.MOVE.value}' END"
    )


def minutes(start: str, end: str) -> str:
    return f"({seconds(end)} - {seconds(start)}) / 60"


# As events are written -----------------------------------------------------------------------------


def _note_stray() -> str:
    before = (
        f"(SELECT p.to_status FROM {EVENT} p WHERE p.dispute_id = NEW.dispute_id "
        "AND p.version = NEW.version - 1)"
    )
    return (
        f"INSERT INTO {STRAY} ({STRAY_COLUMNS}) "
        f"SELECT NEW.dispute_id, NEW.version, d.area_code, s.kind FROM {DISPUTE} d, "
        f"(SELECT {kind_of('NEW', before)} AS kind) s "
        "WHERE d.id = NEW.dispute_id AND s.kind <> '';"
    )


def _note_wait() -> str:
    return (
        f"UPDATE {WAIT} SET left_at = NEW.at, left_by = NEW.command, "
        f"minutes = {minutes('entered_at', 'NEW.at')} "
        "WHERE dispute_id = NEW.dispute_id AND left_at IS NULL; "
        f"INSERT INTO {WAIT} ({WAIT_COLUMNS}) "
        "SELECT NEW.dispute_id, NEW.version, NEW.to_status, d.area_code, NEW.at, NULL, '', NULL "
        f"FROM {DISPUTE} d WHERE d.id = NEW.dispute_id;"
    )


def _postgres() -> list[str]:
    return [
        f"""
        CREATE OR REPLACE FUNCTION fengqiao_note_waits() RETURNS trigger AS $$
        BEGIN
          IF current_setting('fengqiao.bulk', true) = 'on' THEN RETURN NULL; END IF;
          {_note_stray()}
          IF NEW.from_status <> NEW.to_status THEN
            {_note_wait()}
          END IF;
          RETURN NULL;
        END $$ LANGUAGE plpgsql""",
        f"DROP TRIGGER IF EXISTS fengqiao_waits ON {EVENT}",
        (
            f"CREATE TRIGGER fengqiao_waits AFTER INSERT ON {EVENT} "
            "FOR EACH ROW EXECUTE FUNCTION fengqiao_note_waits()"
        ),
    ]


def _sqlite() -> list[str]:
    return [
        "DROP TRIGGER IF EXISTS fengqiao_strays",
        (
            f"CREATE TRIGGER fengqiao_strays AFTER INSERT ON {EVENT} FOR EACH ROW "
            f"BEGIN {_note_stray()} END"
        ),
        "DROP TRIGGER IF EXISTS fengqiao_waits",
        (
            f"CREATE TRIGGER fengqiao_waits AFTER INSERT ON {EVENT} FOR EACH ROW "
            f"WHEN NEW.from_status <> NEW.to_status BEGIN {_note_wait()} END"
        ),
    ]


def statements() -> list[str]:
    """What ``set_up`` runs on the present database."""
    return _postgres() if is_postgres() else _sqlite()


def set_up(**_kwargs: Any) -> None:
    """After ``migrate``: the triggers in place, and whatever happened before them read once."""
    if not {EVENT, WAIT, STRAY} <= set(connection.introspection.table_names()):
        return
    for statement in statements():
        _run(statement)
    if _run(f"SELECT 1 FROM {EVENT} LIMIT 1") and not _run(f"SELECT 1 FROM {WAIT} LIMIT 1"):
        rebuild()


# From all events -----------------------------------------------------------------------------------


def _waits() -> str:
    """Every stay as the events tell it, in the order of ``WAIT_COLUMNS``."""
    return (
        "SELECT m.dispute_id, m.version, m.to_status, d.area_code, m.at, m.left_at, "
        f"COALESCE(m.left_by, ''), {minutes('m.at', 'm.left_at')} FROM ("
        "SELECT dispute_id, version, to_status, at, "
        "LEAD(at) OVER w AS left_at, LEAD(command) OVER w AS left_by "
        f"FROM {EVENT} WHERE from_status <> to_status "
        "WINDOW w AS (PARTITION BY dispute_id ORDER BY version)) m "
        f"JOIN {DISPUTE} d ON d.id = m.dispute_id"
    )


def _strays() -> str:
    before = "CASE WHEN e.last_version = e.version - 1 THEN e.last_status END"
    return (
        f"SELECT * FROM (SELECT e.dispute_id, e.version, d.area_code, {kind_of('e', before)} AS kind "
        "FROM (SELECT dispute_id, version, command, from_status, to_status, "
        "LAG(version) OVER w AS last_version, LAG(to_status) OVER w AS last_status "
        f"FROM {EVENT} WINDOW w AS (PARTITION BY dispute_id ORDER BY version)) e "
        f"JOIN {DISPUTE} d ON d.id = e.dispute_id) s WHERE kind <> ''"
    )


_TABLES = {WAIT: (WAIT_COLUMNS, _waits), STRAY: (STRAY_COLUMNS, _strays)}


def rebuild() -> None:
    """Read every event anew."""
    with write():
        for table, (columns, told) in _TABLES.items():
            _run(f"DELETE FROM {table}")
            _run(f"INSERT INTO {table} ({columns}) {told()}")


def differences(*, limit: int = 200) -> tuple[int, list[str]]:
    """How many stays there are, and a line for each that is not what the events say."""
    found = [line for table in _TABLES for line in _wrong(table, limit)]
    return int(_run(f"SELECT COUNT(*) FROM {WAIT}")[0][0]), found


def _wrong(table: str, limit: int) -> Iterator[str]:
    columns, told = _TABLES[table]
    kept = f"SELECT {columns} FROM {table}"
    for word, more, less in (("missing", told(), kept), ("wrong", kept, told())):
        rows = _run(f"SELECT * FROM ({more}) a EXCEPT SELECT * FROM ({less}) b LIMIT {limit}")
        for row in rows:
            yield f"{table} {word}: {' '.join(map(str, row))}"


def _run(sql: str) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return list(cursor.fetchall()) if cursor.description else []

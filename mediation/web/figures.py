"""Figures that ``/metrics`` reads from the database and the disk when it is asked."""

from pathlib import Path

from django.db import connection

from mediation.core import clock, vitals
from workflows import seals, ticker


def register() -> None:
    """Called once, when the pages are set up."""
    vitals.gauge(
        "fengqiao_deadline_lateness_seconds",
        "By how much the oldest deadline that should have fired is late.",
        lambda: ticker.lateness(clock.now()),
    )
    vitals.gauge("fengqiao_deadlines_given_up", "Deadlines that failed too often.", ticker.given_up)
    vitals.gauge(
        "fengqiao_ticker_beat_timestamp_seconds",
        "When the ticker last finished a round.",
        lambda: ticker.last_beat() or 0.0,
    )
    vitals.gauge(
        "fengqiao_seal_lag_seconds",
        "How long the oldest record has waited for its seal.",
        lambda: seals.lag(clock.now()).total_seconds(),
    )
    vitals.probe("seals", lambda: seals.health(clock.now()))
    vitals.gauge("fengqiao_database_log_bytes", "Size of SQLite's write-ahead log.", _log_size)


def _log_size() -> float:
    if connection.vendor != "sqlite":
        return 0.0
    log = Path(f"{connection.settings_dict['NAME']}-wal")
    try:
        return float(log.stat().st_size)
    except OSError:
        return 0.0

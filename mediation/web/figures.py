"""Figures that ``/metrics`` reads from the database and the disk when it is asked."""

import shutil
from pathlib import Path
from typing import Final

from django.conf import settings
from django.db import connection

from mediation.core import clock, vitals
from mediation.core.vitals import Health
from workflows import seals, ticker

NO_ROOM: Final = 100 * 1024 * 1024
LITTLE_ROOM: Final = 1024 * 1024 * 1024


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
    vitals.gauge(
        "fengqiao_backup_timestamp_seconds",
        "When the latest backup in the data directory was made.",
        latest_backup,
    )
    vitals.probe("disk", disk)
    vitals.probe("seals", lambda: seals.health(clock.now()))
    vitals.gauge("fengqiao_database_log_bytes", "Size of SQLite's write-ahead log.", _log_size)


def disk() -> Health:
    """Whether there is room for what is coming: registrations, files, a backup."""
    free = shutil.disk_usage(settings.DATA_DIR).free
    if free < NO_ROOM:
        return Health.FAILED
    return Health.OK if free > LITTLE_ROOM else Health.DEGRADED


def latest_backup() -> float:
    """When the latest file in the directory of backups was written, in seconds; 0 without one."""
    found = (settings.DATA_DIR / "backups").glob("*.fqbackup")
    return max((path.stat().st_mtime for path in found), default=0.0)


def _log_size() -> float:
    if connection.vendor != "sqlite":
        return 0.0
    log = Path(f"{connection.settings_dict['NAME']}-wal")
    try:
        return float(log.stat().st_size)
    except OSError:
        return 0.0

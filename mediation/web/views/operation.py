"""How the installation is: every part with its state, and what to do where one is not well."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final

import django
from django.conf import settings
from django.db import connection
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from mediation.accounts.models import Role
from mediation.core import clock
from mediation.core.errors import Text
from mediation.core.vitals import Health
from mediation.documents import press
from mediation.web import figures
from mediation.web.access import StaffRequest, require_role, signed_in
from mediation.web.templatetags.fq import full
from mediation.web.views import health
from workflows import nightly

BACKUP_LATE: Final = timedelta(hours=26)
"""A day and two hours: a nightly backup may take its time."""


@dataclass(frozen=True, slots=True)
class Part:
    """One line of the page. ``advice`` is shown when the part is not well."""

    name: Text
    health: Health
    said: Text
    advice: Text = ""

    @property
    def tone(self) -> str:
        return {Health.OK: "ok", Health.DEGRADED: "warn", Health.FAILED: "danger"}[self.health]

    @property
    def word(self) -> Text:
        return WORDS[self.health]


WORDS: Final = {
    Health.OK: _("well"),
    Health.DEGRADED: _("to be seen to"),
    Health.FAILED: _("does not work"),
}
# What a part is for, and what helps when it fails. Kept in the order of harm.
PARTS: Final[dict[str, tuple[Text, Text, Text]]] = {
    "database": (
        _("Database"),
        _("Can be written to."),
        _("Nothing can be saved. Look whether the database runs and the disk has room."),
    ),
    "migrations": (
        _("Tables"),
        _("Fit this version."),
        _("Run “manage.py migrate”; it makes a backup first."),
    ),
    "ticker": (
        _("Deadlines and reminders"),
        _("Are looked at every few seconds."),
        _(
            "Nothing falls due and nobody is reminded. Start the server anew; TICKER is 1 in one process."
        ),
    ),
    "disk": (
        _("Disk"),
        _("Room for cases, files and a backup."),
        _("Less than one gigabyte is free. Move old backups elsewhere, or enlarge the disk."),
    ),
    "seals": (
        _("Seals of the records"),
        _("Are written within a minute, outside the database."),
        _(
            "The records are not sealed. Look whether SEAL_DIR can be written to, and tell the auditor."
        ),
    ),
    "bus": (
        _("Live connection between processes"),
        _("Carries notices at once."),
        _("Pages follow only every few seconds. Look whether Redis runs."),
    ),
    "scanner": (
        _("Virus scanner"),
        _("Answers."),
        _("Uploads are refused or kept unscanned. Look whether clamav-daemon runs."),
    ),
}


@require_safe
@signed_in
def operation(request: StaffRequest) -> HttpResponse:
    """For the system administrator. What is unwell stands first."""
    require_role(request.actor, Role.SYSTEM_ADMIN)
    now = clock.now()
    found = [*_reported(), _fonts(), _backup(now), _proof()]
    order = [Health.FAILED, Health.DEGRADED, Health.OK]
    told = {
        "parts": sorted(found, key=lambda part: order.index(part.health)),
        "verdict": health.worst(part.health for part in found),
        "facts": _facts(),
    }
    return render(request, "operation/operation.html", told)


def _reported() -> list[Part]:
    report = health.report()
    return [
        Part(name, report[key], well if report[key] == Health.OK else "", advice)
        for key, (name, well, advice) in PARTS.items()
        if key in report
    ]


def _fonts() -> Part:
    name = _("Papers as PDF")
    reason = press.missing()
    if reason is None:
        return Part(name, Health.OK, _("Can be made; the Chinese fonts are there."))
    return Part(name, Health.FAILED, "", reason.sentence)


def _backup(now: datetime) -> Part:
    name = _("Backup")
    advice = _(
        "Let “manage.py backup --keep 14” run every night, and carry the file and the keys to another house."
    )
    seconds = figures.latest_backup()
    if not seconds:
        return Part(name, Health.DEGRADED, _("There is none in the data directory."), advice)
    made = datetime.fromtimestamp(seconds, UTC)
    is_late = now - made > BACKUP_LATE
    said = _("The latest was made on %(at)s.") % {"at": full(made)}
    return Part(name, Health.DEGRADED if is_late else Health.OK, said, advice)


def _proof() -> Part:
    name, proof = _("Nightly proof of the data"), nightly.latest()
    if proof is None:
        return Part(name, Health.OK, _("Runs tonight for the first time."))
    said = _("Night of %(day)s") % {"day": proof["day"]}
    if proof["ok"]:
        return Part(name, Health.OK, said)
    advice = _("Run “manage.py selfcheck”; it names every record that breaks a promise.")
    return Part(name, Health.FAILED, said, advice)


def _facts() -> list[tuple[Text, Any]]:
    engine = {"sqlite": "SQLite", "postgresql": "PostgreSQL"}[connection.vendor]
    return [
        (_("Database"), engine),
        (_("Data directory"), settings.DATA_DIR),
        (_("Server processes"), settings.SERVER_PROCESSES),
        ("Django", django.get_version()),
    ]

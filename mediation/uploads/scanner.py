"""Asks a ClamAV daemon about a file (clamd, ``INSTREAM``), where an installation has set one up.

Nothing is written to disk for it, and no transaction is open meanwhile. What the daemon cannot judge counts
as not scanned: that is refused, or kept and marked, as ``CLAMD_REQUIRED`` says.
"""

import logging
import socket
import struct
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from mediation.core import vitals
from mediation.core.vitals import Health
from mediation.uploads.rejected import Rejected

CONNECT_SECONDS: Final = 3.0
ANSWER_SECONDS: Final = 30.0
PIECE: Final = 64 * 1024
LONGEST_ANSWER: Final = 4096

INFECTED = _("The virus scanner has found something harmful in this file. It was not taken.")
UNSCANNED = _(
    "Files cannot be scanned for viruses at the moment, so none are taken. Try again later."
)

log = logging.getLogger(__name__)
found = vitals.counter(
    "fengqiao_uploads_infected_total", "Files in which the scanner found a virus."
)


class NoVerdict(Exception):
    """The daemon is away, is too slow, or will not judge this file."""


def require_clean(data: bytes) -> bool:
    """Whether ``data`` was scanned and is clean; false where no scanner is set up, or needed.

    Raises ``Rejected`` for a virus, and for want of a verdict where one is required.
    """
    if not settings.CLAMD:
        return False
    try:
        virus = _virus_in(data)
    except (OSError, NoVerdict) as error:
        log.warning("A file could not be scanned: %s", error)
        if settings.CLAMD_REQUIRED:
            raise Rejected("unscanned", UNSCANNED) from None
        return False
    if virus:
        log.warning("The scanner refused a file: %s", virus)
        found.add()
        raise Rejected("infected", INFECTED)
    return True


def _virus_in(data: bytes) -> str:
    """The name of what was found; empty for a clean file. Raises ``OSError`` or ``NoVerdict``."""
    answer = _ask(b"zINSTREAM\0", data)
    if answer == "stream: OK":
        return ""
    if not answer.endswith(" FOUND"):
        raise NoVerdict(answer)
    return answer.removeprefix("stream: ").removesuffix(" FOUND")


def health() -> Health | None:
    """Files wait, or go unscanned, while the daemon does not answer."""
    if not settings.CLAMD:
        return None
    try:
        return Health.OK if _ask(b"zPING\0") == "PONG" else Health.DEGRADED
    except (OSError, NoVerdict):
        return Health.DEGRADED


vitals.probe("scanner", health)


def _ask(command: bytes, data: bytes | None = None) -> str:
    """One question on a connection of its own. Raises ``OSError`` or ``NoVerdict``."""
    with _connected() as link:
        link.sendall(command)
        if data is not None:
            for start in range(0, len(data), PIECE):
                piece = data[start : start + PIECE]
                link.sendall(struct.pack("!L", len(piece)) + piece)
            link.sendall(struct.pack("!L", 0))
        return _answer(link)


def _answer(link: socket.socket) -> str:
    answer = b""
    while not answer.endswith(b"\0"):
        more = link.recv(LONGEST_ANSWER)
        if not more or len(answer) > LONGEST_ANSWER:
            raise NoVerdict("the daemon hung up")
        answer += more
    return answer[:-1].decode("utf-8", "replace")


@contextmanager
def _connected() -> Iterator[socket.socket]:
    """``CLAMD`` names a socket of this machine (``unix:/run/clamav/clamd.ctl``) or ``host:port``."""
    host, _colon, place = settings.CLAMD.rpartition(":")
    if host == "unix":
        link = socket.socket(socket.AF_UNIX)
    else:
        link = socket.create_connection((host, int(place)), timeout=CONNECT_SECONDS)
    with link:
        link.settimeout(ANSWER_SECONDS)
        if host == "unix":
            link.connect(place)
        yield link

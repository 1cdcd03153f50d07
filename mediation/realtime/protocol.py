"""The words spoken on ``/ws/inbox/``. Plain Python: what a frame says, and when one is refused.

Client → server: ``{"type": "resume", "after": N}``, ``{"type": "ping"}``. Server → client:
``{"type": "notice", "seq", "kind", "dispute", "level"}``, ``{"type": "pong"}``, ``{"type": "error"}``.
Nothing personal travels in a frame: a case is its number, and the page asks for the rest over HTTP.
"""

import json
from dataclasses import dataclass
from enum import IntEnum
from typing import Any, Final


class Close(IntEnum):
    """Why the server ends a socket."""

    NONSENSE = 1008  # too many frames that say nothing
    TOO_BIG = 1009
    STALLED = 1013  # took nothing for too long; come again and resume
    SIGNED_OUT = 4401
    NO_RIGHT = 4403
    TOO_MANY = 4429


FRAME_BYTES: Final = 64 * 1024
MESSAGES: Final = 20
WINDOW_SECONDS: Final = 10.0
NONSENSE_ALLOWED: Final = 3
LARGEST: Final = 2**62  # a number of the inbox fits a bigint

PONG: Final = '{"type":"pong"}'
ERROR: Final = '{"type":"error"}'


class Malformed(ValueError):
    """A frame that says nothing we know."""


@dataclass(frozen=True, slots=True)
class Resume:
    """Everything after this number is wanted, and from then on whatever comes."""

    after: int


class Ping:
    """The client asks whether the line is alive."""


def parse(text: str) -> Resume | Ping:
    """Read one frame of a client. Raises ``Malformed``."""
    try:
        frame = json.loads(text)
    except (ValueError, RecursionError):
        raise Malformed from None
    match frame:
        case {"type": "ping"}:
            return Ping()
        case {"type": "resume", "after": int(after)} if _is_number(after):
            return Resume(after)
    raise Malformed


def _is_number(value: Any) -> bool:
    return not isinstance(value, bool) and 0 <= value <= LARGEST


def tail(*, kind: str, number: str | None, level: str) -> str:
    """The part of a notice that all its readers share; built once, however many they are."""
    shared = {"kind": kind, "dispute": number, "level": level}
    return json.dumps(shared, ensure_ascii=False, separators=(",", ":"))[1:]


def notice(seq: int, shared: str) -> str:
    return f'{{"type":"notice","seq":{seq},{shared}'

"""Environment variables, read once and loudly: a wrong value stops the start-up with a sentence."""

import contextlib
import os
import re
import secrets
import tempfile
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured

BASE_DIR = Path(__file__).resolve().parents[2]

TRUE = {"1", "true", "yes", "on"}
FALSE = {"0", "false", "no", "off", ""}


def text(name: str, default: str = "") -> str:
    return os.environ.get(name, default).strip()


def flag(name: str, *, default: bool = False) -> bool:
    value = os.environ.get(name, "1" if default else "0").strip().lower()
    if value in TRUE:
        return True
    if value in FALSE:
        return False
    raise ImproperlyConfigured(f"{name} must be 1 or 0, not {value!r}.")


def number(name: str, default: int) -> int:
    value = os.environ.get(name, str(default)).strip()
    try:
        return int(value)
    except ValueError:
        raise ImproperlyConfigured(f"{name} must be a whole number, not {value!r}.") from None


def choice(name: str, offered: tuple[str, ...]) -> str:
    """One of ``offered``; the first when nothing is set."""
    value = text(name).lower() or offered[0]
    if value not in offered:
        raise ImproperlyConfigured(f"{name} must be one of {', '.join(offered)}, not {value!r}.")
    return value


def names(name: str, default: str = "") -> list[str]:
    return [part.strip() for part in text(name, default).split(",") if part.strip()]


def secure_address(name: str) -> str:
    """An address with https; plain http on this machine only. Empty when nothing is set."""
    value = text(name).rstrip("/")
    if value and not value.startswith(("https://", "http://127.0.0.1:", "http://localhost:")):
        raise ImproperlyConfigured(f"{name} must begin with https://, not {value!r}.")
    return value


def socket(name: str) -> str:
    """A socket of this machine as ``unix:/path``, or ``host:port``. Empty when nothing is set."""
    value = text(name)
    if value and not re.fullmatch(r"unix:/.+|[^:/]+:[0-9]{1,5}", value):
        raise ImproperlyConfigured(f"{name} must be unix:/path or host:port, not {value!r}.")
    return value


def directory(name: str, default: Path) -> Path:
    path = Path(text(name) or default).resolve()
    path.mkdir(parents=True, exist_ok=True)
    return path


def kept_secret(name: str, *, keep_in: Path | None) -> str:
    """The secret ``name`` from the environment, or one made once in ``keep_in`` (mode 0600).

    Production passes ``keep_in=None``: there a missing secret stops the start-up.
    """
    if value := text(name):
        return value
    if keep_in is None:
        raise ImproperlyConfigured(f"{name} is required. Set it in the environment.")
    path = keep_in / f"{name.lower()}.txt"
    if not path.exists():
        _make_secret(path)
    return path.read_text().strip()


def _make_secret(path: Path) -> None:
    """Write a new secret whole or not at all: of two processes that start together one wins."""
    handle, draft = tempfile.mkstemp(dir=path.parent)  # mode 0600
    with os.fdopen(handle, "w") as file:
        file.write(secrets.token_urlsafe(48))
        file.flush()
        os.fsync(file.fileno())
    # A link appears complete and never replaces: the slower process reads the faster one's secret.
    with contextlib.suppress(FileExistsError):
        path.hardlink_to(draft)
    Path(draft).unlink()

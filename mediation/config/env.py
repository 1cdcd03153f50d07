"""Environment variables, read once and loudly: a wrong value stops the start-up with a sentence."""

import os
import secrets
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


def names(name: str, default: str = "") -> list[str]:
    return [part.strip() for part in text(name, default).split(",") if part.strip()]


def directory(name: str, default: Path) -> Path:
    path = Path(text(name) or default).resolve()
    path.mkdir(parents=True, exist_ok=True)
    return path


def kept_secret(name: str, *, keep_in: Path | None) -> str:
    """The secret ``name`` from the environment, or one made once and kept in ``keep_in`` (mode 0600).

    Production passes ``keep_in=None``: there a missing secret stops the start-up.
    """
    if value := text(name):
        return value
    if keep_in is None:
        raise ImproperlyConfigured(f"{name} is required. Set it in the environment.")
    path = keep_in / f"{name.lower()}.txt"
    if not path.exists():
        # Exclusive create: of two processes that start together one makes it, the other reads it.
        try:
            with path.open("x", opener=lambda p, f: os.open(p, f, 0o600)) as file:
                file.write(secrets.token_urlsafe(48))
        except FileExistsError:
            pass
    return path.read_text().strip()

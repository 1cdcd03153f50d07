"""Lookup codes in addresses and fields: everything that cannot be one is answered as unknown."""

import re

from mediation.core.text import ascii_digits
from mediation.disputes.numbers import ALPHABET, normalise_code

_FORM = re.compile(f"[{ALPHABET}]{{4}}-[{ALPHABET}]{{4}}")


def read_code(typed: str) -> str | None:
    """The stored form of a typed code, or nothing when it is none."""
    code = normalise_code(ascii_digits(typed.strip())[:40])
    return code if _FORM.fullmatch(code) else None

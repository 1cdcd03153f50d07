"""Case numbers, file numbers and the short codes on slips and QR pictures."""

import secrets

from django.db import connection

# Crockford's alphabet: no I, L, O, U, so that a code survives being read aloud or copied by hand.
ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_NEXT = """
INSERT INTO disputes_numberseries (organisation, kind, year, latest) VALUES (%s, %s, %s, 1)
ON CONFLICT (organisation, kind, year)
DO UPDATE SET latest = disputes_numberseries.latest + 1 RETURNING latest
"""


def take(organisation: str, kind: str, year: int) -> int:
    """The next number of a series. Never given twice; a rolled-back command may leave a gap."""
    with connection.cursor() as cursor:
        cursor.execute(_NEXT, [organisation, kind, year])
        return int(cursor.fetchone()[0])


def case_number(organisation_name: str, year: int, serial: int) -> str:
    return f"{organisation_name}纠登〔{year}〕{serial:05d}号"


def file_number(organisation_name: str, year: int, serial: int) -> str:
    """(2026)资汽人调字第001号 in the form that the volumes of the committees carry."""
    return f"({year}){organisation_name}人调字第{serial:03d}号"


def lookup_code() -> str:
    """Eight random characters in two groups; 40 bits, so that nobody finds a case by counting."""
    letters = "".join(secrets.choice(ALPHABET) for _ in range(8))
    return f"{letters[:4]}-{letters[4:]}"


def normalise_code(text: str) -> str:
    """What a person typed as the stored form: upper case, O as 0, I and L as 1, one hyphen."""
    kept = text.upper().translate(str.maketrans("OIL", "011", "- \u3000"))
    return f"{kept[:4]}-{kept[4:]}"

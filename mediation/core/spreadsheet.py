"""Cells that no spreadsheet takes for a formula. Plain Python."""

_TRIGGERS = tuple("=+-@\t\r\n＝＋－＠")


def inert(value: str) -> str:
    """Text as a cell of CSV: with an apostrophe before it where a program would begin to calculate.

    Numbers keep their sign. A blank before the sign does not help the attacker: programs trim it.
    """
    bare = value.lstrip(" \u3000\u00a0\ufeff")
    if bare.startswith(_TRIGGERS) and not _is_number(bare):
        return f"'{value}"
    return value


def _is_number(text: str) -> bool:
    body = text[1:]
    return text[0] in "+-" and body.isascii() and body.replace(".", "", 1).isdigit()

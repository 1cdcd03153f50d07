"""What of a personal detail may stand on a page (GB/T 35273-2020, 7.2). Plain Python."""

import re
import unicodedata

_NUMERAL = "[0-9０-９A-Za-z一二三四五六七八九十百甲乙丙丁]+"
_BUILDING = re.compile(f"{_NUMERAL}(?:栋|幢|号楼|座|#楼?)|大厦")
_BLOCK_OF_SERIES = re.compile(r"[0-9０-９]+(?=[-－][0-9０-９])")
_HOUSE = re.compile(f"{_NUMERAL}号(?!线)")
_ROOM = re.compile(r"[0-9０-９]++(?!.{0,3}[路街巷弄道组队社村里线])")
_HIDDEN = "***"


def mask_name(name: str) -> str:
    """Keep the first character: ``李*``."""
    if not name:
        return ""
    end = 1
    # A variation selector or a vowel sign is part of the character before it.
    while end < len(name) and unicodedata.category(name[end]).startswith("M"):
        end += 1
    return f"{name[:end]}*"


def mask_id(number: str) -> str:
    """Keep area and tail for those who handle the case: ``439999********0014``."""
    if len(number) < 15:
        return _tail(number, keep=4)
    return f"{number[:6]}{'*' * (len(number) - 10)}{number[-4:]}"


def mask_id_tail(number: str) -> str:
    """Keep the last four characters, for lists: ``****0014``."""
    return f"****{number[-4:]}" if len(number) >= 8 else "*" * len(number)


def mask_phone(number: str) -> str:
    """``138****8000``; of a landline its area code and its last four digits."""
    area, dash, local = number.rpartition("-")
    if dash:
        return f"{area}-{_tail(local, keep=4)}"
    if len(number) < 11:
        return _tail(number, keep=4)
    return f"{number[:3]}{'*' * (len(number) - 7)}{number[-4:]}"


def mask_address(address: str) -> str:
    """Keep an address down to the building; unit, floor and room are hidden."""
    end = _end_of_building(address)
    return address if end >= len(address) else address[:end] + _HIDDEN


def _end_of_building(address: str) -> int:
    buildings = [*_BUILDING.finditer(address)]
    found = (
        (buildings[-1] if buildings else None)
        or _BLOCK_OF_SERIES.search(address)
        or _HOUSE.search(address)
    )
    if found:
        return found.end()
    # No building is named: whatever number is no road and no village group may be a room.
    room = _ROOM.search(address)
    return room.start() if room else len(address)


def _tail(number: str, *, keep: int) -> str:
    """Hide all but the last ``keep`` characters, and all of them when that would show the most."""
    shown = number[-keep:] if len(number) >= 2 * keep - 1 else ""
    return "*" * (len(number) - len(shown)) + shown

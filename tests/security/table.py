"""Reads ``docs/security/access.txt``: what the security officer has written down."""

from dataclasses import dataclass, field
from pathlib import Path

from django.conf import settings

FILE = Path(settings.BASE_DIR) / "docs" / "security" / "access.txt"
WORDS = {
    "public",
    "signed in",
    "sees the case",
    "acts",
    "team",
    "own",
    "resident",
    "token",
    "device",
    "closed",
}


@dataclass
class Table:
    """``groups``: name → roles; ``cases``: who → kind → seen; ``addresses``: route → (methods, who)."""

    groups: dict[str, set[str]] = field(default_factory=dict)
    cases: dict[str, dict[str, bool]] = field(default_factory=dict)
    addresses: dict[str, tuple[set[str], str]] = field(default_factory=dict)
    sockets: dict[str, str] = field(default_factory=dict)


def read() -> Table:
    table, section, kinds = Table(), "", []
    for line in FILE.read_text(encoding="utf-8").splitlines():
        if line.startswith("#") or (not line.strip()):
            continue
        if line.startswith("["):
            section = line.strip("[] ")
        elif section == "groups":
            name, _, roles = line.partition("=")
            table.groups[name.strip()] = set(roles.split())
        elif section == "cases":
            who, *cells = _cells(line)
            if who == "who":
                kinds = cells
            else:
                table.cases[who] = {k: cell == "yes" for k, cell in zip(kinds, cells, strict=True)}
        elif section == "addresses":
            # Patterns hold bars themselves: the last two columns are cut off from the right.
            route, methods, who = (part.strip() for part in line.rsplit("|", 2))
            table.addresses[route] = (set(methods.replace("-", "").split()), who)
        else:
            route, who = _cells(line)
            table.sockets[route] = who
    return table


def _cells(line: str) -> list[str]:
    return [cell.strip() for cell in line.split("|")]

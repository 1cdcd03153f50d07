"""Which reports the law demands of whoever learns of such facts, to whom, and how soon.

Plain Python. A report is demanded by what happened in the dispute, never by who somebody is.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

from mediation.deadlines.words import Said

AT_ONCE = timedelta(minutes=30)
WITHIN_A_DAY = timedelta(hours=24)

# Signs that the matter may become a public-order or criminal case, and signs of violence at home.
CRIMINAL = frozenset(f"H{n}" for n in range(1, 11))
VIOLENCE = frozenset({"H2", "H3", "H7", "H8", "H9"})
HARM = frozenset({"H1", "H2", "H3", "H5", "H7", "H8", "H9"})
FAMILY = "01"

MEDIATION_25 = Said("People's Mediation Law, art. 25", "《中华人民共和国人民调解法》第25条")
MINORS_11 = Said(
    "Law on the Protection of Minors, art. 11", "《中华人民共和国未成年人保护法》第11条"
)
HOME_13 = Said("Anti-Domestic Violence Law, art. 13", "《中华人民共和国反家庭暴力法》第13条")
HOME_14 = Said("Anti-Domestic Violence Law, art. 14", "《中华人民共和国反家庭暴力法》第14条")


@dataclass(frozen=True, slots=True)
class Owed:
    """One report: the receiver's code, how soon, and the articles that demand it."""

    receiver: str
    within: timedelta
    basis: tuple[Said, ...]
    strict: bool
    """Mandatory reporting of violence against a child or at home: nothing is closed before it."""


def owed(*, triggers: frozenset[str], category: str, has_minor: bool) -> list[Owed]:
    """The reports that these facts demand, each receiver once."""
    return list(_owed(triggers, category, has_minor=has_minor))


def _owed(triggers: frozenset[str], category: str, *, has_minor: bool) -> Iterator[Owed]:
    if not triggers & CRIMINAL:
        return
    child = has_minor and bool(triggers & HARM)
    at_home = category == FAMILY and bool(triggers & VIOLENCE)
    basis = [MEDIATION_25]
    if child:
        basis.append(MINORS_11)
    if at_home:
        basis.append(HOME_14 if child or "H7" in triggers else HOME_13)
    yield Owed("police", AT_ONCE, tuple(basis), strict=child or at_home)
    if child:
        yield Owed("civil_affairs", WITHIN_A_DAY, (MINORS_11,), strict=True)

"""Changes of the area tree. Who may call them is the door's question."""

from collections.abc import Callable, Sequence

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from mediation.areas.models import LENGTH_OF, Area, Level, level_of
from mediation.core.db import write
from mediation.core.errors import Malformed, NotFound, Reason, Text, Unmet

HOUSEHOLDS_GUIDELINE = range(300, 501)
"""Households of one grid in a town (domain practice; a guideline, never a refusal)."""

Hindrances = Callable[[Area], Sequence[Reason]]


def locked(code: str) -> Area:
    """The area, locked to the end of the transaction. Raises ``NotFound``."""
    area = Area.objects.select_for_update(of=("self",)).filter(code=code).first()
    if area is None:
        raise NotFound
    return area


def create_child(
    *, parent_code: str, code: str, name: str, short_name: str = "", households: int | None = None
) -> Area:
    """Add an area right below another. Raises ``Malformed`` for a code that does not fit there."""
    with write():
        parent = locked(parent_code)
        _require_open(parent)
        _require_code(parent, code)
        _require_own_name(parent.pk, name)
        return Area.objects.create(
            code=code,
            level=level_of(code),
            name=name,
            short_name=short_name,
            parent=parent,
            households=households,
        )


def change(*, area: Area, name: str, short_name: str, households: int | None) -> None:
    """Give a locked area another name or size. Its code never changes: cases are filed under it."""
    _require_own_name(area.parent_id, name, but=area.pk)
    area.name, area.short_name, area.households = name, short_name, households
    area.save(update_fields=["name", "short_name", "households"])


def close(*, area: Area, hindrances: Hindrances) -> None:
    """Take a locked area out of use; its history stays. Raises ``Unmet`` with every hindrance.

    ``hindrances`` is asked under the lock for what this layer cannot see: cases and duties.
    """
    reasons = [*_open_children(area), *hindrances(area)]
    if reasons:
        raise Unmet(*reasons)
    area.is_active = False
    area.save(update_fields=["is_active"])


def reopen(*, area: Area) -> None:
    if area.parent_id is not None:
        _require_open(Area.objects.get(pk=area.parent_id))
    area.is_active = True
    area.save(update_fields=["is_active"])


def child_level(area: Area) -> Level | None:
    """The level right below, or nothing below a grid."""
    return None if area.level == Level.GRID else Level(area.level + 1)


def next_code(area: Area) -> str:
    """A code for the next child: one above the greatest in use. Empty when none is left."""
    level = child_level(area)
    if level is None:
        return ""
    width = LENGTH_OF[level] - len(area.code)
    latest = Area.objects.filter(parent=area).order_by("-code").values_list("code", flat=True)
    serial = int((latest.first() or "0")[-width:]) + 1
    return f"{area.code}{serial:0{width}}" if serial < 10**width else ""


def code_fault(parent: Area, code: str) -> Text | None:
    """Why ``code`` cannot be a child of ``parent`` (GB/T 2260, GB/T 10114), or nothing."""
    level = child_level(parent)
    if level is None:
        return gettext_lazy("A grid is the smallest area; nothing lies below it.")
    if not (code.isascii() and code.isdigit()):
        return gettext_lazy("A code consists of the digits 0 to 9.")
    if not code.startswith(parent.code):
        return _("The code must begin with %(code)s, the code of %(name)s.") % {
            "code": parent.code,
            "name": parent.name,
        }
    if len(code) != LENGTH_OF[level]:
        return _("The code of this level has %(n)d digits.") % {"n": LENGTH_OF[level]}
    # …000 stands for the parent itself in the statistical codes.
    if not code[len(parent.code) :].strip("0"):
        return gettext_lazy("Zeros alone stand for the area above; please begin with 1.")
    return None


def _require_code(parent: Area, code: str) -> None:
    fault = code_fault(parent, code)
    if fault is None and (taken := Area.objects.filter(code=code).first()):
        fault = _("%(name)s already has this code.") % {"name": taken.name}
    if fault is not None:
        raise Malformed({"code": [fault]})


def _require_own_name(parent_id: int | None, name: str, *, but: int | None = None) -> None:
    namesakes = Area.objects.filter(parent_id=parent_id, name=name)
    if any(pk != but for pk in namesakes.values_list("pk", flat=True)):
        raise Malformed({"name": [gettext_lazy("An area beside it already has this name.")]})


def _require_open(area: Area) -> None:
    if not area.is_active:
        sentence = gettext_lazy("The area above is closed. Please open it again first.")
        raise Unmet(Reason("parent_closed", sentence))


def _open_children(area: Area) -> list[Reason]:
    number = Area.objects.filter(parent=area, is_active=True).count()
    if not number:
        return []
    sentence = _("%(n)d areas below are in use. Please close them first.") % {"n": number}
    return [Reason("open_children", sentence)]

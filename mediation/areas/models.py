"""The area tree. The administrative code is its own materialised path."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _


class Level(models.IntegerChoices):
    PROVINCE = 1, _("Province")
    CITY = 2, _("City")
    DISTRICT = 3, _("District")
    SUBDISTRICT = 4, _("Subdistrict")
    COMMUNITY = 5, _("Community")
    GRID = 6, _("Grid")


# GB/T 2260 and GB/T 10114: 2 + 2 + 2 + 3 + 3 digits; grids add a serial of 3.
CODE_LENGTHS = {2: Level.PROVINCE, 4: Level.CITY, 6: Level.DISTRICT, 9: Level.SUBDISTRICT}
CODE_LENGTHS |= {12: Level.COMMUNITY, 15: Level.GRID}
LENGTH_OF = {level: length for length, level in CODE_LENGTHS.items()}


class Area(models.Model):
    """A place in the tree province … grid. ``code`` begins with the code of its parent."""

    code = models.CharField(_("Code"), max_length=15, unique=True)
    level = models.PositiveSmallIntegerField(_("Level"), choices=Level.choices)
    name = models.CharField(_("Name"), max_length=60)
    # As it stands in file numbers: “资汽” in (2026)资汽人调字第001号.
    short_name = models.CharField(_("Short name in file numbers"), max_length=10, blank=True)
    parent = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="children"
    )
    households = models.PositiveIntegerField(_("Households"), null=True, blank=True)
    is_active = models.BooleanField(_("Active"), default=True)

    class Meta:
        ordering: ClassVar = ["code"]
        verbose_name = _("Area")

    def __str__(self) -> str:
        return self.name

    def covers(self, code: str) -> bool:
        return code.startswith(self.code)


class Outline(models.Model):
    """Where an area lies, as its county handed it in: for the map of figures, never for legal borders."""

    area = models.OneToOneField(
        Area, on_delete=models.CASCADE, primary_key=True, related_name="outline"
    )
    # Polygons of rings of [longitude, latitude], WGS 84; the first ring outside, the others holes.
    polygons = models.JSONField()
    # Who supplied it and under which number it may be shown (审图号).
    source = models.CharField(_("Source"), max_length=120)
    imported_at = models.DateTimeField()

    class Meta:
        verbose_name = _("Outline")

    def __str__(self) -> str:
        return f"{self.area_id}"


def level_of(code: str) -> Level:
    """The level that a code of this length stands for. Raises ``ValueError`` for other lengths."""
    try:
        return CODE_LENGTHS[len(code)]
    except KeyError:
        raise ValueError(
            f"An area code has 2, 4, 6, 9, 12 or 15 digits, not {len(code)}."
        ) from None


def ancestor_codes(code: str) -> list[str]:
    """The codes from the province down to ``code`` itself."""
    return [code[:length] for length in sorted(CODE_LENGTHS) if length <= len(code)]


def code_range(code: str) -> tuple[str, str]:
    """The half-open range [code, next) that holds ``code`` and everything below it.

    A range scan on one index is the fastest scope test at every level; see docs/explanation.
    """
    return code, code[:-1] + chr(ord(code[-1]) + 1)

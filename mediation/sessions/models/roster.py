"""People's mediation committees and their members (People's Mediation Law arts. 7 to 10, 13, 14)."""

from datetime import date
from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from mediation.accounts.models import Person
from mediation.areas.models import Area


class Committee(models.Model):
    """A committee of 3 to 9 members, one of them director, at least one a woman."""

    class Kind(models.TextChoices):
        COMMUNITY = "community", _("Village or community")
        TOWNSHIP = "township", _("Township or subdistrict")
        ENTERPRISE = "enterprise", _("Enterprise or institution")
        TRADE = "trade", _("Trade or profession")
        STATIONED = "stationed", _("Stationed with police, court or petition office")

    area = models.ForeignKey(
        Area, on_delete=models.PROTECT, db_index=False, related_name="committees"
    )
    name = models.CharField(_("Name"), max_length=80)
    kind = models.CharField(_("Kind"), max_length=10, choices=Kind.choices)
    short_name = models.CharField(
        _("Short name in file numbers"), max_length=10, blank=True, default="", db_default=""
    )
    founded_on = models.DateField(_("Founded on"), null=True, blank=True)
    closed_on = models.DateField(_("Closed on"), null=True, blank=True)
    is_active = models.BooleanField(default=True)

    class Meta:
        ordering: ClassVar = ["area__code", "name"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["area", "name"], name="committee_name_once")
        ]

    def __str__(self) -> str:
        return self.name


class RosterEntry(models.Model):
    """One person's place in a committee for one term, and what he is good at."""

    class Post(models.TextChoices):
        DIRECTOR = "director", _("Director")
        MEMBER = "member", _("Member")
        APPOINTED = "appointed", _("Appointed mediator")

    committee = models.ForeignKey(Committee, on_delete=models.PROTECT, related_name="entries")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="roster_entries")
    post = models.CharField(_("Post"), max_length=10, choices=Post.choices, default=Post.MEMBER)
    is_woman = models.BooleanField(_("Woman"), default=False)
    birth_year = models.PositiveSmallIntegerField(_("Year of birth"), null=True, blank=True)
    is_full_time = models.BooleanField(_("Full time"), default=False)
    # Codes of ``disputes.enums.Category``, and tongues as people name them.
    expertise = models.JSONField(_("Good at"), default=list, blank=True)
    languages = models.JSONField(_("Languages and dialects"), default=list, blank=True)
    term_from = models.DateField(_("Term from"))
    term_until = models.DateField(_("Term until"))
    left_on = models.DateField(_("Left on"), null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["committee", "post", "pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["committee", "person"],
                condition=models.Q(left_on__isnull=True),
                name="one_place_per_committee",
            ),
            models.CheckConstraint(
                condition=models.Q(term_until__gte=models.F("term_from")),
                name="roster_term_ends_after_it_begins",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person} · {self.committee}"

    def serves_on(self, day: date) -> bool:
        gone = self.left_on is not None and self.left_on <= day
        return self.term_from <= day <= self.term_until and not gone


class RosterChange(models.Model):
    """What changed in a committee: the county bureau tells the court (People's Mediation Law art. 10)."""

    class What(models.TextChoices):
        FOUNDED = "founded", _("Founded")
        RENAMED = "renamed", _("Renamed")
        CLOSED = "closed", _("Closed down")
        JOINED = "joined", _("Joined")
        LEFT = "left", _("Left")

    committee = models.ForeignKey(Committee, on_delete=models.PROTECT, related_name="changes")
    at = models.DateTimeField(_("When"))
    by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    what = models.CharField(max_length=12, choices=What.choices)
    detail = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering: ClassVar = ["-pk"]

    def __str__(self) -> str:
        return f"{self.committee_id} {self.what}"

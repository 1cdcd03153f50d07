"""People, their duties in areas, and the keys of programs that act for them."""

from datetime import date
from typing import Any, ClassVar

from django.contrib.auth.models import AbstractUser
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from mediation.areas.models import Area


class Role(models.TextChoices):
    GRID_WORKER = "grid_worker", _("Grid worker")
    MEDIATOR = "mediator", _("Mediator")
    CENTRE_STAFF = "centre_staff", _("Centre staff")
    JUSTICE_STAFF = "justice_staff", _("Justice office staff")
    LEADER = "leader", _("Leader")
    RECONSIDERATION_CLERK = "reconsideration_clerk", _("Reconsideration clerk")
    SYSTEM_ADMIN = "system_admin", _("System administrator")
    SECURITY_ADMIN = "security_admin", _("Security administrator")
    AUDITOR = "auditor", _("Auditor")


# 三员分立: whoever runs the system neither grants rights nor audits (GB/T 22239-2019, 8.1.4.2).
ADMIN_ROLES = (Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN, Role.AUDITOR)


class Display(models.TextChoices):
    STANDARD = "standard", _("Standard")
    LARGE = "large", _("Large type")
    DARK = "dark", _("Dark")


class Person(AbstractUser):
    """Somebody who signs in. Real-name accounts only; no shared log-ins."""

    first_name = None  # type: ignore[assignment]  # one name field, as Chinese names are written
    last_name = None  # type: ignore[assignment]  # see above
    name = models.CharField(_("Name"), max_length=100)
    post = models.CharField(_("Post"), max_length=60, blank=True)
    phone = models.CharField(_("Office phone"), max_length=20, blank=True)
    language = models.CharField(_("Language"), max_length=10, blank=True)
    display = models.CharField(
        _("Display"), max_length=10, choices=Display.choices, default=Display.STANDARD
    )
    # Raised by every change of account, password or duty. Open sockets compare it and end.
    access_stamp = models.PositiveIntegerField(default=1)
    # Somebody else knows this password. Nothing but changing it is possible until then.
    password_is_first = models.BooleanField(_("Password must be changed"), default=False)

    # Empty until the first change: then it is as old as the account.
    password_since = models.DateTimeField(null=True, blank=True)

    REQUIRED_FIELDS: ClassVar[list[str]] = ["name"]

    class Meta:
        verbose_name = _("Person")

    def __str__(self) -> str:
        return self.name or self.username

    def get_full_name(self) -> str:
        return self.name

    def get_short_name(self) -> str:
        return self.name


class FormerPassword(models.Model):
    """The hash of a password that its owner had before, so that he does not take it again."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="former_passwords")
    encoded = models.CharField(max_length=128)

    class Meta:
        verbose_name = _("Former password")

    def __str__(self) -> str:
        return str(self.person_id)


class Duty(models.Model):
    """A person serves in a role for an area, from a day on, perhaps with a deputy."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="duties")
    role = models.CharField(_("Role"), max_length=24, choices=Role.choices)
    area = models.ForeignKey(Area, on_delete=models.PROTECT, db_index=False, related_name="duties")
    since = models.DateField(_("From"))
    until = models.DateField(_("Until"), null=True, blank=True)
    # Minors, violence and sealed cases need this explicit grant besides role and area.
    cleared = models.BooleanField(_("May handle sensitive cases"), default=False)
    deputy = models.ForeignKey(
        Person, on_delete=models.SET_NULL, null=True, blank=True, related_name="deputising"
    )
    deputy_since = models.DateField(_("Deputy from"), null=True, blank=True)
    deputy_until = models.DateField(_("Deputy until"), null=True, blank=True)

    class Meta:
        verbose_name = _("Duty")
        verbose_name_plural = _("Duties")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["person"],
                condition=Q(role__in=[role.value for role in ADMIN_ROLES], until__isnull=True),
                name="one_admin_role_per_person",
                violation_error_code="exclusive",
                violation_error_message=_(
                    "System, security and audit administration exclude each other."
                ),
            ),
            models.UniqueConstraint(
                fields=["person", "role", "area"],
                condition=Q(until__isnull=True),
                name="one_open_duty_per_role_and_area",
                violation_error_code="twice",
                violation_error_message=_("This person already has this duty."),
            ),
            models.CheckConstraint(
                condition=Q(until__isnull=True) | Q(until__gte=F("since")),
                name="duty_ends_after_it_begins",
                violation_error_code="until",
                violation_error_message=_("A duty cannot end before it begins."),
            ),
            models.CheckConstraint(
                condition=Q(deputy__isnull=True) | ~Q(deputy=F("person")),
                name="nobody_deputises_for_himself",
                violation_error_code="deputy",
                violation_error_message=_("The deputy must be another person."),
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["area", "role"], name="duty_area_role"),
        ]

    def __str__(self) -> str:
        return f"{self.person} · {self.get_role_display()} · {self.area}"

    def is_open_on(self, day: date) -> bool:
        return self.since <= day and (self.until is None or day <= self.until)

    def is_deputised_on(self, day: date) -> bool:
        """Whether the deputy stands in on ``day``. No dates: whenever the duty itself is open."""
        if self.deputy_id is None or not self.is_open_on(day):
            return False
        begun = self.deputy_since is None or self.deputy_since <= day
        return begun and (self.deputy_until is None or day <= self.deputy_until)


class ApiKey(models.Model):
    """A bearer key for a program acting as a person. Only its hash is kept."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="api_keys")
    prefix = models.CharField(max_length=12, unique=True)
    digest = models.CharField(max_length=64)
    created_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("API key")

    def __str__(self) -> str:
        return self.prefix


class Change(models.TextChoices):
    """What an administrator may have done to an account, a duty or an area."""

    ACCOUNT_OPENED = "account_opened", _("Account opened")
    ACCOUNT_CHANGED = "account_changed", _("Account changed")
    ACCOUNT_CLOSED = "account_closed", _("Account closed")
    ACCOUNT_REOPENED = "account_reopened", _("Account opened again")
    PASSWORD_RENEWED = "password_renewed", _("New password given")
    SESSIONS_ENDED = "sessions_ended", _("Signed out everywhere")
    DUTY_GIVEN = "duty_given", _("Duty given")
    DUTY_ENDED = "duty_ended", _("Duty ended")
    CLEARANCE_CHANGED = "clearance_changed", _("Clearance changed")
    DEPUTY_CHANGED = "deputy_changed", _("Deputy changed")
    URGENT_ACCESS = "urgent_access", _("Sensitive case opened in urgency")
    URGENT_REVIEWED = "urgent_reviewed", _("Urgent access looked over")
    FILE_HELD = "file_held", _("File frozen")
    FILE_RELEASED = "file_released", _("Freeze of a file ended")
    FILE_DISPOSED = "file_disposed", _("File stripped after appraisal")
    EXPORT_ASKED = "export_asked", _("Large export asked for")
    EXPORT_AGREED = "export_agreed", _("Large export agreed to")
    EXPORT_REFUSED = "export_refused", _("Large export refused")
    EXPORT_TAKEN = "export_taken", _("Large export taken")
    AREA_CREATED = "area_created", _("Area created")
    AREA_CHANGED = "area_changed", _("Area changed")
    AREA_CLOSED = "area_closed", _("Area closed")
    AREA_REOPENED = "area_reopened", _("Area opened again")
    CALENDAR_TAKEN = "calendar_taken", _("Working-day calendar of a year taken in")
    KEY_ISSUED = "key_issued", _("Key for a program issued")
    KEY_REVOKED = "key_revoked", _("Key of a program revoked")


class AccessChange(models.Model):
    """One act of administration. Append-only, in the same transaction as the act itself.

    The records of who was given what power are kept for audit (GB/T 22239-2019, 8.1.4.3); a trigger
    holds that even against raw SQL.
    """

    at = models.DateTimeField(_("When"))
    by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    # As he was called on that day.
    by_name = models.CharField(max_length=100)
    what = models.CharField(_("What"), max_length=24, choices=Change.choices)
    person = models.ForeignKey(
        Person, on_delete=models.PROTECT, db_index=False, null=True, related_name="access_changes"
    )
    area = models.ForeignKey(
        Area, on_delete=models.PROTECT, db_index=False, null=True, related_name="changes"
    )
    before = models.JSONField(default=dict)
    after = models.JSONField(default=dict)
    reason = models.CharField(_("Reason"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("Change of access")
        verbose_name_plural = _("Changes of access")
        indexes: ClassVar = [
            models.Index(fields=["person", "-id"], name="access_change_of_person"),
            models.Index(fields=["area", "-id"], name="access_change_of_area"),
        ]

    def __str__(self) -> str:
        return f"{self.by_name}: {self.get_what_display()}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Insert. Raises ``TypeError`` for a row that is already there."""
        if not self._state.adding:
            raise TypeError("A record of access is never changed.")
        super().save(*args, **kwargs)

    def delete(self, *_args: Any, **_kwargs: Any) -> tuple[int, dict[str, int]]:
        raise TypeError("A record of access is never deleted.")

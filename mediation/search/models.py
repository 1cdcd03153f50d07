"""The index of words, what people look for, and the record of look-ups by identifier."""

import uuid
from typing import Any, ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from mediation.accounts.models import Person
from mediation.core.crypto import SealedText
from mediation.disputes.models import Dispute


class Entry(models.Model):
    """What the index knows of one case. The words themselves are columns of each database's own kind.

    PostgreSQL: ``document``, a ``tsvector`` under a GIN index. SQLite: the whole table is an FTS5 table
    without content. Written by ``search.index`` alone.
    """

    dispute = models.OneToOneField(
        Dispute, on_delete=models.CASCADE, primary_key=True, related_name="+"
    )
    # What was put in: tells a row that has fallen behind its case.
    digest = models.CharField(max_length=32)

    class Meta:
        db_table = "search_entry"

    def __str__(self) -> str:
        return str(self.dispute_id)


class Question(models.Model):
    """What somebody looked for. The words may be a name: they are sealed, and no address carries them."""

    uid = models.UUIDField(default=uuid.uuid4, editable=False)
    key = models.CharField(max_length=22, unique=True)
    person = models.ForeignKey(
        Person, on_delete=models.CASCADE, db_index=False, related_name="questions"
    )
    text_sealed = models.BinaryField(default=bytes)
    text_index = models.CharField(max_length=64)
    # Stages, colours and so on, as they stand in an address.
    filters = models.CharField(max_length=400, blank=True)
    title = models.CharField(_("Name of the search"), max_length=40, blank=True)
    asked_at = models.DateTimeField()

    text = SealedText("text_sealed", index="text_index")

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["person", "-asked_at"], name="question_recent"),
            models.Index(fields=["person", "text_index"], name="question_same"),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["person", "text_index"],
                condition=Q(title=""),
                name="one_recent_question_each",
            ),
        ]

    def __str__(self) -> str:
        return self.title or self.key


class Lookup(models.Model):
    """Somebody looked for a person by number: written before the answer leaves the house.

    The number itself is not kept, only the keyed hash by which it was found and its last digits.
    """

    class What(models.TextChoices):
        ID_NUMBER = "id", _("ID number")
        PHONE = "phone", _("Phone")

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    # As he was called on that day.
    person_name = models.CharField(max_length=100)
    what = models.CharField(_("What"), max_length=8, choices=What.choices)
    masked = models.CharField(max_length=20)
    digest = models.CharField(max_length=64)
    found = models.PositiveIntegerField(_("Cases found"))
    door = models.CharField(max_length=8)
    at = models.DateTimeField(_("When"))

    class Meta:
        verbose_name = _("Look-up by number")
        indexes: ClassVar = [models.Index(fields=["-at"], name="lookup_newest")]

    def __str__(self) -> str:
        return f"{self.person_name}: {self.get_what_display()}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Insert. Raises ``TypeError`` for a row that is already there."""
        if not self._state.adding:
            raise TypeError("A record of a look-up is never changed.")
        super().save(*args, **kwargs)

    def delete(self, *_args: Any, **_kwargs: Any) -> tuple[int, dict[str, int]]:
        raise TypeError("A record of a look-up is never deleted.")

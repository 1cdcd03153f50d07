"""Remembering what somebody looked for, and recording whom he looked for by number."""

import secrets
from datetime import datetime

from django.db import IntegrityError, transaction
from django.db.models import QuerySet

from mediation.accounts.actor import Actor
from mediation.core.db import write
from mediation.core.errors import NotFound
from mediation.search.models import Lookup, Question
from mediation.search.questions import Asked, Kind

RECENT = 10
SAVED = 20


def remember(actor: Actor, text: str, *, filters: str = "", now: datetime) -> Question:
    """The question among the person's recent ones; the oldest of them are forgotten."""
    person = actor.person_id or 0
    with write():
        known = _recent(person).filter(text_index__in=Question.text.indexes_of(text)).first()
        question = known or Question(person_id=person, key=secrets.token_urlsafe(16))
        question.text, question.filters, question.asked_at = text, filters, now
        try:
            with transaction.atomic():
                question.save()
        except IntegrityError:  # the same question in two windows at once
            question = _recent(person).get(text_index=question.text_index)
        old = _recent(person).order_by("-asked_at", "-pk").values_list("pk", flat=True)[RECENT:]
        Question.objects.filter(pk__in=list(old)).delete()
    return question


def _recent(person: int) -> QuerySet[Question]:
    return Question.objects.filter(person_id=person, title="")


def recent(actor: Actor) -> list[Question]:
    return list(_recent(actor.person_id or 0).order_by("-asked_at", "-pk")[:RECENT])


def saved(actor: Actor) -> list[Question]:
    mine = Question.objects.filter(person_id=actor.person_id or 0).exclude(title="")
    return list(mine.order_by("title", "pk")[:SAVED])


def find(actor: Actor, key: str) -> Question:
    """One's own question. Raises ``NotFound``, also for somebody else's."""
    question = Question.objects.filter(person_id=actor.person_id or 0, key=key[:22]).first()
    if question is None:
        raise NotFound
    return question


def keep(question: Question, *, title: str, filters: str) -> None:
    """Save under a name, with the filters as they stand."""
    question.title, question.filters = title, filters
    question.save(update_fields=["title", "filters"])


def forget(question: Question) -> None:
    question.delete()


def record(asked: Asked, actor: Actor, *, found: int, door: str, now: datetime) -> None:
    """Write down a look-up by ID number or phone. Before its answer is shown."""
    if actor.person_id is None or asked.kind == Kind.WORDS:
        return
    with write():
        Lookup(
            person_id=actor.person_id,
            person_name=actor.name,
            what=asked.kind.value,
            masked=asked.shown,
            digest=asked.indexes[0],
            found=found,
            door=door,
            at=now,
        ).save()

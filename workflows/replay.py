"""Idempotency: the same key and the same body get the first answer again, forever."""

import hashlib
from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db import IntegrityError, transaction
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext_lazy as _

from mediation.accounts.actor import Actor
from mediation.core import rows
from mediation.core.chain import canonical
from mediation.core.errors import KeyReused, Malformed
from mediation.core.prepared import Prepared
from mediation.disputes.models import Submission

if TYPE_CHECKING:
    from workflows.engine import Command


LONGEST_KEY = 255
BAD_KEY = _("A submission number has at most 255 printable characters.")

FOUND = Prepared(
    lambda scope, key: Submission.objects.filter(scope=scope, key=key), scope=str, key=str
)


class Raced(Exception):
    """Another request with the same key committed first; its answer is ours."""


def find(command: "Command", actor: Actor) -> dict[str, Any] | None:
    """The stored answer. Raises ``KeyReused`` when the key came with another body before."""
    if not command.key:
        return None
    if len(command.key) > LONGEST_KEY or not command.key.isprintable():
        raise Malformed({"key": [BAD_KEY]})
    found = FOUND.first(scope=_scope(actor), key=command.key)
    if found is None:
        return None
    if found.body_hash != _body_hash(command):
        raise KeyReused
    answer: dict[str, Any] = found.answer
    return answer


def keep(command: "Command", actor: Actor, answer: dict[str, Any], *, now: datetime) -> None:
    """Store the answer beside what it answers for, in the same transaction."""
    if not command.key:
        return
    try:
        rows.insert(
            Submission(
                person_id=actor.person_id,
                scope=_scope(actor),
                key=command.key,
                body_hash=_body_hash(command),
                answer=answer,
                created_at=now,
            )
        )
    except IntegrityError as error:
        transaction.set_rollback(True)
        raise Raced from error


def _scope(actor: Actor) -> str:
    return f"person:{actor.person_id}" if actor.person_id is not None else "resident"


def _typed(data: Mapping[str, Any], key: str) -> str:
    """All values of a repeated field of a page, spelt in ASCII: typed text may be no valid UTF-8."""
    return ascii(data.getlist(key) if isinstance(data, MultiValueDict) else data[key])


def _body_hash(command: "Command") -> str:
    # The version is part of what was meant: the same click on a newer page is another command.
    body = {
        "name": command.name,
        "dispute": str(command.dispute or ""),
        "version": command.version,
        "data": {key: _typed(command.data, key) for key in sorted(command.data)},
    }
    return hashlib.sha256(canonical(body)).hexdigest()

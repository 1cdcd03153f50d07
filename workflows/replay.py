"""Idempotency: the same key and the same body get the first answer again, forever."""

import hashlib
from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext_lazy as _

from mediation.accounts.actor import Actor
from mediation.core import rows
from mediation.core.chain import canonical
from mediation.core.errors import Busy, KeyReused, Malformed
from mediation.core.prepared import Prepared
from mediation.disputes.models import Submission
from workflows.exchange import Command, Outcome

LONGEST_KEY = 255
BAD_KEY = _("A submission number has at most 255 printable characters.")

FOUND = Prepared(
    lambda scope, key: Submission.objects.filter(scope=scope, key=key), scope=str, key=str
)


class Raced(Exception):
    """Another request with the same key committed first; its answer is ours."""


def find(command: Command, actor: Actor) -> Outcome | None:
    """The stored outcome. Raises ``KeyReused`` when the key came with another body before."""
    if not command.key:
        return None
    if len(command.key) > LONGEST_KEY or not command.key.isprintable():
        raise Malformed({"key": [BAD_KEY]})
    found = FOUND.first(scope=_scope(actor), key=command.key)
    if found is None:
        return None
    if found.body_hash != _body_hash(command):
        raise KeyReused
    return Outcome(**found.answer)


def first(command: Command, actor: Actor) -> Outcome:
    """The outcome of the request that used the same key a moment earlier."""
    known = find(command, actor)
    if known is None:
        raise Busy
    return known


def keep(command: Command, actor: Actor, outcome: Outcome, *, now: datetime) -> None:
    """Store the outcome beside what it answers for, in the same transaction."""
    if not command.key:
        return
    try:
        rows.insert(
            Submission(
                person_id=actor.person_id,
                scope=_scope(actor),
                key=command.key,
                body_hash=_body_hash(command),
                answer=asdict(outcome),
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


def _body_hash(command: Command) -> str:
    # The version is part of what was meant: the same click on a newer page is another command.
    body = {
        "name": command.name,
        "dispute": str(command.dispute or ""),
        "version": command.version,
        "data": {key: _typed(command.data, key) for key in sorted(command.data)},
    }
    return hashlib.sha256(canonical(body)).hexdigest()

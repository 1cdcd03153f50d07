"""The one lock of every flow: the row of the dispute."""

import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection, transaction

from mediation.disputes.models import Dispute
from workflows.models import CaseProcess


class DisputeLock:
    """``lock_impl`` of our flows. Blocking and re-entrant: main and child flow share one row."""

    @contextmanager
    def __call__(self, flow_class: Any, process_pk: int) -> Iterator[None]:
        with transaction.atomic():
            dispute_id = CaseProcess.objects.values_list("dispute_id", flat=True).get(pk=process_pk)
            if dispute_id is None:  # the alert of an area: its own row is the lock
                yield
                return
            Dispute.objects.select_for_update().order_by().values_list("pk").get(pk=dispute_id)
            yield


def lock_free(keys: Iterable[int]) -> list[Dispute]:
    """These cases, locked in the order of every command. One on which somebody works is left out."""
    skip_locked = connection.features.has_select_for_update_skip_locked
    found = Dispute.objects.select_for_update(of=("self",), skip_locked=skip_locked)
    return list(found.filter(pk__in=set(keys)).order_by("pk"))


_local = threading.local()


@contextmanager
def held(disputes: Iterable[Dispute]) -> Iterator[None]:
    """Cases that this transaction has locked and read: the commands in it need not fetch them again."""
    _local.held = {dispute.pk: dispute for dispute in disputes}
    try:
        yield
    finally:
        _local.held = {}


def held_row(key: int) -> Dispute | None:
    found: dict[int, Dispute] = getattr(_local, "held", {})
    return found.get(key)

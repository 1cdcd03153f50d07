"""Asking, running, cancelling, handing out, clearing away."""

import hashlib
import logging
import os
import secrets
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Final

from django.conf import settings
from django.db.models import F, Q
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from mediation.accounts.actor import Actor, load_actor
from mediation.core import errors
from mediation.core.clock import local_day
from mediation.core.db import write
from mediation.disputes.models import Dispute
from mediation.errands import gate
from mediation.errands.kinds import KINDS, Cancelled, Held, Interrupted, Product, Work
from mediation.errands.models import Errand
from mediation.notifications import services as inbox
from mediation.notifications import wake

LEASE: Final = timedelta(minutes=5)
KEPT: Final = timedelta(days=7)
TRIES: Final = 3
MOST_OPEN: Final = 5
BUDGET_SECONDS: Final = 5.0
"""After this long the ticker goes back to the deadlines before it begins another errand."""
BAR_SECONDS: Final = 0.3

State = Errand.State
log = logging.getLogger(__name__)


def store() -> Path:
    path: Path = settings.DATA_DIR / "errands"
    path.mkdir(mode=0o700, exist_ok=True)
    return path


def file_of(errand: Errand) -> Path:
    return store() / errand.stored_as


# Asking -------------------------------------------------------------------------------------------


def ask(
    kind: str,
    actor: Actor,
    *,
    now: datetime,
    dispute: Dispute | None = None,
    wanted: dict[str, Any] | None = None,
) -> Errand:
    """Put an errand on the list of the actor; the same one still open is answered, not doubled.

    Raises ``Forbidden`` when the actor may not have it, ``TooMany`` when too many of his are open.
    """
    wanted = wanted or {}
    if actor.person_id is None or not KINDS[kind].may_take(wanted, actor, now):
        raise errors.Forbidden
    with write():
        mine = list(Errand.objects.filter(person_id=actor.person_id, state__in=_OPEN))
        for one in mine:
            if (one.kind, one.wanted, one.cancel_asked) == (kind, wanted, False):
                return one
        if len(mine) >= MOST_OPEN:
            raise errors.TooMany
        errand = Errand.objects.create(
            kind=kind,
            person_id=actor.person_id,
            dispute=dispute,
            wanted=wanted,
            asked_at=now,
            rows=KINDS[kind].rows(wanted, actor, now),
            area_code=str(wanted.get("area", ""))[:15],
        )
        if gate.is_held(errand, rows=errand.rows, now=now):
            _hold(errand)
        return errand


_OPEN = [State.WAITING, State.RUNNING, State.HELD]


def _hold(errand: Errand) -> None:
    errand.state = State.HELD
    errand.save(update_fields=["state", "rows"])


def cancel(errand: Errand, *, now: datetime) -> None:
    """A waiting one ends at once, a running one at its next step. Twice changes nothing."""
    with write():
        mine = Errand.objects.filter(pk=errand.pk)
        mine.filter(state__in=[State.WAITING, State.HELD]).update(
            state=State.CANCELLED, ended_at=now
        )
        mine.filter(state=State.RUNNING).update(cancel_asked=True)


def may_take(errand: Errand, actor: Actor, *, now: datetime) -> bool:
    """Whether the file may leave the house now: ready, still kept, and still his to see."""
    kind = KINDS.get(errand.kind)
    return (
        kind is not None
        and errand.state == State.DONE
        and bool(errand.stored_as)
        and errand.person_id == actor.person_id
        and kind.may_take(errand.wanted, actor, now)
        and file_of(errand).exists()
    )


# Running ------------------------------------------------------------------------------------------


def drain(
    now: datetime,
    *,
    halted: Callable[[], bool] = lambda: False,
    alive: Callable[[], None] = lambda: None,
) -> int:
    """Run what waits, oldest first, for about ``BUDGET_SECONDS``. Returns how many came to an end."""
    began, ended = time.monotonic(), 0
    clear_away(now)
    gate.lapse(now)
    while time.monotonic() - began < BUDGET_SECONDS and not halted():
        errand = _claim(now)
        if errand is None:
            break
        ended += Run(errand, now, halted, alive).run()
    return ended


def _claim(now: datetime) -> Errand | None:
    """The oldest one that nobody runs, now ours. The condition is checked again by the UPDATE."""
    free = Q(state=State.WAITING) | Q(state=State.RUNNING, lease_until__lt=now)
    for errand in (
        Errand.objects.filter(free).select_related("person", "dispute").order_by("pk")[:20]
    ):
        with write():
            won = Errand.objects.filter(free, pk=errand.pk).update(
                state=State.RUNNING, lease_until=now + LEASE, tries=F("tries") + 1
            )
        if won:
            errand.tries += 1
            return errand
    return None


@dataclass
class Run:
    """One attempt at one errand."""

    errand: Errand
    now: datetime
    halted: Callable[[], bool]
    alive: Callable[[], None]

    def __post_init__(self) -> None:
        self.began = self.told = time.monotonic()

    def run(self) -> bool:
        """Whether it came to an end: made, failed for good, or cancelled."""
        try:
            with _scratch() as scratch, override(self.errand.person.language or "zh-hans"):
                self._finish(self._make(scratch))
        except Cancelled:
            self._end(State.CANCELLED)
        except Interrupted:
            self._give_back()
            return False
        except Held:
            with write():
                _hold(self.errand)
            return False
        except errors.Refusal as refusal:
            self._end(State.FAILED, failure=" ".join(refusal.sentences))
        except Exception:  # one that fails must not stop the others
            log.exception("Errand %d could not be made.", self.errand.pk)
            if self.errand.tries < TRIES:
                self._give_back()
                return False
            self._end(State.FAILED)
        return True

    def _make(self, scratch: Path) -> Product:
        actor = load_actor(self.errand.person, today=local_day(self.now))
        kind = KINDS[self.errand.kind]
        if not kind.may_take(self.errand.wanted, actor, self.now):
            raise errors.Forbidden
        # It may have grown since it was asked for.
        self.errand.rows = kind.rows(self.errand.wanted, actor, self.now)
        if gate.is_held(self.errand, rows=self.errand.rows, now=self.now):
            raise Held
        work = Work(self.errand.wanted, actor, self.now, scratch, self._step)
        return kind.make(work)

    def _step(self, done: int, of: int) -> None:
        """Move the bar, renew the lease, and look whether it is still wanted."""
        if self.halted():
            raise Interrupted
        moment = time.monotonic()
        if moment - self.told < BAR_SECONDS and done not in {0, of}:
            return
        self.told = moment
        self.alive()
        until = self.now + timedelta(seconds=moment - self.began) + LEASE
        with write():
            mine = Errand.objects.filter(pk=self.errand.pk, state=State.RUNNING)
            mine.update(steps_done=done, steps_all=of, lease_until=until)
        if Errand.objects.filter(pk=self.errand.pk, cancel_asked=True).exists():
            raise Cancelled

    def _finish(self, product: Product) -> None:
        name = secrets.token_hex(16)
        size, digest = _keep(product.path, store() / name)
        done = {"stored_as": name, "file_name": product.name, "media_type": product.media_type}
        if not self._end(State.DONE, **done, size=size, sha256=digest):
            (store() / name).unlink(missing_ok=True)

    def _end(self, state: str, **facts: Any) -> bool:
        """Write how it ended, with the line in the inbox, in one transaction."""
        ended_at = self.now + timedelta(seconds=time.monotonic() - self.began)
        with write():
            mine = Errand.objects.filter(pk=self.errand.pk, state=State.RUNNING)
            if not mine.update(state=state, ended_at=ended_at, lease_until=None, **facts):
                return False  # another process was faster
            if state != State.CANCELLED:
                self._tell(state, ended_at)
        return True

    def _tell(self, state: str, at: datetime) -> None:
        draft = inbox.Draft(self.errand.person_id, f"errand_{state}")
        numbers = inbox.deliver([draft], dispute=self.errand.dispute, version=0, now=at)
        Errand.objects.filter(pk=self.errand.pk).update(notice_seq=numbers[draft.person_id])
        wake.tell_after_commit(numbers)

    def _give_back(self) -> None:
        with write():
            Errand.objects.filter(pk=self.errand.pk, state=State.RUNNING).update(
                state=State.WAITING, lease_until=None, steps_done=0
            )


@contextmanager
def _scratch() -> Iterator[Path]:
    """A directory of one run, gone afterwards however it ends."""
    with tempfile.TemporaryDirectory(dir=store(), prefix="making-") as path:
        yield Path(path)


def _keep(source: Path, target: Path) -> tuple[int, str]:
    """Move the file into the store, on disk before the row says so. Returns size and SHA-256."""
    digest = hashlib.sha256()
    with source.open("rb") as file:
        while block := file.read(1 << 20):
            digest.update(block)
        os.fsync(file.fileno())
        size = file.tell()
    source.chmod(0o600)
    source.replace(target)
    return size, digest.hexdigest()


# Clearing away ------------------------------------------------------------------------------------


def clear_away(now: datetime) -> int:
    """Delete the files that nobody has fetched in time; the line stays and says so."""
    old = Errand.objects.filter(ended_at__lt=now - KEPT).exclude(stored_as="")
    gone = 0
    for errand in old[:100]:
        file_of(errand).unlink(missing_ok=True)
        with write():
            gone += Errand.objects.filter(pk=errand.pk).update(stored_as="")
    return gone


NOTICES: Final[Mapping[str, Promise]] = {
    "errand_done": _("What you asked for is ready to be fetched"),
    "errand_failed": _("What you asked for could not be made"),
    "export_asked": _("Somebody asks for a large export; please agree or refuse"),
    "export_refused": _("Your large export was refused"),
}

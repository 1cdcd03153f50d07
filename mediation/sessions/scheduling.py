"""When whom to meet where: appointments, and what they would collide with."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Q
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from mediation.disputes.models import Dispute, Party
from mediation.sessions.models import Appointment, Meeting
from mediation.sessions.models.meetings import Method

PLANNED = Appointment.State.PLANNED


def planned(dispute_id: int) -> list[Appointment]:
    """What is arranged and has neither been held nor given up."""
    return list(Appointment.objects.filter(dispute_id=dispute_id, state=PLANNED))


def arrange(
    dispute: Dispute,
    *,
    starts_at: datetime,
    minutes: int,
    place: str,
    parties: Iterable[int],
    method: str = Method.FACE,
) -> Appointment:
    return Appointment.objects.create(
        dispute=dispute,
        mediator_id=dispute.mediator_id or 0,
        starts_at=starts_at,
        ends_at=starts_at + timedelta(minutes=minutes),
        place=place,
        method=method,
        parties=list(parties),
    )


def close(
    pk: int, state: Appointment.State, *, reason: str = "", meeting: Meeting | None = None
) -> None:
    """The appointment was held, moved or given up."""
    Appointment.objects.filter(pk=pk).update(state=state, reason=reason, meeting=meeting)


def conflicts(
    dispute: Dispute,
    parties: Sequence[Party],
    *,
    starts_at: datetime,
    ends_at: datetime,
    place: str,
    wanted: Iterable[int],
    besides: int | None = None,
) -> list[tuple[str, str]]:
    """Field and sentence for everything that is in the way: the mediator, the room, a party. One query.

    Rooms collide within one subdistrict. Nothing of the other case is told but its time.
    """
    chosen = set(wanted)
    people = [p for p in parties if p.ordinal in chosen]
    same = Q(mediator_id=dispute.mediator_id)
    same |= Q(place=place, dispute__area_code__startswith=dispute.area_code[:9])
    if ids := [p.id_index for p in people if p.id_index]:
        same |= Q(dispute__parties__id_index__in=ids)
    if phones := [p.phone_index for p in people if p.phone_index]:
        same |= Q(dispute__parties__phone_index__in=phones)
    same |= Q(dispute=dispute)
    rows = (
        Appointment.objects.filter(same, state=PLANNED)
        .filter(starts_at__lt=ends_at, ends_at__gt=starts_at)
        .exclude(pk=besides or 0)
        .distinct()
    )
    return list(_told(rows, dispute, place))


def _told(rows: Iterable[Appointment], dispute: Dispute, place: str) -> Iterator[tuple[str, str]]:
    for row in rows:
        span: dict[str, Any] = {
            "start": localtime(row.starts_at).strftime("%H:%M"),
            "end": localtime(row.ends_at).strftime("%H:%M"),
        }
        if row.mediator_id == dispute.mediator_id:
            yield (
                "starts_at",
                _("The mediator has another session from %(start)s to %(end)s.") % span,
            )
        elif row.place == place:
            yield "place", _("This room is taken from %(start)s to %(end)s.") % span
        else:
            yield (
                "starts_at",
                _("A party is asked to another session from %(start)s to %(end)s.") % span,
            )

"""Questions about what stands beside a case."""

from django.db.models import Exists, OuterRef

from mediation.core.prepared import Prepared
from mediation.disputes.models import Dispute
from mediation.sessions.models import Appointment, CaucusNote, Participant

APPOINTMENT, NOTE, PARTICIPANT = "appointment", "note", "participant"


def beside(dispute_id: int) -> frozenset[str]:
    """Which of these there are: a session arranged, a note kept back, somebody beside the parties."""
    [found] = BESIDE.tuples(dispute=dispute_id) or [()]
    return frozenset(name for name, is_there in zip(THINGS, found, strict=False) if is_there)


THINGS = (APPOINTMENT, NOTE, PARTICIPANT)
_OF_THE_CASE = {"dispute_id": OuterRef("pk")}
BESIDE = Prepared(
    lambda dispute: Dispute.objects.filter(pk=dispute).values_list(
        Exists(Appointment.objects.filter(**_OF_THE_CASE, state="planned")),
        Exists(CaucusNote.objects.filter(**_OF_THE_CASE, released_on__isnull=True)),
        Exists(Participant.objects.filter(**_OF_THE_CASE, left_on__isnull=True)),
    ),
    dispute=int,
)

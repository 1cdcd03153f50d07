"""Questions about what stands beside a case."""

from django.db.models import Exists, OuterRef

from mediation.disputes.models import Dispute
from mediation.sessions.models import Appointment, CaucusNote, Participant

APPOINTMENT, NOTE, PARTICIPANT = "appointment", "note", "participant"


def beside(dispute_id: int) -> frozenset[str]:
    """Which of these there are: a session arranged, a note kept back, somebody beside the parties."""
    own = {"dispute_id": OuterRef("pk")}
    there = {
        APPOINTMENT: Exists(Appointment.objects.filter(**own, state="planned")),
        NOTE: Exists(CaucusNote.objects.filter(**own, released_on__isnull=True)),
        PARTICIPANT: Exists(Participant.objects.filter(**own, left_on__isnull=True)),
    }
    found = Dispute.objects.filter(pk=dispute_id).values(**there).first() or {}
    return frozenset(name for name, is_there in found.items() if is_there)

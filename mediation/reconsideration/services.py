"""Steps of the external reconsideration case, as they become known."""

from django.utils.translation import gettext_lazy as _
from django_fsm import can_proceed

from mediation.reconsideration.models import Reconsideration

STEPS = [
    ("file", _("Application filed")),
    ("give_up", _("The applicant does not pursue it")),
    ("ask_correction", _("Correction asked for")),
    ("correct", _("Corrected papers handed in")),
    ("abandon", _("Deemed abandoned")),
    ("accept", _("Accepted")),
    ("refuse", _("Not accepted")),
    ("serve_copy", _("Copy served on the respondent")),
    ("reply", _("Respondent replied")),
    ("hear", _("Opinions heard or hearing held")),
    ("suspend", _("Suspended")),
    ("resume", _("Resumed")),
    ("reject", _("Application rejected")),
    ("decide", _("Decided")),
    ("settle", _("Ended by mediation agreement")),
    ("terminate", _("Terminated")),
    ("serve_decision", _("Decision served")),
    ("perform", _("Performed")),
    ("sue", _("Suit filed")),
]


def is_possible(track: Reconsideration, step: str) -> bool:
    return can_proceed(getattr(track, step))


def take_step(track: Reconsideration, step: str, *, decision: str, note: str) -> None:
    """Move the track. The form has already refused impossible steps with a sentence."""
    getattr(track, step)()
    track.decision = decision or track.decision
    track.note = note or track.note
    track.save()

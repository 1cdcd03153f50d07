"""What happens between people: who is asked, who mediates, when they meet, what they say and sign."""

from mediation.sessions.models.consent import ConsentAnswer, Participant, RightsNotice
from mediation.sessions.models.mediators import Assignment, Declaration, MediatorWish, Tie
from mediation.sessions.models.meetings import Appointment, CaucusNote, Draft, Meeting, Pause
from mediation.sessions.models.roster import Committee, RosterChange, RosterEntry
from mediation.sessions.models.signatures import Signature

__all__ = [
    "Appointment",
    "Assignment",
    "CaucusNote",
    "Committee",
    "ConsentAnswer",
    "Declaration",
    "Draft",
    "MediatorWish",
    "Meeting",
    "Participant",
    "Pause",
    "RightsNotice",
    "RosterChange",
    "RosterEntry",
    "Signature",
    "Tie",
]

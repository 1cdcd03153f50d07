"""What a visitor of the demonstration may try first, for each role, on the page where he lands."""

from collections.abc import Collection
from typing import Final

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from mediation.accounts.models import Role
from mediation.core.errors import Text

TRIES: Final[dict[Role, tuple[tuple[Text, str], ...]]] = {
    Role.LEADER: (
        (_("Acknowledge the most urgent alert, and say what is done about it."), "alerts"),
        (_("Read what the night has found: the morning brief."), "brief"),
        (_("See where cases wait, and for how long."), "waits"),
        (_("Put the figures on a wall screen."), "screens"),
    ),
    Role.CENTRE_STAFF: (
        (_("Register somebody who has come to the counter."), "register"),
        (_("Open a case under “Assess the risk”, and do what stands first on its page."), "board"),
        (_("See which periods run out, and how each is worked out."), "deadlines"),
        (_("Fill in a statutory report, and open the cases behind a number."), "filings"),
    ),
    Role.JUSTICE_STAFF: (
        (_("Review a case that wants to be closed."), "work"),
        (_("See who may mediate, and where."), "roster"),
        (_("Look up a period with its article."), "deadline_rules"),
    ),
    Role.RECONSIDERATION_CLERK: (
        (_("Open a reconsideration case, and see the way it has come."), "tracks"),
        (_("Look up a period with its article."), "deadline_rules"),
    ),
    Role.GRID_WORKER: (
        (_("Register a dispute; watch its level while you answer."), "register"),
        (_("See what happens to it without doing anything: your messages."), "inbox"),
        (_("Choose large letters or a dark page."), "profile"),
    ),
    Role.MEDIATOR: (
        (_("Take the first task, and do what stands first on its page."), "work"),
        (_("Find an earlier case like it, and what was agreed there."), "search"),
        (_("See your appointments and periods in one calendar."), "deadlines"),
    ),
    Role.SYSTEM_ADMIN: (
        (_("Take in communities and grids from a workbook."), "areas_take_list"),
        (_("See how every part of the installation is."), "operation"),
        (_("Enter the holidays of the coming year."), "workdays"),
    ),
    Role.SECURITY_ADMIN: (
        (_("Open a person, and give him a duty and a deputy."), "people"),
        (_("Give duties to many from a workbook."), "duties_take"),
    ),
    Role.AUDITOR: (
        (_("See who looked up whom, when, and why."), "search_records"),
        (_("Follow what administrators have changed."), "audit"),
    ),
}


def tries_of(roles: Collection[str]) -> list[tuple[Text, str]]:
    """Words and addresses for the first of the roles that has some."""
    own = next((tries for role, tries in TRIES.items() if role.value in roles), ())
    return [(words, reverse(name)) for words, name in own]

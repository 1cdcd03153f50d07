"""What a guard is: a yes/no question that django-fsm can ask and a person can understand."""

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

from mediation.core.errors import Reason, Text

if TYPE_CHECKING:
    from mediation.disputes.facts import Facts
    from mediation.disputes.models import Dispute

Test = Callable[["Dispute", "Facts"], bool]
Detail = Callable[["Dispute", "Facts"], Text]


class Guard:
    """A yes/no test on a dispute that django-fsm can call and a person can understand."""

    def __init__(
        self,
        test: Test,
        sentence: Text,
        source: str,
        *,
        needs_data: bool,
        detail: Detail | None = None,
    ) -> None:
        self.test, self.needs_data, self.detail = test, needs_data, detail
        self.__name__ = test.__name__
        self.__doc__ = test.__doc__
        self.reason = Reason(code=test.__name__, sentence=sentence, source=source)

    def __call__(self, dispute: "Dispute") -> bool:
        facts = dispute.known
        return (self.needs_data and not facts.data) or self.test(dispute, facts)

    def reason_for(self, dispute: "Dispute") -> Reason:
        """Why it stands against this very case: with particulars, where the guard knows them."""
        if self.detail is None:
            return self.reason
        return replace(self.reason, sentence=self.detail(dispute, dispute.known))


def guard(
    sentence: Text, source: str = "", *, needs_data: bool = False, detail: Detail | None = None
) -> Callable[[Test], Guard]:
    """Turn a test into a guard. ``source`` names the article that demands it.

    ``detail`` words the refusal of one case; without it ``sentence`` serves them all.
    """

    def decorate(test: Test) -> Guard:
        return Guard(test, sentence, source, needs_data=needs_data, detail=detail)

    return decorate


def has_second_person(facts: "Facts", command: str) -> bool:
    """Whether somebody other than the actor has granted this step and it is not yet used."""
    return any(
        approval.command == command
        and approval.state == approval.State.GRANTED
        and approval.decided_by_id != facts.actor.person_id
        for approval in facts.approvals
    )

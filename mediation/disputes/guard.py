"""What a guard is: a yes/no question that django-fsm can ask and a person can understand."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from mediation.core.errors import Reason, Text

if TYPE_CHECKING:
    from mediation.disputes.facts import Facts
    from mediation.disputes.models import Dispute

Test = Callable[["Dispute", "Facts"], bool]


class Guard:
    """A yes/no test on a dispute that django-fsm can call and a person can understand."""

    def __init__(self, test: Test, sentence: Text, source: str, *, needs_data: bool) -> None:
        self.test, self.needs_data = test, needs_data
        self.__name__ = test.__name__
        self.__doc__ = test.__doc__
        self.reason = Reason(code=test.__name__, sentence=sentence, source=source)

    def __call__(self, dispute: "Dispute") -> bool:
        facts = dispute.known
        return (self.needs_data and not facts.data) or self.test(dispute, facts)


def guard(sentence: Text, source: str = "", *, needs_data: bool = False) -> Callable[[Test], Guard]:
    """Turn a test into a guard. ``source`` names the article that demands it."""

    def decorate(test: Test) -> Guard:
        return Guard(test, sentence, source, needs_data=needs_data)

    return decorate


def has_second_person(facts: "Facts", command: str) -> bool:
    """Whether somebody other than the actor has granted this step and it is not yet used."""
    return any(
        approval.command == command
        and approval.state == approval.State.GRANTED
        and approval.decided_by_id != facts.actor.person_id
        for approval in facts.approvals
    )

"""What guards may ask about a dispute. The rows live in higher rooms; the question is asked here."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any, Protocol

from mediation.accounts.actor import Actor
from mediation.disputes.models import Approval, Party


class Facts(Protocol):
    """Everything known about one dispute at one moment; each part is fetched when first asked for."""

    actor: Actor
    now: datetime
    today: date
    data: Mapping[str, Any]
    """The cleaned input of the command, empty while actions are only being offered."""

    @property
    def parties(self) -> Sequence[Party]: ...
    @property
    def approvals(self) -> Sequence[Approval]: ...
    @property
    def meetings(self) -> int: ...
    @property
    def agreement(self) -> Any: ...
    @property
    def obligations(self) -> Sequence[Any]: ...
    @property
    def urgings(self) -> int: ...
    @property
    def referral(self) -> Any: ...
    @property
    def reconsideration(self) -> Any: ...
    @property
    def alert(self) -> Any: ...
    @property
    def confirmation(self) -> Any: ...
    @property
    def confirmation_due(self) -> date | None: ...
    @property
    def open_children(self) -> int: ...
    @property
    def open_red_alerts(self) -> int: ...
    @property
    def pending_escalations(self) -> int: ...

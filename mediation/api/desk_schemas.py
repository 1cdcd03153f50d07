"""What the JSON interface says about the caller's own desk: work, inbox, alerts."""

from datetime import date

from pydantic import BaseModel, Field

from mediation.api.schemas import CaseAlert, Moment
from mediation.disputes.enums import Colour, Status


class Work(BaseModel):
    """Something that waits for the caller, by name or by role."""

    number: str
    code: str
    title: str
    status: Status
    status_label: str
    colour: Colour | None
    colour_label: str
    node: str
    label: str
    role: str
    role_label: str
    is_mine_by_name: bool
    due_on: date | None
    is_overdue: bool
    opened_at: Moment


class WorkList(BaseModel):
    items: list[Work]
    next: str | None


class Notice(BaseModel):
    """One line of the inbox. Numbers have no gaps: ask on from the largest one you have."""

    seq: int
    kind: str
    label: str
    number: str | None
    code: str | None
    level: Colour | None
    asks: bool = Field(description="Whether the reader has to act now.")
    created_at: Moment
    acknowledged_at: Moment | None


class Inbox(BaseModel):
    items: list[Notice]
    latest: int = Field(description="The largest number given out so far.")
    unread: int


class Acknowledged(BaseModel):
    seq: int
    unread: int


class Alert(CaseAlert):
    id: int
    kind: str = Field(description="`dispute` of a case; others concern an area.")
    kind_label: str
    area: str = Field(description="Code of the area.")
    count: int = Field(description="How many similar ones this one stands for, itself included.")
    number: str | None
    code: str | None
    title: str
    case_status: Status | None
    case_status_label: str
    explanation: str
    is_late: bool = Field(description="Not acknowledged in time.")


class Alerts(BaseModel):
    items: list[Alert]
    next: str | None

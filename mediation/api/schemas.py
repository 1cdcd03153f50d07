"""What the JSON interface says: the shapes of its answers. ``docs/reference/openapi.json`` prints them."""

from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Any, Literal

from django.utils import timezone
from pydantic import AfterValidator, BaseModel, Field

from mediation.disputes.enums import (
    Category,
    Colour,
    Consent,
    Nature,
    PartyKind,
    ResultCode,
    Retention,
    Sensitivity,
    Side,
    Source,
    Stage,
    Status,
)

# Moments are told in Asia/Shanghai with their offset: what the wall clock in the office said.
Moment = Annotated[datetime, AfterValidator(timezone.localtime)]


class AreaRef(BaseModel):
    code: str
    name: str


class PersonRef(BaseModel):
    id: int
    name: str


class CaseRow(BaseModel):
    """A case as it stands in a list."""

    number: str = Field(description="Public case number, as printed.")
    code: str = Field(description="Lookup code of slips and QR pictures.")
    version: int = Field(description="Send it back with an action.")
    title: str
    status: Status
    status_label: str
    stage: Stage
    stage_label: str
    category: Category
    category_label: str
    colour: Colour | None
    colour_label: str
    severity: int = Field(description="4 red, 3 orange, 2 yellow, 1 blue, 0 not rated.")
    sensitivity: Sensitivity
    grid: AreaRef
    place: str
    people_count: int
    mediator: PersonRef | None
    registered_at: Moment
    updated_at: Moment
    due_on: date | None = Field(description="The nearest deadline of any kind; its last day.")
    is_overdue: bool


class CaseList(BaseModel):
    items: list[CaseRow]
    next: str | None = Field(description="Send it as `cursor` for the following page.")


class Party(BaseModel):
    """One side. Identifiers are masked; `revealable` ones are opened by `…/reveal` with a reason."""

    ordinal: int
    side: Side
    side_label: str
    kind: PartyKind
    kind_label: str
    name: str
    id_number: str
    phone: str
    address: str
    relation: str
    guardian: str
    no_id_reason: str
    is_minor: bool
    is_necessary: bool = Field(description="Must consent to mediation.")
    consent: Consent
    consent_label: str
    consent_on: date | None
    rights_told_on: date | None
    revealable: list[str]


class Clock(BaseModel):
    """A running or paused period of the law or of the agreement."""

    rule: str
    label: str
    subject: str = Field(description="For an obligation, its number.")
    starts_on: date
    due_on: date
    due_at: Moment = Field(description="24:00 of the last day.")
    state: str
    state_label: str
    is_provisional: bool = Field(description="The holiday calendar of that year is not out yet.")
    is_overdue: bool


class Obligation(BaseModel):
    ordinal: int
    debtor: int | None = Field(description="Ordinal of the party that owes.")
    content: str | None = Field(description="Null for those who may not read records.")
    amount: Decimal | None
    due_on: date
    done_on: date | None
    is_done: bool
    is_overdue: bool


class Confirmation(BaseModel):
    """Judicial confirmation of the agreement."""

    status: str
    status_label: str
    court: str
    filed_on: date
    ruling_number: str
    ruled_on: date | None


class Agreement(BaseModel):
    form: str
    form_label: str
    content: str | None = Field(description="Null for those who may not read records.")
    manner: str
    amount: Decimal | None
    agreed_on: date
    signed_by: list[int] = Field(description="Ordinals of the parties that have signed.")
    mediator_signed_on: date | None
    sealed_on: date | None
    effective_on: date | None
    obligations: list[Obligation]
    confirmation: Confirmation | None


class Track(BaseModel):
    """The linked administrative reconsideration."""

    status: str
    status_label: str
    act: str
    organ: str
    competent_body: str
    is_ours: bool = Field(description="The subdistrict office itself is the respondent.")
    is_first: bool = Field(description="Reconsideration comes before a suit (art. 23).")
    known_on: date
    apply_by: date
    filed_on: date | None
    received_on: date | None
    accepted_on: date | None
    deemed_accepted: bool
    procedure: str
    served_on: date | None
    replied_on: date | None
    heard_on: date | None
    extended_days: int
    decision: str
    decision_label: str
    ended_on: date | None
    effective_on: date | None
    sue_by: date | None
    performed_on: date | None
    opinion_on: date | None
    reported_on: date | None


class Referral(BaseModel):
    """The latest hand-over to another channel."""

    status: str
    status_label: str
    target: str
    target_label: str
    organ: str
    sent_on: date
    reply_by: date
    answered_on: date | None


class CaseAlert(BaseModel):
    status: str
    status_label: str
    colour: Colour
    colour_label: str
    raised_at: Moment
    acknowledge_by: Moment | None
    owner: PersonRef | None
    action: str
    action_due: date | None


class OpenNode(BaseModel):
    """Where the case stands in the flow: whose turn it is."""

    lane: Literal["main", "rc"]
    node: str
    label: str
    role: str
    role_label: str
    assignee: PersonRef | None


class RiskReason(BaseModel):
    """One rule that spoke: which, how many points or which colour, and why."""

    rule: str
    points: int | None
    colour: Colour | None
    sentence: str


class Risk(BaseModel):
    points: int | None
    version: str
    explanation: str
    rule_colour: Colour | None = Field(description="What the rules say; a person may differ.")
    reasons: list[RiskReason]
    confirmed_by: str = Field(description="Who stands behind the colour; empty: nobody yet.")


class Links(BaseModel):
    """Other cases, as far as the caller may see them."""

    matter: str = Field(description="One number for a dispute and its parts: that of the whole.")
    parent: str | None = None
    siblings: list[str] = Field(default=[], description="The other parts of the same dispute.")
    children: list[str] = []
    duplicate_of: str | None = None


class Reason(BaseModel):
    code: str
    sentence: str
    source: str = Field(description="The rule that asks for it, where one does.")


class Choice(BaseModel):
    value: str | int
    label: str


class Question(BaseModel):
    key: str
    label: str
    choices: list[Choice]


FieldType = Literal[
    "text", "multiline", "phone", "money", "date", "datetime", "integer",
    "boolean", "choice", "choices", "rows", "answers", "uuid",
]  # fmt: skip


class InputField(BaseModel):
    """One field of an action. A required boolean must be true: it is a declaration."""

    name: str
    type: FieldType
    label: str
    required: bool
    help: str
    initial: Any = None
    min_length: int | None = None
    max_length: int | None = None
    minimum: int | None = Field(None, description="Least number, or least count of rows.")
    maximum: int | None = Field(None, description="Largest number, or largest count of rows.")
    choices: list[Choice] | None = None
    rows: list["InputField"] | None = Field(None, description="The fields of each row.")
    questions: list[Question] | None = Field(None, description="Answer as {key: value}.")


class Action(BaseModel):
    """Something that can be done with the case now, or the reasons why not."""

    name: str
    label: str
    enabled: bool
    primary: bool = Field(description="The step that the procedure expects next.")
    basis: str = Field(description="The article behind the step, where the law names one.")
    reasons: list[Reason]
    fields: list[InputField] | None = Field(
        description="Null in answers to a POST, and for steps that are not the caller's."
    )


class Case(CaseRow):
    """A case with everything that the caller may see of it."""

    facts: str
    claim: str
    amount: Decimal | None
    source: Source
    source_label: str
    occurred_at: Moment
    registered_by: PersonRef | None
    nature: Nature | None
    nature_label: str
    elsewhere: bool
    risk: Risk
    accepted_on: date | None
    mediation_due: date | None
    visits_left: int
    result: ResultCode | None
    result_label: str
    closed_at: Moment | None
    archived_at: Moment | None
    file_number: str
    retention: Retention | None
    page_count: int | None
    reopened: int
    links: Links
    parties: list[Party]
    nodes: list[OpenNode]
    clocks: list[Clock]
    alert: CaseAlert | None
    agreement: Agreement | None
    referral: Referral | None
    reconsideration: Track | None
    actions: list[Action]


class Happening(BaseModel):
    """One event of a case. `digest` ties it to the one before."""

    version: int
    command: str
    label: str
    who: str
    at: Moment
    from_status: str
    to_status: Status
    to_status_label: str
    door: str
    payload: dict[str, Any] | None = Field(description="Null for those who may not read records.")
    digest: str


class Happenings(BaseModel):
    items: list[Happening]
    next: str | None


class Revealed(BaseModel):
    field: str
    value: str


class Problem(BaseModel):
    """RFC 9457. The same for every refusal."""

    type: str
    title: str
    status: int
    detail: str
    code: str
    reasons: list[Reason]
    errors: dict[str, list[str]] = Field(description="Field → sentences.")


class StaleProblem(Problem):
    """Somebody was faster: read the case again and decide anew."""

    version: int
    who: str
    what: str
    when: Moment | None

"""Everything of one case that a paper may show, each part read when a paper first asks for it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property
from typing import Any

from mediation.agreements.models import Agreement, JudicialConfirmation, Obligation, Urging, Visit
from mediation.areas.models import Area
from mediation.areas.selectors import subdistrict_code
from mediation.core.clock import local_day
from mediation.core.prepared import Prepared
from mediation.disputes.models import Dispute, Event, Party
from mediation.reconsideration.models import Reconsideration
from mediation.referrals.models import Referral
from mediation.sessions import committees
from mediation.sessions.models import Committee, Meeting, Pause, Signature
from mediation.uploads.models import Slot, Upload


class CaseFile:
    """Reads with one query per part, at most. Nothing is masked here: who may open it was asked before."""

    def __init__(self, dispute: Dispute, *, now: datetime) -> None:
        self.dispute, self.now = dispute, now

    @property
    def today(self) -> date:
        return local_day(self.now)

    @cached_property
    def office(self) -> Area:
        """The subdistrict."""
        return Area.objects.select_related("parent").get(
            code=subdistrict_code(self.dispute.area_code)
        )

    @cached_property
    def host(self) -> Committee | None:
        return committees.of_case(self.dispute)

    @property
    def committee(self) -> str:
        """The committee that mediates, by its name: that of the subdistrict where no list is kept."""
        return self.host.name if self.host else f"{self.office.name}{committees.SUFFIX}"

    @property
    def short_name(self) -> str:
        """“资汽”, as it stands in numbers; else the name without its kind."""
        if self.host:
            return committees.short_of(self.host)
        return self.office.short_name or committees.plain(self.office.name)

    @property
    def series(self) -> str:
        """Whose numbers its papers take."""
        return committees.series_of(self.host) if self.host else self.office.code

    @cached_property
    def parties(self) -> Sequence[Party]:
        return list(Party.objects.filter(dispute=self.dispute).order_by("ordinal"))

    @property
    def necessary(self) -> list[Party]:
        return [party for party in self.parties if party.is_necessary]

    @cached_property
    def events(self) -> Sequence[Event]:
        return list(Event.objects.filter(dispute=self.dispute).order_by("version"))

    def last(self, command: str) -> Event | None:
        return next((e for e in reversed(self.events) if e.command == command), None)

    @cached_property
    def meetings(self) -> Sequence[Meeting]:
        return MEETINGS(dispute=self.dispute.pk)

    @property
    def sessions(self) -> list[Meeting]:
        return [row for row in self.meetings if row.kind == Meeting.Kind.SESSION]

    @property
    def inquiries(self) -> list[Meeting]:
        return [row for row in self.meetings if row.kind != Meeting.Kind.SESSION]

    @cached_property
    def pauses(self) -> Sequence[Pause]:
        return list(Pause.objects.filter(dispute=self.dispute).order_by("pk"))

    @cached_property
    def agreement(self) -> Agreement | None:
        """The one in force; after a reopening the latest that there was."""
        rows = Agreement.objects.filter(dispute=self.dispute)
        return rows.order_by("-is_current", "-pk").first()

    @cached_property
    def obligations(self) -> Sequence[Obligation]:
        if self.agreement is None:
            return []
        rows = Obligation.objects.filter(agreement=self.agreement).select_related(
            "debtor", "creditor"
        )
        return list(rows.order_by("ordinal"))

    @cached_property
    def urgings(self) -> Sequence[Urging]:
        return list(Urging.objects.filter(dispute=self.dispute).order_by("pk"))

    @cached_property
    def confirmation(self) -> JudicialConfirmation | None:
        if self.agreement is None:
            return None
        return JudicialConfirmation.objects.filter(agreement=self.agreement).order_by("-pk").first()

    @cached_property
    def visits(self) -> Sequence[Visit]:
        rows = Visit.objects.filter(dispute=self.dispute).select_related("visited_by")
        return list(rows.order_by("visited_at", "pk"))

    @cached_property
    def referrals(self) -> Sequence[Referral]:
        return list(Referral.objects.filter(dispute=self.dispute).order_by("pk"))

    @cached_property
    def reconsiderations(self) -> Sequence[Reconsideration]:
        return list(Reconsideration.objects.filter(dispute=self.dispute).order_by("pk"))

    @cached_property
    def uploads(self) -> Sequence[Upload]:
        """What people brought and nobody took back."""
        return UPLOADS(dispute=self.dispute.pk)

    @cached_property
    def drawn(self) -> Mapping[tuple[str, int, str, int], Signature]:
        """What was signed on the screen: (paper, its key, who, which party) → the signature."""
        rows = Signature.objects.filter(dispute=self.dispute, how=Signature.How.PAD)
        return {(row.what, row.of, row.who, row.ordinal): row for row in rows}

    def in_slot(self, *slots: str) -> list[Upload]:
        return [row for row in self.uploads if row.slot in slots]

    @property
    def evidence(self) -> list[Upload]:
        return self.in_slot(Slot.EVIDENCE, Slot.SCENE, Slot.SESSION, Slot.PERFORMANCE)


# Asked at every closing too, whose guard looks whether the file is complete.
MEETINGS = Prepared(
    lambda dispute: (
        Meeting.objects.filter(dispute_id=dispute)
        .select_related("recorded_by")
        .order_by("held_at", "pk")
    ),
    dispute=int,
)
UPLOADS = Prepared(
    lambda dispute: (
        Upload.objects.filter(dispute_id=dispute, withdrawn_at__isnull=True)
        .select_related("uploaded_by")
        .order_by("ordinal")
    ),
    dispute=int,
)


@dataclass(frozen=True, slots=True)
class Slip:
    """One paper about to be made: the case, what in it the paper is about, and its number."""

    file: CaseFile
    about: Any = None
    number: str = ""
    extra: Mapping[str, Any] = field(default_factory=dict)
    """What only the whole file knows: its catalogue and its pages."""

"""Signing on the screen: strokes, picture and hash, bound to what was signed."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from mediation.agreements import services as agreements
from mediation.disputes import practice
from mediation.disputes.enums import Status
from mediation.disputes.models import Dispute
from mediation.sessions import strokes
from mediation.sessions.models import Meeting, Signature
from mediation.sessions.models.consent import GivenBy
from workflows.commands.consent import UNTIL_EFFECT
from workflows.commands.fields import CommandForm, Text
from workflows.commands.spec import command
from workflows.facts import CaseFacts

ABOUT_CASE = {Signature.What.RIGHTS, Signature.What.DECLARATION}
EMPTY = _("The field is still empty. Please sign with a finger or the mouse.")


class ScreenForm(CommandForm):
    private = frozenset({"strokes", "picture"})

    what = forms.ChoiceField(label=_("Signed paper"), choices=Signature.What.choices)
    meeting = forms.TypedChoiceField(
        label=_("Session"), coerce=int, required=False, empty_value=None
    )
    who = forms.ChoiceField(label=_("Who signs"), choices=Signature.Who.choices)
    ordinal = forms.IntegerField(label=_("Party number"), min_value=0, max_value=60, required=False)
    given_by = forms.ChoiceField(label=_("Signed by"), choices=GivenBy.choices, required=False)
    strokes = Text(label=_("Strokes"), max_length=600_000, widget=forms.HiddenInput)
    picture = Text(label=_("Picture"), max_length=300_000, widget=forms.HiddenInput)

    def prepare(self) -> None:
        if self.dispute is None:
            return
        rows = Meeting.objects.filter(dispute=self.dispute).order_by("held_at")
        self.offer("meeting", [("", "–"), *((m.pk, str(m)) for m in rows)])

    def clean_strokes(self) -> str:
        try:
            return strokes.clean_strokes(self.cleaned_data["strokes"])
        except strokes.BadSignature:
            raise ValidationError(EMPTY) from None

    def clean_picture(self) -> str:
        try:
            return strokes.clean_picture(self.cleaned_data["picture"])
        except strokes.BadSignature:
            raise ValidationError(EMPTY) from None

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if self.known is None or self.errors:
            return data
        self._clean_signer(data)
        self._clean_paper(data)
        return data

    def _clean_signer(self, data: dict[str, Any]) -> None:
        if data["who"] != Signature.Who.PARTY:
            data["ordinal"], data["given_by"] = data["ordinal"] or 0, GivenBy.SELF
            return
        party = next((p for p in self.known.parties if p.ordinal == data["ordinal"]), None)
        if party is None:
            self.add_error("ordinal", _("Say which party signs."))
        elif party.needs_guardian(self.known.today) and data["given_by"] in {"", GivenBy.SELF}:
            if data["given_by"]:
                self.add_error(
                    "given_by",
                    _("The guardian signs for a party under 18 (Civil Code arts. 19, 20)."),
                )
            data["given_by"] = GivenBy.GUARDIAN
        data["given_by"] = data["given_by"] or GivenBy.SELF

    def _clean_paper(self, data: dict[str, Any]) -> None:
        if data["what"] == Signature.What.MEETING and not data["meeting"]:
            self.add_error("meeting", _("Say which session's record is signed."))
        if data["what"] == Signature.What.AGREEMENT and (
            self.known.agreement is None or self.dispute.status != Status.AGREED
        ):
            self.add_error("what", _("There is no agreement that waits for signatures."))
        if "what" not in self.errors and "meeting" not in self.errors and self._is_signed(data):
            self.add_error("what", _("This has been signed already."))

    def _is_signed(self, data: dict[str, Any]) -> bool:
        return Signature.objects.filter(
            what=data["what"],
            of=paper(self.known, data),
            who=data["who"],
            ordinal=data["ordinal"] or 0,
        ).exists()


def paper(facts: CaseFacts, data: Any) -> int:
    """The key of what is signed: a session's record, the agreement, or the case itself."""
    if data["what"] in ABOUT_CASE:
        return facts.dispute.pk
    if data["what"] == Signature.What.MEETING:
        return int(data["meeting"])
    return facts.agreement.pk if facts.agreement is not None else 0


@command(
    "sign_on_screen",
    label=_("Sign on the screen"),
    done=_("Signed on the screen"),
    form=ScreenForm,
    statuses=UNTIL_EFFECT,
    guards=(practice.screen_may_sign,),
)
def sign_on_screen(dispute: Dispute, facts: CaseFacts) -> None:
    data = facts.data
    of = paper(facts, data)
    signature = Signature(
        dispute=dispute,
        what=data["what"],
        of=of,
        who=data["who"],
        ordinal=data["ordinal"] or 0,
        given_by=data["given_by"],
        how=Signature.How.PAD,
        signed_at=facts.now,
        taken_by_id=facts.actor.person_id,
    )
    signature.strokes, signature.image = data["strokes"], data["picture"]
    signature.digest = strokes.digest(
        str(dispute.uid), data["what"], str(of), data["who"], str(signature.ordinal),
        facts.now.isoformat(), _signed_text(facts, data), data["strokes"], data["picture"],
    )  # fmt: skip
    signature.save(force_insert=True)
    if data["what"] == Signature.What.AGREEMENT:
        _sign_agreement(facts)


def _signed_text(facts: CaseFacts, data: Any) -> str:
    if data["what"] == Signature.What.MEETING:
        return Meeting.objects.values_list("record", flat=True).get(pk=data["meeting"])
    if data["what"] == Signature.What.AGREEMENT and facts.agreement is not None:
        return facts.agreement.content
    return str(data["what"])


def _sign_agreement(facts: CaseFacts) -> None:
    agreement = facts.agreement
    if agreement is None:
        return
    if facts.data["who"] == Signature.Who.PARTY:
        agreement.signatures[str(facts.data["ordinal"])] = facts.today.isoformat()
    elif facts.data["who"] == Signature.Who.MEDIATOR:
        agreement.mediator_signed_on = facts.today
    agreements.note_signatures(agreement, facts.parties)

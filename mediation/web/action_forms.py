"""The form of a command as a page shows it: choices to tap, today's date, names instead of numbers.

What a page sends is cleaned by the command's own form; nothing here decides what is right.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from mediation.core import text
from mediation.disputes.masking_view import shown_parties
from mediation.disputes.models import Dispute
from mediation.web import prefill
from mediation.web.forms import posted
from workflows.commands import catalog
from workflows.commands.fields import Answers, CommandForm, Day, Moment, Rows, RowsWidget
from workflows.commands.spec import Spec
from workflows.facts import CaseFacts

# Days that are mostly the day of recording; others (terms, consents) must be typed.
DAY_OF_RECORDING = frozenset(
    {
        "accepted_on", "agreed_on", "answered_on", "docketed_on", "done_on", "filed_on", "left_on",
        "on", "released_on", "reminded_on", "resumed_on", "revoked_on", "ruled_on", "settled_on",
        "since", "told_on", "urged_on", "wished_on", "withdrew_on",
    }
)  # fmt: skip
SIDE_BY_SIDE = 6
"""Up to so many choices are shown at once; more go into a list to unfold."""

FROM_CASE = ("elsewhere", "nature", "sensitivity", "place")
ANSWERED = frozenset(
    {*FROM_CASE, "channel", "chosen_by", "form", "kind", "later_suit", "method", "receipt"}
)
"""Where a first answer stands already, “not stated” is none that anybody would choose."""
ORDINARY = {"later_suit": "none", "receipt": "signed"}
"""Answers that say that there is nothing to say."""
PARTY_NUMBERS = ("party", "debtor", "creditor")
PARTY_WORDS = {
    "party": _("Party"),
    "debtor": _("Who owes"),
    "creditor": _("To whom it is owed"),
}
BLANK_WORDS = {
    "colour": _("As the rules say"),
    "nature": _("As before"),
    "sensitivity": _("As before"),
}
RARE: Mapping[str, tuple[str, ...]] = {
    "record_consent": ("given_by", "receipt"),
    "record_performance": ("kind", "amount"),
    "add_party": (
        "ethnicity", "occupation", "lives_on_own_work",
    ),
    "refer_to_reconsideration": (
        "act_number", "organ_kind", "competent_body", "known_by", "remedy_untold", "remedy_told_on",
        "requested_on", "about_land",
    ),
    "rc_file": (
        "applicants", "representatives", "agents", "obstacle_from", "obstacle_until", "obstacle",
    ),
    "rc_decide": ("unheard_reason", "third_party_evidence", "committee_opinion"),
    "visit": ("later_suit",),
}  # fmt: skip
"""What few cases need, and nobody has to look past: folded away until it is filled or something is amiss."""


WHEN: Mapping[str, Mapping[str, str]] = {
    "assess": {"colour_reason": "colour=RED|ORANGE|YELLOW|BLUE"},
    "reassess": {"colour_reason": "colour=RED|ORANGE|YELLOW|BLUE"},
    "add_party": {"is_affected_only": "side=affected", "representative": "kind=legal"},
    "void": {"duplicate_of": "result=DUPLICATE"},
    "record_consent": {"reason": "consent=no|withdrawn"},
    "wish_mediator": {"mediator": "wish=choose"},
    "add_participant": {
        "party": "kind=agent|rep|guardian|interpreter",
        "authority": "kind=agent",
        "authority_on": "kind=agent",
        "represented": "kind=rep",
        "all_agree": "kind=invited",
        "agreed_on": "kind=invited",
    },
    "end_mediation": {"party": "reason=REFUSED|WITHDRAWN"},
    "refer": {"consent_on": "ground=consent"},
    "receive_order": {
        "both_consent": "kind=police|COURT_PRE|COURT_POST|COURT_SUMMARY",
        "repeats": "kind=hotline|petition",
    },
    "answer_order": {
        "agreement_number": "result=agreed|performed",
        "performed_on": "result=performed",
    },
    "record_docket": {"court_number": "docketed=docket", "ground": "docketed=reject"},
    "record_ruling": {"ruling_number": "ruling=confirm|refuse", "ground": "ruling=refuse"},
    "visit": {"measures": "outcome=tension"},
    "rc_file": {"oral_record": "filed_by=oral"},
    "rc_accept": {"simplified_ground": "procedure=simplified"},
    "rc_suspend": {"both_consent": "ground=S6", "own_power": "ground=S9"},
    "rc_decide": {
        "redo": "decision=D2|D3|D8",
        "perform_by": "decision=D1|D2|D3|D4|D8|D9|D10",
        "not_worse": "decision=D1",
    },
    "rc_hear": {"head_attended": "manner=hearing", "absence": "manner=hearing"},
}
"""What only one answer of the same form needs: hidden where a script runs until that answer is given."""

LIGHT = 5
"""A form of which everybody meets at most so many plain fields stands on the case page itself."""


def form_of(
    spec: Spec,
    dispute: Dispute,
    facts: CaseFacts,
    data: Mapping[str, Any] | None = None,
    *,
    chosen: Mapping[str, Any] | None = None,
) -> CommandForm:
    """The form, with what is known already and was chosen on the way, or with everything that was typed."""
    initial = {} if data is not None else _initial(spec, dispute, facts) | dict(chosen or {})
    form = catalog.form_for(spec, data, dispute=dispute, facts=facts, initial=initial)
    for name, shown in form.fields.items():
        _arrange(name, shown, form, facts)
        when = WHEN.get(spec.name, {}).get(name, "")
        shown.when = when  # type: ignore[attr-defined]  # for the template alone
    return form


def parted(name: str, form: CommandForm) -> dict[str, Any]:
    """The fields that everybody meets, the ``rare`` ones, and whether these are ``unfolded``."""
    rare = RARE.get(name, ())
    seldom = [field for field in form if field.name in rare]
    return {
        "fields": [field for field in form if field.name not in rare],
        "rare": seldom,
        "unfolded": form.is_bound
        or any(field.value() and field.value() != ORDINARY.get(field.name) for field in seldom),
    }


def typed(spec: Spec, post: QueryDict) -> dict[str, Any]:
    """What the page sent, in a fixed shape. A row of which only the party is chosen was not filled."""
    data = posted(post, spec.form.base_fields)
    for name, declared in spec.form.base_fields.items():
        if isinstance(declared, Rows) and name in data:
            data[name] = [row for row in data[name] if _is_meant(row)]
    return data


def _is_meant(row: Mapping[str, Any]) -> bool:
    return any(str(value).strip() for name, value in row.items() if name not in PARTY_NUMBERS)


def is_light(spec: Spec) -> bool:
    declared = spec.form.base_fields
    heavy = any(isinstance(one, (Rows, Answers)) for one in declared.values())
    seldom = {*RARE.get(spec.name, ()), *WHEN.get(spec.name, ())}
    return not heavy and len(declared.keys() - seldom) <= LIGHT


# What is known already ---------------------------------------------------------------------------


def _initial(spec: Spec, dispute: Dispute, facts: CaseFacts) -> dict[str, Any]:
    known: dict[str, Any] = {}
    for name, declared in spec.form.base_fields.items():
        if isinstance(declared, Day) and name in DAY_OF_RECORDING:
            known[name] = facts.today
        elif isinstance(declared, Moment):
            known[name] = facts.now
        elif isinstance(declared, Answers):
            known[name] = dispute.risk.get("answers", {})
        elif name in FROM_CASE:
            known[name] = getattr(dispute, name)
    return known | prefill.known(spec.name, facts)


# How it looks ------------------------------------------------------------------------------------


def _arrange(name: str, shown: forms.Field, form: CommandForm, facts: CaseFacts) -> None:
    if isinstance(shown, Rows):
        _name_parties(shown, facts)
    elif isinstance(shown, forms.MultipleChoiceField):
        if name in {"attended", "asked", "applicants", "parties"}:
            choices: Any = shown.choices
            offered = {value for value, _label in choices}
            shown.choices = [one for one in _named(facts) if one[0] in offered]
        if name == "others":
            shown.choices = [
                (p.ordinal, f"{p.name} · {p.get_kind_display()}") for p in facts.participants
            ]
        shown.widget.attrs["class"] = _columns(shown.choices)
    elif isinstance(shown, forms.ChoiceField) and not shown.widget.is_hidden:
        _offer(name, shown, form, facts)
    elif name == "ordinal":
        shown.label = _("Party")
        shown.widget = forms.Select(choices=[("", _("Please choose")), *_named(facts)])


def _offer(name: str, shown: Any, form: CommandForm, facts: CaseFacts) -> None:
    """Nothing is chosen beforehand unless the case says so: a first entry is no decision."""
    choices = [(value, label) for value, label in shown.choices if value != ""]
    if name == "party":
        kept = [(value, label) for value, label in shown.choices if value == ""]
        choices = [*kept, *_named(facts)]
    elif not shown.required and not (name in ANSWERED and _first(name, shown, form)):
        choices = [("", BLANK_WORDS.get(name, _("Not stated"))), *choices]
    _lay_out(shown, choices, chosen=form.initial.get(name) or shown.initial)


def ask_openly(form: forms.Form) -> None:
    """As above, for a step that is none of a case."""
    for shown in form.fields.values():
        if isinstance(shown, forms.ChoiceField):
            offered: Any = shown.choices
            _lay_out(shown, [one for one in offered if one[0] != ""], chosen=None)


def _lay_out(shown: Any, choices: list[Any], *, chosen: Any) -> None:
    if len(choices) <= SIDE_BY_SIDE:
        shown.widget = forms.RadioSelect(attrs={"class": _columns(choices)})
    elif shown.required and not chosen:
        choices = [("", _("Please choose")), *choices]
    shown.widget.is_required = shown.required
    shown.choices = choices


def _first(name: str, shown: Any, form: CommandForm) -> Any:
    known = form.data if form.is_bound else form.initial
    return known.get(name) or (not form.is_bound and shown.initial)


def _columns(choices: Any) -> str:
    """Short answers stand side by side, longer ones in wider columns, sentences below each other."""
    longest = max((text.width(str(label)) for _value, label in choices), default=0)
    if longest <= SHORT:
        return "fq-across"
    return "fq-across fq-across-wide" if longest <= MIDDLING else ""


SHORT, MIDDLING = 5.5, 12


def _named(facts: CaseFacts) -> list[tuple[int, str]]:
    """Parties by number and by the name that this actor may read."""
    shown = shown_parties(facts.parties, facts.actor, facts.dispute)
    return [(one.ordinal, f"{one.ordinal}. {one.name} · {one.side.label}") for one in shown]


def _name_parties(shown: Rows, facts: CaseFacts) -> None:
    """Rows ask for a party by number; a page offers the names."""
    fields: dict[str, Any] = {}
    for name in PARTY_NUMBERS:
        if name in shown.row_form.base_fields:
            offered: Sequence[Any] = [("", _("Please choose")), *_named(facts)]
            needed = shown.row_form.base_fields[name].required
            fields[name] = forms.IntegerField(
                label=PARTY_WORDS[name], widget=forms.Select(choices=offered), required=needed
            )
    if fields:
        row_form = type(shown.row_form.__name__, (shown.row_form,), fields)
        widget = RowsWidget(row_form, shown.minimum, shown.maximum)
        widget.is_required = shown.required
        shown.widget = widget

"""All commands, and the questions that pages, API and engine ask about them."""

from collections.abc import Iterator, Mapping
from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from mediation.core.errors import Malformed, NotFound, Reason, Text, Unmet
from mediation.disputes import lifecycle
from mediation.disputes.enums import Status
from mediation.disputes.models import Dispute
from mediation.errands import services as errands
from mediation.oversight import services as oversight
from mediation.reconsideration.states import State
from workflows import brief, reminding
from workflows.commands import (  # noqa: F401 -- importing registers the commands
    agreement,
    alerts,
    channels,
    closing,
    consent,
    deadlines,
    expiry,
    intake,
    mediation,
    orders,
    papers,
    performance,
    petitions,
    remarks,
    reporting,
    second_person,
    sessions,
    signing,
    supervision,
    track,
)
from workflows.commands.fields import Answers, CommandForm, Rows
from workflows.commands.spec import REGISTRY, Spec
from workflows.facts import CaseFacts

NO_SUCH_GRID = _("There is no grid with this code.")
GRID_NOT_YOURS = _("This grid is not in your area.")
RECORD_TAKEN = _("This record has been registered before.")


def find(name: str) -> Spec:
    """The command of this name. An unknown one is answered like an unknown page."""
    try:
        return REGISTRY[name]
    except KeyError:
        raise NotFound from None


def all_specs() -> Iterator[Spec]:
    yield from REGISTRY.values()


# Notices that no command makes: the ticker speaks.
TOLD = {
    "alert_raised": _("New alert"),
    "alert_moved": _("Step taken on an alert"),
    "alert_climbed": _("Alert that nobody has acknowledged in time"),
    "alert_reminder": _("Alert acknowledged, and not dealt with yet"),
    "report_owed": _("A report that the law demands is not made yet"),
    "charge_reminder": _("The note of the day is missing for the case in your charge"),
}


def done_label(name: str) -> Text:
    """How the timeline names what happened. Names are stored forever; unknown ones show as they are."""
    if spec := REGISTRY.get(name):
        return spec.done
    if name == reminding.KIND:
        return reminding.LABEL
    if name == brief.KIND:
        return brief.LABEL
    if name in TOLD:
        return TOLD[name]
    if name in oversight.NOTICES:
        return oversight.NOTICES[name]
    return errands.NOTICES.get(name, name)


def statuses(spec: Spec) -> frozenset[str]:
    """Where the command may be given: the sources of its transition, or those of its fact."""
    return frozenset(lifecycle.sources(spec.name)) or spec.statuses


def is_here(spec: Spec, dispute: Dispute) -> bool:
    """Whether status and, for steps of the linked track, its phase fit. Needs ``dispute.known``."""
    if dispute.status not in statuses(spec):
        return False
    return not spec.phases or _phase(dispute) in spec.phases


def _phase(dispute: Dispute) -> str:
    linked = dispute.known.reconsideration
    return str(linked.phase) if linked is not None else ""


def require_status(spec: Spec, dispute: Dispute) -> None:
    """Raises ``Unmet`` with the statuses in which the step would be possible."""
    if not is_here(spec, dispute):
        raise Unmet(not_from_here(spec, dispute))


def not_from_here(spec: Spec, dispute: Dispute) -> Reason:
    if spec.phases and dispute.status in statuses(spec):
        return _not_at_this_stage(spec, dispute)
    possible = [str(Status(s).label) for s in Status if s in statuses(spec)]
    sentence = _(
        "“%(step)s” is not possible while the case is “%(now)s”; only while it is %(possible)s."
    )
    return Reason(
        code="wrong_status",
        sentence=str(sentence)
        % {
            "step": spec.label,
            "now": Status(dispute.status).label,
            "possible": str(_(", ")).join(f"“{name}”" for name in possible),
        },
    )


def _not_at_this_stage(spec: Spec, dispute: Dispute) -> Reason:
    sentence = _(
        "“%(step)s” is not possible while the reconsideration is “%(now)s”; "
        "only while it is %(possible)s."
    )
    linked = dispute.known.reconsideration
    return Reason(
        code="wrong_phase",
        sentence=str(sentence)
        % {
            "step": spec.label,
            "now": linked.get_status_display() if linked is not None else "–",
            "possible": str(_(", ")).join(f"“{s.label}”" for s in State if s in spec.phases),
        },
        source=spec.basis,
    )


def unmet(spec: Spec, dispute: Dispute) -> list[Reason]:
    """Every unmet guard, of the transition and of the command. Needs ``dispute.known``."""
    own = [condition.reason_for(dispute) for condition in spec.guards if not condition(dispute)]
    return lifecycle.unmet(dispute, spec.name) + own


def form_for(
    spec: Spec, raw: Any, *, dispute: Dispute | None, facts: CaseFacts, **kwargs: Any
) -> CommandForm:
    return spec.form(raw, dispute=dispute, facts=facts, **kwargs)


def clean(
    spec: Spec, raw: Mapping[str, Any], *, dispute: Dispute | None, facts: CaseFacts
) -> Mapping[str, Any]:
    """Cleaned input of a command. Raises ``Malformed`` with a sentence per field."""
    form = form_for(spec, raw, dispute=dispute, facts=facts)
    problems = {} if isinstance(raw, QueryDict) else _misshapen(form, raw)
    if problems:
        raise Malformed(problems)
    if not form.is_valid():
        raise Malformed(
            {
                ("" if name == "__all__" else name): [str(problem) for problem in found]
                for name, found in form.errors.items()
            }
        )
    return form.cleaned_data


def _misshapen(form: CommandForm, raw: Mapping[str, Any]) -> dict[str, list[Any]]:
    """JSON can carry lists and objects where a form expects one value; refuse instead of guessing."""
    problems: dict[str, list[Any]] = {}
    for name, value in raw.items():
        field = form.fields.get(name)
        if field is None or isinstance(field, Rows):
            continue
        takes_list = hasattr(field.widget, "allow_multiple_selected") and (
            field.widget.allow_multiple_selected
        )
        takes_object = isinstance(field, Answers)
        if (isinstance(value, list) != takes_list and isinstance(value, list)) or (
            isinstance(value, dict) and not takes_object
        ):
            problems[name] = [_("Give one value here.")]
    return problems

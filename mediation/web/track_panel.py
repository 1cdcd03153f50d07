"""The linked reconsideration on the case page: where it stands, its papers, its clocks with their law."""

from collections.abc import Iterator
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from mediation.core.clock import local_day
from mediation.reconsideration import terms
from mediation.reconsideration.law import DECIDABLE, NoticeKind
from mediation.reconsideration.models import Reconsideration, Standstill, State, StatutoryNotice
from mediation.web.clockface import Face, faces
from mediation.web.dossier import Dossier
from mediation.web.templatetags import fq

# The stops of the bar, each with the day on which it was reached.
STOPS = (
    (State.ADVISED, "known_on"), (State.FILED, "filed_on"), (State.ACCEPTED, "accepted_on"),
    (State.SERVED, "served_on"), (State.REPLIED, "replied_on"), (State.HEARING, "heard_on"),
    (State.DECIDED, "ended_on"), (State.EFFECTIVE, "effective_on"),
)  # fmt: skip
BEFORE_STOP = {State.CORRECTION: State.FILED}


def context(dossier: Dossier, *, calendar: Any) -> dict[str, Any]:
    """What ``reconsideration/_panel.html`` shows, one entry for each track, the latest first."""
    tracks = dossier.reconsiderations
    return {
        "tracks": [_track(track, dossier, calendar) for track in tracks],
        "sibling_clock": _sibling_clock(dossier),
    }


def _sibling_clock(dossier: Dossier) -> date | None:
    """The last day for applying in the administrative part of the same matter, while it runs.

    Whoever mediates the civil part must know of it: mediation does not stop that clock (art. 20).
    """
    parent = dossier.dispute.parent_id
    if parent is None or dossier.reconsiderations:
        return None
    waiting = Reconsideration.objects.filter(dispute__parent_id=parent, status=State.ADVISED)
    return waiting.order_by("apply_by").values_list("apply_by", flat=True).first()


def _track(track: Reconsideration, dossier: Dossier, calendar: Any) -> dict[str, Any]:
    latest = track == dossier.reconsiderations[0]
    return {
        "row": track,
        "bar": list(bar(track)),
        "facts": list(_facts(track)),
        "notes": list(_notes(track, dossier)) if latest else [],
        "clocks": _clocks(dossier, calendar) if latest else [],
        "standstills": [_stretch(row) for row in dossier.standstills] if latest else [],
        "papers": [_paper(row) for row in dossier.papers if row.track_id == track.pk],
    }


def bar(track: Reconsideration) -> Iterator[dict[str, Any]]:
    """The way of the case; what it leaves out once it has ended is skipped."""
    phase = track.stood_at if track.status == State.SUSPENDED else track.phase
    here = BEFORE_STOP.get(State(phase), phase)
    for stop, name in STOPS:
        reached: date | None = getattr(track, name)
        if stop == State.DECIDED and track.decision not in DECIDABLE:
            reached = None
        state = "done" if reached else "skipped" if track.has_ended else "todo"
        if stop == here and not track.has_ended:
            state = "current"
        yield {
            "label": stop.label,
            "state": state,
            "spent": f"{reached:%m-%d}" if reached and stop != State.ADVISED else "",
        }


def _facts(track: Reconsideration) -> Iterator[tuple[str, Any]]:
    yield _("Kind of act"), track.get_act_kind_display()
    if track.act_number:
        yield _("Document number"), track.act_number
    yield _("Acting organ"), track.organ
    yield _("Reconsideration organ"), track.competent_body
    yield _("Known since"), _joined(fq.day(track.known_on), track.get_known_by_display())
    yield _("Apply by"), fq.day(track.apply_by)
    if track.filed_on:
        yield _("Applied on"), _joined(fq.day(track.filed_on), track.get_filed_by_display())
    if track.procedure:
        yield _("Procedure"), track.get_procedure_display()
    if track.extended_days:
        yield _("Days of extension"), track.extended_days
    yield from _result(track)


def _result(track: Reconsideration) -> Iterator[tuple[str, Any]]:
    if track.decision:
        yield _("Decision"), _joined(track.get_decision_display(), track.decision_number)
    for label, words in (
        (_("Ground of termination"), track.get_termination_display()),
        (_("Missing condition"), track.get_refusal_display()),
        (_("Why it is not pursued"), track.get_given_up_display()),
    ):
        if words:
            yield label, words
    for label, day in (
        (_("Perform by"), track.perform_by),
        (_("Performed on"), track.performed_on),
        (_("Sue by"), track.sue_by),
        (_("Opinion letter received on"), track.opinion_on),
        (_("Reported on"), track.reported_on),
    ):
        if day:
            yield label, fq.day(day)


def _joined(*words: str) -> str:
    return " · ".join(word for word in words if word)


def _notes(track: Reconsideration, dossier: Dossier) -> Iterator[dict[str, str]]:
    """What must not be overlooked now."""
    today = local_day(dossier.now)
    if track.is_first and track.status == State.ADVISED:
        yield {"tone": "warn", "text": _("Reconsideration comes before a suit (art. 23)")}
    if track.status == State.ADVISED:
        left = (track.apply_by - today).days
        words = _("Apply by %(day)s. Mediation does not stop this clock.")
        tone = "danger" if left <= 7 else "warn"
        yield {"tone": tone, "text": words % {"day": fq.day(track.apply_by)}}
    if track.deemed_accepted:
        yield {"tone": "info", "text": _("Deemed accepted: no decision came in time (art. 30(3)).")}
    if track.is_ours and not track.has_ended:
        yield {"tone": "info", "text": _("The office itself is the respondent (art. 48).")}
    due = terms.reply_due(track, dossier.standstills)
    if due is not None and track.replied_on is None and today > due and track.is_running:
        words = _("No reply by %(day)s: the act counts as having no evidence (art. 70).")
        yield {"tone": "danger", "text": words % {"day": fq.day(due)}}


def _clocks(dossier: Dossier, calendar: Any) -> list[Face]:
    rows = [row for row in dossier.deadlines if row.rule in terms.RULES and row.state != "met"]
    return faces(rows, now=dossier.now, calendar=calendar)


def _stretch(row: Standstill) -> dict[str, Any]:
    return {
        "what": row.get_ground_display() or row.get_kind_display(),
        "since": row.since,
        "until": row.until,
    }


def _paper(row: StatutoryNotice) -> dict[str, Any]:
    return {
        "kind": NoticeKind(row.kind).label,
        "number": row.number,
        "on": row.issued_on,
        "text": row.content.get("content")
        or row.content.get("items")
        or row.content.get("opinions"),
    }

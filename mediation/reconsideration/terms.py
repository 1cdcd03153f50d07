"""Every term of the track, computed from its facts: what runs, since when, until when, and why.

Nothing is moved by hand: after each step the terms are computed anew from the events and the standstills,
and the armed clocks are brought in line with them.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from mediation.deadlines import clocks
from mediation.deadlines.clocks import Plan
from mediation.deadlines.compute import Due
from mediation.deadlines.table.reconsideration import OF_OTHERS
from mediation.deadlines.yearplan import DAY
from mediation.reconsideration.law import LAPSING, Suspension
from mediation.reconsideration.models import Reconsideration, Standstill
from mediation.reconsideration.states import RUNNING, SUABLE
from mediation.reconsideration.states import State as S

Pauses = Sequence[tuple[date, date]]
RULES = (
    "R01", "R02", "R04", "R05", "R06", "R08", "R09", "R10", "R11", "R12", "R13", "R14", "R16",
    "R17", "R18", "R19", "R20", "R21", "R22", "R23", "R24", "R25", "R26", "R27", "R29",
    "RC_HEARING", "RC_PERFORM", "RC_RETURN",
    # The same terms of another organ that has acted: see ``_bound``.
    "R10A", "R12A", "R14A", "R25A", "R29A", "RC_PERFORM_A",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Term:
    """One clock that should run now. ``held``: it stands still until the case is resumed."""

    rule: str
    start: date
    plan: Plan
    held: bool = False

    @property
    def due_on(self) -> date:
        return self.plan.due_on


def pauses_of(standstills: Iterable[Standstill]) -> Pauses:
    """The stretches that are over, in their order. One that still lasts holds the clock instead.

    An appraisal may reach into a suspension: a day that stands still twice is left out once.
    """
    rows = [(s.since, s.until) for s in standstills if s.until is not None and s.until > s.since]
    merged: list[tuple[date, date]] = []
    for first, end in sorted(rows):
        if merged and first <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((first, end))
    return merged


def last(
    rule: str, start: date, *, extend: int = 0, pauses: Pauses = (), goes_on: bool = False
) -> Due:
    """The last day; what stands still before this period starts or after it ends does not concern it.

    ``goes_on``: an extension follows its last day before any move off rest days, and takes what begins then.
    """
    kept: list[tuple[date, date]] = []
    due = clocks.last_day(rule, start, extend=extend)
    for first, end in pauses:
        begins = first if first >= start else start + DAY
        if begins < end and begins <= (due.raw if goes_on else due.due):
            kept.append((begins, end))
            due = clocks.last_day(rule, start, extend=extend, pauses=kept)
    return due


# Applying (arts. 20, 21) --------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Applying:
    """What decides until when one may apply."""

    known_on: date
    told: bool = True
    told_on: date | None = None
    act_on: date | None = None
    is_land: bool = False
    requested_on: date | None = None
    obstacle: Pauses = ()


def apply_term(facts: Applying) -> tuple[str, date, date]:
    """Rule, its first day and the last day for applying: the earliest of all that bind.

    An obstacle stops the sixty days (art. 20(2)); the outer limits of arts. 20(3) and 21 know no obstacle.
    """
    start = facts.known_on
    if facts.requested_on is not None:  # a duty without a term: sixty days to act come first
        start = max(start, last("R30", facts.requested_on).due)
    found = []
    if facts.told:
        found.append(("R01", start))
    else:
        found.append(("R02", start))
        if facts.told_on is not None:
            found.append(("R01", facts.told_on))
    if facts.act_on is not None:
        found.append(("R04" if facts.is_land else "R05", facts.act_on))
    dues = [
        (last(rule, day, pauses=facts.obstacle if rule == "R01" else ()).due, rule, day)
        for rule, day in found
    ]
    due, rule, day = min(dues)
    return rule, day, due


# One track ---------------------------------------------------------------------------------------


def _bound(track: Reconsideration, rule: str) -> str:
    """The rule as it binds the respondent: the office, or another organ, whose delay is not ours."""
    if track.is_ours:
        return rule
    return "RC_PERFORM_A" if rule == "RC_PERFORM" else OF_OTHERS[rule].code


def review_rule(track: Reconsideration) -> str:
    return "R18" if track.is_simplified else "R16"


def review_due(track: Reconsideration, standstills: Iterable[Standstill]) -> date | None:
    """The last day of the decision (art. 62), pauses and extension included."""
    if track.accepted_on is None:
        return None
    return _review_term(track, track.accepted_on, pauses_of(standstills)).due_on


def _review_term(
    track: Reconsideration, accepted_on: date, pauses: Pauses, *, held: bool = False
) -> Term:
    """The clock of the decision: the ordinary or simplified term, or its extension once that is granted.

    The extension counts from the last day of the ordinary term before any move off rest days.
    """
    if not track.extended_days:
        return _term(review_rule(track), accepted_on, pauses=pauses, held=held)
    ordinary = last("R16", accepted_on, pauses=pauses, goes_on=True)
    return _term("R17", ordinary.raw, extend=track.extended_days, pauses=pauses, held=held)


def acceptance_due(track: Reconsideration) -> date | None:
    """The last day of the acceptance review (arts. 30, 31(3)); the case is deemed accepted then."""
    if track.corrected_on is not None:
        return last("R09", track.corrected_on).due
    return last("R06", track.received_on).due if track.received_on is not None else None


def correction_due(track: Reconsideration) -> date | None:
    if track.correction_asked_on is None:
        return None
    return last("R08", track.correction_asked_on, extend=track.correction_days).due


def reply_due(track: Reconsideration, standstills: Iterable[Standstill]) -> date | None:
    if track.served_on is None:
        return None
    rule = "R14" if track.is_simplified else "R12"
    return last(rule, track.served_on, pauses=pauses_of(standstills)).due


def wanted(track: Reconsideration, standstills: Sequence[Standstill], *, today: date) -> list[Term]:
    """The clocks that the facts of the track demand today."""
    return [*_before(track), *_review(track, standstills, today), *_after(track)]


def _term(
    rule: str, start: date, *, extend: int = 0, pauses: Pauses = (), held: bool = False
) -> Term:
    return Term(rule, start, Plan.of(last(rule, start, extend=extend, pauses=pauses)), held)


def _before(track: Reconsideration) -> Iterator[Term]:
    if track.status == S.ADVISED:
        yield Term(track.apply_rule, track.apply_from or track.known_on, Plan(track.apply_by))
    elif track.status == S.FILED and track.corrected_on is not None:
        yield _term("R09", track.corrected_on)
    elif track.status == S.FILED and track.received_on is not None:
        yield _term("R06", track.received_on)
    elif track.status == S.FILED and track.filed_on is not None and track.via_acting_organ:
        yield _term(_bound(track, "R10"), track.filed_on)
    elif track.status == S.CORRECTION and track.correction_asked_on is not None:
        yield _term("R08", track.correction_asked_on, extend=track.correction_days)


def _review(
    track: Reconsideration, standstills: Sequence[Standstill], today: date
) -> Iterator[Term]:
    held = track.status == S.SUSPENDED
    phase = track.stood_at if held else track.phase
    if phase not in RUNNING or track.accepted_on is None:
        return
    pauses = pauses_of(standstills)
    review = _review_term(track, track.accepted_on, pauses, held=held)
    yield review
    simple = track.is_simplified
    if phase == S.ACCEPTED:
        yield _term("R13" if simple else "R11", track.accepted_on, pauses=pauses, held=held)
    elif phase == S.SERVED and track.served_on is not None:
        reply = _bound(track, "R14" if simple else "R12")
        yield _term(reply, track.served_on, pauses=pauses, held=held)
    if held:
        yield from _suspension(standstills)
    elif review.due_on < today:
        yield _term("R27", review.due_on)
    elif track.hearing_on is not None and track.heard_on is None and track.hearing_on >= today:
        yield Term("RC_HEARING", today, Plan(track.hearing_on))


def _suspension(standstills: Sequence[Standstill]) -> Iterator[Term]:
    """What runs while the case itself stands still (arts. 41(5), 56 to 58)."""
    standing = next((row for row in reversed(standstills) if row.until is None), None)
    if standing is None:
        return
    if standing.ground in LAPSING:
        yield _term("R24", standing.since)
    if standing.ground == Suspension.S9:
        yield from _document(standing)
    if standing.return_by is not None:
        yield Term("RC_RETURN", standing.since, Plan(standing.return_by))


def _document(standing: Standstill) -> Iterator[Term]:
    """With the power over the document: thirty days, its maker told within three and answering within ten
    working days. Without it: passed on within seven working days, and answered within sixty days."""
    own = standing.own_power
    if own:
        yield _term("R19", standing.since)
    if standing.passed_on is None:
        yield _term("R21" if own else "R20", standing.since)
    elif standing.answered_on is None:
        yield _term("R22" if own else "R23", standing.passed_on)


def _after(track: Reconsideration) -> Iterator[Term]:
    """The suit window, performance and the opinion letter (arts. 34, 75 to 78)."""
    if track.status in SUABLE and track.effective_on is not None:
        yield _term("R26", track.effective_on)
    if track.has_ended and track.must_perform and track.effective_on is not None:
        if track.perform_by is not None:
            rule = _bound(track, "RC_PERFORM")
            yield Term(rule, track.effective_on, Plan(track.perform_by))
        else:
            yield _term(_bound(track, "R29"), track.effective_on)
    if track.must_report and track.opinion_on is not None:
        yield _term(_bound(track, "R25"), track.opinion_on)


def sue_by(day: date) -> date:
    """The last day of a suit after a decision received on ``day``."""
    return last("R26", day).due

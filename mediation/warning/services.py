"""Rating one dispute, keeping its colour in line with its facts, and the reports that the law demands."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import Any

from mediation.core.clock import local_day
from mediation.core.prepared import Prepared
from mediation.disputes.enums import SEVERITY, Colour, Sensitivity
from mediation.disputes.models import Dispute, Party
from mediation.warning import alerts, duties, history, office, reasons
from mediation.warning.clusters import merging
from mediation.warning.history import Keys, keys_of_parties, keys_of_rows
from mediation.warning.models import Escalation
from mediation.warning.questions import UNKNOWN, facts_from_answers, still_valid
from mediation.warning.score import assess_risk
from mediation.warning.settings import HOUSE, Settings

LOWERED_FOR = timedelta(days=7)
"""So long a colour below the computed one holds; then the rules count again."""


# The level ---------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Around:
    """What is known beside the answers: who they are to the house, and the table of the office."""

    people: list[Keys] = field(default_factory=list)
    settings: Settings = HOUSE
    cluster_tier: str | None = None
    # The running step, which is not in the record yet, ends a mediation without a settlement.
    failing: int = 0


def around_rows(rows: Iterable[Mapping[str, Any]], area_code: str) -> Around:
    """Of a registration that is not stored yet."""
    settings = office.settings_of(area_code) if area_code else HOUSE
    return Around(keys_of_rows(rows), settings)


def around(dispute: Dispute, parties: Iterable[Party], *, now: datetime) -> Around:
    return Around(
        keys_of_parties(parties),
        office.settings_of(dispute.area_code),
        merging.tier_of(dispute, now),
    )


def rate(
    dispute: Dispute,
    answers: Mapping[str, str],
    beside: Around,
    *,
    now: datetime,
    asked: Mapping[str, str] | None = None,
) -> dict[str, Any]:
    """The risk of a dispute as it is stored: colour, points, and every rule that spoke as a sentence.

    ``asked``: the day on which each answer was given; answers that are too old count as unknown.
    """
    days = {key: (asked or {}).get(key, local_day(now).isoformat()) for key in answers}
    valid = still_valid(answers, days, today=local_day(now))
    own = history.known(dispute, beside.people, now=now, cluster_tier=beside.cluster_tier)
    own["failed_mediations"] += beside.failing
    facts = facts_from_answers(
        valid,
        category=dispute.category,
        people=dispute.people_count,
        amount=dispute.amount,
        known=own,
    )
    rules = beside.settings.rules()
    risk = assess_risk(facts, rules=rules)
    return {
        "version": risk.version,
        "colour": risk.colour.upper(),
        "points": risk.points,
        "answers": dict(answers),
        "asked": days,
        "expired": sorted(answers.keys() - valid.keys()),
        "known": own,
        "triggers": list(risk.triggers),
        "unknown": list(risk.unknown),
        "call_now": bool(rules.call_now & set(risk.triggers)),
        "reasons": reasons.sentences(risk, rules),
        "explain": {"zh-hans": risk.explain_zh, "en": risk.explain_en},
        "at": now.isoformat(),
    }


def laid_over(
    stored: Mapping[str, Any], given: Mapping[str, str], *, today: date
) -> tuple[dict[str, str], dict[str, str]]:
    """Earlier answers with the present ones over them, and the day of each.

    Who repeats an answer that still holds gives it no new date; one that has run out begins anew.
    """
    answers: dict[str, str] = dict(stored.get("answers") or {})
    asked: dict[str, str] = dict(stored.get("asked") or {})
    valid = still_valid(answers, asked, today=today)
    for key, value in given.items():
        if valid.get(key) != value:
            asked[key] = today.isoformat()
        answers[key] = value
    return answers, {key: asked[key] for key in answers if key in asked}


# The colour --------------------------------------------------------------------------------------


def confirm(
    risk: dict[str, Any], *, colour: str, who: str, reason: str, now: datetime
) -> dict[str, Any]:
    """A person stands behind ``colour``. Below the computed one it holds for seven days."""
    until = now + LOWERED_FOR if SEVERITY[colour] < SEVERITY[risk["colour"]] else None
    said = {
        "colour": colour,
        "by": who,
        "at": now.isoformat(),
        "reason": reason,
        "until": until.isoformat() if until else None,
    }
    return risk | {"set": said}


def is_confirmed(dispute: Dispute) -> bool:
    said = dispute.risk.get("set") or {}
    return bool(said) and said.get("colour") == dispute.colour


def refresh(dispute: Dispute, parties: Iterable[Party], *, now: datetime, step: str = "") -> bool:
    """Compute the level anew from the same answers and today's facts. Returns whether anything moved.

    Upwards the colour follows at once. Downwards it follows too, except from red: that takes two
    people. What a person has set stays until the facts get worse or the time is over.
    """
    stored = dispute.risk
    if not stored:
        return False
    beside = replace(around(dispute, parties, now=now), failing=int(step in history.FAILING))
    answers, asked = stored.get("answers") or {}, stored.get("asked") or {}
    risk = rate(dispute, answers, beside, now=now, asked=asked)
    said = stored.get("set")
    colour = _followed(dispute.colour, stored["colour"], risk["colour"], said, now)
    dispute.risk = risk | ({"set": said} if said and colour == dispute.colour else {})
    moved = colour != dispute.colour
    if moved:
        dispute.paint(colour)
    changed = moved or _essence(stored) != _essence(risk)
    if moved and dispute.severity >= alerts.ALERTED_FROM:
        alerts.raise_for_case(dispute, now, settings=beside.settings)
    if changed:
        demand_reports(dispute, parties, now=now)
    return changed


def would_move(dispute: Dispute, parties: Iterable[Party], *, now: datetime) -> bool:
    """Whether ``refresh`` would change anything but what is looked at in passing."""
    stored = dispute.risk
    beside = around(dispute, parties, now=now)
    answers, asked = stored.get("answers") or {}, stored.get("asked") or {}
    risk = rate(dispute, answers, beside, now=now, asked=asked)
    colour = _followed(dispute.colour, stored["colour"], risk["colour"], stored.get("set"), now)
    return colour != dispute.colour or _essence(stored) != _essence(risk)


def _essence(risk: Mapping[str, Any]) -> Any:
    return [risk.get(name) for name in ("colour", "points", "triggers", "reasons", "version")]


def _followed(
    present: str, ruled: str, rule: str, said: Mapping[str, Any] | None, now: datetime
) -> str:
    """The colour that follows from the one shown, the one computed before and the one computed now."""
    worse = SEVERITY[rule] > SEVERITY[ruled]
    if said and not worse:
        until = said.get("until")
        if until is None or now < datetime.fromisoformat(until):
            return present
    if present == Colour.RED:
        return present
    return rule


# Reports that the law demands ----------------------------------------------------------------------


def demand_reports(
    dispute: Dispute, parties: Iterable[Party], *, now: datetime
) -> list[Escalation]:
    """Open a task for every report that the facts demand and nobody has made; let fall what they no
    longer demand. A row is never deleted."""
    wanted = {
        one.receiver: one
        for one in duties.owed(
            triggers=frozenset(dispute.risk.get("triggers") or ()),
            category=dispute.category,
            has_minor=dispute.sensitivity == Sensitivity.MINOR or any(p.is_minor for p in parties),
        )
    }
    if not wanted and dispute.version == 1:
        return []
    there = DEMANDED(dispute=dispute.pk)
    for row in there:
        if row.is_owed and row.demanded_at and row.receiver not in wanted:
            row.lapsed_at = now
            row.save(update_fields=["lapsed_at"])
    made = {row.receiver for row in there if row.lapsed_at is None}
    rows = [
        Escalation(
            dispute=dispute,
            receiver=one.receiver,
            basis=[{"zh-hans": article.zh, "en": article.en} for article in one.basis],
            is_strict=one.strict,
            demanded_at=now,
            due_at=now + one.within,
        )
        for one in wanted.values()
        if one.receiver not in made
    ]
    return Escalation.objects.bulk_create(rows)


DEMANDED = Prepared(lambda dispute: Escalation.objects.filter(dispute_id=dispute), dispute=int)


def answered(answers: Mapping[str, str]) -> dict[str, str]:
    """The answers that say something: an open question has no day on which it was answered."""
    return {key: value for key, value in answers.items() if value != UNKNOWN}

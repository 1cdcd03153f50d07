"""Rating one dispute and keeping its alert."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from mediation.disputes.enums import Colour
from mediation.disputes.models import Dispute
from mediation.warning.models import Alert
from mediation.warning.questions import facts_from_answers
from mediation.warning.score import assess_risk

# Limits of acknowledgement: early_warning 4.1.4 (red 30 minutes, orange 4 hours).
ACKNOWLEDGE_WITHIN = {Colour.RED: timedelta(minutes=30), Colour.ORANGE: timedelta(hours=4)}


def rate(dispute: Dispute, answers: Mapping[str, Any]) -> dict[str, Any]:
    """The risk of a dispute from the answered questions and its own figures, as it is stored."""
    facts = facts_from_answers(
        answers, category=dispute.category, people=dispute.people_count, amount=dispute.amount
    )
    risk = assess_risk(facts)
    return {
        "version": risk.version,
        "colour": risk.colour.upper(),
        "points": risk.points,
        "answers": dict(answers),
        "explain": {"zh-hans": risk.explain_zh, "en": risk.explain_en},
    }


def acknowledge_limit(colour: str, now: datetime) -> datetime:
    return now + ACKNOWLEDGE_WITHIN[Colour(colour)]


def raise_alert(dispute: Dispute, now: datetime) -> Alert:
    """Open the alert of a red or orange case, or bring the open one up to the present colour."""
    alert = Alert.objects.filter(dispute=dispute).exclude(status=Alert.State.RESOLVED).first()
    if alert is None:
        return Alert.objects.create(
            dispute=dispute,
            colour=dispute.colour,
            severity=dispute.severity,
            reasons=dispute.risk.get("explain", {}),
            area_code=dispute.area_code,
            raised_at=now,
            acknowledge_by=acknowledge_limit(dispute.colour, now),
        )
    if dispute.severity > alert.severity:
        alert.colour, alert.severity = dispute.colour, dispute.severity
        alert.acknowledge_by = min(alert.acknowledge_by, acknowledge_limit(dispute.colour, now))
        alert.save(update_fields=["colour", "severity", "acknowledge_by"])
    return alert

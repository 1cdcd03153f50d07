"""What the verdicts teach. A change of points is shown with its effect, proposed by one person and adopted
by another."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from mediation.core.db import write
from mediation.warning import office
from mediation.warning.models import Alert, OfficeTable
from mediation.warning.ruleset import COLOURS
from mediation.warning.settings import Settings

ALERT_KINDS = Alert.Kind.choices
PROPOSED = 0
"""A proposal has no number yet: versions count from one."""


def with_weights(current: Settings, weights: Mapping[str, list[int]]) -> Settings:
    """The table as it would be with other points."""
    return replace(current, version=current.version or -1, weights={**current.weights, **weights})


def weigher(table: Settings) -> Callable[[Mapping[str, Any]], str]:
    """What ``table`` makes of a stored risk: its floors and grave signs stay, the points are summed anew."""
    rules = table.rules()
    weights = {weight.id: weight for weight in rules.weights}

    def weigh(risk: Mapping[str, Any]) -> str:
        told = risk.get("reasons") or []
        points = sum(_points(weights, one) for one in told if one["points"] is not None)
        base = next(colour for least, colour in rules.cuts if max(0, points) >= least)
        fixed = [one["colour"].lower() for one in told if one["colour"]]
        return str(max([base, *fixed], key=COLOURS.index)).upper()

    return weigh


def _points(weights: Mapping[str, Any], one: Mapping[str, Any]) -> int:
    """The new points of a rule that spoke: of the step whose old points it had."""
    weight = weights.get(one["rule"])
    if weight is None:
        return int(one["points"])
    old = {points: n for n, points in enumerate(BASE.get(one["rule"], []))}
    step = old.get(one["points"])
    return int(weight.steps[step][0]) if step is not None else int(one["points"])


BASE: dict[str, list[int]] = {
    weight.id: [points for points, _when in weight.steps] for weight in Settings().rules().weights
}


def rule_words() -> dict[str, dict[str, str]]:
    """Rule → what it says, in both languages."""
    rules = Settings().rules()
    factors: list[Any] = [*rules.triggers, *rules.floors, *rules.weights]
    return {one.id: {"zh-hans": one.zh, "en": one.en} for one in factors}


def pending(area_code: str) -> OfficeTable | None:
    return (
        OfficeTable.objects.filter(area_code=f"?{area_code}").select_related("proposed_by").first()
    )


def propose(
    area_code: str,
    weights: Mapping[str, list[int]],
    *,
    reason: str,
    author_id: int,
    now: datetime,
) -> OfficeTable:
    """Lay a change before a second person; an earlier proposal makes room."""
    with write():
        OfficeTable.objects.filter(area_code=f"?{area_code}").delete()
        return OfficeTable.objects.create(
            area_code=f"?{area_code}",
            number=PROPOSED,
            content={"weights": dict(weights)},
            reason=reason,
            proposed_by_id=author_id,
            at=now,
        )


def drop(proposal: OfficeTable) -> None:
    proposal.delete()


def adopt(proposal: OfficeTable, *, author_id: int, now: datetime) -> OfficeTable:
    """Put the proposed points in force beside those that the office has."""
    with write():
        area_code = proposal.area_code.removeprefix("?")
        latest = OfficeTable.objects.filter(area_code=area_code).order_by("-number").first()
        known = (latest.content.get("weights") or {}) if latest else {}
        table = office.adopt(
            area_code,
            {"weights": {**known, **proposal.content["weights"]}},
            reason=proposal.reason,
            author_id=author_id,
            proposed_by_id=proposal.proposed_by_id,
            now=now,
        )
        proposal.delete()
    return table

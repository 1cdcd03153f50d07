"""Why a dispute has its colour, as a list of sentences: which fact, how many points, which rule.

Plain Python.
"""

from collections.abc import Iterator
from typing import Any

from mediation.warning.ruleset import COLOUR_WORDS, Factor, RuleSet, Weight
from mediation.warning.score import Risk


def sentences(risk: Risk, rules: RuleSet) -> list[dict[str, Any]]:
    """One entry per rule that spoke, the gravest first, in both languages."""
    return list(_sentences(risk, rules))


def _sentences(risk: Risk, rules: RuleSet) -> Iterator[dict[str, Any]]:
    factors = {factor.id: factor for factor in (*rules.triggers, *rules.floors)}
    weights = {weight.id: weight for weight in rules.weights}
    for id_ in risk.triggers:
        yield _of_factor(factors[id_], "直接定为", "at once")
    for id_ in risk.floors:
        yield _of_factor(factors[id_], "至少为", "at least")
    for id_, points in risk.contributions:
        yield _of_weight(weights[id_], points)


def _of_factor(factor: Factor, how_zh: str, how_en: str) -> dict[str, Any]:
    zh, en = COLOUR_WORDS[factor.colour]
    law_zh = "".join(f"，{article.zh}" for article in factor.basis)
    law_en = "".join(f"; {article.en}" for article in factor.basis)
    order = f"{en.lower()} {how_en}" if how_en == "at once" else f"{how_en} {en.lower()}"
    return {
        "rule": factor.id,
        "points": None,
        "colour": factor.colour.upper(),
        "zh-hans": f"{factor.zh}：{how_zh}{zh}（规则{factor.id}{law_zh}）",
        "en": f"{factor.en[:1].upper()}{factor.en[1:]}: {order} (rule {factor.id}{law_en})",
    }


def _of_weight(weight: Weight, points: int) -> dict[str, Any]:
    return {
        "rule": weight.id,
        "points": points,
        "colour": None,
        "zh-hans": f"{weight.zh}：{points:+d}分（规则{weight.id}）",
        "en": f"{weight.en[:1].upper()}{weight.en[1:]}: {points:+d} points (rule {weight.id})",
    }

"""Statutory periods as data: the reader of this table is a lawyer.

What has a number but no length (X11 to X19 on petitions, L02 and others on labour) stands in ``norms``.
"""

from dataclasses import dataclass
from difflib import get_close_matches

from mediation.deadlines.period import Period
from mediation.deadlines.table import (
    court,
    labour,
    land,
    litigation,
    mediation,
    petition,
    reconsideration,
)
from mediation.deadlines.table.norms import BY_CODE as NORMS
from mediation.deadlines.words import DeadlineError, Said


@dataclass(frozen=True, slots=True)
class Group:
    names: Said
    periods: tuple[Period, ...]


GROUPS = (
    Group(Said("Mediation and confirmation", "调解与司法确认"), mediation.PERIODS),
    Group(Said("Administrative reconsideration", "行政复议"), reconsideration.PERIODS),
    Group(Said("Administrative litigation", "行政诉讼"), litigation.PERIODS),
    Group(Said("Petition", "信访"), petition.PERIODS),
    Group(Said("Labour disputes", "劳动争议"), labour.PERIODS),
    Group(Said("Rural land contracts", "农村土地承包"), land.PERIODS),
    Group(Said("Courts", "法院"), court.PERIODS),
)
PERIODS = {period.code: period for group in GROUPS for period in group.periods}


def find(code: str) -> Period:
    """The period of a rule id, in either case. Raises ``DeadlineError`` for any other."""
    wanted = code.strip().upper()
    if period := PERIODS.get(wanted):
        return period
    if norm := NORMS.get(wanted):
        raise DeadlineError(
            Said(
                "{code} sets no period: {rule} ({basis})", "{code}没有期限：{rule}（{basis}）"
            ).filled(code=norm.code, rule=norm.rule, basis=norm.basis.said)
        )
    raise DeadlineError(_unknown(code, like=get_close_matches(wanted, PERIODS, n=3)))


def _unknown(code: str, *, like: list[str]) -> Said:
    if not like:
        return Said(
            "There is no rule {code}. “deadline --list” shows them all.",
            "没有编号为{code}的期限规则，可用 deadline --list 查看全部规则。",
        ).filled(code=code)
    named = [PERIODS[one] for one in like]
    return Said(
        "There is no rule {code}. Did you mean {these}? “deadline --list” shows them all.",
        "没有编号为{code}的期限规则。是不是{these}？可用 deadline --list 查看全部规则。",
    ).filled(
        code=code,
        these=Said(
            ", ".join(f"{one.code} ({one.title})" for one in named),
            "、".join(f"{one.code}（{one.title_zh}）" for one in named),
        ),
    )

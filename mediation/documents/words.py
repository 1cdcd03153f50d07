"""How papers write: dates without leading zeros, money in capital numerals, blanks for the pen."""

from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.utils.timezone import localtime
from django.utils.translation import override

from mediation.core import identity, money
from mediation.disputes.enums import PartyKind, Side
from mediation.disputes.models import Party

BLANK_DATE = "　　　　年　　月　　日"


def day(value: date | None) -> str:
    return f"{value.year}年{value.month}月{value.day}日" if value else ""


def day_or_blank(value: date | None) -> str:
    return day(value) or BLANK_DATE


def moment(value: datetime | None) -> str:
    if value is None:
        return ""
    local = localtime(value)
    return f"{day(local.date())}{local.hour}时{local.minute:02d}分"


def yuan(value: Decimal | None) -> str:
    """人民币肆仟贰佰元整（¥4200.00）."""
    return f"人民币{money.in_words(value)}（¥{value:.2f}）" if value is not None else ""


def choice(row: Any, field: str) -> str:
    """The Chinese label of a choice, whoever reads the page: a paper is Chinese."""
    with override("zh-hans"):
        return str(getattr(row, f"get_{field}_display")())


def label(value: Any) -> str:
    with override("zh-hans"):
        return str(value.label)


SEX = {"M": "男", "F": "女", "1": "男", "2": "女"}
SIDE = {Side.APPLICANT: "申请人", Side.RESPONDENT: "被申请人", Side.AFFECTED: "利害关系人"}


def party(row: Party, *, on: date) -> dict[str, str]:
    """What D1, D2 and D7 ask of a party. Empty where the case does not know it: the pen fills it in."""
    legal = row.kind == PartyKind.LEGAL
    return {
        "ordinal": str(row.ordinal),
        "side": SIDE[Side(row.side)],
        "kind": "legal" if legal else "natural",
        "name": row.name,
        "sex": SEX.get(row.sex, ""),
        "ethnicity": getattr(row, "ethnicity", ""),
        "age": f"{identity.age_on(on, birth=row.birth)}岁" if row.birth else "",
        "occupation": getattr(row, "occupation", ""),
        "phone": row.phone,
        "address": row.address,
        "id_number": row.id_number or (f"（{row.no_id_reason}）" if row.no_id_reason else ""),
        "id_label": "统一社会信用代码" if legal else "身份证件号码",
        "guardian": row.guardian,
        "representative": getattr(row, "representative", ""),
        "relation": row.relation,
    }


def names(parties: Iterable[Party]) -> str:
    return "、".join(row.name for row in parties if row.name)

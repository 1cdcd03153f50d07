"""What an agreement says of an obligation, and what it must not say.

Plain words are found; the judgment stays with a person.
"""

import re
from collections.abc import Iterable, Mapping
from typing import Any

from mediation.core.money import in_words

# Void by law whatever the parties wish: Civil Code arts. 153, 680; People's Mediation Law art. 3
# (remedies stay open); Criminal Procedure Law art. 110 (everybody may report a crime).
FORBIDDEN = (
    re.compile(r"赌债|赌博所欠|嫖资|毒资"),
    re.compile(r"高利贷"),
    re.compile(
        r"(?:不得|放弃|不准|永不)(?:再)?(?:向(?:人民)?法院)?(?:起诉|提起诉讼|申请仲裁|提起仲裁|行政复议)"
    ),
    re.compile(r"(?:不得|不准|放弃|不再)(?:报警|报案|举报|控告|追究[^，。；]{0,6}刑事责任)"),
    re.compile(r"(?:拘禁|扣押|扣留)[^，。；]{0,6}(?:本人|人身|身份证|孩子|子女)"),
    re.compile(r"以(?:身|肉体|器官)(?:抵|偿)"),
)
# Worth a second look; personal status cannot be settled (SPC Interpretation art. 355), rest may.
DOUBTFUL = re.compile(r"离婚|解除婚姻|收养|断绝[^，。；]{0,4}关系|亲子关系|监护权|继承|遗产|产权归")


def clause(row: Mapping[str, Any], names: Mapping[int, str], *, manner: str = "") -> str:
    """An obligation as a clause (People's Mediation Law art. 29): who, until when, to whom, what, how.

    “彭测安于2026年4月20日前向蔡测宁履行：赔偿损失，金额人民币4,200元（大写：肆仟贰佰元整），银行转账。”
    ``manner``: that of the whole agreement, for what is paid without one of its own.
    """
    due, amount = row.get("due_on"), row.get("amount")
    until = f"于{due.year}年{due.month}月{due.day}日前" if due else ""
    creditor = names.get(row.get("creditor") or 0, "")
    figures = f"{amount:,.2f}".removesuffix(".00") if amount else ""
    money = f"金额人民币{figures}元（大写：{in_words(amount)}）" if amount else ""
    how = row.get("manner") or (manner if amount else "")
    said = "，".join(part for part in (row.get("content"), money, how, row.get("place")) if part)
    debtor = names.get(row.get("debtor") or 0, "")
    return f"{debtor}{until}{f'向{creditor}' if creditor else ''}履行：{said}。"


def texts(data: Mapping[str, Any]) -> list[str]:
    """Everything in the input of an agreement that somebody wrote."""
    plain = [data.get(name) or "" for name in ("content", "manner", "responsibilities", "place")]
    clauses = [row.get("text") or "" for row in data.get("clauses") or ()]
    owed = [row.get("content") or "" for row in data.get("obligations") or ()]
    return [str(text) for text in (*plain, *clauses, *owed) if text]


def forbidden(found_in: Iterable[str]) -> list[str]:
    """The forbidden phrases, each once, as they were written."""
    return _found(FORBIDDEN, found_in)


def doubtful(found_in: Iterable[str]) -> list[str]:
    return _found((DOUBTFUL,), found_in)


def _found(patterns: Iterable[re.Pattern[str]], found_in: Iterable[str]) -> list[str]:
    lines = list(found_in)
    hits = [m.group() for pattern in patterns for line in lines for m in pattern.finditer(line)]
    return list(dict.fromkeys(hits))

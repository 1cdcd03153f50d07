"""Amounts of yuan: read as people type them, written as contracts want them. Plain Python."""

import re
from decimal import Decimal

from mediation.core.text import BadText, ascii_digits, gettext_noop

# What a column of 14 digits with 2 places holds.
LARGEST = Decimal("999999999999.99")

_NOISE = str.maketrans("，．。－−", ",..--", " \t\u3000\u00a0")
_AMOUNT = re.compile(r"[¥￥]?(?P<number>(?:[0-9]+|[0-9]{1,3}(?:,[0-9]{3})+)(?:\.[0-9]*)?)元?")

_DIGITS = "零壹贰叁肆伍陆柒捌玖"
_PLACES = ("仟", "佰", "拾", "")
_GROUPS = ("", "万", "亿")


class BadAmount(BadText):
    """Not an amount of money."""


def parse_amount(typed: str) -> Decimal:
    """Return what ``typed`` says in yuan, with two places. Raises ``BadAmount``."""
    text = ascii_digits(typed).translate(_NOISE)
    found = _AMOUNT.fullmatch(text)
    if found:
        return check_amount(Decimal(found["number"].replace(",", "")))
    if re.fullmatch(r"[¥￥]?-[¥￥]?[0-9.,]+元?", text):
        raise BadAmount(gettext_noop("An amount cannot be negative."))
    raise BadAmount(gettext_noop("Please write the amount in digits, for example 2800.50."))


def check_amount(amount: Decimal) -> Decimal:
    """Return ``amount`` with two places, for numbers that nobody typed. Raises ``BadAmount``."""
    if not amount.is_finite():
        raise BadAmount(gettext_noop("Please write the amount in digits, for example 2800.50."))
    if amount < 0:
        raise BadAmount(gettext_noop("An amount cannot be negative."))
    if amount > LARGEST:
        raise BadAmount(gettext_noop("The amount is too large."))
    exact = abs(amount).quantize(Decimal("0.01"))
    if exact != amount:
        raise BadAmount(gettext_noop("An amount has at most two decimals (fen)."))
    return exact


def in_words(amount: Decimal) -> str:
    """Return ``amount`` in the capital numerals that cannot be altered: 壹万零伍佰元伍角.

    Rules for completing bills and settlement vouchers (Measures for Payment and Settlement, annex
    1; Yinfa 1997 no. 393). Where they leave a 零 between 元 and 角 to the writer, none is written.
    Raises ``BadAmount``.
    """
    yuan, fen = divmod(int(check_amount(amount) * 100), 100)
    jiao, fen = divmod(fen, 10)
    whole = f"{_whole_in_words(yuan)}元" if yuan else ""
    if not jiao and not fen:
        return f"{whole or '零元'}整"
    tenth = f"{_DIGITS[jiao]}角" if jiao else ""
    # With yuan before and no jiao between, the gap must be closed against an inserted digit.
    gap = "零" if whole and not jiao else ""
    return whole + tenth + gap + (f"{_DIGITS[fen]}分" if fen else "")


def _whole_in_words(yuan: int) -> str:
    words = ""
    for power in (2, 1, 0):
        above, group = divmod(yuan // 10_000**power, 10_000)
        if group:
            # Zeros in front of the group's digits, or a whole group of them before it.
            gap = "零" if words and (group < 1000 or above % 10_000 == 0) else ""
            words += gap + _group_in_words(group) + _GROUPS[power]
    return words


def _group_in_words(group: int) -> str:
    """Four digits; zeros within them are written once, zeros at either end not at all."""
    digits = f"{group:04d}"
    words = "".join(
        "零" if digit == "0" else _DIGITS[int(digit)] + place
        for digit, place in zip(digits, _PLACES, strict=True)
    )
    return re.sub("零+", "零", words).strip("零")

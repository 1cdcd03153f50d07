import re
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mediation.core.money import LARGEST, BadAmount, check_amount, in_words, parse_amount

TYPED = {
    "2800": "2800.00",
    "2,800": "2800.00",
    "2800.5": "2800.50",
    "2800.": "2800.00",
    "２８００．５０": "2800.50",
    "２，８００元": "2800.00",
    "￥2,800.00": "2800.00",
    "¥ 2800": "2800.00",
    " 2 800 元 ": "2800.00",
    "1,234,567.89": "1234567.89",
    "0": "0.00",
    "007": "7.00",
    "0.01": "0.01",
    "10500。5": "10500.50",
    "٣": "3.00",
    "999,999,999,999.99": "999999999999.99",
    "2800.500": "2800.50",
}


@pytest.mark.parametrize(("typed", "amount"), TYPED.items())
def test_typed_amount_is_read(typed, amount):
    assert str(parse_amount(typed)) == amount


DIGITS = "Please write the amount in digits, for example 2800.50."
NEGATIVE = "An amount cannot be negative."
DECIMALS = "An amount has at most two decimals (fen)."
LARGE = "The amount is too large."
REFUSED = {
    "": DIGITS,
    "元": DIGITS,
    ".": DIGITS,
    ".5": DIGITS,
    "1.2.3": DIGITS,
    "2,80": DIGITS,
    "1,0000": DIGITS,
    "12,34,567": DIGITS,
    "NaN": DIGITS,
    "Infinity": DIGITS,
    "-Infinity": DIGITS,
    "1e400": DIGITS,
    "1E5": DIGITS,
    "0x10": DIGITS,
    "1_000": DIGITS,
    "2.8万": DIGITS,
    "两千八": DIGITS,
    "²": DIGITS,
    "$5": DIGITS,
    "5\x00": DIGITS,
    "5\ud800": DIGITS,
    "-5": NEGATIVE,
    "－５": NEGATIVE,
    "−5.50元": NEGATIVE,
    "￥-5": NEGATIVE,
    "-0": NEGATIVE,
    "2800.005": DECIMALS,
    "1000000000000": LARGE,
    "999999999999.991": LARGE,
    "1" + "0" * 400: LARGE,
}


@pytest.mark.parametrize(("typed", "reason"), REFUSED.items(), ids=[ascii(t)[:20] for t in REFUSED])
def test_unusable_amount_is_refused(typed, reason):
    with pytest.raises(BadAmount) as refusal:
        parse_amount(typed)

    assert refusal.value.reason == reason


@pytest.mark.parametrize(
    ("amount", "reason"),
    [
        ("NaN", DIGITS),
        ("sNaN", DIGITS),
        ("Infinity", DIGITS),
        ("-Infinity", DIGITS),
        ("-0.01", NEGATIVE),
        ("0.001", DECIMALS),
        ("1E-400", DECIMALS),
        ("1E+12", LARGE),
        ("1E+400", LARGE),
    ],
)
def test_unusable_number_is_refused(amount, reason):
    with pytest.raises(BadAmount) as refusal:
        check_amount(Decimal(amount))

    assert refusal.value.reason == reason


@pytest.mark.parametrize(
    ("amount", "kept"),
    [("2.8E+3", "2800.00"), ("-0", "0.00"), ("5", "5.00"), ("0.10000", "0.10")],
)
def test_number_is_kept_with_two_places(amount, kept):
    assert str(check_amount(Decimal(amount))) == kept


# The first block is printed in the rules (annex 1 of the Measures for Payment and Settlement).
WORDS = {
    "1409.50": "壹仟肆佰零玖元伍角",
    "6007.14": "陆仟零柒元壹角肆分",
    "1680.32": "壹仟陆佰捌拾元叁角贰分",
    "16409.02": "壹万陆仟肆佰零玖元零贰分",
    "325.04": "叁佰贰拾伍元零肆分",
    # Nothing and parts of one yuan.
    "0": "零元整",
    "0.01": "壹分",
    "0.10": "壹角",
    "0.99": "玖角玖分",
    # One group.
    "1": "壹元整",
    "10": "壹拾元整",
    "11": "壹拾壹元整",
    "100": "壹佰元整",
    "101": "壹佰零壹元整",
    "110": "壹佰壹拾元整",
    "1000": "壹仟元整",
    "1001": "壹仟零壹元整",
    "1010": "壹仟零壹拾元整",
    "1100": "壹仟壹佰元整",
    "2800": "贰仟捌佰元整",
    "2800.50": "贰仟捌佰元伍角",
    "2800.05": "贰仟捌佰元零伍分",
    "9999.99": "玖仟玖佰玖拾玖元玖角玖分",
    # Two groups.
    "10000": "壹万元整",
    "10001": "壹万零壹元整",
    "10010": "壹万零壹拾元整",
    "10500": "壹万零伍佰元整",
    "10500.50": "壹万零伍佰元伍角",
    "11000": "壹万壹仟元整",
    "100000": "壹拾万元整",
    "100001": "壹拾万零壹元整",
    "107000.53": "壹拾万柒仟元伍角叁分",
    "120000.06": "壹拾贰万元零陆分",
    "1000500": "壹佰万零伍佰元整",
    "10203040.50": "壹仟零贰拾万叁仟零肆拾元伍角",
    "10000000": "壹仟万元整",
    # Three groups.
    "100000000": "壹亿元整",
    "100000001": "壹亿零壹元整",
    "100001000": "壹亿零壹仟元整",
    "100010000": "壹亿零壹万元整",
    "110000000": "壹亿壹仟万元整",
    "100500000": "壹亿零伍拾万元整",
    "1000010001": "壹拾亿零壹万零壹元整",
    "100000000000": "壹仟亿元整",
    "999999999999.99": "玖仟玖佰玖拾玖亿玖仟玖佰玖拾玖万玖仟玖佰玖拾玖元玖角玖分",
}


@pytest.mark.parametrize(("amount", "words"), WORDS.items())
def test_amount_is_written_in_capital_numerals(amount, words):
    assert in_words(Decimal(amount)) == words


PLACES = {"仟": 1000, "佰": 100, "拾": 10, "": 1}
GROUP = re.compile("零?([壹贰叁肆伍陆柒捌玖])([仟佰拾]?)")
PARTS = re.compile("(?:(.+)亿)?(?:(.+)万)?([^元]*)元")


def read(words):
    """The value of capital numerals, by rules of their own: cut at the units, add up the parts."""
    yuan = PARTS.match(words)
    groups = yuan.groups(default="") if yuan else ()
    cents = words[yuan.end() :] if yuan else words
    whole = sum(
        "零壹贰叁肆伍陆柒捌玖".index(digit) * PLACES[place] * 10_000 ** (2 - i)
        for i, group in enumerate(groups)
        for digit, place in GROUP.findall(group)
    )
    parts = {unit: "零壹贰叁肆伍陆柒捌玖".index(d) for d, unit in re.findall("(.)([角分])", cents)}
    return whole + Decimal(10 * parts.get("角", 0) + parts.get("分", 0)) / 100


@given(st.decimals(min_value=0, max_value=LARGEST, places=2))
def test_words_say_the_amount(amount):
    words = in_words(amount)

    assert (read(words), "零零" in words, words.startswith("零") and amount != 0) == (
        amount,
        False,
        False,
    )


def test_words_refuse_what_is_no_amount():
    with pytest.raises(BadAmount):
        in_words(Decimal("0.005"))

import sqlite3
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mediation.core.text import (
    BadText,
    ascii_digits,
    bigrams,
    chinese_signs,
    clean,
    clean_name,
    search_key,
)

BROKEN = "The text contains a broken character. Please type it again."
CONTROLS = "The text contains control characters. Please type it again."
STORABLE = st.text(st.characters(exclude_categories=["Cs", "Cc", "Cn"]))

# The promised characters: each must be kept as it is, in a name and in a text.
KEPT = {
    "Ext A": "㛃",
    "Ext B": "𠅤",
    "Ext C": "𫚭",
    "Ext G": "𱍊",
    "Ext I, GB 18030-2022 amendment 1": "\U0002ebf0",
    "private use": "\ue863",
    "private use, plane 15": "\U000f0001",
    "middle dot": "买买提·艾山",
    "28 characters, Uyghur in Chinese": "阿卜杜热合曼·阿卜杜热西提·麦麦提依明·吐尔逊古丽阿吉汗",
    "Uyghur script": "ئابدۇراخمان ئابدۇرېشىت ئوغلى",
    "28 characters, Tibetan": "བཀྲ་ཤིས་དོན་གྲུབ་ཚེ་རིང་ལྷག",
    "variation sequence": "葛\U000e0100城",
    "50 characters": "测" * 50,
    "100 characters": "测" * 100,
    "composed letter": "\u00e9tienne",
    "circle": "〇",
}


@pytest.mark.parametrize("name", KEPT.values(), ids=KEPT)
def test_rare_names_are_kept(name):
    assert (clean_name(name), clean(name)) == (name, name)


@pytest.mark.parametrize("name", KEPT.values(), ids=KEPT)
def test_rare_names_survive_gb18030_and_a_database(name):
    stored = sqlite3.connect(":memory:").execute("select ?", [name]).fetchone()[0]

    assert (name.encode("gb18030").decode("gb18030"), stored) == (name, name)


CLEANED = {
    "decomposed": ("e\u0301tienne", "\u00e9tienne"),
    "ideographic spaces at the ends": ("\u3000王测\u3000", "王测"),
    "byte order mark": ("\ufeff甲", "甲"),
    "right-to-left override": ("甲\u202e乙", "甲乙"),
    "line break on one line": ("甲\r\n乙\t丙", "甲 乙 丙"),
    "family of five code points": ("👨\u200d👩\u200d👧", "👨👩👧"),
    "nothing": (" \n ", ""),
}


@pytest.mark.parametrize(("typed", "stored"), CLEANED.values(), ids=CLEANED)
def test_text_is_stored_in_one_form(typed, stored):
    assert clean(typed) == stored


def test_lines_and_tabs_stay_in_long_text():
    assert clean(" 甲\r\n乙\r丙\u2028丁\t戊\n", multiline=True) == "甲\n乙\n丙\n丁\t戊"


def test_joined_emoji_stay_joined_in_long_text():
    assert clean("👨\u200d👩\u200d👧", multiline=True) == "👨\u200d👩\u200d👧"


REFUSED = {
    "NUL": ("a\x00b", CONTROLS),
    "backspace": ("a\x08b", CONTROLS),
    "vertical tab": ("a\x0bb", CONTROLS),
    "escape": ("\x1b[31m", CONTROLS),
    "delete": ("a\x7f", CONTROLS),
    "C1": ("a\x9b", CONTROLS),
    "noncharacter": ("a\uffff", CONTROLS),
    "noncharacter, plane 2": ("a\U0002fffe", CONTROLS),
    "high surrogate": ("a\ud800", BROKEN),
    "low surrogate": ("\udfff", BROKEN),
}


@pytest.mark.parametrize("multiline", [False, True])
@pytest.mark.parametrize(("typed", "reason"), REFUSED.values(), ids=REFUSED)
def test_unstorable_text_is_refused(typed, reason, multiline):
    with pytest.raises(BadText) as refusal:
        clean(typed, multiline=multiline)

    assert refusal.value.reason == reason


NAMES = {
    "right-to-left override": ("王\u202e测", "王测"),
    "isolates": ("\u2066王\u2067测\u2068甲\u2069", "王测甲"),
    "embeddings and marks": ("\u202a王\u200e测\u200f\u202c\u061c", "王测"),
    "zero-width": ("王\u200b\u200c\u200d\ufeff\u2060测\u00ad", "王测"),
    "spaces": (" 王 \u3000 测\u00a0甲 ", "王 测 甲"),
    "katakana dot": ("买买提・艾山", "买买提·艾山"),
    "bullet": ("买买提•艾山", "买买提·艾山"),
    "hyphenation point": ("买买提‧艾山", "买买提·艾山"),
    "Greek dot, by NFC": ("买买提\u0387艾山", "买买提·艾山"),
    "100 after cleaning": ("测" * 100 + "\u200b", "测" * 100),
}


@pytest.mark.parametrize(("typed", "stored"), NAMES.values(), ids=NAMES)
def test_name_is_freed_of_what_nobody_sees(typed, stored):
    assert clean_name(typed) == stored


@pytest.mark.parametrize(
    ("typed", "reason"),
    [
        ("", "Please give a name."),
        (" \u3000", "Please give a name."),
        ("\u202e\u200b", "Please give a name."),
        ("测" * 101, "A name has at most 100 characters."),
        ("王\x00", CONTROLS),
        ("王\ud800", BROKEN),
    ],
    ids=["empty", "blank", "invisible", "101 characters", "NUL", "surrogate"],
)
def test_unusable_name_is_refused(typed, reason):
    with pytest.raises(BadText) as refusal:
        clean_name(typed)

    assert refusal.value.reason == reason


@given(STORABLE)
def test_cleaning_twice_changes_nothing(text):
    once = clean(text, multiline=True)

    assert clean(once, multiline=True) == once == unicodedata.normalize("NFC", once)


SAME = {
    "width": ("ＡＢＣ１２３", "abc123"),
    "case": ("Straße", "STRASSE"),
    "composition": ("e\u0301", "\u00c9"),
    "compatibility ideograph": ("\uf9f4", "林"),
    "variation": ("葛\U000e0100", "葛"),
    "invisible": ("王\u200b测", "王测"),
}


@pytest.mark.parametrize(("one", "other"), SAME.values(), ids=SAME)
def test_spellings_of_one_word_share_a_search_key(one, other):
    assert search_key(one) == search_key(other)


@given(STORABLE)
def test_search_key_is_its_own_search_key(text):
    assert search_key(search_key(text)) == search_key(text)


@pytest.mark.parametrize(
    ("typed", "ascii_form"),
    [
        ("１１０１", "1101"),
        ("٣٤", "34"),
        ("༣", "3"),
        ("Ｘ2²一", "Ｘ2²一"),
        ("", ""),
    ],
    ids=["full width", "Arabic", "Tibetan", "others stay", "empty"],
)
def test_digits_become_ascii(typed, ascii_form):
    assert ascii_digits(typed) == ascii_form


TOKENS = {
    "pairs and the last alone": ("宅基地", ["宅基", "基地", "地"]),
    "one character": ("喆", ["喆"]),
    "runs end at punctuation": ("王测，李测", ["王测", "测", "李测", "测"]),
    "middle dot separates": ("买买提·艾山", ["买买", "买提", "提", "艾山", "山"]),
    "words stay whole": ("Room A栋 302", ["room", "a", "栋", "302"]),
    "full-width digits": ("１２号", ["12", "号"]),
    "case number": ("〔2026〕00012号", ["2026", "00012", "号"]),
    "Ext I and private use are ideographs": ("\U0002ebf0\ue863", ["\U0002ebf0\ue863", "\ue863"]),
    "Tibetan syllables": ("བཀྲ་ཤིས", ["བཀྲ", "ཤིས"]),
    "Uyghur words": ("ئابدۇ رېشىت", ["ئابدۇ", "رېشىت"]),
    "underscore and emoji separate": ("a_b👍甲", ["a", "b", "甲"]),
    "nothing": (" ，。", []),
}


@pytest.mark.parametrize(("text", "tokens"), TOKENS.values(), ids=TOKENS)
def test_text_is_cut_into_tokens(text, tokens):
    assert bigrams(text) == tokens


def test_ten_megabytes_are_no_trap():
    assert len(clean("测\n" * 2_000_000, multiline=True)) == 3_999_999


@pytest.mark.parametrize(
    ("spelt", "printed"),
    [
        (
            "红色(10分)。主要因素:报警(+5)、冲突(+6)。",
            "红色（10分）。主要因素：报警（+5）、冲突（+6）。",
        ),
        ("纯属巧合的话,本辖区平均约9年", "纯属巧合的话，本辖区平均约9年"),
        ("赔偿1,200元，08:30前", "赔偿1,200元，08:30前"),
        ("", ""),
    ],
)
def test_chinese_signs_stand_in_chinese_text_alone(spelt, printed):
    assert chinese_signs(spelt) == printed

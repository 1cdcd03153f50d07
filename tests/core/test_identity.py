import json
import os
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mediation.core.identity import (
    BadPhone,
    CodeCheck,
    IdCheck,
    age_on,
    check_credit_code,
    check_id,
    normalise_phone,
)

TODAY = date(2026, 10, 1)
WEIGHTS = [2 ** (17 - i) % 11 for i in range(17)]
VECTORS = Path(
    os.environ.get("ID_VECTORS") or Path(__file__).parents[1] / "vectors" / "id_numbers.json"
)


def complete(body: str) -> str:
    """The check character by the formula of GB 11643 (ISO 7064, MOD 11-2), not by our table."""
    rest = (12 - sum(int(d) * w for d, w in zip(body, WEIGHTS, strict=True)) % 11) % 11
    return body + "0123456789X"[rest]


@pytest.mark.parametrize("vector", json.loads(VECTORS.read_text()), ids=lambda v: v["id"])
def test_check_answers_every_vector(vector):
    check = check_id(vector["number"], today=TODAY, allow_demo=True)

    assert (check.valid, check.sex, check.birth and check.birth.isoformat()) == (
        vector["valid"],
        vector["sex"],
        vector["birth"],
    )


def test_valid_number_tells_sex_birth_and_age():
    check = check_id(" 11010519491231002x ", today=date(2026, 12, 30))

    assert check == IdCheck(
        valid=True, number="11010519491231002X", sex="F", birth=date(1949, 12, 31), age=76
    )


def test_wide_characters_are_stored_narrow():
    check = check_id("４３９９９９１９７２０３０５０１９ｘ", today=TODAY, allow_demo=True)

    assert (check.valid, check.number) == (True, "43999919720305019X")


def test_person_above_120_is_valid_with_a_warning():
    check = check_id("440524188001010014", today=TODAY)

    assert (check.valid, check.age, check.warnings) == (
        True,
        146,
        ("By this ID number the person is older than 120 years.",),
    )


def test_person_of_120_gives_no_warning():
    check = check_id(complete("43999919061001001"), today=TODAY, allow_demo=True)

    assert (check.valid, check.age, check.warnings) == (True, 120, ())


def test_old_number_is_answered_in_its_present_form():
    check = check_id("110105491231002", today=TODAY)

    assert check == IdCheck(
        valid=True,
        number="11010519491231002X",
        sex="F",
        birth=date(1949, 12, 31),
        age=76,
        warnings=("This is an old number of 15 digits; please see the present card.",),
    )


REFUSED = {
    "empty": ("", "An ID number has 18 characters (old numbers: 15)."),
    "17 characters": ("43999919850612001", "An ID number has 18 characters (old numbers: 15)."),
    "letter I": ("4399991985061200I4", "An ID number has 17 digits and a last digit or X."),
    "X inside": ("43999919850612X014", "An ID number has 17 digits and a last digit or X."),
    "superscript": ("43999919850612001²", "An ID number has 17 digits and a last digit or X."),
    "lone surrogate": (
        "43999919850612001\ud800",
        "An ID number has 17 digits and a last digit or X.",
    ),
    "area 000000": (
        "000000198506120015",
        "The area code at the start of this ID number is not assigned.",
    ),
    "province 16": (
        complete("16010119850612001"),
        "The area code at the start of this ID number is not assigned.",
    ),
    "province 84": (
        complete("84000019850612001"),
        "The area code at the start of this ID number is not assigned.",
    ),
    "30 February": (
        complete("43999919850230001"),
        "The birth date in this ID number does not exist.",
    ),
    "29 February 1900": (
        complete("43999919000229001"),
        "The birth date in this ID number does not exist.",
    ),
    "year 0000": (
        complete("43999900000101001"),
        "The birth date in this ID number does not exist.",
    ),
    "future": ("439999203001010016", "The birth date in this ID number is in the future."),
    "old form, month 13": (
        "439999851301001",
        "The birth date in this ID number does not exist.",
    ),
    "check digit": (
        "110105194912310020",
        "The last character does not fit: one of the digits is wrong.",
    ),
}


@pytest.mark.parametrize(("number", "reason"), REFUSED.values(), ids=REFUSED)
def test_invalid_number_is_explained_and_tells_nothing_else(number, reason):
    check = check_id(number, today=TODAY, allow_demo=True)

    assert check == IdCheck(valid=False, number=number, reason=reason)


def test_demonstration_number_is_refused_outside_the_demonstration():
    check = check_id("439999198506120014", today=TODAY)

    assert check == IdCheck(
        valid=False,
        number="439999198506120014",
        reason="This ID number is a demonstration number and belongs to nobody.",
    )


@pytest.mark.parametrize(
    "area", ["810000", "820000", "830000", "931840", "911156"], ids=lambda a: f"{a[:2]}…"
)
def test_permits_of_residents_from_elsewhere_are_valid(area):
    check = check_id(complete(f"{area}19850612001"), today=TODAY)

    assert (check.valid, check.sex, check.birth) == (True, "M", date(1985, 6, 12))


def test_birth_today_is_valid():
    check = check_id(complete("43999920261001001"), today=TODAY, allow_demo=True)

    assert (check.valid, check.age) == (True, 0)


def test_refusal_does_not_tell_the_number():
    check = check_id("110105194912310020", today=TODAY)

    assert "19491231" not in repr(check)


@given(st.integers(0, 17), st.integers(1, 9))
def test_one_wrong_digit_is_always_found(position, shift):
    number = "110101199003070070"
    number = complete(number[:17])
    digits = "0123456789X"
    wrong = digits[(digits.index(number[position]) + shift) % (11 if position == 17 else 10)]

    check = check_id(number[:position] + wrong + number[position + 1 :], today=TODAY)

    assert not check.valid


@given(st.text(max_size=20))
def test_any_text_is_answered(text):
    assert check_id(text, today=TODAY).valid is False


AGES = {
    "I23, the day before": (date(2026, 5, 19), date(2008, 5, 20), 17),
    "I23, adult on the birthday (Civil Code 17)": (date(2026, 5, 20), date(2008, 5, 20), 18),
    "I13, 14 on the birthday (PIPL 31)": (date(2026, 7, 18), date(2012, 7, 18), 14),
    "8 on the birthday (Civil Code 19)": (date(2026, 1, 1), date(2018, 1, 1), 8),
    "29 February, common year, 28 February": (date(2026, 2, 28), date(2008, 2, 29), 17),
    "29 February, common year, 1 March": (date(2026, 3, 1), date(2008, 2, 29), 18),
}


@pytest.mark.parametrize(("day", "birth", "age"), AGES.values(), ids=AGES)
def test_age_is_reached_on_the_birthday(day, birth, age):
    assert age_on(day, birth=birth) == age


@pytest.mark.parametrize(
    "code", ["91350100M000100Y43", "91439999MA0TEK0015", "92439999MA0TEK0025", "11439999MB0TEK003M"]
)
def test_credit_code_is_valid(code):
    assert check_credit_code(code) == CodeCheck(valid=True, code=code)


def test_credit_code_is_stored_narrow_and_upper_case():
    check = check_credit_code(" ９1350100ｍ000100y43 ")

    assert check == CodeCheck(valid=True, code="91350100M000100Y43")


FORM = "A unified social credit code has 18 digits and letters, without I, O, S, V and Z."
CHECK = "The check character does not fit: one of the characters is wrong."


@pytest.mark.parametrize(
    ("code", "reason"),
    [
        ("", FORM),
        ("91350100M000100Y4", FORM),
        ("91350100M000100I43", FORM),
        ("9135O100M000100Y43", FORM),
        ("91350100M000100Y4Z", FORM),
        ("91350100M000100Y44", CHECK),
        ("91350100M000010Y43", CHECK),
    ],
)
def test_invalid_credit_code_is_explained(code, reason):
    assert check_credit_code(code) == CodeCheck(valid=False, code=code, reason=reason)


PHONES = {
    "mobile": ("13900000001", "13900000001"),
    "mobile with spaces": (" 139 0000 0001 ", "13900000001"),
    "mobile, full width": ("１３９００００００01", "13900000001"),
    "+86": ("+8613900000001", "13900000001"),
    "+86 full width": ("＋86 139-0000-0001", "13900000001"),
    "0086": ("008613900000001", "13900000001"),
    "86 alone": ("8613900000001", "13900000001"),
    "199": ("19900000001", "19900000001"),
    "landline with hyphen": ("0737-4222222", "0737-4222222"),
    "landline": ("07374222222", "0737-4222222"),
    "landline in brackets": ("（0737）4222222", "0737-4222222"),
    "landline, three-digit city": ("010-60000001", "010-60000001"),
    "landline, eight digits": ("073160000001", "0731-60000001"),
    "landline from abroad": ("+86 737 4222222", "0737-4222222"),
    "landline from abroad, Beijing": ("+86 10 60000001", "010-60000001"),
    "landline from abroad, zero kept": ("+86 0737 4222222", "0737-4222222"),
    "nothing": ("", ""),
    "spaces": ("  ", ""),
}


@pytest.mark.parametrize(("typed", "stored"), PHONES.values(), ids=PHONES)
def test_phone_is_normalised(typed, stored):
    assert normalise_phone(typed) == stored


@pytest.mark.parametrize("stored", ["13900000001", "0737-4222222", ""])
def test_normalising_twice_changes_nothing(stored):
    assert normalise_phone(normalise_phone(stored)) == stored


SERVICE = "This is a service number, not the phone of a person."
NO_PHONE = "A mobile number has 11 digits; a landline has an area code and 7 or 8 digits."
BAD_PHONES = {
    "12800000001": NO_PHONE,
    "1390000000": NO_PHONE,
    "139000000011": NO_PHONE,
    "013900000001": NO_PHONE,
    "0737-1222222": NO_PHONE,
    "0737-422222": NO_PHONE,
    "none": NO_PHONE,
    "1390000000\ud800": NO_PHONE,
    "+86": NO_PHONE,
    "4222222": "Please write the area code before the landline number.",
    "+852 91234567": "Please give a phone number of the Chinese mainland.",
    "110": SERVICE,
    "120": SERVICE,
    "12345": SERVICE,
    "12348": SERVICE,
    "12123": SERVICE,
    "10086": SERVICE,
    "95588": SERVICE,
    "400-000-0001": SERVICE,
    "+86 400 000 0001": SERVICE,
    "8000000001": SERVICE,
}


@pytest.mark.parametrize(("typed", "reason"), BAD_PHONES.items(), ids=map(ascii, BAD_PHONES))
def test_unusable_phone_is_refused(typed, reason):
    with pytest.raises(BadPhone) as refusal:
        normalise_phone(typed)

    assert refusal.value.reason == reason

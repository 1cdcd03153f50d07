"""Numbers that name a person or an organisation, checked by their own arithmetic. Plain Python.

Sources: GB 11643-1999 (citizen number), GB/T 2260 (area codes), GB 32100-2015 (unified social
credit code). A valid number has the right form; it does not prove that its owner exists.
"""

import re
from dataclasses import dataclass, field
from datetime import date

from mediation.core.text import BadText, ascii_digits, gettext_noop

# First two digits of GB/T 2260. 83 stands on residence permits of Taiwan residents, which use
# 81, 82 and 83; 91-99 open the numbers of foreign permanent residents.
_PROVINCE = re.compile("1[1-5]|2[1-3]|3[1-7]|4[1-6]|5[0-4]|6[1-5]|71|8[1-3]")
_FOREIGNER = "9"
# A county code that was never assigned: no living person can own a number that starts with it.
DEMO_AREA = "439999"

_ID_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_ID_CHECKS = "10X98765432"
_WIDE_X = str.maketrans("Ｘｘ", "XX")
_OLDEST = 120
ADULT = 18  # Civil Code art. 17
WORKING_MINOR = 16  # Civil Code art. 18(2)

_CREDIT_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_CREDIT_WEIGHTS = (1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28)
_CREDIT_FORM = re.compile(f"[{_CREDIT_ALPHABET}]{{2}}[0-9]{{6}}[{_CREDIT_ALPHABET}]{{10}}")
_WIDE_LETTERS = {0xFF21 + i: chr(65 + i) for i in range(26)} | {
    0xFF41 + i: chr(65 + i) for i in range(26)
}

_MOBILE = re.compile(r"1[3-9][0-9]{9}")
# 010 and 02x are cities of three digits; every other area code has four.
_LANDLINE = re.compile(r"(010|02[0-9]|0[3-9][0-9]{2})([2-8][0-9]{6,7})")
_SERVICE = re.compile(
    r"1[0-2][0-9]|12[0-9]{3}|100[0-9]{2}|9[56][0-9]{3,6}|(?:400|800)[0-9]{7}|(?:400|800)"
)
_PHONE_NOISE = re.compile(r"[\s()（）.\-‐-―－]")


@dataclass(frozen=True, slots=True)
class IdCheck:
    """``number`` as it is stored. ``reason`` and ``warnings`` are msgids; ``sex`` is M or F."""

    valid: bool
    number: str = field(repr=False)  # a failing assertion or a log line must not tell it
    sex: str | None = None
    birth: date | None = field(default=None, repr=False)
    age: int | None = None
    reason: str = ""
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class CodeCheck:
    """``code`` as it is stored; ``reason`` is a msgid."""

    valid: bool
    code: str
    reason: str = ""


class BadPhone(BadText):
    """Not a number on which a person can be reached."""


def check_id(number: str, *, today: date, allow_demo: bool = False) -> IdCheck:
    """Check the number of a citizen, a residence permit (81, 82, 83) or a foreign resident (9).

    An old number of 15 digits is answered in its form of 18. Nothing but a valid number yields
    sex, birth and age. The right check digit is never told: it would help to invent a number.
    """
    typed = _typed_id(number)
    modern = _with_century(typed)
    reason = _form_fault(modern) or _area_fault(modern, allow_demo=allow_demo)
    birth = None if reason else _birth(modern)
    reason = reason or _birth_fault(birth, today) or _checksum_fault(modern)
    if reason or birth is None:
        return IdCheck(valid=False, number=typed, reason=reason)
    age = age_on(today, birth=birth)
    sex = "M" if int(modern[16]) % 2 else "F"
    warnings = tuple(_warnings(age, is_old_form=modern != typed))
    return IdCheck(valid=True, number=modern, sex=sex, birth=birth, age=age, warnings=warnings)


def age_on(day: date, *, birth: date) -> int:
    """Full years on ``day``; a year is reached on the birthday itself (Civil Code, arts. 17-20)."""
    return day.year - birth.year - ((day.month, day.day) < (birth.month, birth.day))


def check_credit_code(code: str) -> CodeCheck:
    """Check a unified social credit code (GB 32100-2015)."""
    code = "".join(ascii_digits(code).translate(_WIDE_LETTERS).upper().split())
    if not _CREDIT_FORM.fullmatch(code):
        reason = gettext_noop(
            "A unified social credit code has 18 digits and letters, without I, O, S, V and Z."
        )
        return CodeCheck(valid=False, code=code, reason=reason)
    if _CREDIT_ALPHABET.index(code[17]) != -_credit_total(code[:17]) % 31:
        reason = gettext_noop("The check character does not fit: one of the characters is wrong.")
        return CodeCheck(valid=False, code=code, reason=reason)
    return CodeCheck(valid=True, code=code)


def demo_number(birth: date, serial: int) -> str:
    """A number of the unassigned area: right in every digit, owned by nobody."""
    body = f"{DEMO_AREA}{birth:%Y%m%d}{serial:03d}"
    return body + _id_check_digit(body)


def demo_credit_code(serial: int) -> str:
    """The code of a company that does not exist, seated in the unassigned area."""
    body = f"91{DEMO_AREA}MA0T{serial:05d}"
    return body + _CREDIT_ALPHABET[-_credit_total(body) % 31]


def normalise_phone(text: str) -> str:
    """Return ``13900000001`` or ``0737-4222222``. Nothing stays nothing. Raises ``BadPhone``."""
    digits = _PHONE_NOISE.sub("", ascii_digits(text).replace("＋", "+"))
    digits = _without_country(digits)
    if not digits or _MOBILE.fullmatch(digits):
        return digits
    if landline := _LANDLINE.fullmatch(digits):
        return "-".join(landline.groups())
    raise BadPhone(_phone_fault(digits))


def _typed_id(number: str) -> str:
    return "".join(ascii_digits(number).translate(_WIDE_X).upper().split())


def _with_century(number: str) -> str:
    """The form of 18 of an old number of 15 digits, which wrote years of the 1900s with two."""
    if not re.fullmatch(r"[0-9]{15}", number):
        return number
    body = f"{number[:6]}19{number[6:]}"
    return body + _id_check_digit(body)


def _id_check_digit(body: str) -> str:
    total = sum(int(d) * w for d, w in zip(body, _ID_WEIGHTS, strict=True))
    return _ID_CHECKS[total % 11]


def _credit_total(body: str) -> int:
    values = (_CREDIT_ALPHABET.index(c) for c in body)
    return sum(v * w for v, w in zip(values, _CREDIT_WEIGHTS, strict=True))


def _form_fault(number: str) -> str:
    if re.fullmatch(r"[0-9]{17}[0-9X]", number):
        return ""
    if len(number) != 18:
        return gettext_noop("An ID number has 18 characters (old numbers: 15).")
    return gettext_noop("An ID number has 17 digits and a last digit or X.")


def _area_fault(number: str, *, allow_demo: bool) -> str:
    if number.startswith(DEMO_AREA) and not allow_demo:
        return gettext_noop("This ID number is a demonstration number and belongs to nobody.")
    if number[0] == _FOREIGNER or _PROVINCE.match(number):
        return ""
    return gettext_noop("The area code at the start of this ID number is not assigned.")


def _birth(number: str) -> date | None:
    try:
        return date(int(number[6:10]), int(number[10:12]), int(number[12:14]))
    except ValueError:
        return None


def _birth_fault(birth: date | None, today: date) -> str:
    if birth is None:
        return gettext_noop("The birth date in this ID number does not exist.")
    if birth > today:
        return gettext_noop("The birth date in this ID number is in the future.")
    return ""


def _checksum_fault(number: str) -> str:
    if number[17] == _id_check_digit(number[:17]):
        return ""
    return gettext_noop("The last character does not fit: one of the digits is wrong.")


def _warnings(age: int, *, is_old_form: bool) -> list[str]:
    found = []
    if age > _OLDEST:
        found.append(gettext_noop("By this ID number the person is older than 120 years."))
    if is_old_form:
        found.append(
            gettext_noop("This is an old number of 15 digits; please see the present card.")
        )
    return found


def _without_country(digits: str) -> str:
    """Drop +86 and give a landline back the zero that callers from abroad leave out."""
    bare = re.sub(r"^(?:\+|00)86|^86(?=1[3-9][0-9]{9}$)", "", digits)
    if bare == digits or bare.startswith(("0", "400", "800")) or _MOBILE.fullmatch(bare):
        return bare
    return f"0{bare}"


def _phone_fault(digits: str) -> str:
    if _SERVICE.fullmatch(digits):
        return gettext_noop("This is a service number, not the phone of a person.")
    if re.fullmatch(r"[2-8][0-9]{6,7}", digits):
        return gettext_noop("Please write the area code before the landline number.")
    if digits.startswith(("+", "00")):
        return gettext_noop("Please give a phone number of the Chinese mainland.")
    return gettext_noop(
        "A mobile number has 11 digits; a landline has an area code and 7 or 8 digits."
    )

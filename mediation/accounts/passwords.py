"""What a password must be. Two profiles, because the standards disagree.

``gov`` asks for several kinds of characters (GB/T 22239-2019, 8.1.4.1 a); ``asvs`` asks for length
alone (OWASP ASVS 5.0, 6.2.5). Both refuse common passwords and the words of the place.
"""

import re
import unicodedata
from datetime import datetime, timedelta
from functools import partial

from django.conf import settings
from django.contrib.auth.hashers import check_password
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from mediation.accounts.models import Duty, FormerPassword, Person
from mediation.areas.models import Area, ancestor_codes
from mediation.core.text import search_key

KINDS = 3
FORMER_KEPT = 4
"""With the present one these are the last five."""

PRODUCT = ("fengqiao", "枫桥")
SHORTEST_WORD, SHORTEST_HAN_WORD = 4, 2
"""Shorter words stand in too many good passwords by chance."""

LEVEL_ENDINGS = re.compile("(街道|社区|居委会|村委会|网格|省|市|区|县|镇|乡|村)$")


class KindsValidator:
    """Three of four: capital letters, small letters, digits, other characters."""

    def validate(self, password: str, user: Person | None = None) -> None:  # noqa: ARG002 -- Django's signature
        if len({kind_of(character) for character in password}) < KINDS:
            raise ValidationError(self.get_help_text(), code="password_kinds")

    def get_help_text(self) -> str:
        return _(
            "Use at least three of these: capital letters, small letters or Chinese characters, "
            "digits, signs."
        )


class PlaceWordsValidator:
    """No own name, user name, office phone, area of duty, or name of the product (ASVS 6.2.11)."""

    def validate(self, password: str, user: Person | None = None) -> None:
        key = search_key(password)
        if any(word in key for word in words_of(user)):
            raise ValidationError(
                _("This password holds your name or that of your place. Others guess that first."),
                code="password_of_the_place",
            )

    def get_help_text(self) -> str:
        return _("Not your name, user name or phone, and not the name of your district or unit.")


# What Chinese password lists are made of, beside the Western ones that Django knows: love in digits and
# pinyin, rows of keys, runs, days of birth, mobile numbers (Wang et al., USENIX Security 2019).
HABITS = (
    *(
        "woaini",
        "aini",
        "woai",
        "iloveyou",
        "ilove",
        "love",
        "baobei",
        "baobao",
        "laopo",
        "laogong",
    ),
    *(
        "wo",
        "ni",
        "ai",
        "aa",
        "qq",
        "mima",
        "taobao",
        "weixin",
        "nihao",
        "china",
        "zhongguo",
        "huawei",
    ),
    *("admin", "root", "user", "guest", "test", "pass", "password", "passw0rd", "p@ssw0rd"),
    *("5201314", "5211314", "1314520", "1314", "520", "521", "7758521", "7758258"),
    *("147258369", "147258", "258369", "159357", "987654321", "87654321", "654321", "321"),
    *("qwertyuiop", "qwerty", "qwer", "qwe", "asdfghjkl", "asdfgh", "asdf", "asd"),
    *("zxcvbnm", "zxcvbn", "zxcv", "zxc", "qazwsx", "1qaz", "2wsx", "3edc", "1q2w3e4r", "q1w2e3r4"),
    *("abcdefg", "abcdef", "abcd", "abc"),
    *("1234567890"[:end] for end in range(3, 11)),
)
HABITUAL = tuple(
    re.compile(pattern)
    for pattern in (
        r"(?:19|20)\d\d[-./]?(?:0[1-9]|1[0-2])[-./]?(?:0[1-9]|[12]\d|3[01])",  # a day of birth
        r"1[3-9]\d{9}",  # a mobile number
        r"(.)\1{2,}",
        r"(?<![a-z])[a-z](?![a-z])",  # one letter before or after a run
        r"[!@#$%^&*._+=~?-]",
    )
)


def is_habitual(password: str) -> bool:
    """Whether all of it is pieces that many people take, in any order."""
    text = password.lower()
    reached = {0}
    for start in range(len(text)):
        if start in reached:
            reached |= {start + len(word) for word in HABITS if text.startswith(word, start)}
            found = (pattern.match(text, start) for pattern in HABITUAL)
            reached |= {piece.end() for piece in found if piece}
    return len(text) in reached


class HabitsValidator:
    """Not put together from what many people take: 5201314, woaini, qwe123, a birthday, a mobile number."""

    def validate(self, password: str, user: Person | None = None) -> None:  # noqa: ARG002 -- Django's signature
        if is_habitual(password):
            raise ValidationError(
                _(
                    "This password is put together from what many people take. Others try that first."
                ),
                code="password_habit",
            )

    def get_help_text(self) -> str:
        return _("Not a day of birth, a mobile number, or runs such as 5201314 and qwe123.")


class FormerValidator:
    """None of the last five, the present one with them."""

    def validate(self, password: str, user: Person | None = None) -> None:
        if user is not None and user.pk and any(map(partial(check_password, password), _had(user))):
            raise ValidationError(
                _("You had this password before. Please think of a new one."),
                code="password_had_before",
            )

    def get_help_text(self) -> str:
        return _("Not one of your last five passwords.")


def _had(person: Person) -> list[str]:
    former = FormerPassword.objects.filter(person_id=person.pk).order_by("-pk")
    return [person.password, *former.values_list("encoded", flat=True)[:FORMER_KEPT]]


def is_due(person: Person, *, now: datetime) -> bool:
    """Whether the password is older than ``PASSWORD_DAYS`` (GB/T 22239-2019, 8.1.4.1 a). 0: never."""
    if not settings.PASSWORD_DAYS:
        return False
    since = person.password_since or person.date_joined
    return now - since >= timedelta(days=settings.PASSWORD_DAYS)


def kind_of(character: str) -> str:
    """Letters that have no capitals, as Chinese characters, count with the small ones."""
    category = unicodedata.category(character)
    if category in {"Lu", "Lt"}:
        return "capital"
    if category.startswith("L"):
        return "small"
    return "digit" if category.startswith("N") else "sign"


def words_of(person: Person | None) -> set[str]:
    """What others would guess first, as search keys: two statements."""
    words = {*PRODUCT}
    if person is not None:
        words |= {person.username, person.name, person.phone}
        if person.pk:
            words |= _places(person.pk)
    keys = {search_key(word) for word in words}
    return {key for key in keys if len(key) >= _least(key)}


def _least(key: str) -> int:
    return SHORTEST_WORD if key.isascii() else SHORTEST_HAN_WORD


def _places(person_id: int) -> set[str]:
    """The areas of his duties and all above them, with and without their level: 资阳区 and 资阳."""
    codes = Duty.objects.filter(person_id=person_id).values_list("area__code", flat=True)
    above = {code for own in codes for code in (own, *ancestor_codes(own))}
    names = set(Area.objects.filter(code__in=above).values_list("name", flat=True))
    return names | {LEVEL_ENDINGS.sub("", name) for name in names}

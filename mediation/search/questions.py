"""What somebody typed into the one box: a number that names a person, a code, or words."""

import re
from dataclasses import dataclass
from enum import StrEnum

from mediation.core import identity, masking
from mediation.core.text import BadText, ascii_digits
from mediation.disputes.models import Party
from mediation.disputes.numbers import ALPHABET, normalise_code
from mediation.search import tokens
from mediation.search.models import Lookup

LONGEST = 80
_ID = re.compile(r"[0-9]{17}[0-9X]|[0-9]{15}")
_PHONE = re.compile(r"1[3-9][0-9]{9}|0[0-9]{2,3}-[0-9]{7,8}")
_CODE = re.compile(f"[{ALPHABET}]{{4}}-[{ALPHABET}]{{4}}")


class Kind(StrEnum):
    ID_NUMBER = Lookup.What.ID_NUMBER.value
    PHONE = Lookup.What.PHONE.value
    WORDS = "words"


@dataclass(frozen=True, slots=True)
class Asked:
    """A question as it is understood. ``indexes``: the keyed hashes an identifier may have."""

    text: str
    kind: Kind
    indexes: tuple[str, ...] = ()
    code: str = ""
    words: tuple[tokens.Word, ...] = ()

    @property
    def is_personal(self) -> bool:
        """Whether it names one person: such a question is recorded, and stands in no address."""
        return self.kind != Kind.WORDS

    @property
    def shown(self) -> str:
        """What may stand on a page that others may glance at."""
        if self.kind == Kind.ID_NUMBER:
            return masking.mask_id_tail(self.text)
        return masking.mask_phone(self.text) if self.kind == Kind.PHONE else self.text


def understand(typed: str) -> Asked:
    """Read what was typed. Whatever is no identifier is looked for as words."""
    text = " ".join(typed.replace("\x00", "").split())[:LONGEST]
    plain = re.sub(r"[\s]", "", ascii_digits(text)).upper().replace("\uff38", "X")
    if _ID.fullmatch(plain):
        return Asked(plain, Kind.ID_NUMBER, tuple(Party.id_number.indexes_of(plain)))
    if phone := _phone(plain):
        return Asked(phone, Kind.PHONE, tuple(Party.phone.indexes_of(phone)))
    code = normalise_code(text)
    return Asked(
        text,
        Kind.WORDS,
        code=code if _CODE.fullmatch(code) else "",
        words=tokens.words(text),
    )


def _phone(plain: str) -> str:
    if not re.search(r"[0-9]{7}", plain):
        return ""
    try:
        number = identity.normalise_phone(plain)
    except BadText:
        return ""
    return number if _PHONE.fullmatch(number) else ""

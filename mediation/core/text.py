"""Text as people type it: what is stored, what is refused, and how it is found again.

Plain Python. A refusal carries an English msgid; the front doors translate it.
"""

import re
import unicodedata

NAME_LENGTH = 100

# Invisible ink: in a name or a title it can only deceive the reader.
_BIDI = "\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069"
_ZERO_WIDTH = "\u00ad\u180e\u200b-\u200d\u2060\ufeff"
_VARIATION = "\ufe00-\ufe0f\U000e0100-\U000e01ef"
_INVISIBLE = re.compile(f"[{_BIDI}{_ZERO_WIDTH}]")
_IGNORED_IN_SEARCH = re.compile(f"[{_BIDI}{_ZERO_WIDTH}{_VARIATION}]")

_LINE_ENDS = re.compile("\r\n|[\r\x85\u2028\u2029]")
_SURROGATES = re.compile("[\ud800-\udfff]")
# PostgreSQL refuses NUL; the XML of office files refuses the other controls and noncharacters.
_UNSTORABLE = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\ufdd0-\ufdef"
    + "".join(chr(plane << 16 | 0xFFFE) + chr(plane << 16 | 0xFFFF) for plane in range(17))
    + "]"
)

# Keyboards offer many dots; the naming rule of public administration knows U+00B7 alone.
_DOTS = dict.fromkeys(map(ord, "\u2022\u2027\u2219\u22c5\u30fb\uff65"), "\u00b7")

# Scripts without spaces between words: ideographs of every extension, kana, hangul, and private
# use, where the rare names live that have no code point yet.
_CJK = (
    "\u2e80-\u2fdf\u3005-\u3007\u3021-\u3029\u3041-\u30fa\u30fc-\u30ff\u3100-\u312f\u31a0-\u31bf"
    "\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af\ue000-\uf8ff\uf900-\ufaff"
    "\U00020000-\U0003fffd\U000f0000-\U0010fffd"
)
# Vowel signs of Latin, Arabic and Tibetan script: parts of a word that \w leaves out.
_MARKS = (
    "\u0300-\u036f\u0610-\u061a\u064b-\u065f\u0670"
    "\u0f18\u0f19\u0f35\u0f37\u0f39\u0f71-\u0f84\u0f86\u0f87\u0f8d-\u0fbc"
)
_RUN = re.compile(f"(?P<cjk>[{_CJK}]+)|(?:(?![{_CJK}])(?:[^\\W_]|[{_MARKS}]))+")


def gettext_noop(msgid: str) -> str:
    """Mark ``msgid`` for translation in a module that knows nothing of Django."""
    return msgid


class BadText(ValueError):
    """The text cannot be kept. ``reason`` is a msgid, and never quotes the text."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def clean(text: str, *, multiline: bool = False) -> str:
    """Return ``text`` as it is stored: NFC, trimmed, line ends as ``\\n``.

    Raises ``BadText`` for what no database or office file can hold. On a single line (a title, a
    place) breaks and tabs become spaces, as in a cell pasted from a spreadsheet, and invisible
    characters go.
    """
    if _SURROGATES.search(text):
        raise BadText(gettext_noop("The text contains a broken character. Please type it again."))
    text = _LINE_ENDS.sub("\n", text)
    if _UNSTORABLE.search(text):
        raise BadText(gettext_noop("The text contains control characters. Please type it again."))
    if not multiline:
        text = _INVISIBLE.sub("", re.sub("[\n\t]+", " ", text))
    return unicodedata.normalize("NFC", text).strip()


def clean_name(text: str) -> str:
    """Return a person's or organisation's name as it is stored. Raises ``BadText``.

    No alphabet is refused: GB 18030-2022 names reach into the newest extensions and private use.
    """
    name = " ".join(clean(text).translate(_DOTS).split())
    if not name:
        raise BadText(gettext_noop("Please give a name."))
    if len(name) > NAME_LENGTH:
        raise BadText(gettext_noop("A name has at most 100 characters."))
    return name


def chinese_signs(text: str) -> str:
    """Write half-width brackets, and signs behind a Chinese character, as Chinese print has them."""
    return _HALF_SIGN.sub(lambda sign: sign.group().translate(_FULL_SIGNS), text)


_HALF_SIGN = re.compile(r"[()]|(?<=[\u3400-\u9fff）)])[,:;]")
_FULL_SIGNS = str.maketrans("(),:;", "（），：；")


def search_key(text: str) -> str:
    """Fold ``text`` so that spellings a reader takes for equal become equal. Never for display."""
    folded = unicodedata.normalize("NFKC", text).casefold()
    return _IGNORED_IN_SEARCH.sub("", unicodedata.normalize("NFKC", folded))


def ascii_digits(text: str) -> str:
    """Write every decimal digit, full-width or of another script, as 0-9; leave the rest alone."""
    return "".join(str(unicodedata.decimal(c)) if c.isdecimal() else c for c in text)


def width(text: str) -> float:
    """How wide it is drawn, in Chinese characters; a Latin letter, digit or space takes about half of one."""
    return sum(0.55 if sign.isascii() else 1 for sign in text)


def runs(text: str) -> list[tuple[str, bool]]:
    """Cut ``text`` into folded words; true stands beside a run of a script without spaces."""
    return [(run.group(), run.lastgroup == "cjk") for run in _RUN.finditer(search_key(text))]


def bigrams(text: str) -> list[str]:
    """Cut ``text`` into search tokens, in order.

    A run without spaces gives its overlapping pairs and its final character alone (so that a
    search for any single character is a prefix search); other words stay whole.
    """
    tokens: list[str] = []
    for word, unspaced in runs(text):
        if unspaced:
            tokens += (word[i : i + 2] for i in range(len(word)))
        else:
            tokens.append(word)
    return tokens

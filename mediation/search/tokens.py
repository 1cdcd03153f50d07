"""What of a text is found by what of a question. Plain Python, so that both databases find the same.

A Chinese run is cut into overlapping pairs; a word of a question is a phrase of neighbouring pairs. Both
databases are given the tokens as they are, and neither cuts anything itself.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from mediation.core.text import bigrams, runs

BREAK = "\u241f"
"""Stands between two fields, so that no phrase runs from one into the other; no text yields it."""
TOKEN_LENGTH = 64
MOST_WORDS = 8
MOST_TOKENS = 48
SERIAL_DIGITS = 5


@dataclass(frozen=True, slots=True)
class Phrase:
    """Tokens that follow each other. ``prefix``: the last one is only the beginning of a token."""

    tokens: tuple[str, ...]
    prefix: bool = False


@dataclass(frozen=True, slots=True)
class Word:
    """One word of a question: any of these phrases will do."""

    phrases: tuple[Phrase, ...]


def of_fields(fields: Iterable[str]) -> list[str]:
    """The tokens of several fields, in order."""
    found: list[str] = []
    for field in fields:
        if tokens := bigrams(field):
            if found:
                found.append(BREAK)
            found += (token[:TOKEN_LENGTH] for token in tokens)
    return found


def words(typed: str) -> tuple[Word, ...]:
    """What is asked: every word must be found. Empty when nothing can be looked for."""
    asked = [Word(tuple(_phrases(part))) for part in typed.split()[:MOST_WORDS]]
    return tuple(word for word in asked if word.phrases)


def _phrases(part: str) -> Iterable[Phrase]:
    phrase = _phrase(runs(part))
    if phrase is None:
        return
    yield phrase
    [first, *rest] = phrase.tokens
    if not rest and first.isascii() and first.isdigit() and len(first) < SERIAL_DIGITS:
        yield Phrase((first.zfill(SERIAL_DIGITS),))  # “12” is also case 00012


def _phrase(pieces: Sequence[tuple[str, bool]]) -> Phrase | None:
    """Of the last run without spaces only the pairs: what follows it in the text is not asked."""
    tokens: list[str] = []
    prefix = False
    for number, (piece, unspaced) in enumerate(pieces, 1):
        if not unspaced:
            tokens.append(piece[:TOKEN_LENGTH])
            continue
        pairs = [piece[i : i + 2] for i in range(len(piece))]
        is_last = number == len(pieces)
        prefix = is_last and len(piece) == 1
        tokens += pairs[:-1] if is_last and len(piece) > 1 else pairs
    return Phrase(tuple(tokens[:MOST_TOKENS]), prefix) if tokens else None


# As the databases want it --------------------------------------------------------------------------


def tsvector(texts: Sequence[str], names: Sequence[str]) -> str:
    """PostgreSQL's own notation: texts have weight A, names weight B."""
    places: dict[str, list[str]] = {}
    for number, token in enumerate([*texts, BREAK, *names], 1):
        places.setdefault(token, []).append(f"{number}{'A' if number <= len(texts) else 'B'}")
    return " ".join(f"'{token}':{','.join(at)}" for token, at in places.items())


def tsquery(asked: Sequence[Word], *, names: bool) -> str:
    weights = "AB" if names else "A"
    return " & ".join(
        f"({' | '.join(_steps(phrase, weights) for phrase in word.phrases)})" for word in asked
    )


def _steps(phrase: Phrase, weights: str) -> str:
    *before, last = phrase.tokens
    steps = [f"'{token}':{weights}" for token in before]
    steps.append(f"'{last}':{'*' if phrase.prefix else ''}{weights}")
    return f"({' <-> '.join(steps)})"


def match(asked: Sequence[Word], *, names: bool) -> str:
    """The notation of SQLite's FTS5."""
    found = " AND ".join(f"({' OR '.join(map(_quoted, word.phrases))})" for word in asked)
    return f"{{texts names}} : ({found})" if names else f"{{texts}} : ({found})"


def _quoted(phrase: Phrase) -> str:
    return f'"{" ".join(phrase.tokens)}"{"*" if phrase.prefix else ""}'

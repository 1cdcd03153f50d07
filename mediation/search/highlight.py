"""Where the words of a question stand in a text, and the piece of a long text around them. Plain Python."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from mediation.core.text import search_key

AROUND = 36


@dataclass(frozen=True, slots=True)
class Piece:
    text: str
    is_hit: bool = False


def parts(text: str, typed: str) -> list[Piece]:
    """``text`` cut at the words of ``typed``; all of it is there."""
    return list(_cut(text, _spans(text, typed)))


def snippet(text: str, typed: str) -> list[Piece]:
    """The surroundings of the first hit; the beginning of the text when the hit is elsewhere."""
    flat = " ".join(text.split())
    spans = _spans(flat, typed)
    start = max(0, spans[0][0] - AROUND) if spans else 0
    end = min(len(flat), (spans[0][1] if spans else AROUND) + AROUND)
    shown = [(low - start, min(high, end) - start) for low, high in spans if low < end]
    pieces = list(_cut(flat[start:end], shown))
    if start:
        pieces.insert(0, Piece("…"))
    return [*pieces, Piece("…")] if end < len(flat) else pieces


def _spans(text: str, typed: str) -> list[tuple[int, int]]:
    """Non-overlapping places of the words, in order. Folding that changes the length hides them."""
    folded = search_key(text)
    words = sorted({search_key(word) for word in typed.split()} - {""}, key=len, reverse=True)
    if len(folded) != len(text) or not words:
        return []
    pattern = re.compile("|".join(map(re.escape, words)))
    return [found.span() for found in pattern.finditer(folded)]


def _cut(text: str, spans: list[tuple[int, int]]) -> Iterator[Piece]:
    at = 0
    for low, high in spans:
        if low > at:
            yield Piece(text[at:low])
        yield Piece(text[low:high], is_hit=True)
        at = high
    if at < len(text):
        yield Piece(text[at:])

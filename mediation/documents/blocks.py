"""The pieces that papers are made of: the same list goes to the PDF and to the Word file."""

from collections.abc import Mapping, Sequence
from typing import Any

Block = dict[str, Any]
CHINESE = "零一二三四五六七八九十"


def title(text: str) -> Block:
    return {"t": "title", "text": text}


def subtitle(text: str) -> Block:
    return {"t": "subtitle", "text": text}


def number(text: str) -> Block:
    return {"t": "number", "text": text}


def head(text: str) -> Block:
    return {"t": "head", "text": text}


def para(text: str) -> Block:
    return {"t": "para", "text": text}


def flush(text: str) -> Block:
    return {"t": "flush", "text": text}


def note(text: str) -> Block:
    return {"t": "note", "text": text}


def items(texts: Sequence[str]) -> Block:
    return {
        "t": "items",
        "items": list(texts),
        "marks": [f"{n}．" for n in range(1, len(texts) + 1)],
    }


def pairs(*rows: Sequence[tuple[str, str]], widths: Sequence[int] = (4, 7, 4, 6)) -> Block:
    """A form: label and value side by side. A short row lets its last value run to the edge."""
    made = []
    for row in rows:
        cells = []
        for label, value in row:
            cells.append({"text": label, "span": 1, "label": True})
            cells.append({"text": value, "span": 1, "label": False})
        cells[-1]["span"] = len(widths) - len(cells) + 1
        made.append(cells)
    return {"t": "pairs", "widths": list(widths), "rows": made}


def rows(
    heads: Sequence[str],
    lines: Sequence[Sequence[str]],
    widths: Sequence[int],
    left: Sequence[int] = (),
) -> Block:
    return {
        "t": "rows", "head": list(heads), "rows": [list(line) for line in lines],
        "widths": list(widths), "left": list(left),
    }  # fmt: skip


def box(label: str, text: str, *, blank: int = 0) -> Block:
    """A framed part with its heading; ``blank``: lines left for the pen."""
    return {"t": "box", "label": label, "text": text, "blank": blank}


def talk(label: str, turns: Sequence[Mapping[str, str]]) -> Block:
    """A framed part with what was said, turn by turn: rows of ``who`` and ``text``."""
    return {"t": "talk", "label": label, "turns": [dict(turn) for turn in turns]}


def pictures(label: str, rows: Sequence[Mapping[str, str]]) -> Block:
    """Photographs with what they show. ``stored``: where the vault keeps each; it is read when printed."""
    return {
        "t": "pictures", "label": label,
        "pictures": [{"stored": row["stored"], "caption": row["caption"]} for row in rows],
    }  # fmt: skip


def line(who: str, text: str = "", hint: str = "", pad: str = "") -> Block:
    """A line to sign on: who, what is there already, how to sign. ``pad``: drawn on the screen, as SVG."""
    return {"who": who, "text": text, "hint": hint, "pad": pad}


def sign(*rows: Sequence[Block]) -> Block:
    return {"t": "sign", "rows": [list(row) for row in rows]}


def right(*lines: str) -> Block:
    return {"t": "right", "lines": list(lines)}


def cover(organisation: str, name: str, lines: Sequence[tuple[str, str]]) -> Block:
    return {
        "t": "cover", "organisation": organisation, "name": name,
        "rows": [list(line) for line in lines],
    }  # fmt: skip


def gap(mm: int) -> Block:
    return {"t": "gap", "mm": mm}

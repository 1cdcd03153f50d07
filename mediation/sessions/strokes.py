"""A signature as it comes from the pad: its strokes and its picture, checked and hashed. Plain Python."""

import base64
import binascii
import hashlib
import json
import math
import struct
from typing import Any

HEAD = "data:image/png;base64,"
PNG = b"\x89PNG\r\n\x1a\n"
LARGEST_PICTURE = 200_000
WIDEST = 4000
MOST_POINTS = 20_000
FEWEST_POINTS = 4


class BadSignature(ValueError):
    """Not what a signature pad sends."""


def clean_strokes(typed: str) -> str:
    """The strokes as compact JSON: a list of lists of [x, y, time]. Raises ``BadSignature``."""
    try:
        groups = json.loads(typed)
        strokes = [[_point(p) for p in _points(group)] for group in groups]
    except (ValueError, TypeError, KeyError, RecursionError):
        raise BadSignature from None
    if not FEWEST_POINTS <= sum(map(len, strokes)) <= MOST_POINTS:
        raise BadSignature
    return json.dumps(strokes, separators=(",", ":"))


def _points(group: Any) -> Any:
    points = group["points"] if isinstance(group, dict) else group
    if not isinstance(points, list):
        raise TypeError
    return points


def _point(point: Any) -> list[float]:
    x, y, time = (
        (point["x"], point["y"], point.get("time", 0)) if isinstance(point, dict) else point[:3]
    )
    numbers = [float(x), float(y), float(time)]
    if not all(map(math.isfinite, numbers)):
        raise ValueError
    return [round(numbers[0], 1), round(numbers[1], 1), round(numbers[2])]


def clean_picture(typed: str) -> str:
    """The base64 text of a small PNG. Raises ``BadSignature``."""
    if not typed.startswith(HEAD):
        raise BadSignature
    try:
        data = base64.b64decode(typed.removeprefix(HEAD), validate=True)
    except (binascii.Error, ValueError):
        raise BadSignature from None
    if not data.startswith(PNG) or len(data) > LARGEST_PICTURE or len(data) < 33:
        raise BadSignature
    width, height = struct.unpack(">II", data[16:24])
    if not (0 < width <= WIDEST and 0 < height <= WIDEST):
        raise BadSignature
    return base64.b64encode(data).decode()


DRAWN_WIDTH = 300
PEN = 3


def as_svg(strokes: str) -> str:
    """The trace as a small drawing for the paper: the strokes alone, without the empty field around them."""
    groups = [[(point[0], point[1]) for point in stroke] for stroke in json.loads(strokes or "[]")]
    points = [point for group in groups for point in group]
    if not points:
        return ""
    left, top = min(x for x, _ in points), min(y for _, y in points)
    wide = max(max(x for x, _ in points) - left, max(y for _, y in points) - top, 1.0)
    scale = DRAWN_WIDTH / wide
    drawn = [
        list(dict.fromkeys((round((x - left) * scale), round((y - top) * scale)) for x, y in group))
        for group in groups
    ]
    width = max(x for group in drawn for x, _ in group) + 2 * PEN
    height = max(y for group in drawn for _, y in group) + 2 * PEN
    paths = "".join(f"M{' '.join(f'{x} {y}' for x, y in (*group, group[-1]))}" for group in drawn)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="{-PEN} {-PEN} {width} {height}">'
        f'<path d="{paths}" fill="none" stroke="#000" stroke-width="{PEN}" '
        'stroke-linecap="round" stroke-linejoin="round"/></svg>'
    )


def digest(*parts: str) -> str:
    """SHA-256 over everything that belongs together: what was signed, by whom, when, and the trace."""
    return hashlib.sha256("\x1f".join(parts).encode()).hexdigest()

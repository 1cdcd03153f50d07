"""JSON as it is meant: one reading, no surprises. What it refuses, it refuses before anybody looks."""

import json
import math
import re
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, UnreadablePostError
from django.utils.translation import gettext as _

from mediation.api.refusals import BadJson, TooLarge, WrongType
from mediation.core.errors import Malformed

DEEPEST = 12
LONGEST_LIST = 1_000
LONGEST_NUMBER = 40
_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")


def read_object(request: HttpRequest) -> dict[str, Any]:
    """The body of a request as one JSON object; numbers with a fraction as ``Decimal``.

    Raises ``WrongType``, ``TooLarge``, ``BadJson``, or ``Malformed`` naming the field whose text no
    database can hold.
    """
    if request.content_type != "application/json":
        raise WrongType
    found = _parse(_body(request))
    if not isinstance(found, dict):
        raise BadJson(_("The body must be one JSON object."))
    _require_moderate(found)
    _require_storable(found)
    return found


def _body(request: HttpRequest) -> str:
    try:
        return request.body.decode("utf-8")
    except RequestDataTooBig:
        raise TooLarge from None
    except UnreadablePostError:
        raise BadJson(_("The body did not arrive completely.")) from None
    except UnicodeDecodeError:
        raise BadJson(_("The body is not UTF-8.")) from None


def _parse(text: str) -> Any:
    try:
        return json.loads(
            text,
            object_pairs_hook=_object,
            parse_constant=_no_constant,
            parse_float=_number,
            parse_int=_whole_number,
        )
    except json.JSONDecodeError:
        raise BadJson(_("The body is not JSON.")) from None
    except RecursionError:
        raise BadJson(_("The body is nested too deeply.")) from None


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        # Two readers would see two different values: a classic way past a check.
        raise BadJson(_("A name stands twice in one object."))
    return found


def _no_constant(_name: str) -> float:
    raise BadJson(_("NaN and Infinity are not JSON."))


def _number(text: str) -> Decimal:
    if len(text) > LONGEST_NUMBER or not math.isfinite(float(text)):
        raise BadJson(_("A number is too long or too large."))
    return Decimal(text)


def _whole_number(text: str) -> int:
    if len(text) > LONGEST_NUMBER:
        raise BadJson(_("A number is too long or too large."))
    return int(text)


def _require_moderate(body: dict[str, Any]) -> None:
    """Bound depth and length, so that no later step can be made to work for hours."""
    layer: list[Any] = [body]
    for _level in range(DEEPEST):
        layer = [child for node in layer for child in _children(node)]
        if not layer:
            return
    raise BadJson(_("The body is nested too deeply."))


def _children(node: Any) -> list[Any]:
    if not isinstance(node, dict | list):
        return []
    if len(node) > LONGEST_LIST:
        raise BadJson(_("A list or an object in the body is too long."))
    return list(node.values()) if isinstance(node, dict) else node


def _require_storable(body: dict[str, Any]) -> None:
    """Neither database nor UTF-8 holds a lone surrogate; PostgreSQL holds no NUL."""
    broken = [name for name, value in body.items() if not _is_storable(name, value)]
    if broken:
        sentence = _("The text contains a broken character. Please type it again.")
        raise Malformed({(name if _is_text(name) else ""): [sentence] for name in broken})


def _is_storable(*nodes: Any) -> bool:
    return all(_is_text(text) for text in _texts(list(nodes)))


def _texts(nodes: list[Any]) -> Iterator[str]:
    while nodes:
        node = nodes.pop()
        if isinstance(node, str):
            yield node
        elif isinstance(node, dict):
            nodes += [*node.keys(), *node.values()]
        elif isinstance(node, list):
            nodes += node


def _is_text(text: str) -> bool:
    return _UNSTORABLE.search(text) is None

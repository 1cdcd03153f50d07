"""Answers of the JSON interface, and the refusals that each address documents."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from pydantic import BaseModel

from mediation.api.schemas import Problem, StaleProblem
from mediation.core.errors import Malformed

LONGEST_KEY = 255


def ok(model: BaseModel) -> HttpResponse:
    return written(model.model_dump_json())


def written(text: str, *, status: int = 200) -> HttpResponse:
    return HttpResponse(text, status=status, content_type="application/json")


def problems(*statuses: int) -> dict[int, type[Problem]]:
    """401 and 404 and the like for ``response=``; every address may also answer 401."""
    return {
        status: StaleProblem if status == 409 else Problem for status in sorted({401, *statuses})
    }


CHANGE = (400, 403, 404, 409, 413, 415, 422, 503)
"""What can be said of a command beside "done"."""


def key_of(request: HttpRequest, otherwise: str = "") -> str:
    """The idempotency key: the header wins over the client's own number of the record."""
    key = request.headers.get("Idempotency-Key", "")
    if len(key) > LONGEST_KEY or not (key.isascii() and key.isprintable()):
        raise Malformed({"Idempotency-Key": [_("A key has at most 255 printable characters.")]})
    return key.strip() or otherwise


KEY_PARAMETER: dict[str, Any] = {
    "in": "header",
    "name": "Idempotency-Key",
    "required": False,
    "schema": {"type": "string", "maxLength": LONGEST_KEY, "pattern": "^[ -~]*$"},
    "description": (
        "Any text of your own, at best a UUID. The same key with the same body gets the first answer "
        "again, forever; with another body it is refused (422 `key_reused`)."
    ),
}


def takes(schema: str, *, with_key: bool = False) -> dict[str, Any]:
    """``openapi_extra`` of an address whose body is read strictly: see ``strict_json``."""
    content = {"application/json": {"schema": {"$ref": f"#/components/schemas/{schema}"}}}
    extra: dict[str, Any] = {"requestBody": {"required": True, "content": content}}
    return extra | {"parameters": [KEY_PARAMETER]} if with_key else extra

"""The one place where a refusal becomes an answer of the JSON interface (RFC 9457)."""

import json
import logging
from collections.abc import Callable, Mapping
from typing import Any

from django.conf import settings
from django.core.exceptions import BadRequest as DjangoBadRequest
from django.core.exceptions import RequestDataTooBig, SuspiciousOperation
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, ValidationError
from pydantic import ValidationError as ShapeError

from mediation.api.refusals import BadRequest, Broken, TooLarge, Unauthenticated
from mediation.core.db import outage
from mediation.core.errors import Busy, Malformed, NotFound, Refusal, Stale, TooMany

MEDIA_TYPE = "application/problem+json"
LONGEST_SENTENCE = 300
RETRY_SECONDS = {Busy.status: "5", TooMany.status: "600"}
log = logging.getLogger(__name__)

WRONG_SHAPE = _("This value does not fit here.")
SHAPE_SENTENCES = {
    "missing": _("This field is required."),
    "extra_forbidden": _("There is no such field."),
    "enum": _("Choose one of the offered values."),
    "literal_error": _("Choose one of the offered values."),
    "greater_than_equal": _("This number is out of range."),
    "less_than_equal": _("This number is out of range."),
    "string_too_long": _("This text is too long."),
    "string_too_short": _("This text is too short."),
}


def problem(refusal: Refusal) -> HttpResponse:
    """The answer to ``refusal``, in the language that is active."""
    response = HttpResponse(
        json.dumps(_told(refusal), ensure_ascii=False),
        status=refusal.status,
        content_type=MEDIA_TYPE,
    )
    if refusal.status == Unauthenticated.status:
        response.headers["WWW-Authenticate"] = 'Bearer realm="fengqiao"'
    if refusal.status in RETRY_SECONDS:
        response.headers["Retry-After"] = RETRY_SECONDS[refusal.status]
    return response


def _told(refusal: Refusal) -> dict[str, Any]:
    # No address and no id of the request: a missing and a foreign case must read alike.
    told: dict[str, Any] = {
        "type": f"urn:fengqiao:problem:{refusal.code}",
        "title": str(refusal.title),
        "status": refusal.status,
        "detail": " ".join(dict.fromkeys(_short(sentence) for sentence in refusal.sentences)),
        "code": refusal.code,
        "reasons": [
            {"code": r.code, "sentence": _short(str(r.sentence)), "source": r.source}
            for r in refusal.reasons
        ],
        "errors": _fields(refusal.fields) if isinstance(refusal, Malformed) else {},
    }
    return told | _faster_one(refusal) if isinstance(refusal, Stale) else told


def _fields(fields: Mapping[str, list[str]]) -> dict[str, list[str]]:
    return {name: [_short(sentence) for sentence in said] for name, said in fields.items()}


def _short(sentence: str) -> str:
    """Some sentences quote what was sent; what was sent may be a book."""
    if len(sentence) <= LONGEST_SENTENCE:
        return sentence
    return sentence[:LONGEST_SENTENCE] + "…"


def _faster_one(stale: Stale) -> dict[str, Any]:
    when = timezone.localtime(stale.when).isoformat() if stale.when else None
    return {"version": stale.version, "who": stale.who, "what": str(stale.what), "when": when}


def malformed(error: ValidationError | ShapeError) -> Malformed:
    """What pydantic found, in our words: it speaks English to programmers."""
    listed = error.errors if isinstance(error, ValidationError) else error.errors()
    fields: dict[str, list[str]] = {}
    for found in listed:
        name = _field_of(found["loc"], from_ninja=isinstance(error, ValidationError))
        sentence = str(SHAPE_SENTENCES.get(found["type"], WRONG_SHAPE))
        said = fields.setdefault(name[:60], [])
        if sentence not in said:
            said.append(sentence)
    return Malformed(fields)


def _field_of(place: Any, *, from_ninja: bool) -> str:
    """ninja puts the source and the parameter model first; the caller knows the field alone."""
    names = [part for part in place if isinstance(part, str)]
    if from_ninja:
        return names[-1] if names else ""
    return names[0] if names else ""


MEANINGS: dict[type[Exception], Callable[[Any], Refusal]] = {
    Refusal: lambda refusal: refusal,
    ValidationError: malformed,
    ShapeError: malformed,
    AuthenticationError: lambda _error: Unauthenticated(),
    Http404: lambda _error: NotFound(),
    RequestDataTooBig: lambda _error: TooLarge(),
    SuspiciousOperation: lambda _error: BadRequest(),
    DjangoBadRequest: lambda _error: BadRequest(),
}


def install(api: NinjaAPI) -> None:
    """Hang the answers into ``api``: every way in which a request can fail, one table."""

    for kind, meaning in MEANINGS.items():
        api.add_exception_handler(kind, _answer_to(meaning))
    api.add_exception_handler(Exception, broken)


def _answer_to(meaning: Callable[[Any], Refusal]) -> Any:
    return lambda _request, error: problem(meaning(error))


def broken(request: HttpRequest, error: Any) -> HttpResponse:
    """An outage, or an error of ours. Told without a trace of it; in the log with all of it."""
    if error is not None and (told := outage(error)) is not None:
        log.warning("Outage in %s: %s", request.path, type(error).__name__)
        return problem(told)
    if settings.DEBUG:
        raise error
    log.error("Unexpected error in %s", request.path, exc_info=error)
    return problem(Broken())

"""Who calls: a program with a key, or a page of ours with its session."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils import translation
from ninja.security import APIKeyCookie, HttpBearer
from ninja.utils import check_csrf

from mediation.accounts import keys
from mediation.accounts.actor import Actor, load_actor
from mediation.accounts.models import Person
from mediation.api.refusals import NoProofOfOrigin
from mediation.core import clock


class ApiRequest(HttpRequest):
    """A request that has passed one of the two doors below."""

    user: Person
    actor: Actor


class BearerKey(HttpBearer):
    """``Authorization: Bearer fq_…``, as ``manage.py create_api_key`` printed it."""

    openapi_description = "An API key: `manage.py create_api_key USERNAME` prints it once."

    def authenticate(self, request: HttpRequest, token: str) -> Person | None:
        person = keys.owner(token)
        if person is not None:
            _admit(request, person)
        return person


class Session(APIKeyCookie):
    """The session of a signed-in person; what changes something needs ``X-CSRFToken`` too."""

    param_name = settings.SESSION_COOKIE_NAME
    openapi_description = "The session of a signed-in person. Writing needs `X-CSRFToken`."

    def __call__(self, request: HttpRequest) -> Person | None:
        # Whoever shows a key is judged by it, also when his browser happens to be signed in.
        if "Authorization" in request.headers or not isinstance(request.user, Person):
            return None
        if check_csrf(request) is not None:
            raise NoProofOfOrigin
        _admit(request, request.user)
        return request.user

    def authenticate(self, request: HttpRequest, key: str | None) -> Any:
        raise NotImplementedError  # ``__call__`` decides; Django has read the cookie already


def _admit(request: Any, person: Person) -> None:
    """Put the person and his actor on the request, and speak his language unless he asked for one."""
    request.user = person
    request.actor = load_actor(person, today=clock.today())
    if person.language and "Accept-Language" not in request.headers:
        translation.activate(person.language)

"""Puts the actor beside the user on every request."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.utils.functional import SimpleLazyObject

from mediation.accounts.actor import Actor, load_actor
from mediation.accounts.models import Person
from mediation.core import clock

NOBODY = Actor(person_id=None, name="")


class ActorMiddleware:
    """``request.actor``: loaded with one query when first asked for; ``NOBODY`` while signed out."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.actor = SimpleLazyObject(lambda: actor_of(request.user))  # type: ignore[attr-defined]
        return self.get_response(request)


def actor_of(user: object) -> Actor:
    return load_actor(user, today=clock.today()) if isinstance(user, Person) else NOBODY

"""Who may open a page at all. What one may see on it and do with it is asked of ``policy``."""

from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate, ParamSpec, cast

from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import resolve_url
from django.utils.translation import gettext_lazy as _

from mediation.accounts.actor import Actor
from mediation.accounts.models import Person, Role
from mediation.core.errors import Forbidden, Reason
from mediation.disputes.policy import NOT_YOURS

P = ParamSpec("P")
View = Callable[Concatenate["StaffRequest", P], HttpResponse]


class NotYourPage(Forbidden):
    title = _("This page is for other roles")


class StaffRequest(HttpRequest):
    """A request of a signed-in person, with the actor that the middleware has put beside him."""

    user: Person
    actor: Actor
    htmx: Any


def signed_in(view: View[P]) -> Callable[Concatenate[HttpRequest, P], HttpResponse]:
    """Send visitors to the login page, and a fragment of an expired session with its whole page."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        if request.user.is_authenticated:
            return view(cast("StaffRequest", request), *args, **kwargs)
        if "HX-Request" not in request.headers:
            return redirect_to_login(request.get_full_path())
        response = HttpResponse(status=401)
        response.headers["HX-Redirect"] = resolve_url("account_login")
        return response

    return guarded  # type: ignore[return-value]  # typeshed names the first argument


def require_role(actor: Actor, *roles: Role, reason: Reason = NOT_YOURS) -> None:
    """Raises ``Forbidden`` unless the actor serves in one of ``roles`` anywhere."""
    if not actor.roles & set(roles):
        raise NotYourPage(reason)

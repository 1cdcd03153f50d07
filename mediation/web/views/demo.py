"""The login page, and in a demonstration the cards that sign in with one tap."""

from typing import Any

from allauth.account.signals import user_logged_in
from allauth.account.views import LoginView as LibraryLoginView
from django.conf import settings
from django.contrib.auth import login
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, resolve_url
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from mediation.accounts import founding
from mediation.accounts.demo import CAST
from mediation.accounts.models import Person

BACKEND = settings.AUTHENTICATION_BACKENDS[0]


class LoginView(LibraryLoginView):
    """The library's login page with the cast of the demonstration beside it."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)
        if settings.OIDC_ISSUER:
            context["single_sign_on"] = settings.OIDC_NAME
        context["is_empty"] = founding.is_due()
        if settings.DEMO:
            context["demo_logins"] = present()
        return context


def present() -> list[dict[str, Any]]:
    """Those of the cast who have an account here, in the order of the cast."""
    names = dict(
        Person.objects.filter(
            username__in=[member.username for member in CAST], is_active=True
        ).values_list("username", "name")
    )
    return [
        {
            "username": member.username,
            "role": member.role,
            "name": f"{member.role.label} · {names[member.username]}",
            "hint": member.hint,
        }
        for member in CAST
        if member.username in names
    ]


@require_POST
def demo_login(request: HttpRequest) -> HttpResponse:
    """Sign in as one of the cast without a password. Outside a demonstration there is no such page."""
    username = request.POST.get("username", "")
    if not settings.DEMO or username not in {member.username for member in CAST}:
        raise Http404
    person = get_object_or_404(Person, username=username, is_active=True)
    login(request, person, backend=BACKEND)
    # The library tells of those alone who came through its own page.
    user_logged_in.send(sender=Person, request=request, user=person)
    return HttpResponseRedirect(_next(request))


def _next(request: HttpRequest) -> str:
    wanted = request.POST.get("next", "")
    if url_has_allowed_host_and_scheme(
        wanted, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    ):
        return wanted
    return resolve_url("home")

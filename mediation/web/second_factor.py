"""A second factor besides the password: for everybody who wants one, and for those who must have one."""

from collections.abc import Callable
from typing import Any

from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from mediation.accounts.actor import load_actor
from mediation.accounts.models import ADMIN_ROLES, Person, Role
from mediation.core import clock
from mediation.core.crypto import seal, unseal
from mediation.web.qr import svg

MUST_HAVE = frozenset({Role.LEADER, *ADMIN_ROLES})
"""Who decides, and who holds power over the system (GB/T 22239-2019, 8.1.4.1 d)."""

PLACE = "authenticator.secret"
HAS_ONE = "second_factor"


class Adapter(DefaultMFAAdapter):
    """The library's second factor with its secrets sealed like any other personal detail."""

    def encrypt(self, text: str) -> str:
        return seal(text, place=PLACE, row="").hex()

    def decrypt(self, encrypted_text: str) -> str:
        return unseal(bytes.fromhex(encrypted_text), place=PLACE, row="")

    def build_totp_svg(self, url: str) -> str:
        return svg(url)

    def send_notification_mail(self, *_args: Any, **_kwargs: Any) -> None:
        """Nothing goes by mail here."""

    def can_delete_authenticator(self, authenticator: Authenticator) -> bool:
        return not (settings.SECOND_FACTOR and is_bound(authenticator.user))


def is_bound(person: Person) -> bool:
    """Whether the roles of the person ask for a second factor."""
    return bool(load_actor(person, today=clock.today()).roles & MUST_HAVE)


def needs_second_factor(request: HttpRequest) -> bool:
    """Whether the person must set one up before anything else. Remembered once he has it."""
    if not settings.SECOND_FACTOR or not request.user.is_authenticated:
        return False
    if request.session.get(HAS_ONE) or not request.actor.roles & MUST_HAVE:  # type: ignore[attr-defined]
        return False
    has_one = Authenticator.objects.filter(
        user_id=request.user.pk, type=Authenticator.Type.TOTP
    ).exists()
    if has_one:
        request.session[HAS_ONE] = True
    return not has_one


class SecondFactorMiddleware:
    """Leaders and administrators without a second factor can do nothing but set it up, or leave."""

    OPEN = (
        "mfa_activate_totp", "account_reauthenticate", "account_logout", "set_mode",
        "set_language", "account_change_password",
    )  # fmt: skip

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not settings.SECOND_FACTOR or self._is_open(request) or not needs_second_factor(request):
            return self.get_response(request)
        if request.path.startswith("/api/"):
            return HttpResponse(status=403)
        if "HX-Request" not in request.headers:
            return redirect("mfa_activate_totp")
        response = HttpResponse(status=403)
        response.headers["HX-Redirect"] = reverse("mfa_activate_totp")
        return response

    @classmethod
    def _is_open(cls, request: HttpRequest) -> bool:
        return request.path in {reverse(name) for name in cls.OPEN}

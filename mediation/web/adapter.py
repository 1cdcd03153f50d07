"""How the login library behaves here: accounts are made by administrators, never by visitors."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.forms import ChangePasswordForm as LibraryChangePasswordForm
from allauth.account.forms import LoginForm as LibraryLoginForm
from django import forms
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _

from mediation.accounts import services
from mediation.accounts.models import Person
from mediation.core import clock, vitals
from mediation.web import brake
from mediation.web.limits import client_address

BRAKED = _(
    "Many wrong passwords were tried for this account. Try again in %(seconds)s seconds, or on a device "
    "on which you have signed in before."
)
failed_logins = vitals.counter("fengqiao_login_failures_total", "Passwords that were wrong.")


class AccountAdapter(DefaultAccountAdapter):
    """No public sign-up; the name of a person is his real name."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:  # noqa: ARG002 -- library signature
        return False

    def _get_login_attempts_cache_key(self, request: HttpRequest, **credentials: Any) -> str:
        """Who fails is locked out where he sits: by the account alone, anybody could keep a leader out for
        good. Not by the name of the host, as the library has it, for a port of one's own makes another one.
        """
        login = str(credentials.get("username", "")).lower()
        return f"{login}|{client_address(request)}"

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """After the limits of one address the brake of the account, whatever addresses it is tried from."""
        super().pre_authenticate(request, **credentials)
        login = str(credentials.get("username", ""))
        again = request.user.is_authenticated and request.user.get_username() == login
        if not again and (seconds := brake.seconds_to_wait(request, login)):
            self._rollback_login_failed_rl_usage()
            raise forms.ValidationError(BRAKED, params={"seconds": seconds}, code="braked")

    def authentication_failed(self, request: HttpRequest, **credentials: Any) -> None:
        failed_logins.add()
        brake.note_failure(request, str(credentials.get("username", "")))

    def post_login(self, request: HttpRequest, user: Person, **kwargs: Any) -> HttpResponse:
        response: HttpResponse = super().post_login(request, user, **kwargs)
        brake.remember(request, response, user.get_username())
        return response

    def set_password(self, user: Person, password: str) -> None:
        """The owner chose it himself: a first password has done its service."""
        services.set_password(person=user, raw=password, now=clock.now())


class _FaceToFace(forms.Form):
    """Without the way to a new password by mail: an administrator gives it, face to face."""

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]  # the library's own
        for name in self.fields.keys() & {"password", "oldpassword"}:
            self.fields[name].help_text = ""
        for field in self.fields.values():
            field.widget.attrs.pop("placeholder", None)  # repeats the label


class LoginForm(_FaceToFace, LibraryLoginForm):
    pass


class ChangePasswordForm(_FaceToFace, LibraryChangePasswordForm):
    pass

"""How the login library behaves here: accounts are made by administrators, never by visitors."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.forms import ChangePasswordForm as LibraryChangePasswordForm
from allauth.account.forms import LoginForm as LibraryLoginForm
from django import forms
from django.http import HttpRequest

from mediation.accounts import services
from mediation.accounts.models import Person
from mediation.core import clock, vitals
from mediation.web.limits import client_address

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

    def authentication_failed(self, request: HttpRequest, **credentials: Any) -> None:  # noqa: ARG002 -- library signature
        failed_logins.add()

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

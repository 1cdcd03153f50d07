"""How the login library behaves here: accounts are made by administrators, never by visitors."""

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest


class AccountAdapter(DefaultAccountAdapter):
    """No public sign-up; the name of a person is his real name."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:  # noqa: ARG002 -- library signature
        return False

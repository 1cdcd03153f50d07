"""Single sign-on by OpenID Connect: for people who have an account here, and for nobody else.

The provider says who somebody is; what he may do is said here. A second factor that he has set up is asked
for as after a password, and whoever must have one is made to set it up.
"""

from typing import Any, NoReturn

from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.internal import jwtkit
from allauth.socialaccount.models import SocialApp, SocialLogin
from allauth.socialaccount.providers.oauth2.views import OAuth2CallbackView, OAuth2LoginView
from allauth.socialaccount.providers.openid_connect.views import OpenIDConnectOAuth2Adapter
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from mediation.accounts.models import Person

PROVIDER = "office"
METHOD = "socialaccount"
"""How the library calls it in the session."""


class Provider(OpenIDConnectOAuth2Adapter):
    """Checks the signature of the identity token also where the library would trust the line."""

    def _decode_id_token(self, app: SocialApp, id_token: str) -> Any:
        return jwtkit.verify_and_decode(
            credential=id_token,
            keys_url=self.openid_config["jwks_uri"],
            issuer=settings.OIDC_ISSUER,
            audience=app.client_id,
            lookup_kid=jwtkit.lookup_kid_jwk,
            verify_signature=True,
        )


class Adapter(DefaultSocialAccountAdapter):
    """Finds the person by one claim. Nothing of the provider is stored, no account is made."""

    def pre_social_login(self, request: HttpRequest, sociallogin: SocialLogin) -> None:
        claims = sociallogin.account.extra_data.get("id_token") or {}
        said = claims.get(settings.OIDC_CLAIM)
        person = Person.objects.filter(username=said).first() if _is_name(said) else None
        if person is None or not person.is_active:
            _refuse(
                request, _("This identity has no open account here. Ask your system administrator.")
            )
        sociallogin.user = person

    def is_open_for_signup(self, request: HttpRequest, sociallogin: SocialLogin) -> bool:  # noqa: ARG002 -- library signature
        return False

    def on_authentication_error(self, request: HttpRequest, *_args: Any, **_more: Any) -> NoReturn:
        """Refused there, forged, too old, or nobody answered: the page tells nobody which."""
        _refuse(
            request,
            _("The sign-in was not confirmed. Please try again, or sign in with your password."),
        )


def _is_name(said: Any) -> bool:
    """PostgreSQL takes no NUL in a parameter."""
    return isinstance(said, str) and 0 < len(said) <= 150 and said.isprintable()


def _refuse(request: HttpRequest, sentence: str) -> NoReturn:
    page = render(request, "account/not_let_in.html", {"sentence": sentence}, status=403)
    raise ImmediateHttpResponse(page)


def is_signed_in_by_it(request: HttpRequest) -> bool:
    methods = request.session.get("account_authentication_methods", [])
    return any(one.get("method") == METHOD for one in methods)


@require_POST
def begin(request: HttpRequest, provider_id: str) -> HttpResponse:
    """Send the browser to the provider. A form of ours, so that no other site starts it."""
    return _run(OAuth2LoginView, request, provider_id)


@require_safe
def back(request: HttpRequest, provider_id: str) -> HttpResponse:
    """The browser comes back with a code, for which we ask the provider who it is."""
    return _run(OAuth2CallbackView, request, provider_id)


def _run(view: Any, request: HttpRequest, provider_id: str) -> HttpResponse:
    if provider_id != PROVIDER or not settings.OIDC_ISSUER:
        raise Http404
    try:
        answer: HttpResponse = view.adapter_view(Provider(request, provider_id))(request)
    except ImmediateHttpResponse as refused:
        answer = refused.response
    return answer

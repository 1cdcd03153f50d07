"""All addresses. Each front door brings its own."""

import sys

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import include, path, re_path

from mediation.api import errors as interface_errors
from mediation.api.interface import api
from mediation.web import single_sign_on
from mediation.web.views import errors as page_errors
from mediation.web.views import health

handler500 = "mediation.config.urls.broken"


def closed(_request: HttpRequest) -> HttpResponse:
    """The office gives out accounts and passwords in person; nothing goes by mail."""
    raise Http404


def broken(request: HttpRequest) -> HttpResponse:
    """What nothing further in has answered, in the manner of the door that was used."""
    error = sys.exc_info()[1]
    if request.path.startswith("/api/"):
        return interface_errors.broken(request, error)
    return page_errors.broken(error)


urlpatterns = [
    path("", include("mediation.web.urls")),
    path("api/v1/", api.urls),
    re_path(r"^accounts/(?:password/(?:reset|set)|confirm-email|email|login/code)/", closed),
    path("accounts/2fa/", include("allauth.mfa.urls")),
    # Under the names by which the library asks for them.
    path("accounts/sso/<slug:provider_id>/", single_sign_on.begin, name="openid_connect_login"),
    path(
        "accounts/sso/<slug:provider_id>/back/",
        single_sign_on.back,
        name="openid_connect_callback",
    ),
    path("accounts/", include("allauth.account.urls")),
    path("livez", health.livez, name="livez"),
    path("readyz", health.readyz, name="readyz"),
    path("metrics", health.metrics, name="metrics"),
]

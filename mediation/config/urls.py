"""All addresses. Each front door brings its own."""

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import include, path, re_path

from mediation.api.interface import api
from mediation.web.views import health


def closed(_request: HttpRequest) -> HttpResponse:
    """The office gives out accounts and passwords in person; nothing goes by mail."""
    raise Http404


urlpatterns = [
    path("", include("mediation.web.urls")),
    path("api/v1/", api.urls),
    re_path(r"^accounts/(?:password/(?:reset|set)|confirm-email|email|login/code)/", closed),
    path("accounts/2fa/", include("allauth.mfa.urls")),
    path("accounts/", include("allauth.account.urls")),
    path("livez", health.livez, name="livez"),
    path("readyz", health.readyz, name="readyz"),
    path("metrics", health.metrics, name="metrics"),
]

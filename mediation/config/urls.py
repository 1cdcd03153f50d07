"""All addresses. Each front door brings its own."""

from django.urls import include, path

from mediation.api.interface import api
from mediation.web.views import health

urlpatterns = [
    path("", include("mediation.web.urls")),
    path("api/v1/", api.urls),
    path("accounts/", include("allauth.account.urls")),
    path("livez", health.livez, name="livez"),
    path("readyz", health.readyz, name="readyz"),
    path("metrics", health.metrics, name="metrics"),
]

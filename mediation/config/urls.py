"""All addresses. Each front door brings its own."""

from django.urls import include, path

from mediation.api.interface import api

urlpatterns = [
    path("", include("mediation.web.urls")),
    path("api/v1/", api.urls),
    path("accounts/", include("allauth.account.urls")),
]

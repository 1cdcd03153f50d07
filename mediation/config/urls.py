"""All addresses. Each front door brings its own."""

from django.urls import include, path

urlpatterns = [
    path("", include("mediation.web.urls")),
    path("accounts/", include("allauth.account.urls")),
]

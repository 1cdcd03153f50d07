"""Pages."""

from django.urls import URLPattern, URLResolver, include, path

from mediation.web.views import frame, source

urlpatterns: list[URLPattern | URLResolver] = [
    path("bell/", frame.bell, name="bell"),
    path("display/", frame.set_mode, name="set_mode"),
    path("source/", source.source, name="source"),
    path("i18n/", include("django.conf.urls.i18n")),
]

"""What every answer says about itself before it leaves."""

import re
from collections.abc import Callable

from django.conf import settings
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, JsonResponse
from django.http.response import HttpResponseBase
from django.middleware.gzip import GZipMiddleware
from django.middleware.locale import LocaleMiddleware
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import translation
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext_lazy as _
from django_structlog.middlewares import RequestMiddleware

from mediation.accounts import access, passwords
from mediation.accounts.models import Person
from mediation.core import clock
from mediation.notifications.services import latest_seq
from mediation.web.single_sign_on import is_signed_in_by_it

Handler = Callable[[HttpRequest], HttpResponse]

# Camera, microphone and place belong to the registration on a phone; nothing else is asked for.
PERMISSIONS = (
    "camera=(self), microphone=(self), geolocation=(self), payment=(), usb=(), "
    "browsing-topics=(), display-capture=(), serial=()"
)


IN_THE_OPEN = _(
    "The interface is served over HTTPS alone. If a key was sent, it went in the open:"
    " revoke it and issue a new one."
)


class LanguageMiddleware(LocaleMiddleware):
    """Pages speak Chinese until somebody chooses English; programs are answered as they ask."""

    def process_request(self, request: HttpRequest) -> None:
        if request.path.startswith("/api/"):
            super().process_request(request)
            return
        chosen = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "")
        known = {code for code, _name in settings.LANGUAGES}
        translation.activate(chosen if chosen in known else settings.LANGUAGE_CODE)
        request.LANGUAGE_CODE = translation.get_language()


class CompressionMiddleware(GZipMiddleware):
    """Pages and JSON travel compressed: over the network of a village that is most of the wait.

    What is a file already (papers, photos, workbooks) gains nothing. The length is blurred by the library,
    and a site elsewhere cannot make a browser fetch with our cookie, so nobody reads a page by its length
    (docs/decisions/0105).
    """

    KINDS = frozenset(
        {"text/html", "application/json", "application/problem+json", "text/javascript"}
    )

    def process_response(
        self, request: HttpRequest, response: HttpResponseBase
    ) -> HttpResponseBase:
        """As the library, for text that is ready."""
        kind = response.headers.get("Content-Type", "").partition(";")[0]
        if response.streaming or kind not in self.KINDS:
            return response
        return super().process_response(request, response)


class RequestLogMiddleware(RequestMiddleware):
    """The log of requests, without what was asked for: it may be somebody's name. Nor does the secret in the
    address of a private calendar belong there."""

    @staticmethod
    def format_request(request: HttpRequest) -> str:
        return re.sub(r"/calendar/[^/]+", "/calendar/…", f"{request.method} {request.path}")


class MethodMiddleware:
    """Pages are read and posted to. A method that no page of ours knows is refused before any view runs."""

    KNOWN = ("GET", "HEAD", "POST", "OPTIONS")

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.method in self.KNOWN or request.path.startswith("/api/"):
            return self.get_response(request)
        return HttpResponseNotAllowed(self.KNOWN)


class IdleMiddleware:
    """A desk that nobody has touched for ``SESSION_IDLE_SECONDS`` is signed out with its sockets (0: never).

    Touching is opening a page or sending a form. What a page fetches by itself when a notice comes is not:
    else a busy office would keep every screen open.
    """

    TOUCHED, NOTED_SECONDS = "touched", 60

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if settings.SESSION_IDLE_SECONDS and request.user.is_authenticated:
            self._look(request, int(clock.now().timestamp()))
        return self.get_response(request)

    def _look(self, request: HttpRequest, now: int) -> None:
        touched = request.session.setdefault(self.TOUCHED, now)
        if now - touched > settings.SESSION_IDLE_SECONDS:
            key = str(request.session.session_key)
            logout(request)
            access.session_ended(key)
        elif now - touched >= self.NOTED_SECONDS and self._is_touched(request):
            request.session[self.TOUCHED] = now

    @staticmethod
    def _is_touched(request: HttpRequest) -> bool:
        return request.method == "POST" or "HX-Request" not in request.headers


class SecureInterfaceMiddleware:
    """Programs are not led from plain HTTP to HTTPS: their key would go in the open again and again.

    They are refused, with the advice to revoke it (ASVS 4.1.2). Pages are redirected, people type addresses.
    """

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        in_the_open = settings.SECURE_SSL_REDIRECT and not request.is_secure()
        if not (in_the_open and request.path.startswith("/api/")):
            return self.get_response(request)
        told = {"title": "HTTPS only", "status": 403, "detail": str(IN_THE_OPEN)}
        return JsonResponse(told, status=403, content_type="application/problem+json")


class PrivacyMiddleware:
    """Pages of signed-in persons are kept nowhere; shared computers are the rule in an office."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if request.user.is_authenticated:
            response.headers["Cache-Control"] = "no-store, private"
        else:
            response.headers.setdefault("Cache-Control", "private, no-cache")
        response.headers.setdefault("Permissions-Policy", PERMISSIONS)
        patch_vary_headers(response, ["Cookie", "HX-Request"])
        return response


class FirstPasswordMiddleware:
    """Nothing goes before changing a password that somebody else chose, or that has grown too old."""

    # Changing it, leaving, and how the page looks; the password page needs nothing else.
    OPEN = ("account_change_password", "account_logout", "set_mode", "set_language")

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not _must_change(request) or self._is_open(request):
            return self.get_response(request)
        if "HX-Request" not in request.headers:
            return redirect("account_change_password")
        response = HttpResponse(status=403)
        response.headers["HX-Redirect"] = reverse("account_change_password")
        return response

    @classmethod
    def _is_open(cls, request: HttpRequest) -> bool:
        return request.path in {reverse(name) for name in cls.OPEN}


def _must_change(request: HttpRequest) -> bool:
    person = request.user
    if not isinstance(person, Person) or is_signed_in_by_it(request):
        return False  # who comes from single sign-on has shown no password
    is_due = passwords.is_due(person, now=clock.now())
    request.password_is_due = is_due  # type: ignore[attr-defined]  # the page says why
    return person.password_is_first or is_due


class ReadingPointMiddleware:
    """Notes the latest notice *before* a page is read, so that the socket misses none after it."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        person = request.user
        if person.is_authenticated and self.is_page(request):
            request.reading_point = latest_seq(person.pk)  # type: ignore[attr-defined]  # read by the frame
        return self.get_response(request)

    @staticmethod
    def is_page(request: HttpRequest) -> bool:
        """Fragments and the JSON interface have no socket of their own."""
        asked_by_page = "HX-Request" in request.headers or request.path.startswith("/api/")
        return request.method == "GET" and not asked_by_page

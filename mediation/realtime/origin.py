"""From which pages a socket may be opened: those of this very address, as forms may be sent."""

from collections.abc import Awaitable, Callable, Iterable
from typing import Any
from urllib.parse import urlsplit

from channels.security.websocket import WebsocketDenier
from django.conf import settings
from django.http.request import split_domain_port, validate_host
from django.utils.http import is_same_domain

Scope = dict[str, Any]
Application = Callable[[Scope, Any, Any], Awaitable[None]]

PORTS = {"http": 80, "https": 443}
AT_HOME = ["localhost", "127.0.0.1", "[::1]"]
"""Known hosts while nobody has named any and the code is being worked on."""


class SameOrigin:
    """Scheme, host and port must be those under which the socket itself is asked for.

    Another port of the host is another page, perhaps another person's. What ``CSRF_TRUSTED_ORIGINS`` names
    may come too: the same pages whose forms are taken.
    """

    def __init__(self, application: Application) -> None:
        self.application = application

    async def __call__(self, scope: Scope, receive: Any, send: Any) -> None:
        if is_ours(scope):
            await self.application(scope, receive, send)
        else:
            await WebsocketDenier()(scope, receive, send)


def is_ours(scope: Scope) -> bool:
    """Whether the page that opens the socket is one of this house. Told twice or not at all: no."""
    origins, hosts = _told(scope, b"origin"), _told(scope, b"host")
    if len(origins) != 1 or len(hosts) != 1 or not _is_known(hosts[0]):
        return False
    try:
        page = _parts(origins[0])
        return page == _parts(f"{_scheme(scope)}://{hosts[0]}") or any(
            _covers(trusted, page) for trusted in settings.CSRF_TRUSTED_ORIGINS
        )
    except ValueError:  # no scheme that we speak, no host, or a port that is none
        return False


def _told(scope: Scope, name: bytes) -> list[str]:
    pairs: Iterable[tuple[bytes, bytes]] = scope.get("headers", ())
    return [value.decode("latin-1") for key, value in pairs if key == name]


def _is_known(host: str) -> bool:
    allowed = settings.ALLOWED_HOSTS or (AT_HOME if settings.DEBUG else [])
    domain, _port = split_domain_port(host)
    return bool(domain) and validate_host(domain, allowed)


def _scheme(scope: Scope) -> str:
    """As pages see it: the server believes its trusted proxies, the settings the header that they set."""
    header = settings.SECURE_PROXY_SSL_HEADER
    if header is not None:
        name = header[0].removeprefix("HTTP_").replace("_", "-").lower().encode()
        if told := _told(scope, name):
            return "https" if told[0].split(",")[0].strip() == header[1] else "http"
    return "https" if scope.get("scheme", "ws") in {"wss", "https"} else "http"


def _parts(address: str) -> tuple[str, str, int]:
    """Scheme, host and port of an origin. Raises ``ValueError`` for anything else."""
    found = urlsplit(address)
    if (
        found.scheme not in PORTS
        or not found.hostname
        or found.path
        or found.query
        or found.username
    ):
        raise ValueError(address)
    return found.scheme, found.hostname, found.port or PORTS[found.scheme]


def _covers(trusted: str, page: tuple[str, str, int]) -> bool:
    """An entry of the settings; ``https://*.example.cn`` stands for every host below it."""
    scheme, host, port = _parts(trusted.replace("*", ""))
    return (scheme, port) == (page[0], page[2]) and is_same_domain(page[1], host)

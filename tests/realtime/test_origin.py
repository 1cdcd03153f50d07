"""A socket is opened from the pages of this very address, and from no neighbour's."""

from typing import Any

import pytest

from mediation.realtime.origin import is_ours


def asked(origin: str | list[str], *, host: str = "testserver", **more: Any) -> bool:
    origins = [origin] if isinstance(origin, str) else origin
    headers = [(b"host", host.encode()), *((b"origin", one.encode()) for one in origins)]
    return is_ours({"type": "websocket", "headers": headers + more.pop("headers", []), **more})


@pytest.mark.parametrize(
    ("origin", "host", "scheme"),
    [
        ("http://testserver", "testserver", "ws"),
        ("http://testserver:80", "testserver", "ws"),
        ("http://testserver:8102", "testserver:8102", "ws"),
        ("https://testserver", "testserver", "wss"),
        ("https://testserver", "testserver:443", "wss"),
        ("http://TestServer", "testserver", "ws"),
    ],
)
def test_page_of_the_same_address_gets_a_socket(origin: str, host: str, scheme: str) -> None:
    assert asked(origin, host=host, scheme=scheme)


@pytest.mark.parametrize(
    ("origin", "host", "scheme"),
    [
        ("http://testserver:9000", "testserver", "ws"),  # another port, perhaps another's page
        ("http://testserver", "testserver:8102", "ws"),
        ("http://testserver", "testserver", "wss"),  # a page that came in the clear
        ("https://testserver", "testserver", "ws"),
        ("http://sub.testserver", "testserver", "ws"),
        ("http://testserver.evil.example", "testserver", "ws"),
        ("http://evil.example", "testserver", "ws"),
        ("http://evil.example", "evil.example", "ws"),  # a name that was never ours
        ("http://user@testserver", "testserver", "ws"),
        ("http://testserver/", "testserver", "ws"),
        ("http://testserver:port", "testserver", "ws"),
        ("http://testserver:99999", "testserver", "ws"),
        ("ws://testserver", "testserver", "ws"),
        ("file://", "testserver", "ws"),
        ("null", "testserver", "ws"),
        ("", "testserver", "ws"),
    ],
)
def test_other_page_gets_none(origin: str, host: str, scheme: str) -> None:
    assert not asked(origin, host=host, scheme=scheme)


@pytest.mark.parametrize("origins", [[], ["http://testserver", "http://testserver"]])
def test_origin_is_told_once(origins: list[str]) -> None:
    assert not asked(origins)


@pytest.mark.parametrize(
    ("told", "origin", "opens"),
    [
        ("https", "https://testserver", True),
        ("https", "http://testserver", False),
        ("http", "https://testserver", False),
        ("http", "http://testserver", True),
    ],
)
def test_scheme_is_what_the_proxy_told(
    settings: Any, told: str, origin: str, *, opens: bool
) -> None:
    """As in production, where the header is believed; elsewhere nobody can claim to have come over TLS."""
    header = [(b"x-forwarded-proto", told.encode())]
    settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    behind = asked(origin, headers=list(header))
    settings.SECURE_PROXY_SSL_HEADER = None
    alone = asked(origin, headers=list(header))

    assert behind is opens
    assert alone is (origin == "http://testserver")


@pytest.mark.parametrize(
    ("origin", "opens"),
    [
        ("https://office.example.cn", True),
        ("https://a.fq.example.cn", True),
        ("https://office.example.cn:8443", False),
        ("http://office.example.cn", False),
        ("https://fq.example.cn.evil.example", False),
    ],
)
def test_page_whose_forms_are_taken_gets_a_socket_too(
    settings: Any, origin: str, *, opens: bool
) -> None:
    settings.CSRF_TRUSTED_ORIGINS = ["https://office.example.cn", "https://*.fq.example.cn"]

    assert asked(origin) is opens

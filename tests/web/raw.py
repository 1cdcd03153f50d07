"""A browser that sends what no browser would."""

from typing import Any
from urllib.parse import urlencode

from django.test import Client


def post_raw(client: Client, path: str, typed: dict[str, str]) -> Any:
    """Post what no browser would send: broken characters as they are."""
    body = urlencode({key: text.encode("utf-8", "surrogatepass") for key, text in typed.items()})
    return client.post(path, body, content_type="application/x-www-form-urlencoded")

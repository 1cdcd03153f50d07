"""Opaque places in a list. Signed, so that nobody counts our rows or walks where he may not."""

from typing import Any

from django.core.signing import BadSignature, Signer
from django.utils.translation import gettext as _

from mediation.core.errors import Malformed

Place = list[Any]
"""Numbers or words that the list itself wrote."""


def written(kind: str, place: Place) -> str:
    return Signer(salt=f"api.cursor.{kind}").sign_object(place, compress=False)


def read(kind: str, cursor: str, *, parts: int = 1) -> Place | None:
    """The place behind a cursor of the same ``kind``; none for no cursor. Raises ``Malformed``."""
    if not cursor:
        return None
    try:
        place = Signer(salt=f"api.cursor.{kind}").unsign_object(cursor)
    except (BadSignature, ValueError):
        place = None
    if not isinstance(place, list) or len(place) != parts:
        raise Malformed({"cursor": [_("This is not the cursor of this list.")]})
    return place

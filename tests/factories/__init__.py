"""What tests are made of: an area tree, a fixed cast, and cases brought along by real commands."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import transaction

from tests.factories.cases import CaseMaker, give, register
from tests.factories.clock import at
from tests.factories.people import AreaFactory, Cast, DutyFactory, PersonFactory, build_cast

__all__ = [
    "AreaFactory",
    "CaseMaker",
    "Cast",
    "DutyFactory",
    "PersonFactory",
    "at",
    "build_cast",
    "give",
    "register",
    "undone",
]


@contextmanager
def undone() -> Iterator[None]:
    """What happens inside leaves nothing behind, however it ends."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)

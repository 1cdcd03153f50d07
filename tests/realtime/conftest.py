from collections.abc import AsyncIterator

import pytest
from asgiref.sync import sync_to_async
from django.db import connections

from mediation.disputes.models import Dispute
from mediation.realtime import hub
from tests.factories import CaseMaker, Cast, build_cast


@pytest.fixture(autouse=True)
async def _hub_ends_with_the_test() -> AsyncIterator[None]:
    yield
    await hub.stop()
    # The thread of the sockets keeps its connection; PostgreSQL could not drop the test database.
    await sync_to_async(connections.close_all)()


@pytest.fixture
def cast(transactional_db: None) -> Cast:
    return build_cast()


@pytest.fixture
def case(cast: Cast) -> Dispute:
    """Registered by ``bao``; its grid worker is ``wang``. Whoever was told has one notice."""
    return CaseMaker(cast)()

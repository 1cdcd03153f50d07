"""The stage of the suite: one cast, one tree, and a way to say that nothing was written."""

import itertools
import os
import shutil
import tempfile
from collections.abc import Callable, Generator, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import connection
from django.utils import translation
from hypothesis import settings as hypothesis_settings

from tests import stage
from tests.factories import CaseMaker, Cast, build_cast

LONG = bool(os.environ.get("LONG"))
SWEEP = pytest.StashKey[Callable[[], None]]()
RUN = itertools.count(1)

# No database of examples in the tree: the printed blob repeats a failure exactly.
hypothesis_settings.register_profile("suite", deadline=None, print_blob=True, database=None)
hypothesis_settings.load_profile("suite")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out what the present database or bus cannot show."""
    missing = set()
    if settings.DATABASES["default"]["ENGINE"] != "django.db.backends.postgresql":
        missing.add("postgres")
    if not settings.REDIS_URL:
        missing.add("redis")
    left_out = [item for item in items if missing & {mark.name for mark in item.iter_markers()}]
    if left_out:
        config.hook.pytest_deselected(items=left_out)
        items[:] = [item for item in items if item not in set(left_out)]


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup() -> None:
    """A request leaves its language behind in the thread for the next one; no test inherits it."""
    translation.deactivate()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_teardown(item: pytest.Item) -> Generator[None, None, None]:
    """Sweep the stage now and then, when the test has left it."""
    yield
    if SWEEP in item.config.stash and next(RUN) % 100 == 0:
        item.config.stash[SWEEP]()


def pytest_unconfigure() -> None:
    """The settings made this directory for this run alone."""
    directory = Path(settings.DATA_DIR)
    if directory.parent == Path(tempfile.gettempdir()) and directory.name.startswith("fengqiao-"):
        shutil.rmtree(directory, ignore_errors=True)


@pytest.fixture(scope="session")
def django_db_keepdb(
    request: pytest.FixtureRequest, django_db_modify_db_settings: None, django_db_blocker: Any
) -> Any:
    """Say "keep" where a database of an earlier run was put in place: it is only brought up to date."""
    if request.config.getvalue("reuse_db"):
        return True
    with django_db_blocker.unblock():
        return stage.copy_kept()


@pytest.fixture(scope="session")
def django_db_setup(
    request: pytest.FixtureRequest,
    django_db_setup: None,
    django_db_keepdb: bool,
    django_db_blocker: Any,
) -> Iterator[None]:
    with django_db_blocker.unblock():
        if not django_db_keepdb:
            stage.keep()
        stage.flush_lightly()

    def sweep() -> None:
        with django_db_blocker.unblock():
            stage.sweep()

    request.config.stash[SWEEP] = sweep
    yield
    del request.config.stash[SWEEP]
    if django_db_keepdb and not request.config.getvalue("reuse_db"):
        with django_db_blocker.unblock():
            stage.strike()


@pytest.fixture(autouse=True)
def _events_may_be_flushed(request: pytest.FixtureRequest) -> Iterator[None]:
    """A committing test ends with a flush, which the append-only triggers would refuse."""
    marker = request.node.get_closest_marker("django_db")
    commits = bool(marker and marker.kwargs.get("transaction")) or (
        {"transactional_db", "live_server"} & set(request.fixturenames)
    )
    if commits:
        request.getfixturevalue("transactional_db")
    yield
    if commits and connection.vendor == "sqlite":
        with connection.cursor() as cursor:  # the flush migrates anew and puts them back
            cursor.execute("DROP TRIGGER IF EXISTS fengqiao_no_delete")
            cursor.execute("DROP TRIGGER IF EXISTS fengqiao_keep")
            cursor.execute("DROP TRIGGER IF EXISTS fengqiao_access_kept")


@pytest.fixture
def cast(db: None) -> Cast:
    return build_cast()


@pytest.fixture
def case_in(cast: Cast) -> CaseMaker:
    """``case_in(Status.AGREED)``: a case brought there by real commands."""
    return CaseMaker(cast)


@pytest.fixture
def snapshot_counts(db: None) -> Callable[[], dict[str, int]]:
    """Rows per table, all tables: equal before and after when nothing was written."""
    tables = sorted(connection.introspection.table_names())
    sql = " UNION ALL ".join(f"SELECT '{name}', COUNT(*) FROM \"{name}\"" for name in tables)

    def count() -> dict[str, int]:
        with connection.cursor() as cursor:
            cursor.execute(sql)
            return dict(cursor.fetchall())

    return count


@pytest.fixture
def snapshot_rows(db: None) -> Callable[[], dict[str, list[Any]]]:
    """Every row of every table: also shows what was changed in place."""

    def read() -> dict[str, list[Any]]:
        with connection.cursor() as cursor:
            return {
                name: _rows(cursor, name) for name in sorted(connection.introspection.table_names())
            }

    return read


def _rows(cursor: Any, table: str) -> list[Any]:
    cursor.execute(f'SELECT * FROM "{table}"')
    return sorted(map(repr, cursor.fetchall()))

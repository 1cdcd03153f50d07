"""Rules of the house are read from the code: they say nothing about the database."""

import pytest


def pytest_itemcollected(item: pytest.Item) -> None:
    item.add_marker(pytest.mark.once)

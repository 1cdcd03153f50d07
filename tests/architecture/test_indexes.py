"""No index is kept for what another already answers: each is paid for with every row of a province."""

from collections.abc import Iterator
from typing import Any, NamedTuple

from django.apps import apps
from django.db import models

OURS = ("mediation.", "workflows")

# Django makes these itself and cannot be told not to; the tables are small.
MAY_STAY = {
    "accounts_person_groups (person)",
    "accounts_person_user_permissions (person)",
    "warning_cluster_cases (cluster)",
}


class Index(NamedTuple):
    """``is_rule``: it says what is unique, and must stay for that."""

    fields: tuple[str, ...]
    is_rule: bool


def indexes(model: Any) -> Iterator[Index]:
    """What the table is searched by. An index of some rows alone answers for those alone."""
    meta = model._meta
    for field in meta.local_concrete_fields:
        if field.unique:
            yield Index((field.name,), is_rule=True)
        elif field.db_index:
            yield Index((field.name,), is_rule=False)
    for names in meta.unique_together:
        yield Index(tuple(names), is_rule=True)
    for index in meta.indexes:
        if index.condition is None:
            yield Index(tuple(name.lstrip("-") for name in index.fields), is_rule=False)
    for rule in meta.constraints:
        if isinstance(rule, models.UniqueConstraint) and rule.condition is None:
            yield Index(rule.fields, is_rule=True)


def spared(found: list[Index]) -> Iterator[Index]:
    """Those with whose fields another begins; an index can be read backwards, so direction is no matter."""
    for here, one in enumerate(found):
        others = found[:here] + found[here + 1 :]
        if not one.is_rule and any(
            other.fields[: len(one.fields)] == one.fields for other in others
        ):
            yield one


def test_no_index_begins_another():
    ours = [
        model
        for model in apps.get_models(include_auto_created=True)
        if model._meta.app_config.name.startswith(OURS) and not model._meta.proxy
    ]
    idle = {
        f"{model._meta.db_table} ({', '.join(one.fields)})"
        for model in ours
        for one in spared(list(indexes(model)))
    }

    assert len(ours) > 60
    assert idle == MAY_STAY


def test_an_index_that_begins_another_is_seen():
    by_case = Index(("dispute",), is_rule=False)
    once = Index(("dispute", "version"), is_rule=True)
    number = Index(("version",), is_rule=False)

    assert list(spared([by_case, once, number])) == [by_case]
    assert list(spared([by_case, by_case])) == [by_case, by_case]
    assert list(spared([Index(("dispute",), is_rule=True), once])) == []

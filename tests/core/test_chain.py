import json
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from enum import IntEnum, StrEnum
from hashlib import sha256
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mediation.core.chain import GENESIS, canonical, link, verify

SHANGHAI = timezone(timedelta(hours=8))


class Colour(StrEnum):
    RED = "red"


class Rank(IntEnum):
    FIRST = 1


SPELT = {
    "keys are sorted": ({"b": 1, "a": {"d": 1, "c": 2}}, '{"a":{"c":2,"d":1},"b":1}'),
    "text stays readable": ({"谁": "王测\n𠅤"}, '{"谁":"王测\\n𠅤"}'),
    "constants": ({"a": None, "b": True, "c": False}, '{"a":null,"b":true,"c":false}'),
    "date": ({"a": date(2026, 1, 5)}, '{"a":"2026-01-05"}'),
    "moment in UTC": (
        {"a": datetime(2026, 1, 5, 8, tzinfo=SHANGHAI)},
        '{"a":"2026-01-05T00:00:00.000000+00:00"}',
    ),
    "uuid": ({"a": UUID(int=1)}, '{"a":"00000000-0000-0000-0000-000000000001"}'),
    "amount": ({"a": Decimal("2800.00")}, '{"a":"2800"}'),
    "amount with fen": ({"a": Decimal("2800.50")}, '{"a":"2800.5"}'),
    "large amount": ({"a": Decimal("1E+3")}, '{"a":"1000"}'),
    "negative zero": ({"a": Decimal("-0.00"), "b": -0.0}, '{"a":"0","b":0}'),
    "whole float": ({"a": 1e22, "b": 1.0}, '{"a":10000000000000000000000,"b":1}'),
    "fraction": ({"a": 0.1}, '{"a":0.1}'),
    "members of enumerations": ({"a": Colour.RED, "b": Rank.FIRST}, '{"a":"red","b":1}'),
    "sequences": ({"a": (1, [2, {"c": date(2026, 1, 5)}])}, '{"a":[1,[2,{"c":"2026-01-05"}]]}'),
    "nothing": ({}, "{}"),
}


@pytest.mark.parametrize(("record", "text"), SPELT.values(), ids=SPELT)
def test_record_has_one_spelling(record, text):
    assert canonical(record) == text.encode()


@pytest.mark.parametrize(
    ("record", "error"),
    [
        ({"a": {1}}, TypeError),
        ({"a": b""}, TypeError),
        ({1: "a"}, TypeError),
        ({"a": object()}, TypeError),
        ({"a": float("nan")}, ValueError),
        ({"a": float("inf")}, ValueError),
        ({"a": Decimal("NaN")}, ValueError),
        ({"a": datetime(2026, 1, 5)}, ValueError),
    ],
    ids=["set", "bytes", "number as key", "object", "NaN", "inf", "Decimal NaN", "naive moment"],
)
def test_record_that_would_not_come_back_the_same_is_refused(record, error):
    with pytest.raises(error):
        canonical(record)


RECORDS = st.dictionaries(
    st.text(st.characters(exclude_categories=["Cs"])),
    st.recursive(
        st.none()
        | st.booleans()
        | st.integers()
        | st.floats(allow_nan=False, allow_infinity=False)
        | st.text(st.characters(exclude_categories=["Cs"]))
        | st.dates()
        | st.datetimes(timezones=st.just(SHANGHAI), min_value=datetime(1900, 1, 1))
        | st.decimals(allow_nan=False, allow_infinity=False, places=2),
        lambda items: st.lists(items, max_size=3),
        max_leaves=5,
    ),
    max_size=4,
)


@given(RECORDS)
def test_spelling_survives_json(record):
    assert canonical(json.loads(canonical(record))) == canonical(record)


def test_link_is_sha256_over_the_previous_link_and_the_spelling():
    expected = sha256(GENESIS.encode() + b'\n{"a":1}').hexdigest()

    assert link(GENESIS, {"a": 1}) == expected


def chained(count=5):
    rows, previous = [], GENESIS
    for number in range(count):
        record = {"number": number, "at": datetime(2026, 1, 5, number, tzinfo=UTC)}
        previous = link(previous, record)
        rows.append((record, previous))
    return rows


def test_untouched_chain_holds():
    rows = chained()

    assert (verify(rows), verify(rows, end=rows[-1][1]), verify([])) == (None, None, None)


def edited(rows):
    rows[2] = ({**rows[2][0], "number": 99}, rows[2][1])


def added_to(rows):
    rows[2] = ({**rows[2][0], "note": ""}, rows[2][1])


def relinked(rows):
    record = {**rows[2][0], "number": 99}
    rows[2] = (record, link(rows[1][1], record))


def deleted(rows):
    del rows[2]


def swapped(rows):
    rows[2], rows[3] = rows[3], rows[2]


def inserted(rows):
    rows.insert(2, ({"number": 9}, link(rows[1][1], {"number": 9})))


def beheaded(rows):
    del rows[0]


def cut_off(rows):
    del rows[3:]


@pytest.mark.parametrize(
    ("tamper", "first_bad"),
    [
        (edited, 2),
        (added_to, 2),
        (relinked, 3),
        (deleted, 2),
        (swapped, 2),
        (inserted, 3),
        (beheaded, 0),
        (cut_off, 3),
    ],
)
def test_tampering_is_found(tamper, first_bad):
    rows = chained()
    end = rows[-1][1]

    tamper(rows)

    assert verify(rows, end=end) == first_bad


def test_cut_tail_is_invisible_without_the_noted_end():
    assert verify(chained()[:3]) is None


def test_emptied_chain_is_found_by_its_end():
    assert verify([], end=chained()[-1][1]) == 0

"""Dates, money and colours are written in one way, in both languages."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
import time_machine
from django.template import Context, Template
from django.utils import translation

from mediation.web.templatetags import fq

NOW = datetime(2026, 11, 23, 6, 5, tzinfo=UTC)  # 14:05 in Shanghai


@pytest.mark.parametrize(
    ("language", "written"), [("zh-hans", "2026年11月3日"), ("en", "Nov. 3, 2026")]
)
def test_day_is_written_without_leading_zeros(language: str, written: str) -> None:
    with translation.override(language):
        assert fq.day(date(2026, 11, 3)) == written


def test_full_is_local_time_of_24_hours() -> None:
    with translation.override("zh-hans"):
        assert fq.full(NOW) == "2026年11月23日 14:05"


@time_machine.travel(NOW, tick=False)
def test_moment_is_short_and_keeps_the_whole_in_its_title() -> None:
    with translation.override("zh-hans"):
        written = fq.moment(NOW)

    assert written == (
        '<time datetime="2026-11-23T14:05+08:00" title="2026年11月23日 14:05">11-23 14:05</time>'
    )


@time_machine.travel(NOW, tick=False)
def test_moment_of_another_year_names_the_year() -> None:
    assert ">2025-12-31 23:59</time>" in fq.moment(datetime(2025, 12, 31, 15, 59, tzinfo=UTC))


@pytest.mark.parametrize(
    ("value", "written"),
    [
        (None, ""),
        (0, "¥0.00"),
        (Decimal(2800), "¥2,800.00"),
        (Decimal("1234567.5"), "¥1,234,567.50"),
        (Decimal("-12.3"), "¥-12.30"),
    ],
)
def test_money_has_two_decimals_and_groups(value: Decimal | None, written: str) -> None:
    assert fq.money(value) == written


@pytest.mark.parametrize(
    ("value", "unit", "written"),
    [
        (None, "workdays", ""),
        (2, "workdays", "2 workdays left"),
        (1, "workdays", "1 workday left"),
        (2, "days", "2 days left"),
        (0, "days", "Due today"),
        (-3, "workdays", "3 days overdue"),
    ],
)
def test_left_counts_down_and_beyond(value: int | None, unit: str, written: str) -> None:
    with translation.override("en"):
        assert fq.in_time(value, unit) == written


@pytest.mark.parametrize(
    ("language", "value", "written"),
    [
        ("zh-hans", 9_999, "9,999"),
        ("zh-hans", 12_846, '<span title="12,846">1.3万</span>'),
        ("en", 12_846, '<span title="12,846">13K</span>'),
        ("en", None, "–"),
    ],
)
def test_compact_shortens_from_ten_thousand(language: str, value: int | None, written: str) -> None:
    with translation.override(language):
        assert fq.compact(value) == written


@pytest.mark.parametrize(
    ("stored", "name"), [("RED", "red"), ("Orange", "orange"), ("follow", "follow"), ("", None)]
)
def test_colour_is_found_by_its_stored_name(stored: str, name: str | None) -> None:
    look = fq.colour(stored)

    assert (look.name if look else None) == name


def test_badge_shows_colour_word_and_shape() -> None:
    page = Template('{% badge "RED" %}')

    with translation.override("en"):
        written = page.render(Context())

    assert 'data-colour="red"' in written
    assert "#level-red" in written
    assert "Red" in written


def test_spark_fits_its_frame() -> None:
    assert 'points="0.0,28.0 50.0,15.0 100.0,2.0"' in fq.spark([1, 2, 3])


def test_spark_of_one_value_is_empty() -> None:
    assert fq.spark([7]) == ""

"""Clocks in words: working days while they run, plain days once they are over."""

from datetime import date

import pytest
from django.utils import translation

from mediation.deadlines.calendar import load
from mediation.deadlines.models import Deadline
from mediation.web.clockface import clock_face, clock_words, countdown, face, rule_words
from tests.factories import at

CALENDAR = load()
FRIDAY = date(2026, 3, 6)


@pytest.mark.parametrize(
    ("due", "left", "unit"),
    [
        (date(2026, 3, 10), 2, "workdays"),
        # The weekend holds no working day, and yet the last day is not today.
        (date(2026, 3, 8), 2, "days"),
        (FRIDAY, 0, "days"),
        (date(2026, 3, 4), -2, "days"),
    ],
)
def test_face_counts_what_is_left(due: date, left: int, unit: str) -> None:
    shown = face(due, today=FRIDAY, calendar=CALENDAR)

    assert (shown.due, shown.left, shown.unit) == (due, left, unit)


@pytest.mark.parametrize(
    ("now", "words"),
    [
        ("2026-03-02 10:10", "20 minutes left"),
        ("2026-03-02 10:29", "1 minute left"),
        ("2026-03-02 10:30", "0 minutes too late"),
        ("2026-03-02 12:00", "90 minutes too late"),
        ("2026-03-02 13:30", "3 hours too late"),
        ("2026-03-06 10:30", "4 days too late"),
    ],
)
def test_countdown_says_how_much_is_left(now: str, words: str) -> None:
    with translation.override("en"):
        said = countdown(at("2026-03-02 10:30"), now=at(now))

    assert said == words


@pytest.mark.parametrize(
    ("rule", "subject", "words"),
    [("OBLIGATION", "2", "Obligation 2"), ("VISIT", "", "Follow-up visit"), ("NEW", "", "NEW")],
)
def test_rule_words_name_clocks_set_by_hand(rule: str, subject: str, words: str) -> None:
    with translation.override("en"):
        said = rule_words(rule, subject)

    assert said == words


def test_rule_words_name_a_statutory_clock_in_the_language_of_the_page() -> None:
    said = []
    for language in ("zh-hans", "en"):
        with translation.override(language):
            said.append(rule_words("CONF"))

    assert said[0] != said[1]
    assert said[0].isascii() is False


@pytest.mark.parametrize(
    ("rule", "subject", "chinese"),
    [
        ("OBLIGATION", "2", "第2项义务"),
        ("CARD_REMINDER", "OBLIGATION/1", "提醒答复（第1项义务）"),
        ("CARD_YELLOW", "MED/", "黄牌督办答复（人民调解）"),
        ("CARD_REMINDER", "HAND/17", "提醒答复"),
        ("MED", "", "人民调解"),
    ],
)
def test_a_clock_is_named_without_codes(rule: str, subject: str, chinese: str) -> None:
    with translation.override("zh-hans"):
        assert clock_words(rule, subject) == chinese


@pytest.mark.parametrize(
    ("rule", "state", "due", "shown"),
    [
        ("R26", "fired", date(2026, 3, 4), "lapsed"),  # the party did not sue, and may no more
        ("R26", "armed", date(2026, 3, 4), "lapsed"),
        ("R26", "armed", FRIDAY, ""),
        ("R26", "met", date(2026, 3, 4), "done"),
        ("R12", "fired", date(2026, 3, 4), ""),  # our own reply: that is late
        ("OBLIGATION", "fired", date(2026, 3, 4), ""),
    ],
)
def test_right_that_lapsed_is_over_and_not_late(
    rule: str, state: str, due: date, shown: str
) -> None:
    row = Deadline(rule=rule, state=state, due_on=due, starts_on=date(2026, 2, 1))

    assert clock_face(row, today=FRIDAY, calendar=CALENDAR).state == shown

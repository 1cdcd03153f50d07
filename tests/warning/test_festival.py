from datetime import date

import pytest

from mediation.warning.festival import days_to_spring_festival


@pytest.mark.parametrize(
    ("today", "days"),
    [
        (date(2024, 2, 1), 9),  # the eve was no statutory holiday yet
        (date(2026, 1, 3), 45),
        (date(2026, 2, 17), 0),
        (date(2026, 2, 18), 353),
        (date(2099, 12, 1), None),
    ],
)
def test_count_days_to_spring_festival(today, days):
    assert days_to_spring_festival(today=today) == days

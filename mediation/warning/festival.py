"""How far Spring Festival is: the season in which unpaid wages bring people to the street."""

from datetime import date, timedelta

from mediation.deadlines.calendar import statutory_days

SPRING_FESTIVAL = "春节"


def days_to_spring_festival(*, today: date) -> int | None:
    """Whole days until the coming first day of the lunar year; none beyond the known calendar."""
    days = (_first_day(year) for year in (today.year, today.year + 1))
    return next(((day - today).days for day in days if day and day >= today), None)


def _first_day(year: int) -> date | None:
    holidays = [day for day, name in statutory_days(year).items() if SPRING_FESTIVAL in name]
    # The third day is a holiday by every version of the regulation; the eve only since 2025.
    return max(holidays) - timedelta(days=2) if holidays else None

"""The edge of time: doors read the clock here and pass it inwards."""

from datetime import date, datetime, time, timedelta

from django.utils import timezone


def now() -> datetime:
    return timezone.now()


def local_day(moment: datetime) -> date:
    """The legal day of a moment: the date in Asia/Shanghai."""
    return timezone.localtime(moment).date()


def today() -> date:
    return local_day(now())


def end_of(day: date) -> datetime:
    """The moment a last day is over: 24:00 in Asia/Shanghai (Civil Code art. 203)."""
    return timezone.make_aware(datetime.combine(day + timedelta(days=1), time.min))


def day_of(moment: datetime) -> date:
    """The last day that ``end_of`` was made from."""
    return timezone.localtime(moment - timedelta(microseconds=1)).date()

"""The edge of time: doors read the clock here and pass it inwards."""

from datetime import date, datetime

from django.utils import timezone


def now() -> datetime:
    return timezone.now()


def local_day(moment: datetime) -> date:
    """The legal day of a moment: the date in Asia/Shanghai."""
    return timezone.localtime(moment).date()


def today() -> date:
    return local_day(now())

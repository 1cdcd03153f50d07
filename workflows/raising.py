"""Alerts of areas: raised, counted again, brought up. However many come together, a table is written once."""

from collections.abc import Iterable
from datetime import datetime

from mediation.disputes.enums import Colour
from mediation.warning import alerts, office
from mediation.warning.alerts import Matter
from mediation.warning.models import Alert
from workflows import alerting


def raise_areas(matters: Iterable[Matter], now: datetime) -> list[Alert]:
    """The alert of each matter, in their order, with its task and its notices.

    A matter whose alert is still open is counted there, and told again only when it got worse.
    """
    listed = list(matters)
    if not listed:
        return []
    tables = office.settings_of_all(matter.area_code for matter in listed)
    known = alerts.open_by_key(matter.key for matter in listed)
    first = {matter.key: matter for matter in reversed(listed) if matter.key not in known}
    fresh = alerts.raise_for_areas(list(reversed(first.values())), now, tables)
    alerting.open_tasks(fresh, now)
    known |= {alert.fold_key: alert for alert in fresh}
    told = {alert.pk: alert for alert in fresh if alert.colour != Colour.BLUE}
    for matter in listed:
        if first.get(matter.key) is matter:
            continue
        alert, table = known[matter.key], tables[matter.area_code]
        if alerts.raise_again(alert, matter.colour, matter.words, now=now, table=table):
            told[alert.pk] = alert
    alerting.announce(list(told.values()), now)
    return [known[matter.key] for matter in listed]

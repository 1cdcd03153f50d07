"""What each colour asks of people, and how soon. Plain Python; an office may bring its own."""

from collections.abc import Mapping
from datetime import timedelta

from mediation.warning.ruleset import Colour, Reaction

REACTIONS: Mapping[Colour, Reaction] = {
    "red": Reaction(
        confirm_within=timedelta(minutes=30),
        first_contact=timedelta(hours=2),
        lead_zh="街道领导包案",
        lead_en="a leader of the subdistrict in person",
        follow_up_zh="每天一次，直至连续两周平稳",
        follow_up_en="every day until two calm weeks",
    ),
    "orange": Reaction(
        confirm_within=timedelta(hours=4),
        first_contact=timedelta(hours=24),
        lead_zh="分管领导、司法所",
        lead_en="the deputy leader with the justice office",
        follow_up_zh="每3天一次",
        follow_up_en="every three days",
    ),
    "yellow": Reaction(
        confirm_within=timedelta(hours=24),
        first_contact=timedelta(days=3),
        lead_zh="社区调委会",
        lead_en="the mediation committee of the community",
        follow_up_zh="每周一次",
        follow_up_en="every week",
    ),
    "blue": Reaction(
        confirm_within=None,
        first_contact=timedelta(days=7),
        lead_zh="网格员、社区调委会",
        lead_en="the grid worker with the committee",
        follow_up_zh="结案时",
        follow_up_en="at closing",
    ),
}

"""The plots that are played. The special ones meet every status and case; the common ones fill the town."""

from collections.abc import Callable
from dataclasses import dataclass

from mediation.accounts.demo import SUBDISTRICT
from mediation.jobs.seed import plots as t
from mediation.jobs.seed.tale import Tale
from mediation.jobs.seed.topics import CIVIL, CROWD, MIXED, PARKING, THREAT, VIOLENT, Topic


@dataclass(frozen=True, slots=True)
class Plot:
    """``rests``: for how many days nothing has happened since; what waits long runs overdue."""

    name: str
    tell: Callable[[Tale], None]
    rests: tuple[int, int]
    colours: tuple[str, ...] = ()
    nature: str = "CIVIL"
    topic: Topic | None = None
    alert: str = "resolved"
    verdict: str = ""
    """What its alert turned out to be; nothing: as the dice fall."""
    at_home: bool = False
    """Whether it happens in the grid of the cast, so that a visitor meets it."""
    minor: bool = False
    agreement: str = ""
    target: str = "court"
    twin: str = ""
    grid: str = ""
    people_count: int | None = None


CALM = ("BLUE", "BLUE", "BLUE", "YELLOW")
RED, ORANGE = ("RED",), ("ORANGE",)
TODAY = (-1, -1)
"""Registered this morning, before the office opened."""
ADMIN = "ADMINISTRATIVE"

SPECIAL: tuple[Plot, ...] = (
    Plot("registered", t.registered, (2, 2), CALM, at_home=True),
    Plot("red_unseen", t.registered, TODAY, RED, topic=THREAT, alert="raised", at_home=True),
    Plot("orange_unseen", t.registered, (0, 1), ORANGE, alert="raised"),
    Plot("duplicate", t.duplicate, (0, 0), CALM, at_home=True, twin="registered"),
    Plot("assessed", t.assessed, (1, 2), CALM, at_home=True),
    Plot("consent_pending", t.consent_pending, (1, 3), CALM, at_home=True),
    Plot("accepted", t.accepted, (1, 3), CALM, at_home=True),
    Plot("mediating", t.mediating, (1, 4), CALM, at_home=True),
    Plot("mediating_overdue", t.mediating, (33, 36), CALM, at_home=True),
    Plot("paused", t.paused, (2, 6), CALM, at_home=True),
    Plot("agreed", t.agreed, (1, 2), CALM, at_home=True, agreement="written"),
    Plot("performing", t.performing, (1, 3), CALM, at_home=True, agreement="written"),
    Plot("performing_overdue", t.overdue_performance, (8, 12), CALM, at_home=True),
    Plot("breached", t.breached, (2, 6), CALM),
    Plot("mediation_ended", t.deadlocked, (1, 3), CALM, at_home=True),
    Plot("rc_advised", t.advised, (2, 4), CALM, ADMIN),
    Plot("rc_served", t.rc_served, (1, 3), CALM, ADMIN, at_home=True),
    Plot("referred", t.referred, (2, 6), CALM, agreement="written"),
    Plot("referred_overdue", t.referred_overdue, (8, 10), CALM, target="department"),
    Plot("split", t.split, (1, 3), CALM, "MIXED", topic=MIXED),
    Plot("close_review", t.fulfilled, (1, 2), CALM, at_home=True),
    Plot("returned", t.returned, (1, 2), CALM, at_home=True),
    Plot("closed", t.closed, (3, 9), CALM, at_home=True),
    Plot("closed_unvisited", t.closed, (33, 38), CALM, at_home=True),
    Plot("archived", t.archived, (5, 20), CALM, at_home=True),
    Plot("reopened", t.reopened, (1, 2), CALM, at_home=True),
    Plot("violent_home", t.violent_home, (1, 2), RED, topic=VIOLENT, alert="acting", minor=True,
         at_home=True),
    Plot("orange_mediating", t.mediating, (1, 3), ORANGE, alert="acting"),
    Plot("false_alarm", t.false_alarm, (3, 8), CALM),
    Plot("settled", t.settled, (1, 1), ("BLUE",), at_home=True),
    # Thirty plots up to here meet every status and every colour; the rest deepen the picture.
    Plot("red_second_person", t.red_waiting, (1, 1), RED, topic=THREAT, alert="acting"),
    Plot("violent_mediating", t.violent_mediating, (2, 5), RED, topic=VIOLENT, alert="acting"),
    Plot("crowd", t.mediating, (1, 2), ORANGE, topic=CROWD, alert="acting", people_count=8),
    Plot("confirming", t.confirming, (2, 4), CALM, at_home=True, agreement="written"),
    Plot("confirmed", t.confirmed_archived, (9, 25), CALM, at_home=True, agreement="written"),
    Plot("rc_correction", t.rc_correction, (1, 3), CALM, ADMIN),
    Plot("rc_suspended", t.rc_suspended, (3, 9), CALM, ADMIN),
    Plot("rc_decided", t.rc_decided, (1, 3), CALM, ADMIN),
    Plot("rc_ended", t.rc_ended, (1, 2), CALM, ADMIN),
    Plot("rc_archived", t.rc_archived, (10, 30), CALM, ADMIN),
    Plot("referred_accepted", t.referred_accepted, (2, 5), CALM, target="labour_arbitration"),
    Plot("referred_declined", t.referred_declined, (1, 2), CALM, target="department"),
    Plot("taken_back", t.taken_back, (1, 2), CALM, target="department"),
    Plot("extended", t.extended, (5, 12), CALM),
    Plot("resumed", t.resumed, (1, 3), CALM),
    Plot("refused", t.refused, (1, 2), CALM),
    Plot("unknown_parties", t.unknown_parties, (1, 1), CALM),
    Plot("given_up", t.given_up, (1, 2), CALM),
    Plot("visited", t.visited, (1, 3), CALM, at_home=True),
    Plot("court_closed", t.court_closed, (2, 6), CALM),
    Plot("red_closed", t.closed, (3, 8), RED),
    Plot("red_archived", t.archived, (8, 24), RED),
    Plot("orange_closed", t.closed, (4, 12), ORANGE, verdict="prevented"),
    Plot("orange_archived", t.archived, (20, 60), ORANGE, verdict="false"),
    Plot("orange_seen", t.assessed, (0, 1), ORANGE, alert="acknowledged"),
    Plot("orange_unseen_today", t.registered, TODAY, ORANGE, alert="raised"),
    Plot("from_police", t.from_police, (1, 3), CALM),
    Plot("from_petition", t.from_petition, (1, 3), CALM),
    Plot("registered_today", t.registered, TODAY, CALM, at_home=True),
    Plot("registered_today_2", t.registered, TODAY, CALM),
)  # fmt: skip

REMEMBERED: tuple[Plot, ...] = tuple(
    Plot(f"remembered#{n}", t.archived, (40, 120), CALM, topic=topic)
    for n, topic in enumerate(topic for topic in CIVIL if topic.category in {"07", "09", "99"})
)
"""Kinds of which there are few: without one that is over, each new one would look unheard of."""

PLAGUED = f"{SUBDISTRICT}902"
PLAGUED_GRIDS = 5
CLUSTER: tuple[Plot, ...] = tuple(
    Plot(
        f"parking#{n}", tell, rests, ("BLUE", "BLUE", "YELLOW"), topic=PARKING,
        grid=f"{PLAGUED}00{n % PLAGUED_GRIDS + 1}",
    )
    for n, (tell, rests) in enumerate((
        (t.registered, (0, 1)), (t.assessed, (2, 3)), (t.consent_pending, (1, 2)),
        (t.assessed, (4, 5)), (t.consent_pending, (3, 4)), (t.registered, (1, 2)),
        (t.assessed, (0, 1)), (t.consent_pending, (2, 3)),
    ))
)  # fmt: skip
"""One manager of buildings, one community, two weeks: what the detection has to find. So many that it is red
on whatever day the curtain rises; five were orange on some days and red on others."""


@dataclass(frozen=True, slots=True)
class Trouble:
    """Something in one community that made cases so many weeks ago, and what the office did about it."""

    weeks: int
    community: str
    kind: str
    cases: int
    measure: str
    verdict: str
    outcome: str


PAST_TROUBLE: tuple[Trouble, ...] = (
    Trouble(
        43, f"{SUBDISTRICT}905", "10", 7, "约谈用工单位负责人，核对名册，请劳动监察提前介入。", "prevented",
        "欠付工资已全部补发，务工人员未再聚集。",
    ),
    Trouble(
        31, f"{SUBDISTRICT}907", "02", 7, "会同物业排查整栋楼管道，召集上下楼住户集中协商。", "true",
        "查明为同一栋楼管道老化，已由维修资金更换。",
    ),
    Trouble(
        25, f"{SUBDISTRICT}908", "02", 7, "安排网格逐户核实，查明有无共同诱因。", "false",
        "新到岗网格员补录积压登记，纠纷互不相干。",
    ),
    Trouble(
        19, f"{SUBDISTRICT}906", "06", 7, "约见施工方，划定施工时段，先行垫付小额赔偿。", "prevented",
        "施工扰民赔偿已一次谈妥，未引发集体上访。",
    ),
    Trouble(
        13, f"{SUBDISTRICT}904", "15", 7, "召开业主代表座谈会，请住建部门说明收费依据。", "true",
        "同一物业擅自调价引起，已恢复原标准并退费。",
    ),
    Trouble(
        9, f"{SUBDISTRICT}901", "10", 7, "请劳动监察核实各单位是否关联。", "false",
        "年底集中清欠宣传后主动登记增多，单位互不关联。",
    ),
)  # fmt: skip
"""What the detection had to find in the year before: one community, two weeks each. Two looked like a cause
and had none: campaigns and late entries are the false alarms of daily life."""

MOSTLY = (*CALM, *CALM, *CALM, *CALM, *CALM, *CALM, "ORANGE")
# What is open meets the eye above; here most is over, and lies months back.
COMMON: tuple[tuple[int, Plot], ...] = (
    (2, Plot("registered", t.registered, (0, 2), CALM)),
    (2, Plot("assessed", t.assessed, (0, 4), MOSTLY, alert="acting")),
    (2, Plot("consent_pending", t.consent_pending, (0, 5), CALM)),
    (1, Plot("accepted", t.accepted, (0, 4), CALM)),
    (5, Plot("mediating", t.mediating, (0, 16), MOSTLY, alert="acting")),
    (1, Plot("paused", t.paused, (1, 9), CALM)),
    (1, Plot("agreed", t.agreed, (0, 3), CALM)),
    (4, Plot("performing", t.performing, (0, 9), CALM)),
    (1, Plot("breached", t.breached, (1, 8), CALM)),
    (1, Plot("mediation_ended", t.deadlocked, (0, 4), CALM)),
    (1, Plot("referred", t.referred_accepted, (1, 8), CALM)),
    (2, Plot("close_review", t.fulfilled, (0, 3), CALM)),
    (1, Plot("settled", t.settled, (0, 2), ("BLUE",))),
    (6, Plot("closed", t.closed, (1, 24), MOSTLY)),
    (4, Plot("settled_closed", t.settled_closed, (1, 20), ("BLUE",))),
    (16, Plot("archived", t.archived, (2, 120), MOSTLY)),
    (10, Plot("settled_archived", t.settled_archived, (2, 120), ("BLUE",))),
    (3, Plot("confirmed", t.confirmed_archived, (2, 100), CALM, agreement="written")),
    (2, Plot("court_closed", t.court_closed, (2, 30), CALM)),
    (1, Plot("rc_archived", t.rc_archived, (2, 60), CALM, ADMIN)),
)

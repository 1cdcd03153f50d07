"""From the first word to the assessment, and what the leader does about an alert."""

from datetime import date, datetime, time, timedelta
from typing import Any

from mediation.documents.kinds import BY_REQUEST
from mediation.jobs.seed.places import community_name
from mediation.jobs.seed.tale import RESIDENT, SHANGHAI, Step, Tale

PLAN = "分开安置双方，派出所每日回访，三日内由本人主持面谈，一周内拿出调解方案；有变化随时报我。"
NOTES = (
    "上午到双方家中走访，情绪平稳，未再接触；已嘱网格员晚间再看一次。",
    "与派出所会商，双方同意坐下来谈，时间定在本周内。",
    "电话回访双方，无新情况；调解员已拟好方案。",
)
OUTCOMES = {
    "prevented": "已上门疏导并将双方分开，情绪平稳，未再发生冲突。",
    "true": "当晚双方再次推搡，派出所到场劝阻，次日面谈后各自冷静。",
    "false": "经核实只是口角，登记时情况说得偏重，双方照常往来。",
}
SOURCES = ("grid", "grid", "grid", "application", "visit", "hotline", "police", "online")


def register(tale: Tale, *, unknown: bool = False) -> None:
    source = tale.rng.choice(SOURCES)
    if tale.is_alarming and not tale.fresh:
        tale.evening()
    who = {"online": RESIDENT, "hotline": tale.team.centre, "visit": tale.team.centre}.get(
        source, tale.team.worker
    )
    tale.by_request = source in BY_REQUEST
    tale.do(
        who,
        "register",
        category=tale.topic.category,
        title=tale.topic.title,
        facts=tale.topic.told(tale.rng),
        claim=tale.topic.claim,
        amount=str(tale.amount or ""),
        people_count=tale.people_count or max(2, len(tale.parties)),
        parties=[] if unknown else tale.parties,
        parties_unknown=unknown,
        grid=tale.team.grid,
        place=place(tale),
        occurred_at=(tale.now - timedelta(minutes=tale.rng.randint(20, 300))).isoformat(),
        source=source,
        answers=tale.answers(),
    )


def place(tale: Tale) -> str:
    spot = ("楼道口", "院内", "门面前", "小区北门", "菜场旁", "停车棚", "家中")
    return (
        f"{community_name(tale.team.grid)}第{int(tale.team.grid[-3:])}网格{tale.rng.choice(spot)}"
    )


def acknowledge(tale: Tale) -> None:
    """The leader sees the alert in time: red within half an hour, orange within four hours."""
    if tale.is_alarming and tale.alert != "raised":
        tale.minutes(3, 12)
        tale.do(tale.team.leader, "acknowledge_alert")


def act(tale: Tale) -> None:
    if tale.colour == "RED" and tale.alert == "acting":
        tale.aside(tale.team.leader, "take_charge", plan=PLAN)
    if tale.is_alarming and tale.alert in {"acting", "resolved"}:
        tale.do(
            tale.team.leader,
            "act_on_alert",
            owner=tale.team.leader_id,
            action="由包案领导牵头，派出所、司法所和社区到场稳控，每日一报。",
            action_due=(tale.today + timedelta(days=7)).isoformat(),
        )
        if tale.rng.random() < 0.6:
            tale.do(
                tale.team.leader, "comment", remark="请网格员每天上门看一次，有变化马上电话报我。"
            )


def note_daily(tale: Tale, *, until: date) -> None:
    """Who took charge of a case writes every evening, up to the last one before the curtain rises."""
    if not any(step.command == "take_charge" for step in tale.steps):
        return
    day = tale.end.date() + timedelta(days=1)
    for n in range((until - day).days):
        at = datetime.combine(day + timedelta(days=n), time(17, 40), SHANGHAI)
        data = {"note": NOTES[n % len(NOTES)]}
        tale.steps.append(Step(at, tale.key, tale.team.leader, "note_charge", data))


def resolve(tale: Tale) -> None:
    if tale.is_alarming and tale.alert == "resolved":
        tale.office()
        verdict = tale.verdict or tale.rng.choice(("prevented", "prevented", "true", "false"))
        tale.do(tale.team.leader, "resolve_alert", verdict=verdict, outcome=OUTCOMES[verdict])


def assess(tale: Tale, **more: Any) -> None:
    acknowledge(tale)
    if tale.is_alarming:
        tale.minutes(5, 25)
    else:
        tale.office()
    tale.do(tale.team.centre, "assess", nature=tale.nature, answers=tale.further(), **more)
    act(tale)

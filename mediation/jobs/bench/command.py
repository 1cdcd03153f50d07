"""``bench command``: our commands beside a bare viewflow step and beside a raw SQL transaction."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from functools import partial
from typing import Any

from django.db import connection, transaction
from django.utils import timezone

from mediation.accounts.actor import Actor, load_actor
from mediation.accounts.models import Duty, Person, Role
from mediation.areas.models import CODE_LENGTHS, Area, level_of
from mediation.jobs.bench.meter import Meter, measure_all
from mediation.warning.questions import QUESTIONS
from workflows import bare
from workflows.engine import Command, execute

GRID = "430902006901003"
DAY = date(2026, 3, 2)
APART = timedelta(days=10)
"""Between two cases: on one day they would be a cluster, with alerts, and no ordinary cases."""
CALM = {question.key: question.choices[-2].value for question in QUESTIONS} | {
    "conduct": "calm",
    "earlier_disputes": "0",
    "police_calls": "0",
}


def run(*, cases: int) -> dict[str, Any]:
    """Story A for ``cases`` cases, the same number of bare steps, and of raw transactions, interleaved."""
    people = _people()
    ours, engine, raw = Meter(), Meter(), Meter()
    _story(people, 0, datetime_of(DAY))  # warm caches and compiled expressions
    _bare_run(people["li"])
    for number in range(1, cases + 1):
        _add(ours, _story(people, number, datetime_of(DAY - APART * number)))
        _add(engine, _bare_run(people["li"]))
        _add(raw, measure_all([partial(_raw_step, number, step) for step in range(bare.STEPS)]))
    reports = {"ours": ours.report(), "viewflow": engine.report(), "sql": raw.report()}
    return {
        "database": connection.vendor,
        "statements_median": reports["ours"]["statements_median"],
        "cpu_ms": reports["ours"]["cpu_ms"],
        "cpu_ratio_to_viewflow": _ratio(reports, "viewflow"),
        "cpu_ratio_to_sql": _ratio(reports, "sql"),
        **reports,
    }


def _ratio(reports: dict[str, dict[str, float]], other: str) -> float:
    return round(reports["ours"]["cpu_ms"] / reports[other]["cpu_ms"], 3)


def _add(total: Meter, part: Meter) -> None:
    total.statements += part.statements
    total.cpu_ms += part.cpu_ms


def datetime_of(day: date) -> datetime:
    return timezone.make_aware(datetime(day.year, day.month, day.day, 9))  # noqa: DTZ001 -- made aware here


def _people() -> dict[str, Actor]:
    """One small area with one person per role."""
    names = ["湖南省", "益阳市", "资阳区", "汽车路街道", "测试社区", "第3网格"]
    parent = None
    for length, name in zip(sorted([*CODE_LENGTHS]), names, strict=True):
        code = GRID[:length]
        parent = Area.objects.create(code=code, name=name, level=level_of(code), parent=parent)
    actors = {}
    for name, role, code in (
        ("wang", Role.GRID_WORKER, GRID),
        ("li", Role.MEDIATOR, GRID[:12]),
        ("zhong", Role.CENTRE_STAFF, GRID[:9]),
        ("si", Role.JUSTICE_STAFF, GRID[:9]),
        ("ling", Role.LEADER, GRID[:9]),
    ):
        person = Person.objects.create(username=name, name=name)
        area = Area.objects.get(code=code)
        Duty.objects.create(person=person, role=role, area=area, since=date(2020, 1, 1))
        actors[name] = load_actor(person, today=DAY)
    return actors


def _story(people: dict[str, Actor], number: int, start: datetime) -> Meter:
    """Story A of the domain file: register … archive."""
    registered: dict[str, str] = {}

    nth = chr(0x4E00 + number)  # other people each time: repetition is no ordinary case

    def register() -> None:
        data = {
            "category": "02", "facts": "楼上漏水泡坏楼下天花板，双方多次争吵未果", "grid": GRID,
            "place": f"汽车路{number}号", "source": "grid", "answers": CALM,
            "parties": [
                {"name": f"彭测{nth}", "side": "respondent"}, {"name": f"蔡测{nth}", "side": "applicant"},
            ],
        }  # fmt: skip
        done = execute(Command("register", data=data, key=f"r{number}"), people["wang"], now=start)
        registered["number"] = done.number

    pieces: list[Callable[[], Any]] = [register]
    for version, (who, name, days, data) in enumerate(_steps(people, start), 1):
        command = partial(Command, name, version=version, data=data)
        now = start + timedelta(days=days)
        pieces.append(partial(_step, people[who], registered, command, now))
    return measure_all(pieces)


def _step(
    actor: Actor, registered: dict[str, str], command: partial[Command], now: datetime
) -> None:
    number = registered["number"]
    execute(command(dispute=number, key=f"{number}-{command.keywords['version']}"), actor, now=now)


def _steps(people: dict[str, Actor], start: datetime) -> list[tuple[str, str, int, dict[str, Any]]]:
    def day(days: int) -> str:
        return (start + timedelta(days=days)).date().isoformat()

    def consent(party: int) -> dict[str, Any]:
        return {
            "party": party, "consent": "yes", "answered_on": day(1), "channel": "in_person",
            "rights_told": True,
        }  # fmt: skip

    meeting = {
        "kind": "session", "held_at": f"{day(4)}T08:00", "place": "调解室", "attended": [1, 2],
        "record": "双方到场，听取意见",
    }  # fmt: skip
    agreement = {
        "form": "written", "content": "修复漏水并赔偿", "manner": "转账", "amount": "4200",
        "agreed_on": day(10),
        "obligations": [
            {"debtor": 1, "content": "修复漏水", "due_on": day(29)},
            {"debtor": 1, "content": "赔偿", "amount": "4200", "due_on": day(49)},
        ],
    }  # fmt: skip
    signatures = {
        "parties": [{"party": 1, "signed_on": day(10)}, {"party": 2, "signed_on": day(10)}],
        "mediator_signed_on": day(10), "sealed_on": day(11),
    }  # fmt: skip
    return [
        ("zhong", "assess", 0, {"nature": "CIVIL"}),
        ("zhong", "start_mediation_intake", 0, {"mediator": people["li"].person_id}),
        ("li", "record_consent", 1, consent(1)),
        ("li", "record_consent", 2, consent(2)),
        ("li", "accept", 3, {"accepted_on": day(1), "no_conflict": True}),
        ("li", "begin_session", 4, meeting),
        ("li", "record_session", 7, meeting),
        ("li", "reach_agreement", 10, agreement),
        ("li", "record_signatures", 11, signatures),
        ("li", "make_effective", 11, {}),
        ("li", "record_performance", 26, {"obligation": 1, "done_on": day(26), "proof": "照片"}),
        ("li", "record_performance", 47, {"obligation": 2, "done_on": day(47), "proof": "收条"}),
        ("li", "fulfil", 49, {}),
        ("si", "close", 50, {"result": "AGREED_PERFORMED"}),
        ("wang", "visit", 80, {"visited_at": f"{day(80)}T08:00", "outcome": "holds"}),
        ("si", "archive", 81, {"retention": "30", "page_count": 24}),
    ]  # fmt: skip


def _bare_run(actor: Actor) -> Meter:
    user = Person.objects.get(pk=actor.person_id or 0)
    process = bare.begin()
    return measure_all([partial(bare.take_step, process, user) for _ in range(bare.STEPS)])


def _raw_step(number: int, step: int) -> None:
    """The least that a lawful step could be: lock, move, write the event, in one transaction."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "UPDATE areas_area SET households = %s WHERE code = %s", [number * 100 + step, GRID]
        )
        cursor.execute(
            "INSERT INTO django_session (session_key, session_data, expire_date) VALUES (%s, %s, %s)",
            [f"bench-{number}-{step}", "x" * 300, timezone.now()],
        )

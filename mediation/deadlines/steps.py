"""The derivation of a date: what was counted, skipped, added and moved, as sentences.

Counting follows the Civil Code, arts. 200 to 203, and the Civil Procedure Law (2023), art. 85.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import Enum

from mediation.deadlines.calendar import MAKE_UP, WorkCalendar
from mediation.deadlines.words import Said, stretch
from mediation.deadlines.yearplan import DAY


class StepKind(Enum):
    """Each kind of step and its sentence."""

    STARTED = Said(
        "{start}: {event}. That day is not counted; counting begins on {first} "
        "(Civil Code, art. 201).",
        "{start}{event}，当日不计入，自{first}起算（《民法典》第201条）。",
    )
    STARTED_HOUR = Said(
        "{start}: {event}. Hours are counted from that moment.",
        "{start}{event}，自该时起按小时计算。",
    )
    OLDER = Said(
        "The cited text is in force since {since}; check the text that applied before.",
        "所引条文自{since}起施行，此前的事项请核对当时有效的规定。",
    )
    COUNTED = Said("{span} later is {raw}.", "期间{span}，届满日为{raw}。")
    COUNTED_WORK = Said(
        "Only working days count. The last of {span} is {raw}.",
        "期间只计工作日，第{count}个工作日为{raw}。",
    )
    CLIPPED = Said(
        "That month has no day {number}; its last day takes the place (Civil Code, art. 202).",
        "该月没有{number}日，以该月最后一日为届满日（《民法典》第202条）。",
    )
    COUNTED_HOURS = Said(
        "{span} later is {raw}. Hours run through nights, weekends and holidays.",
        "期间{span}，至{raw}届满；按小时计算的期间，夜间、周末和节假日不扣除。",
    )
    EXTENDED = Said(
        "Extended by {span} ({condition}); the last day becomes {raw}.",
        "延长{span}（{condition}），届满日变为{raw}。",
    )
    EXTENDED_WORK = Said("Extended by {span} ({condition}).", "延长{span}（{condition}）。")
    PAUSED = Said(
        "Stopped on {first}, resumed on {resumed}: {days} days are added; "
        "the last day becomes {raw}.",
        "{first}中止，{resumed}恢复，顺加{days}日，届满日变为{raw}。",
    )
    PAUSED_WORK = Said(
        "Stopped on {first}, resumed on {resumed}: the {days} working days between do not count.",
        "{first}中止，{resumed}恢复，其间{days}个工作日不计入。",
    )
    SKIPPED = Said("Not counted: {days} ({reason}).", "不计入：{days}（{reason}）。")
    COUNTED_MAKE_UP = Said("Counted: {days} ({reason}).", "计入：{days}（{reason}）。")
    RESTING = Said("Rest: {days} ({reason}).", "休息日：{days}（{reason}）。")
    ROLLED = Said(
        "The last day is a rest day, so the period ends on the first working day after it, {due} "
        "(Civil Code, art. 203; Civil Procedure Law, art. 85).",
        "届满日为休息日，顺延至其后第一个工作日{due}（《民法典》第203条、《民事诉讼法》第85条）。",
    )
    STAYED = Said(
        "{due} is a make-up working day; the last day is not moved.",
        "{due}为调休上班日，不顺延。",
    )
    LATEST = Said(
        "Counted back {span} from {start}: the latest day is {latest}.",
        "自{start}向前数{span}，最迟为{latest}。",
    )
    SAFE = Said(
        "For {span} in full between, the safe day is {safe}.",
        "中间留足{span}的稳妥日期为{safe}。",
    )
    PROVISIONAL = Said(
        "The days off of {years} are not announced or not imported yet; the date follows weekends "
        "and statutory festivals and is provisional.",
        "{years}年放假安排尚未公布或者尚未导入，按周末和法定节日推算，本日期为暂定。",
    )
    ENDS = Said(
        "The period ends on {due} at 24:00, or at the close of business.",
        "期间于{due}24时届满；有业务时间的，至停止业务活动时届满。",
    )
    EXPIRY = Said("If it passes: {effect}.", "逾期后果：{effect}。")
    BASIS = Said("Basis: {basis}.", "依据：{basis}。")


@dataclass(frozen=True, slots=True)
class Step:
    """One step of the derivation, kept as facts and put into words on demand."""

    kind: StepKind
    facts: Mapping[str, object]

    @property
    def said(self) -> Said:
        return self.kind.value.filled(**self.facts)


def step(kind: StepKind, **facts: object) -> Step:
    return Step(kind, facts)


def day_steps(
    days: list[date], *, calendar: WorkCalendar, rest: StepKind, make_up: bool
) -> list[Step]:
    """One step for each stretch of ``days`` with the same reason; ordinary days are silent."""
    runs: list[tuple[date, date, Said]] = []
    for day in days:
        if calendar.is_work(day) and not (make_up and calendar.is_make_up(day)):
            continue
        reason = calendar.why(day)
        if runs and runs[-1][2] == reason and runs[-1][1] + DAY == day:
            runs[-1] = (runs[-1][0], day, reason)
        else:
            runs.append((day, day, reason))
    return [
        step(
            StepKind.COUNTED_MAKE_UP if reason is MAKE_UP else rest,
            days=stretch(first, last),
            reason=reason,
        )
        for first, last, reason in runs
    ]

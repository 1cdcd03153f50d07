"""Plays the tales on the one way through: every step is a command, in the order of their days."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db.models import Count

from mediation.accounts.actor import RESIDENT as SOMEBODY
from mediation.accounts.actor import Actor, load_actor
from mediation.accounts.models import Person
from mediation.core.db import write
from mediation.disputes.models import Dispute
from mediation.jobs.seed import committees, exhibits, people, places, pressing, vigil
from mediation.jobs.seed.bulk import past
from mediation.jobs.seed.casting import Casting, Company
from mediation.jobs.seed.tale import RESIDENT, SHANGHAI, NumberOf, Progress, Step, Tale
from mediation.notifications import services as inbox
from mediation.notifications.models import Notice
from mediation.uploads import services as uploads
from mediation.warning.models import Escalation
from workflows import cluster_watch, ticker
from workflows.engine import Command, execute

OPENING = time(8, 30)
READ_UNTIL = timedelta(days=2)
LEFT_UNREAD = 15
"""So many messages of the last two days wait at most: nobody lets his bell fill up."""


@dataclass
class Stage:
    """The running play: who is who, and which number each tale was given."""

    people: dict[str, Person]
    today: date
    numbers: dict[str, str] = field(default_factory=dict)
    actors: dict[str, Actor] = field(default_factory=dict)

    def play(self, tales: Iterable[Tale], progress: Progress) -> None:
        steps = sorted(
            (step for tale in tales for step in tale.steps), key=lambda step: step.at
        )  # stable: the steps of one tale keep their order
        day = steps[0].at.date() if steps else self.today
        for done, step in enumerate(steps, 1):
            while day < step.at.date():
                day += timedelta(days=1)
                _nightfall(day)
            self._take(step)
            progress(done, len(steps))
        ticker.sweep(opening(self.today))
        pressing.instruct(now=opening(self.today))

    def _take(self, step: Step) -> None:
        data = {key: self._filled(value, step) for key, value in step.data.items()}
        case = None if step.command == "register" else self._number(step.case)
        if step.command == "close":
            pressing.lift_all(str(case), now=step.at)
        outcome = execute(
            Command(step.command, dispute=case, data=data), self._actor(step.who), now=step.at
        )
        self.numbers[step.case] = outcome.number
        if step.command in {"assess", "reassess"}:
            self._report(outcome.number, step)

    def _report(self, number: str, step: Step) -> None:
        """The centre makes the reports that the law demands as soon as it has looked at the case."""
        owed = Escalation.objects.filter(
            dispute__number=number, reported_at__isnull=True, lapsed_at__isnull=True
        )
        for n, receiver in enumerate(owed.order_by("pk").values_list("receiver", flat=True), 1):
            data = {
                "receiver": receiver,
                "content": "已将有关情况向主管机关报告，并记录接报人。",
                "reported_at": step.at.isoformat(),
                "receipt": f"接报〔{step.at:%Y}〕{step.at:%m%d}{n}号",
            }
            execute(
                Command("report_escalation", dispute=number, data=data),
                self._actor(step.who),
                now=step.at,
            )

    def _filled(self, value: Any, step: Step) -> Any:
        """What only the play itself can know: numbers given out, papers issued, pictures taken."""
        match value:
            case NumberOf():
                return self._number(value.case)
            case exhibits.Photo():
                return self._parked(exhibits.photo(value), step)
            case exhibits.SignedPage():
                page = exhibits.signed_page(self._number(step.case), value.kind)
                return self._parked(page, step)
            case exhibits.CodeOf():
                return exhibits.code_of(self._number(step.case), value.kind)
            case exhibits.LatestMeeting():
                return exhibits.latest_meeting(self._number(step.case))
            case _:
                return value

    def _parked(self, picture: bytes, step: Step) -> int:
        name = f"IMG_{step.at:%Y%m%d_%H%M}.jpg"
        return uploads.park(picture, name, self._actor(step.who), now=step.at).pk

    def _number(self, case: str) -> str:
        tale, slash, part = case.partition("/")
        if not slash:
            return self.numbers[tale]
        parts = Dispute.objects.filter(parent__number=self.numbers[tale]).order_by("pk")
        return parts[int(part) - 1].number

    def _actor(self, username: str) -> Actor:
        if username == RESIDENT:
            return SOMEBODY
        if username not in self.actors:
            self.actors[username] = load_actor(self.people[username], today=self.today)
        return self.actors[username]


def play_small(
    *, seed: int, today: date, disputes: int, progress: Progress, past_cases: int = 0
) -> dict[str, Any]:
    """Build the subdistrict and live through its disputes, wholly or not at all.

    ``past_cases``: how many closed ones lie before them, so that something is normal there.
    """
    with write():
        places.build(places.town())
        posts = people.roster()
        staff = people.hire(posts, today=today)
        committees.seat(posts, staff, today=today)
        company = Company(posts, staff)
        tales = list(Casting(company, seed, today).tales(disputes))
        if past_cases:
            past.reserve(past_cases, today=today)
        Stage(staff, today).play(tales, progress)
        if past_cases:
            past.fill(past.Past(past_cases, company), seed=seed, today=today)
            vigil.relive(today=today)
            cluster_watch.begin(opening(today))
            pressing.see_clustered(now=opening(today))
        _read_old_notices(staff.values(), before=opening(today) - READ_UNTIL)
    return figures()


def _nightfall(day: date) -> None:
    """What ran out with the day before takes effect in the first minutes of ``day``."""
    ticker.sweep(datetime.combine(day, time(0, 1), SHANGHAI))


def opening(day: date) -> datetime:
    """The moment at which the curtain rises: nothing in the town is later than this."""
    return datetime.combine(day, OPENING, SHANGHAI)


def _read_old_notices(staff: Iterable[Person], *, before: datetime) -> None:
    """Whoever works there has read what is older than two days; the latest of the rest wait."""
    for person in staff:
        own = Notice.objects.filter(person=person).order_by("-seq")
        read = [own.filter(created_at__lt=before).first(), *own[LEFT_UNREAD : LEFT_UNREAD + 1]]
        if any(read):
            latest = max(notice.seq for notice in read if notice is not None)
            inbox.acknowledge_up_to(person.pk, latest, now=before)


def figures() -> dict[str, Any]:
    """What the database holds now, for the summary line and for comparing two runs."""
    rows = Dispute.objects.order_by().values_list("status", "colour").annotate(n=Count("pk"))
    status: Counter[str] = Counter()
    colour: Counter[str] = Counter()
    for one, other, count in rows:
        status[one] += count
        colour[other] += count
    return {
        "people": Person.objects.count(),
        "disputes": status.total(),
        "status": dict(sorted(status.items())),
        "colour": dict(sorted(colour.items())),
        "notices": Notice.objects.count(),
    }

"""What all steps of the track share: their day, their paper, their article."""

from collections.abc import Callable, Iterable
from datetime import date
from typing import Any, ClassVar, cast

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from mediation.core.errors import Text as Words
from mediation.core.plain import plain
from mediation.disputes.enums import Status
from mediation.disputes.guard import Guard
from mediation.reconsideration import guards
from mediation.reconsideration.models import Reconsideration, Standstill, StatutoryNotice
from workflows.commands.fields import CommandForm, Day, Text
from workflows.commands.spec import Effect, Parts, command
from workflows.facts import CaseFacts


class StepForm(CommandForm):
    """``after``: the days of the track before which the step cannot lie."""

    after: ClassVar[tuple[str, ...]] = ()

    @property
    def track(self) -> Any:
        return self.known.reconsideration if self.known is not None else None

    def not_before(self, day: date | None) -> date | None:
        earlier = [getattr(self.track, name) for name in self.after] if self.track else []
        latest = max((day for day in earlier if day is not None), default=None)
        if day is not None and latest is not None and day < latest:
            raise ValidationError(
                _("This is before the step that it follows (%(day)s)."), params={"day": latest}
            )
        return day


class TrackForm(StepForm):
    """Nearly every step has its day: not in the future, and not before what it follows."""

    on = Day(past=True, label=_("Date"))

    def clean_on(self) -> date | None:
        return self.not_before(self.cleaned_data["on"])


class PaperForm(TrackForm):
    """A step that goes out as a paper with a number."""

    number = Text(label=_("Number of the paper"), max_length=60, required=False)


def step(
    name: str,
    *,
    label: Words,
    done: Words,
    phases: Iterable[str],
    article: tuple[str, str],
    form: type[CommandForm] = TrackForm,
    checks: tuple[Guard, ...] = (),
    tells: tuple[str, ...] = ("clerk", "centre"),
    primary: bool = False,
    hidden: bool = False,
    parts: Parts | None = None,
) -> Callable[[Effect], Effect]:
    """Register a step of the track. ``article``: of the reconsideration law, Chinese and English."""
    return command(
        name,
        label=label,
        done=done,
        form=form,
        tells=tells,
        statuses={Status.RECONSIDERING},
        guards=checks,
        primary=primary,
        hidden=hidden,
        phases=phases,
        basis=guards.article(*article),
        parts=parts,
    )


def track_of(facts: CaseFacts) -> Reconsideration:
    """The track of a case in reconsideration: there is one."""
    return cast("Reconsideration", facts.reconsideration)


def issue(facts: CaseFacts, kind: str, issued_on: date, **content: Any) -> None:
    """Keep the contents of a statutory paper. ``number`` stands in the input of the step."""
    StatutoryNotice.objects.create(
        track=track_of(facts),
        kind=kind,
        number=facts.data.get("number", ""),
        issued_on=issued_on,
        content={name: plain(value) for name, value in content.items() if value not in (None, "")},
    )


def standing(facts: CaseFacts) -> Standstill | None:
    """The suspension that lasts."""
    return next((row for row in facts.standstills if row.until is None), None)

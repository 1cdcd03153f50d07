"""The ways in which a request is refused. Each carries a sentence for a person and writes nothing.

===========  ======  ==============================================================
Refusal      Status  When
===========  ======  ==============================================================
Malformed    422     the input does not fit its fields (``fields`` says which)
Unmet        422     a guard of the lifecycle is not met, or the step is unlawful here
KeyReused    422     an idempotency key was used before with another body
Stale        409     somebody else was faster (``who``, ``what``, ``when``)
Forbidden    403     the case is yours to see but not to change in this way
NotFound     404     no such thing, or none that you may see: the same answer
TooMany      429     the same was asked too often in too short a time
Busy         503     the database could not be had in time; try again
Unreachable  503     the database is away; whether a step was saved is not certain
OutOfSpace   503     the disk is full; nothing was saved
===========  ======  ==============================================================
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Text = str | Promise


@dataclass(frozen=True, slots=True)
class Reason:
    """One sentence that says why not, and the rule it comes from."""

    code: str
    sentence: Text
    source: str = ""


class Refusal(Exception):
    """Base of every anticipated failure. Nothing was written."""

    status = 400
    code = "refused"
    title: Text = _("This is not possible.")

    def __init__(self, *reasons: Reason) -> None:
        super().__init__(self.code)
        self.reasons = reasons

    @property
    def sentences(self) -> list[str]:
        return [str(reason.sentence) for reason in self.reasons] or [str(self.title)]


class Unmet(Refusal):
    status = 422
    code = "unmet"
    title = _("This step is not possible now.")


class Malformed(Refusal):
    """``fields``: field name → sentences; the empty name stands for the whole."""

    status = 422
    code = "malformed"
    title = _("Please correct the marked fields.")

    def __init__(self, fields: Mapping[str, Sequence[Text]]) -> None:
        super().__init__(
            *(
                Reason(code=f"field.{name or 'all'}", sentence=sentence)
                for name, sentences in fields.items()
                for sentence in sentences
            )
        )
        self.fields = {name: [str(s) for s in sentences] for name, sentences in fields.items()}


class KeyReused(Refusal):
    status = 422
    code = "key_reused"
    title = _("This submission number was used before with different content.")


class Stale(Refusal):
    """Somebody changed the case since you looked at it."""

    status = 409
    code = "stale"
    title = _("Somebody else has just changed this case.")

    def __init__(self, *, version: int, who: str, what: Text, when: datetime | None) -> None:
        super().__init__()
        self.version, self.who, self.what, self.when = version, who, what, when


class Forbidden(Refusal):
    status = 403
    code = "forbidden"
    title = _("You may not do this on this case.")


class NotFound(Refusal):
    # One class for "does not exist" and "not yours to see": a stranger learns nothing.
    status = 404
    code = "not_found"
    title = _("There is nothing here, or nothing that you may see.")


class TooMany(Refusal):
    status = 429
    code = "too_many"
    title = _("Too many requests in a short time. Please wait a few minutes.")


class Busy(Refusal):
    status = 503
    code = "busy"
    title = _("The system is busy. Nothing was saved; please try again in a moment.")


class Unreachable(Refusal):
    """The database went away, perhaps between a commit and its answer."""

    status = 503
    code = "unreachable"
    title = _(
        "The records cannot be reached at the moment. Please send it again in a minute; "
        "what is sent twice is kept once."
    )


class OutOfSpace(Refusal):
    status = 503
    code = "out_of_space"
    title = _(
        "The disk of the server is full. Nothing was saved; please tell the system administrator."
    )

"""Who opened which paper or file, for ``oversight.sightings``: papers show in full what pages mask."""

from collections.abc import Iterator

from mediation.documents.models import Lending, Look
from mediation.oversight.sightings import Question, Sighting, of_cases, stream


@stream("paper")
def papers(asked: Question) -> Iterator[Sighting]:
    for row in of_cases(Look.objects.filter(person__isnull=False), asked):
        yield Sighting(
            row.at, row.person.username, row.person.name, "paper", row.dispute.number,
            detail=row.what,
        )  # fmt: skip


@stream("lent")
def lent(asked: Question) -> Iterator[Sighting]:
    """Who read the file in the office, borrowed it, or took the whole of it away."""
    rows = Lending.objects.filter(recorded_by__isnull=False)
    for row in of_cases(rows, asked, who="recorded_by"):
        yield Sighting(
            row.at, row.recorded_by.username, row.reader, "lent", row.dispute.number,
            detail=row.get_act_display(), reason=row.reason,
        )  # fmt: skip

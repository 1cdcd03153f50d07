"""Whom to ask to mediate: a suggestion with its reason in words. A person decides."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Q
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from mediation.disputes.enums import DONE, Category
from mediation.disputes.models import Dispute, Party
from mediation.sessions.models import MediatorWish, RosterEntry, Tie


@dataclass(frozen=True, slots=True)
class Candidate:
    """A mediator as he stands on the day of the choice. ``name``: with his area, as forms show it."""

    person_id: int
    name: str
    load: int = 0
    is_expert: bool = False
    wished_by: int = 0
    tied: bool = False
    listed: bool = False
    in_term: bool = True
    order: int = 0

    @property
    def rank(self) -> tuple[bool, int, bool, bool, int, int]:
        """Smaller is better: no tie, wished by parties, in term, expert, fewer cases, nearer."""
        return (
            self.tied,
            -self.wished_by,
            not self.in_term,
            not self.is_expert,
            self.load,
            self.order,
        )

    @property
    def label(self) -> str:
        load = ngettext("%(n)d open case", "%(n)d open cases", self.load) % {"n": self.load}
        parts = [self.name, load]
        if self.is_expert:
            parts.append(_("good at such disputes"))
        if self.tied:
            parts.append(_("tied to a party: must not mediate"))
        if not self.in_term:
            parts.append(_("term has ended"))
        return " · ".join(parts)


def best(candidates: Iterable[Candidate]) -> list[Candidate]:
    """The best first."""
    return sorted(candidates, key=lambda one: one.rank)


def advice_words(ranked: Sequence[Candidate]) -> str:
    """Why the first one is suggested, or why nobody is."""
    first = ranked[0]
    if first.tied:
        return _("Every mediator on the list is tied to a party; ask the subdistrict's committee.")
    said = list(_reasons(first, ranked))
    return _("Suggested: %(name)s. Because: %(reasons)s.") % {
        "name": first.name,
        "reasons": _(", ").join(said),
    }


def _reasons(first: Candidate, ranked: Sequence[Candidate]) -> Iterable[str]:
    if first.wished_by:
        yield ngettext(
            "%(n)d party has chosen him", "%(n)d parties have chosen him", first.wished_by
        ) % {"n": first.wished_by}
    if first.is_expert:
        yield _("good at such disputes")
    if first.load == min(one.load for one in ranked):
        yield ngettext(
            "%(n)d open case, fewest of all", "%(n)d open cases, fewest of all", first.load
        ) % {"n": first.load}
    else:
        yield ngettext("%(n)d open case", "%(n)d open cases", first.load) % {"n": first.load}
    if first.order == 0:
        yield _("nearest to the place")
    yield _("no tie with a party is known")


def advise(
    dispute: Dispute, parties: Sequence[Party], choices: Sequence[tuple[int, str]], *, today: date
) -> list[Candidate]:
    """Everybody of ``choices`` (key, name; the nearest first), the best first. Four queries."""
    keys = [key for key, _name in choices]
    load = _load(keys)
    tied = _tied(keys, dispute, parties)
    wishes = _wishes(dispute)
    entries = _entries(keys)
    return best(
        Candidate(
            person_id=key,
            name=name,
            load=load.get(key, 0),
            is_expert=any(dispute.category in e.expertise for e in entries.get(key, [])),
            wished_by=wishes.get(key, 0),
            tied=key in tied,
            listed=key in entries,
            in_term=key not in entries or any(e.serves_on(today) for e in entries[key]),
            order=order,
        )
        for order, (key, name) in enumerate(choices)
    )


def _load(keys: Sequence[int]) -> dict[int, int]:
    rows = (
        Dispute.objects.filter(mediator_id__in=keys)
        .exclude(status__in=sorted(DONE))
        .values("mediator_id")
        .annotate(n=Count("pk"))
        .values_list("mediator_id", "n")
    )
    return {key: n for key, n in rows if key is not None}


def _tied(keys: Sequence[int], dispute: Dispute, parties: Sequence[Party]) -> set[int]:
    same = Q(party__dispute=dispute)
    same |= Q(id_index__in=[p.id_index for p in parties if p.id_index] or ["-"])
    same |= Q(phone_index__in=[p.phone_index for p in parties if p.phone_index] or ["-"])
    found = Tie.objects.filter(same, mediator_id__in=keys, ended_on__isnull=True)
    return set(found.values_list("mediator_id", flat=True))


def _wishes(dispute: Dispute) -> dict[int, int]:
    """Mediator → how many parties chose him last."""
    latest: dict[int, int | None] = {}
    for wish in MediatorWish.objects.filter(dispute=dispute).order_by("pk"):
        chosen = wish.mediator_id if wish.wish == MediatorWish.Wish.CHOOSE else None
        latest[wish.party_id] = chosen
    counted: dict[int, int] = {}
    for key in latest.values():
        if key is not None:
            counted[key] = counted.get(key, 0) + 1
    return counted


def _entries(keys: Sequence[int]) -> dict[int, list[RosterEntry]]:
    found: dict[int, list[RosterEntry]] = {}
    for entry in RosterEntry.objects.filter(person_id__in=keys, left_on__isnull=True):
        found.setdefault(entry.person_id, []).append(entry)
    return found


def expertise_words(codes: Iterable[str]) -> str:
    """“邻里、物业”: the kinds of dispute that somebody is good at."""
    known = {code.value: str(code.label) for code in Category}
    return "、".join(known[code] for code in codes if code in known)

"""Earlier cases like this one: what was agreed there, and whether it held. Nobody's name comes along.

Like means: the same kind, in the same subdistrict, finished; ranked by shared words and by nearness.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import OuterRef, Subquery
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import pgettext, pgettext_lazy

from mediation.accounts.actor import Actor
from mediation.agreements.models import Agreement, Visit
from mediation.areas.selectors import community_code, subdistrict_code, within
from mediation.disputes import policy
from mediation.disputes.enums import ResultCode, Sensitivity, Side, Status
from mediation.disputes.models import Dispute, Party

READ = 200
"""Finished cases of the kind that are compared, the newest; a subdistrict has about a year of them."""
SHOWN = 5
GRID_BONUS, COMMUNITY_BONUS = 0.10, 0.05
LEAST = 0.04
"""Shared words below this are chance: everybody writes 双方."""
FIELDS = ("number", "code", "title", "facts", "area_code", "result", "closed_at", "rebound_on",
          "performed_on", "effective_on", "mediator_id", "status", "sensitivity")  # fmt: skip


@dataclass(frozen=True, slots=True)
class Earlier:
    """One earlier case as the page shows it. ``agreed`` is empty for whoever may not read records there."""

    url: str
    number: str
    title: str
    result: str | Promise
    closed_at: datetime | None
    agreed: str
    held: str | Promise
    tone: str


def like(dispute: Dispute, actor: Actor, *, now: datetime) -> list[Earlier]:
    """The likest first; two queries, however many there are."""
    ranked = _ranked(dispute, _candidates(dispute, actor, now))
    names = _names(case.pk for case in ranked)
    return [_shown(case, actor, names.get(case.pk, {})) for case in ranked]


def _candidates(dispute: Dispute, actor: Actor, now: datetime) -> list[Any]:
    agreement = Agreement.objects.filter(dispute=OuterRef("pk"), is_current=True)
    visit = Visit.objects.filter(dispute=OuterRef("pk")).order_by("-visited_at", "-pk")
    found = policy.visible_to(actor, now=now).filter(
        within(subdistrict_code(dispute.area_code)),
        status__in=[Status.CLOSED, Status.ARCHIVED],
        # Looking into a sensitive case is recorded; here nobody would have asked for it.
        sensitivity=Sensitivity.NORMAL,
        category=dispute.category,
    )
    rows = found.exclude(pk=dispute.pk).only(*FIELDS).order_by("-pk")
    return list(
        rows.annotate(
            agreed=Subquery(agreement.values("content")[:1]),
            outcome=Subquery(visit.values("outcome")[:1]),
        )[:READ]
    )


def _ranked(dispute: Dispute, cases: Sequence[Any]) -> list[Any]:
    """By the share of two-character words in common (Jaccard); nearness decides between likes."""
    mine = _pairs(f"{dispute.title} {dispute.facts}")
    scored = []
    for case in cases:
        theirs = _pairs(f"{case.title} {case.facts}")
        shared = len(mine & theirs) / len(mine | theirs) if mine | theirs else 0
        if shared >= LEAST:
            scored.append((shared + _nearness(dispute.area_code, case.area_code), case))
    scored.sort(key=lambda pair: (-pair[0], -pair[1].pk))
    return [case for _score, case in scored[:SHOWN]]


def _pairs(text: str) -> set[str]:
    plain = "".join(character for character in text if character.isalnum())
    return {plain[at : at + 2] for at in range(len(plain) - 1)}


def _nearness(here: str, there: str) -> float:
    if here == there:
        return GRID_BONUS
    return COMMUNITY_BONUS if community_code(here) == community_code(there) else 0


# Without names -------------------------------------------------------------------------------------


def _names(keys: Iterable[int]) -> dict[int, dict[str, str]]:
    """Case → what stands in an agreement → what is shown for it. One query."""
    found: dict[int, dict[str, str]] = {}
    for party in Party.objects.filter(dispute__in=list(keys)).order_by("ordinal"):
        word = str(Side(party.side).label)
        for name in (party.name, party.guardian, party.representative):
            if name:
                found.setdefault(party.dispute_id, {})[name] = word
    return found


def without_names(text: str, names: Mapping[str, str]) -> str:
    """The longest name first: one may be part of another."""
    for name in sorted(names, key=len, reverse=True):
        text = text.replace(name, names[name])
    return text


def _shown(case: Any, actor: Actor, names: Mapping[str, str]) -> Earlier:
    held, tone = _held(case)
    reads = policy.may_read_records(actor, case)
    return Earlier(
        reverse("dispute", args=[case.code]),
        case.number,
        without_names(case.title, names),
        ResultCode(case.result).label if case.result else "",
        case.closed_at,
        without_names(case.agreed or "", names) if reads else "",
        held,
        tone,
    )


HELD: Mapping[str, tuple[str | Promise, str]] = {
    Visit.Outcome.HOLDS: (pgettext_lazy("earlier case", "It held"), "ok"),
    Visit.Outcome.TENSION: (pgettext_lazy("earlier case", "Tension remained"), "warn"),
    Visit.Outcome.REBOUND: (pgettext_lazy("earlier case", "It came back"), "danger"),
}


def _held(case: Any) -> tuple[str | Promise, str]:
    """What came of it: that it came back outweighs every visit, a visit outweighs performance."""
    if case.rebound_on:
        return HELD[Visit.Outcome.REBOUND]
    if case.outcome in HELD:
        return HELD[case.outcome]
    if case.effective_on and case.performed_on:
        return pgettext("earlier case", "Performed, not visited yet"), "ok"
    return pgettext("earlier case", "Not known yet"), ""

"""The cases that answer a question: permission and words in one query, nothing counted beyond it.

Frequent words are met by walking the visible cases, rare ones through the index and sorted afterwards: the
number of hits, which is shown beside them anyhow, says which is which.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django.db import connection
from django.db.models import (
    BigIntegerField,
    BooleanField,
    Case,
    CharField,
    Exists,
    ExpressionWrapper,
    F,
    Field,
    OuterRef,
    Q,
    QuerySet,
    Value,
    When,
)
from django.db.models.expressions import RawSQL
from django.db.models.lookups import In

from mediation.accounts.actor import Actor
from mediation.areas.models import Area
from mediation.areas.selectors import within
from mediation.disputes import policy
from mediation.disputes.enums import Sensitivity
from mediation.disputes.models import Dispute, Party
from mediation.disputes.selectors import names_known_to
from mediation.search import tokens
from mediation.search.models import Entry
from mediation.search.questions import Asked, Kind

COUNTED_TO = 1001
"""Nobody reads further: “1000+”."""
NAMES_ARE_KNOWN_BY: Mapping[str, "Field[Any, Any]"] = {
    "area_code": CharField(),
    "mediator_id": BigIntegerField(),
    "registered_by_id": BigIntegerField(),
}
"""What ``names_known_to`` asks of a case."""
MOST_SENSITIVE = 200
MOST_AREAS = 8
MOST_RARE = 5000
"""With more hits than so many SQLite goes through the cases of the reader, not from hit to hit."""


def found(asked: Asked, actor: Actor, *, now: datetime, also: Q | None = None) -> QuerySet[Dispute]:
    """The visible cases that answer, in no order yet. ``also``: filters of the page."""
    visible = policy.visible_to(actor, now=now).filter(also or Q())
    if asked.is_personal:
        return visible.filter(_of_person(asked), names_known_to(actor))
    return visible.filter(_by_words(asked, actor))


def newest(cases: QuerySet[Dispute], *, hits: int) -> QuerySet[Dispute]:
    """The same cases newest first, on the cheaper way. ``hits``: how many ``capped_count`` has found."""
    if hits >= COUNTED_TO:
        return cases.order_by("-pk")
    # An expression: else the planner may walk the key and try every case there is for a few.
    return cases.order_by((F("pk") + 0).desc())


def capped_count(cases: QuerySet[Dispute]) -> int:
    """At most ``COUNTED_TO``."""
    return cases.order_by()[:COUNTED_TO].count()


def _of_person(asked: Asked) -> Q:
    field = "id_index__in" if asked.kind == Kind.ID_NUMBER else "phone_index__in"
    same = Party.objects.filter(**{field: asked.indexes})
    return Q(pk__in=same.values("dispute_id"))


def areas(asked: Asked, actor: Actor) -> list[Area]:
    """Areas of one's duties whose name holds the words."""
    if not actor.grants or asked.is_personal or len(asked.text) < 2:
        return []
    scope = Q(pk__in=[])
    for code in {grant.area_code for grant in actor.grants}:
        scope |= within(code, field="code")
    named = Area.objects.filter(scope, name__icontains=asked.text, is_active=True)
    return list(named.select_related("parent").order_by("level", "code")[:MOST_AREAS])


# Words ---------------------------------------------------------------------------------------------


def _by_words(asked: Asked, actor: Actor) -> Q:
    """Texts for everybody who sees the case; names for those alone who may read them there.

    One exact name also finds the sensitive cases whose names are not in the index.
    """
    if not asked.words and not asked.code:
        return Q(pk__in=[])
    known, also = names_known_to(actor), _outside_index(asked, actor)
    if connection.vendor == "postgresql" and not also:
        return Q(_entry(asked, known))
    key = _key(asked)
    anything = _hits(asked, names=True, and_keys=also)
    return Q(In(key, anything)) & (known | Q(In(key, _hits(asked, names=False))))


def _entry(asked: Asked, known: Q) -> Exists:
    """The row of the index that answers, joined once: every hit is tested where it is met, and the hits of
    a frequent word are not gathered beforehand to be tested for their names.
    """
    of_case = {
        name: ExpressionWrapper(OuterRef(name), output_field=kind)
        for name, kind in NAMES_ARE_KNOWN_BY.items()
    }
    rows = Entry.objects.filter(dispute_id=OuterRef("pk")).alias(**of_case)
    # Not an OR: its chances would be reckoned as if they were those of the area once more.
    by_what_he_knows = Case(
        When(known, then=Value(value=True)),
        default=_match(asked, names=False),
        output_field=BooleanField(),
    )
    return Exists(rows.filter(_match(asked, names=True), by_what_he_knows))


def _match(asked: Asked, *, names: bool) -> RawSQL:
    query = tokens.tsquery(asked.words, names=names)
    return RawSQL("document @@ %s::tsquery", [query], BooleanField())


def _key(asked: Asked) -> Any:
    """The key that is looked for among the hits. SQLite's planner knows nothing of their number: it takes
    every hit and fetches its case, unless the key is an expression that no index holds."""
    return F("pk") + 0 if _has_many_hits(asked) else F("pk")


def _has_many_hits(asked: Asked) -> bool:
    if connection.vendor != "sqlite" or not asked.words:
        return False
    sql, params = _hits_sql(asked, names=True)
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT COUNT(*) FROM ({sql} LIMIT {MOST_RARE + 1}) hits", params)  # noqa: S608 -- a number of ours
        [hits] = cursor.fetchone()
    return bool(hits > MOST_RARE)


def _outside_index(asked: Asked, actor: Actor) -> list[int]:
    named = Party.objects.filter(plain_name=asked.text).exclude(
        dispute__sensitivity=Sensitivity.NORMAL
    )
    keys = list(named.values_list("dispute_id", flat=True)[:MOST_SENSITIVE])
    if keys:
        known = Dispute.objects.filter(names_known_to(actor), pk__in=keys)
        keys = list(known.values_list("pk", flat=True))
    if asked.code:
        keys += Dispute.objects.filter(code=asked.code).values_list("pk", flat=True)
    return keys


def _hits(asked: Asked, *, names: bool, and_keys: Iterable[int] = ()) -> RawSQL:
    """Keys of the cases whose words answer, and ``and_keys`` besides."""
    sql, params = _hits_sql(asked, names=names)
    also = sorted(set(and_keys))
    if asked.code and not names:
        sql += " UNION ALL SELECT id FROM disputes_dispute WHERE code = %s"
        params = [*params, asked.code]
    if also:
        marks = ", ".join(["%s"] * len(also))
        sql += f" UNION ALL SELECT id FROM disputes_dispute WHERE id IN ({marks})"  # noqa: S608 -- marks only
        params = [*params, *also]
    return RawSQL(sql, params)  # noqa: S611 -- our own words, their parameters


def _hits_sql(asked: Asked, *, names: bool) -> tuple[str, list[Any]]:
    if not asked.words:
        return "SELECT id FROM disputes_dispute WHERE 1 = 0", []
    if connection.vendor == "postgresql":
        query = tokens.tsquery(asked.words, names=names)
        return "SELECT dispute_id FROM search_entry WHERE document @@ %s::tsquery", [query]
    match = tokens.match(asked.words, names=names)
    return "SELECT rowid FROM search_entry WHERE search_entry MATCH %s", [match]

"""Keeping the words of each case findable: one statement when a text changed, none otherwise.

Names of parties stand in a part of their own, which only a question of somebody who may read names looks
into. The names of a sensitive case (a child, violence, sealed) are not in the index at all.
"""

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.db.models import Max

from mediation.core.db import write as writing
from mediation.disputes.enums import Sensitivity
from mediation.disputes.models import Dispute, Party
from mediation.search import tokens
from mediation.search.models import Entry

TEXTS = ("number", "file_number", "title", "place", "facts", "claim")
WATCHED = frozenset({*TEXTS, "sensitivity"})
BATCH = 1000
MANY = 20_000
"""So many rows at once are faster put in without the index and indexed afterwards."""

GIN = "CREATE INDEX search_entry_words ON search_entry USING gin (document)"
_UPSERT = {
    "postgresql": """
        INSERT INTO search_entry (dispute_id, digest, document) VALUES (%s, %s, %s::tsvector)
        ON CONFLICT (dispute_id) DO UPDATE
        SET digest = EXCLUDED.digest, document = EXCLUDED.document""",
    "sqlite": """
        INSERT OR REPLACE INTO search_entry (rowid, dispute_id, digest, texts, names)
        VALUES (%s, %s, %s, %s, %s)""",
}


@dataclass(frozen=True, slots=True)
class Words:
    """The tokens of one case."""

    texts: list[str]
    names: list[str]

    @property
    def digest(self) -> str:
        told = f"{' '.join(self.texts)}\n{' '.join(self.names)}"
        return hashlib.blake2b(told.encode(), digest_size=16).hexdigest()


def words_of(case: Mapping[str, Any], names: Iterable[str]) -> Words:
    """What the index should know. ``case``: the columns of ``WATCHED``; ``names``: of its parties."""
    if case["sensitivity"] != Sensitivity.NORMAL:
        names = ()
    return Words(
        tokens.of_fields(case[field] for field in TEXTS),
        tokens.of_fields(name for name in names if name),
    )


def write(dispute: Dispute, parties: Iterable[Party]) -> None:
    """Bring the row of one case in line. Inside the transaction that changed its words."""
    found = words_of(dispute.__dict__, [party.plain_name for party in parties])
    with connection.cursor() as cursor:
        cursor.execute(_UPSERT[connection.vendor], _row(dispute.pk, found))


def _row(key: int, words: Words) -> tuple[Any, ...]:
    if connection.vendor == "postgresql":
        return (key, words.digest, tokens.tsvector(words.texts, words.names))
    return (key, key, words.digest, " ".join(words.texts), " ".join(words.names))


# Many at once --------------------------------------------------------------------------------------


def catch_up() -> int:
    """Index every case that was put in without a command (seeding, an older version); how many."""
    latest = Dispute.objects.aggregate(latest=Max("pk"))["latest"] or 0
    missing = Dispute.objects.count() - Entry.objects.count()
    if missing <= 0:
        return 0
    later = missing > MANY and connection.vendor == "postgresql"
    with writing(), connection.cursor() as cursor:
        if later:
            # At each row, not at the end: no index is built over rows whose checks are still owed.
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            cursor.execute("DROP INDEX search_entry_words")
        done = sum(_put(keys) for keys in _missing(latest))
        if later:
            cursor.execute(GIN)
        if connection.vendor == "postgresql":
            cursor.execute("ANALYZE search_entry")
    return done


def _missing(latest: int) -> Iterator[list[int]]:
    start = 0
    known = "dispute_id" if connection.vendor == "postgresql" else "rowid"
    sql = (
        "SELECT id FROM disputes_dispute WHERE id > %s AND id NOT IN "  # noqa: S608 -- our own names
        f"(SELECT {known} FROM search_entry WHERE {known} > %s AND {known} <= %s) "
        "AND id <= %s ORDER BY id"
    )
    while start < latest:
        end = start + BATCH
        with connection.cursor() as cursor:
            cursor.execute(sql, [start, start, end, end])
            keys = [key for (key,) in cursor.fetchall()]
        if keys:
            yield keys
        start = end


def _put(keys: Sequence[int]) -> int:
    rows = [_row(key, words) for key, words in wanted(keys).items()]
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            sql = "COPY search_entry (dispute_id, digest, document) FROM STDIN"
            with cursor.copy(sql) as copy:
                for row in rows:
                    copy.write_row(row)
        else:
            cursor.executemany(_UPSERT["sqlite"], rows)
    return len(rows)


def wanted(keys: Sequence[int]) -> dict[int, Words]:
    """What the index should know of these cases."""
    names: dict[int, list[str]] = defaultdict(list)
    parties = Party.objects.filter(dispute_id__in=keys).exclude(plain_name="")
    for key, name in parties.order_by("dispute_id", "ordinal").values_list(
        "dispute_id", "plain_name"
    ):
        names[key].append(name)
    rows = Dispute.objects.filter(pk__in=keys).order_by("pk").values("pk", *WATCHED)
    return {row["pk"]: words_of(row, names[row["pk"]]) for row in rows}


# Checking ------------------------------------------------------------------------------------------


def behind(keys: Sequence[int]) -> set[int]:
    """Those of the cases whose row is missing or says something else than the case."""
    should = wanted(keys)
    digests = _digests(keys)
    late = {key for key, words in should.items() if digests.get(key) != words.digest}
    if connection.vendor == "postgresql":
        late |= _other_documents(should)
    return late


def _digests(keys: Sequence[int]) -> dict[int, str]:
    if not keys:
        return {}
    key = "dispute_id" if connection.vendor == "postgresql" else "rowid"
    marks = ", ".join(["%s"] * len(keys))
    sql = f"SELECT {key}, digest FROM search_entry WHERE {key} IN ({marks})"  # noqa: S608 -- our own names
    with connection.cursor() as cursor:
        cursor.execute(sql, list(keys))
        return dict(cursor.fetchall())


def _other_documents(should: Mapping[int, Words]) -> set[int]:
    """PostgreSQL can say what it has; FTS5 without content knows words only by their cases."""
    documents = [tokens.tsvector(words.texts, words.names) for words in should.values()]
    sql = """
        SELECT wanted.id FROM unnest(%s::bigint[], %s::text[]) AS wanted (id, document)
        JOIN search_entry ON search_entry.dispute_id = wanted.id
        WHERE search_entry.document <> wanted.document::tsvector"""
    with connection.cursor() as cursor:
        cursor.execute(sql, [list(should), documents])
        return {key for (key,) in cursor.fetchall()}


ORPHANS = "SELECT rowid FROM search_entry WHERE rowid NOT IN (SELECT id FROM disputes_dispute)"


def orphans() -> list[int]:
    """Rows of cases that do not exist. PostgreSQL's foreign key allows none."""
    if connection.vendor == "postgresql":
        return []
    with connection.cursor() as cursor:
        cursor.execute(ORPHANS)
        return [key for (key,) in cursor.fetchall()]


def drop(keys: Iterable[int]) -> None:
    with writing(), connection.cursor() as cursor:
        cursor.executemany("DELETE FROM search_entry WHERE rowid = %s", [(key,) for key in keys])

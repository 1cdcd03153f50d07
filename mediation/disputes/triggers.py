"""Triggers that hold even against raw SQL, generated from the lifecycle table.

Installed after every ``migrate`` on both databases: a dispute begins as registered; its status moves only
along a drawn arrow and only together with its version; events and records of access are never changed or
deleted.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection

from mediation.disputes.enums import Status
from mediation.disputes.lifecycle import arrows

DISPUTE, EVENT = "disputes_dispute", "disputes_event"
ESCALATION = "warning_escalation"
ACCESS = "accounts_accesschange"


def pairs() -> list[str]:
    """Every lawful move as ``source>target``."""
    return sorted({f"{arrow.source.value}>{arrow.target.value}" for arrow in arrows()})


def _list() -> str:
    return ", ".join(f"'{pair}'" for pair in pairs())


def _postgres() -> list[str]:
    return [
        f"""
        CREATE OR REPLACE FUNCTION fengqiao_dispute_moves() RETURNS trigger AS $$
        BEGIN
          IF current_setting('fengqiao.bulk', true) = 'on' THEN RETURN NEW; END IF;
          IF TG_OP = 'INSERT' THEN
            IF NEW.status <> '{Status.REGISTERED.value}' OR NEW.version <> 1 THEN
              RAISE EXCEPTION 'illegal first status %', NEW.status USING ERRCODE = '23514';
            END IF;
            RETURN NEW;
          END IF;
          IF NEW.status IS DISTINCT FROM OLD.status AND (
              NEW.version <> OLD.version + 1
              OR OLD.status || '>' || NEW.status NOT IN ({_list()})) THEN
            RAISE EXCEPTION 'illegal transition % to %', OLD.status, NEW.status
              USING ERRCODE = '23514';
          END IF;
          RETURN NEW;
        END $$ LANGUAGE plpgsql""",
        """
        CREATE OR REPLACE FUNCTION fengqiao_append_only() RETURNS trigger AS $$
        BEGIN
          RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = '23514';
        END $$ LANGUAGE plpgsql""",
        f"DROP TRIGGER IF EXISTS fengqiao_moves ON {DISPUTE}",
        (
            f"CREATE TRIGGER fengqiao_moves BEFORE INSERT OR UPDATE OF status ON {DISPUTE} "
            "FOR EACH ROW EXECUTE FUNCTION fengqiao_dispute_moves()"
        ),
        f"DROP TRIGGER IF EXISTS fengqiao_append_only ON {EVENT}",
        (
            f"CREATE TRIGGER fengqiao_append_only BEFORE UPDATE OR DELETE ON {EVENT} "
            "FOR EACH ROW EXECUTE FUNCTION fengqiao_append_only()"
        ),
        f"DROP TRIGGER IF EXISTS fengqiao_append_only ON {ACCESS}",
        (
            f"CREATE TRIGGER fengqiao_append_only BEFORE UPDATE OR DELETE ON {ACCESS} "
            "FOR EACH ROW EXECUTE FUNCTION fengqiao_append_only()"
        ),
        f"DROP TRIGGER IF EXISTS fengqiao_keep ON {ESCALATION}",
        (
            f"CREATE TRIGGER fengqiao_keep BEFORE DELETE ON {ESCALATION} "
            "FOR EACH ROW EXECUTE FUNCTION fengqiao_append_only()"
        ),
    ]


def _sqlite() -> list[str]:
    refuse = "SELECT RAISE(ABORT, '{}');"
    statements = []
    for name, head, condition, sentence in (
        (
            "fengqiao_first",
            f"BEFORE INSERT ON {DISPUTE}",
            f"NEW.status <> '{Status.REGISTERED.value}' OR NEW.version <> 1",
            "illegal first status",
        ),
        (
            "fengqiao_moves",
            f"BEFORE UPDATE OF status ON {DISPUTE}",
            (
                "NEW.status IS NOT OLD.status AND (NEW.version <> OLD.version + 1 "
                f"OR OLD.status || '>' || NEW.status NOT IN ({_list()}))"
            ),
            "illegal transition",
        ),
        ("fengqiao_no_update", f"BEFORE UPDATE ON {EVENT}", "1", "events are append-only"),
        ("fengqiao_no_delete", f"BEFORE DELETE ON {EVENT}", "1", "events are append-only"),
        ("fengqiao_keep", f"BEFORE DELETE ON {ESCALATION}", "1", "reports are kept"),
        ("fengqiao_access_kept", f"BEFORE DELETE ON {ACCESS}", "1", "records are append-only"),
        ("fengqiao_access_same", f"BEFORE UPDATE ON {ACCESS}", "1", "records are append-only"),
    ):
        statements += [
            f"DROP TRIGGER IF EXISTS {name}",
            (
                f"CREATE TRIGGER {name} {head} FOR EACH ROW WHEN {condition} "
                f"BEGIN {refuse.format(sentence)} END"
            ),
        ]
    return statements


def statements() -> list[str]:
    """What ``install`` runs on the present database."""
    return _postgres() if connection.vendor == "postgresql" else _sqlite()


def install(**_kwargs: Any) -> None:
    """Put the triggers of the present table in place; safe to run as often as one likes."""
    if not {DISPUTE, EVENT, ESCALATION, ACCESS} <= set(connection.introspection.table_names()):
        return
    with connection.cursor() as cursor:
        for statement in statements():
            cursor.execute(statement)


@contextmanager
def lifted_for_bulk() -> Iterator[None]:
    """Let a bulk seed insert cases in any status. Inside one transaction, for seeding only."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SET LOCAL fengqiao.bulk = 'on'")
            yield
            cursor.execute("SET LOCAL fengqiao.bulk = 'off'")
            return
        cursor.execute("DROP TRIGGER IF EXISTS fengqiao_first")
        yield
    install()

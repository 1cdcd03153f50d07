"""The database notes by itself how each changed case counts: no command can forget it, none pays a statement.

Installed after every ``migrate``, as the triggers of the lifecycle are. A bulk seed is not noted; it adds
everything up anew.
"""

from django.db import connection

from mediation.reports.summary_sql import DELTA, DISPUTE, FACT, WATCHED, fact

COLUMNS = f"weight, {', '.join(FACT)}"


def _differs() -> str:
    """A change of a column that no figure looks at is nobody's business."""
    word = "IS DISTINCT FROM" if connection.vendor == "postgresql" else "IS NOT"
    return " OR ".join(f"NEW.{name} {word} OLD.{name}" for name in WATCHED)


def _note(weight: int, row: str) -> str:
    return f"INSERT INTO {DELTA} ({COLUMNS}) SELECT {weight}, {fact(row)};"


def _postgres() -> list[str]:
    return [
        f"""
        CREATE OR REPLACE FUNCTION fengqiao_note_figures() RETURNS trigger AS $$
        BEGIN
          IF current_setting('fengqiao.bulk', true) = 'on' THEN RETURN NULL; END IF;
          IF TG_OP = 'UPDATE' THEN
            IF NOT ({_differs()}) THEN RETURN NULL; END IF;
            {_note(-1, "OLD")}
          END IF;
          {_note(1, "NEW")}
          RETURN NULL;
        END $$ LANGUAGE plpgsql""",
        f"DROP TRIGGER IF EXISTS fengqiao_figures ON {DISPUTE}",
        (
            f"CREATE TRIGGER fengqiao_figures AFTER INSERT OR UPDATE OF {', '.join(WATCHED)} "
            f"ON {DISPUTE} FOR EACH ROW EXECUTE FUNCTION fengqiao_note_figures()"
        ),
    ]


def _sqlite() -> list[str]:
    return [
        "DROP TRIGGER IF EXISTS fengqiao_figures_first",
        (
            f"CREATE TRIGGER fengqiao_figures_first AFTER INSERT ON {DISPUTE} FOR EACH ROW "
            f"BEGIN {_note(1, 'NEW')} END"
        ),
        "DROP TRIGGER IF EXISTS fengqiao_figures",
        (
            f"CREATE TRIGGER fengqiao_figures AFTER UPDATE OF {', '.join(WATCHED)} ON {DISPUTE} "
            f"FOR EACH ROW WHEN {_differs()} BEGIN {_note(-1, 'OLD')} {_note(1, 'NEW')} END"
        ),
    ]


def statements() -> list[str]:
    """What ``install`` runs on the present database."""
    return _postgres() if connection.vendor == "postgresql" else _sqlite()


def install() -> None:
    """Put the triggers in place; safe to run as often as one likes."""
    with connection.cursor() as cursor:
        for statement in statements():
            cursor.execute(statement)

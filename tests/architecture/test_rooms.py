"""Who may import whom, who may read the clock, and who may touch a status."""

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings
from django.core.management import call_command
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.operations import AddField

ROOT = Path(settings.BASE_DIR)
OURS = ("mediation.", "workflows")
ROOMS = ("mediation", "workflows")
# Lines; a table of the law and its tests may stay together.
LIMITS = {"mediation": 500, "workflows": 500, "tools": 500, "templates": 500, "tests": 600}

# Where the clock is read: the front doors, and the middleware that makes the actor of a request.
EDGE = ("mediation/web/", "mediation/api/", "mediation/realtime/", "mediation/jobs/")
EDGE += ("mediation/config/", "mediation/accounts/middleware.py", "mediation/core/clock.py")
READS_THE_CLOCK = {
    # A field judges an ID number by age and knows no command yet.
    "workflows/commands/people.py",
}
# ``.status =`` on something that is no dispute.
OTHER_STATUS = {
    "mediation/config/bridge.py",  # of an HTTP answer
    "workflows/nodes.py",  # of a viewflow task
    "workflows/repair.py",  # of a viewflow process
}


def sources() -> Iterator[tuple[str, ast.Module]]:
    for room in ROOMS:
        for path in sorted((ROOT / room).rglob("*.py")):
            if "migrations" not in path.parts:
                text = path.read_text(encoding="utf-8")
                yield path.relative_to(ROOT).as_posix(), ast.parse(text)


def dotted(node: ast.AST) -> str:
    if isinstance(node, ast.Attribute):
        return f"{dotted(node.value)}.{node.attr}"
    return node.id if isinstance(node, ast.Name) else ""


def calls(tree: ast.Module) -> Iterator[ast.Call]:
    return (node for node in ast.walk(tree) if isinstance(node, ast.Call))


def test_imports_point_down():
    linter = Path(sys.executable).parent / "lint-imports"

    done = subprocess.run(
        [linter, "--no-cache"], cwd=ROOT, capture_output=True, text=True, check=False
    )

    assert done.returncode == 0, done.stdout


NOW = {
    "timezone.now", "timezone.localdate", "timezone.localtime", "date.today", "datetime.now",
    "datetime.utcnow", "datetime.today", "datetime.date.today", "datetime.datetime.now",
    "clock.now", "clock.today", "time.time",
}  # fmt: skip


def reads_clock(call: ast.Call) -> bool:
    # ``localtime(moment)`` and ``localdate(moment)`` convert; only without a moment do they look.
    return dotted(call.func) in NOW and not (call.args or call.keywords)


def test_nobody_below_the_edge_reads_the_clock():
    found = {
        name
        for name, tree in sources()
        if not name.startswith(EDGE) and any(map(reads_clock, calls(tree)))
    }

    assert found == READS_THE_CLOCK


def assigns_status(tree: ast.Module) -> bool:
    targets: list[ast.AST] = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Assign):
            targets += node.targets
        elif isinstance(node, (ast.AugAssign, ast.AnnAssign)):
            targets.append(node.target)
    flat = [e for t in targets for e in (t.elts if isinstance(t, (ast.Tuple, ast.List)) else [t])]
    return any(isinstance(target, ast.Attribute) and target.attr == "status" for target in flat)


def test_nobody_assigns_the_status_of_a_dispute():
    assert {name for name, tree in sources() if assigns_status(tree)} == OTHER_STATUS


def writes_past_the_lifecycle(call: ast.Call) -> bool:
    """``…update(status=…)``, ``setattr(x, "status", …)``, ``bulk_update([…], ["status"])``, raw SQL."""
    name = dotted(call.func).rsplit(".", 1)[-1] if dotted(call.func) else getattr(
        call.func, "attr", ""
    )  # fmt: skip
    words = [a.value for a in ast.walk(call) if isinstance(a, ast.Constant)]
    if name == "update":
        of_the_engine = ast.unparse(call.func).startswith("Task.objects.")
        return not of_the_engine and any(keyword.arg == "status" for keyword in call.keywords)
    if name in {"setattr", "bulk_update"}:
        return "status" in words
    if name in {"execute", "executemany"}:
        return any("UPDATE disputes_dispute" in str(word) for word in words)
    return False


def test_nobody_writes_a_status_past_the_lifecycle():
    found = {name for name, tree in sources() if any(map(writes_past_the_lifecycle, calls(tree)))}

    assert found == set()


def only_importers(package: str) -> set[str]:
    found = set()
    for name, tree in sources():
        for node in ast.walk(tree):
            modules = []
            if isinstance(node, ast.Import):
                modules = [alias.name for alias in node.names]
            elif isinstance(node, ast.ImportFrom):
                modules = [node.module or ""]
            if any(m == package or m.startswith(f"{package}.") for m in modules):
                found.add(name.split("/")[0])
    return found


def test_only_workflows_speaks_to_the_engine():
    assert only_importers("viewflow") == {"workflows"}


def test_only_the_engine_takes_steps_of_the_lifecycle():
    """Nobody else calls ``dispute.accept()`` and the like; the API and pages go through a command."""
    from mediation.disputes import lifecycle

    steps = {arrow.command for arrow in lifecycle.arrows()}
    shared = {"accept", "close", "refer", "pause", "resume", "visit", "split", "void", "archive"}
    found = {
        (name, dotted(call.func))
        for name, tree in sources()
        for call in calls(tree)
        if isinstance(call.func, ast.Attribute)
        and call.func.attr in steps
        and (call.func.attr not in shared or dotted(call.func).startswith("dispute."))
        and dotted(call.func).split(".")[0] in {"dispute", "case", "self.dispute"}
    }

    assert found == set()


@pytest.mark.parametrize("folder", LIMITS)
def test_no_file_is_longer_than_one_reads(folder):
    long = {
        path.relative_to(ROOT).as_posix(): lines
        for path in (ROOT / folder).rglob("*")
        if path.suffix in {".py", ".html", ".sh"} and "migrations" not in path.parts
        if (lines := len(path.read_text(encoding="utf-8").splitlines())) > LIMITS[folder]
    }

    assert long == {}


def test_migrations_are_complete(db):
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)


def test_old_code_can_write_what_a_migration_added_to():
    """While servers are replaced one after the other, those of the former release do not name the column."""
    ours = {one.label for one in apps.get_app_configs() if one.name.startswith(OURS)}
    added = {
        (app, operation.model_name, operation.name)
        for (app, name), migration in MigrationLoader(None).disk_migrations.items()
        if app in ours and not name.startswith("0001")
        for operation in migration.operations
        if isinstance(operation, AddField)
    }
    mute = [
        f"{app}.{model}.{name}"
        for app, model, name in sorted(added)
        for field in [apps.get_model(app, model)._meta.get_field(name)]
        if not (field.many_to_many or field.null or field.has_db_default())
    ]

    assert len(added) > 10
    assert mute == []


def test_migrations_say_what_they_do():
    names = [
        path.stem for path in (ROOT / "mediation").rglob("migrations/0*.py") if "auto_" in path.stem
    ]

    assert names == []

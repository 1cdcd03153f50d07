"""Twenty small sabotages of the code: does the suite notice? One at a time, in a copy of the tree.

``python tools/sabotage.py [N …]``: all, or those with these numbers. Ends with 1 when more than two pass.
"""

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parents[1]
UNNOTICED_AT_MOST = 2
POSTGRES = {
    "DATABASE_URL": os.environ.get("DATABASE_URL", "postgres://postgres@127.0.0.1:5432/postgres"),
    "REDIS_URL": os.environ.get("REDIS_URL", "redis://127.0.0.1:6379/0"),
}


class Sabotage(NamedTuple):
    """``before`` becomes ``after`` in ``file``; ``tests`` are asked whether they notice."""

    what: str
    file: str
    before: str
    after: str
    tests: str
    # SQLite has one writer, so a missing lock shows on PostgreSQL alone.
    postgres: bool = False


LIST = (
    Sabotage(
        "lock no row",
        "workflows/engine.py",
        'select_for_update(of=("self",)).filter(pk=pk)',
        "filter(pk=pk)",
        "tests/faults/test_race.py",
        postgres=True,
    ),
    Sabotage(
        "forget the version",
        "workflows/engine.py",
        "dispute.version += 1",
        "dispute.version += 0",
        "tests/workflows/test_engine.py",
    ),
    Sabotage(
        "skip the policy",
        "workflows/engine.py",
        "if not policy.may(actor, spec.name, dispute):",
        "if False:",
        "tests/disputes/test_policy.py",
    ),
    Sabotage(
        "skip the second look of the guards",
        "workflows/engine.py",
        "    if facts.data:\n        _require_guards",
        "    if False:\n        _require_guards",
        "tests/disputes tests/workflows/test_engine.py",
    ),
    Sabotage(
        "see through the sensitive",
        "mediation/disputes/policy.py",
        "return grant.cleared or not dispute.is_sensitive",
        "return True",
        "tests/disputes/test_policy.py",
    ),
    Sabotage(
        "see the neighbours",
        "mediation/disputes/policy.py",
        "    if not dispute.area_code.startswith(grant.area_code):\n        return False\n",
        "",
        "tests/disputes/test_policy.py",
    ),
    Sabotage(
        "accept another body for a key",
        "workflows/replay.py",
        "if found.body_hash != _body_hash(command):",
        "if False:",
        "tests/workflows/test_replay.py",
    ),
    Sabotage(
        "chain without the one before",
        "mediation/core/chain.py",
        'previous.encode() + b"\\n" + spelt',
        "spelt",
        "tests/core/test_chain.py",
    ),
    Sabotage(
        "seal with no key",
        "mediation/core/evidence.py",
        'elif _mac(said, keys[said["key"]]) != said["mac"]:',
        "elif False:",
        "tests/workflows/test_seals.py",
    ),
    Sabotage(
        "miss what is missing",
        "mediation/core/evidence.py",
        "    if present is None:\n",
        "    if False:\n",
        "tests/workflows/test_seals.py",
    ),
    Sabotage(
        "reveal without a record",
        "mediation/disputes/services.py",
        "        Reveal.objects.create(",
        "        Reveal(",
        "tests/api/test_reveal.py",
    ),
    Sabotage(
        "show a child unasked",
        "mediation/disputes/services.py",
        "if party.is_minor and not child_is_open",
        "if False and not child_is_open",
        "tests/api/test_reveal.py",
    ),
    Sabotage(
        "unseal moved bytes",
        "mediation/core/crypto.py",
        'return f"{place}|{row}".encode()',
        'return b""',
        "tests/core/test_crypto.py",
    ),
    Sabotage(
        "mask nothing",
        "mediation/core/masking.py",
        "return f\"{number[:3]}{'*' * (len(number) - 7)}{number[-4:]}\"",
        "return number",
        "tests/core/test_masking.py",
    ),
    Sabotage(
        "fire early",
        "workflows/ticker.py",
        "due_at__lte=now",
        "due_at__lte=now + timedelta(days=1)",
        "tests/workflows/test_ticker.py",
    ),
    Sabotage(
        "fire again",
        "workflows/ticker.py",
        "state=Deadline.State.FIRED, fired_at=now",
        "state=Deadline.State.ARMED, fired_at=now",
        "tests/workflows/test_ticker.py",
    ),
    Sabotage(
        "read past the limit",
        "mediation/config/body_limit.py",
        "if taken > limit:",
        "if False:",
        "tests/config/test_bridge.py",
    ),
    Sabotage(
        "take a damaged backup",
        "mediation/jobs/backup/archive.py",
        "                continue\n            self._count",
        "                pass\n            self._count",
        "tests/jobs/test_backup.py",
    ),
    Sabotage(
        "grant oneself rights",
        "mediation/accounts/policy.py",
        "grants_rights_to_others = grants_rights & is_somebody_else",
        "grants_rights_to_others = grants_rights",
        "tests/accounts",
    ),
    Sabotage(
        "urgent access for ever",
        "mediation/oversight/services.py",
        '            "until": access.until,',
        '            "until": None,',
        "tests/oversight",
    ),
)


def main(numbers: list[int]) -> int:
    unnoticed = []
    for number, one in enumerate(LIST, 1):
        if numbers and number not in numbers:
            continue
        noticed = is_noticed(one)
        print(f"{number:2} {'noticed  ' if noticed else 'UNNOTICED'} {one.what}", flush=True)
        unnoticed += [] if noticed else [one]
    return int(len(unnoticed) > UNNOTICED_AT_MOST)


def is_noticed(one: Sabotage) -> bool:
    """Work on a copy: a test run that is stopped leaves the tree as it was."""
    with tempfile.TemporaryDirectory() as place:
        copy = Path(place) / "tree"
        ignored = shutil.ignore_patterns(".git", ".venv", "var", "node_modules", "__pycache__")
        shutil.copytree(ROOT, copy, ignore=ignored)
        file = copy / one.file
        text = file.read_text(encoding="utf-8")
        if text.count(one.before) < 1:
            raise SystemExit(f"{one.what}: {one.file} has changed; bring the list in line.")
        file.write_text(text.replace(one.before, one.after, 1), encoding="utf-8")
        environment = os.environ | (POSTGRES if one.postgres else {})
        command = [sys.executable, "-m", "pytest", "-q", "-x", "-p", "no:cacheprovider"]
        done = subprocess.run(
            [*command, *one.tests.split()],
            cwd=copy,
            env=environment,
            capture_output=True,
            check=False,
        )
    return done.returncode == 1  # 1: tests failed; anything else is no verdict


if __name__ == "__main__":
    raise SystemExit(main([int(number) for number in sys.argv[1:]]))

"""Small sabotages of the code: does the suite notice? One at a time, in a copy of the tree.

``python tools/sabotage.py [N …]``: all, or those with these numbers. Ends with 1 when more than two pass.
The list lies in ``tools/sabotages``: promises of the engine, what keeps people apart, small things, edges.
"""

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from sabotages import LIST, Sabotage

ROOT = Path(__file__).resolve().parents[1]
UNNOTICED_AT_MOST = 2
POSTGRES = {
    "DATABASE_URL": os.environ.get("DATABASE_URL", "postgres://postgres@127.0.0.1:5432/postgres"),
    "REDIS_URL": os.environ.get("REDIS_URL", "redis://127.0.0.1:6379/0"),
}


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

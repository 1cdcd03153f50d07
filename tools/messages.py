"""Collect the texts of the interface and compile the Chinese catalogue. Needs gettext (Debian package).

Msgids are English; ``locale/zh_Hans`` is complete, which a test demands. The compiled catalogue is kept in
the repository, so that an installation needs no gettext.
"""

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
MANAGE = [sys.executable, "manage.py"]
IGNORED = [".venv", "static", "tests", "tools", "docs", "node_modules", "var"]


def main() -> None:
    environment = os.environ | {"FENGQIAO_ENV": "test"}
    ignore = [part for name in IGNORED for part in ("--ignore", name)]
    for command in (
        [
            "makemessages",
            "--locale",
            "zh_Hans",
            "--no-location",
            "--no-wrap",
            "--no-obsolete",
            *ignore,
        ],
        ["compilemessages", "--locale", "zh_Hans", "--ignore", ".venv"],
    ):
        subprocess.run([*MANAGE, *command], cwd=ROOT, env=environment, check=True)


if __name__ == "__main__":
    main()

"""The pages under ``docs/reference/`` that are generated from code, by name.

An app adds a page by adding its function here; a test and ``reference --check`` keep it fresh.
"""

from collections.abc import Callable
from difflib import unified_diff
from pathlib import Path

from mediation.deadlines import reference as deadlines
from mediation.warning import reference as warning

PAGES: dict[str, Callable[[], str]] = {
    "deadlines": deadlines.markdown,
    "risk": warning.markdown,
}


def write(directory: Path, *, names: list[str]) -> list[str]:
    """Write the pages ``names`` into ``directory`` and name those that changed."""
    directory.mkdir(parents=True, exist_ok=True)
    stale = [name for name in names if difference(directory, name)]
    for name in stale:
        (directory / f"{name}.md").write_text(PAGES[name](), encoding="utf-8")
    return stale


def difference(directory: Path, name: str) -> str:
    """What the page on disk lacks, as a unified diff; empty when it is up to date."""
    path = directory / f"{name}.md"
    written = path.read_text(encoding="utf-8") if path.exists() else ""
    lines = unified_diff(
        written.splitlines(), PAGES[name]().splitlines(), f"{name}.md", "generated", lineterm=""
    )
    return "\n".join(lines)

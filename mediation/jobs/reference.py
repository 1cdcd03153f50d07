"""The pages under ``docs/reference/`` that are generated from code, by name.

An app adds a page by adding its function here, a front door beside this one through ``core.reference``;
a test and ``reference --check`` keep it fresh. A name without a suffix stands for Markdown.
"""

from difflib import unified_diff
from pathlib import Path

from mediation.core import reference as beside
from mediation.deadlines import reference as deadlines
from mediation.documents import reference as documents
from mediation.warning import reference as warning
from workflows import reference as workflows

PAGES = beside.PAGES
PAGES |= {
    "deadlines": deadlines.markdown,
    "documents": documents.markdown,
    "permissions": workflows.permissions,
    "risk": warning.markdown,
    "states": workflows.states,
}


def file_of(name: str) -> str:
    return name if "." in name else f"{name}.md"


def write(directory: Path, *, names: list[str]) -> list[str]:
    """Write the pages ``names`` into ``directory`` and name those that changed."""
    directory.mkdir(parents=True, exist_ok=True)
    stale = [name for name in names if difference(directory, name)]
    for name in stale:
        (directory / file_of(name)).write_text(PAGES[name](), encoding="utf-8")
    return stale


def difference(directory: Path, name: str) -> str:
    """What the page on disk lacks, as a unified diff; empty when it is up to date."""
    path = directory / file_of(name)
    written = path.read_text(encoding="utf-8") if path.exists() else ""
    lines = unified_diff(
        written.splitlines(), PAGES[name]().splitlines(), file_of(name), "generated", lineterm=""
    )
    return "\n".join(lines)

#!/usr/bin/env python3
"""Copy the pinned front-end packages into the repository, and prove that they are unchanged.

``tools/vendor.py`` fetches with npm and rewrites the lock; ``--check`` needs no network and is
what CI runs. Deployment needs neither: the files live in the repository.
"""

import argparse
import base64
import hashlib
import importlib.metadata
import json
import re
import subprocess
import sys
import tarfile
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
LOCK = ROOT / "static/vendor/vendor.lock.json"
NOTICE = ROOT / "THIRD_PARTY.md"
SOURCE_MAP = re.compile(rb"\s*(//|/\*)[#@] sourceMappingURL=[^\n*]*(\*/)?\s*$")


@dataclass(frozen=True, slots=True)
class Package:
    """An npm package at one version, and the files of it that we serve."""

    name: str
    version: str
    files: tuple[str, ...]
    use: str
    into: str = ""

    @property
    def folder(self) -> Path:
        return ROOT / (self.into or f"static/vendor/{self.name}-{self.version}")


PACKAGES = (
    Package(
        "bootstrap",
        "5.3.9",
        ("dist/css/bootstrap.min.css", "dist/js/bootstrap.bundle.min.js"),
        "grid, forms and tables; the script only on pages that ask for it",
    ),
    Package("htmx.org", "2.0.11", ("dist/htmx.min.js",), "fragments without full reloads"),
    Package(
        "idiomorph", "0.8.0", ("dist/idiomorph-ext.min.js",), "refresh that keeps focus and scroll"
    ),
    Package(
        "signature_pad",
        "5.1.4",
        ("dist/signature_pad.umd.min.js",),
        "drawing a signature; only on the page where one is given",
    ),
    Package(
        "echarts",
        "6.1.0",
        ("dist/echarts.min.js",),
        "charts, drawn from the table beside them; on pages with figures only",
    ),
    Package(
        "axe-core",
        "4.14.1",
        ("axe.min.js",),
        "accessibility tests only, never served",
        into="tests/browser",
    ),
)

# Packages that state no licence in their metadata, or are installed on other platforms only.
LICENCES = {"async-timeout": "Apache-2.0", "pysqlite3": "Zlib", "tzdata": "Apache-2.0"}
PYTHON_NOTES = {
    "django-viewflow": "see the note below",
    "psycopg": "LGPL: imported, not modified",
    "psycopg-binary": "LGPL: imported, not modified",
    "psycopg-pool": "LGPL: imported, not modified",
}
NOTICE_HEAD = """# Third-party parts

Made by `tools/vendor.py` from `static/vendor/vendor.lock.json` and `requirements.lock`.
Fengqiao itself is AGPL-3.0-or-later (`LICENSE`).

## Front end (in this repository)

Only the named files are taken; a reference to a source map at the end of a file is removed,
nothing else is changed. Each folder holds the licence text.

| package | version | licence | used for |
|---|---|---|---|
"""
VIEWFLOW_NOTE = """
## A note on django-viewflow

`django-viewflow` is licensed AGPL-3.0-or-later with additional permissions. It is the reason why
Fengqiao is offered under the same licence: whoever offers a changed Fengqiao over a network owes
its users the source, and the foot of every page links to it (setting `SOURCE_URL`).
No line of viewflow is copied or changed here; its classes are subclassed and the package is
installed from its own distribution. The package called `viewflow` on the Python index is
something else and is not used.

## A note on axe-core

`tests/browser/axe.min.js` is Mozilla Public License 2.0. It is used unchanged by the tests
and is not part of what an installation serves.
"""


def fetch(package: Package, *, workspace: Path) -> dict[str, Any]:
    """Download one package, verify it against the registry's integrity and copy its files."""
    packed = subprocess.run(
        ["npm", "pack", f"{package.name}@{package.version}", "--json", "--silent"],
        cwd=workspace,
        check=True,
        capture_output=True,
        text=True,
    )
    entry = json.loads(packed.stdout)[0]
    archive = workspace / Path(entry["filename"]).name
    verify_integrity(archive, integrity=entry["integrity"])
    with tarfile.open(archive) as tar:
        licence = json.loads(member(tar, "package.json"))["license"]
        files = [copy(tar, package, source) for source in package.files]
        files.append(copy_licence(tar, package))
    return {
        "name": package.name,
        "version": package.version,
        "licence": licence,
        "integrity": entry["integrity"],
        "files": files,
    }


def verify_integrity(archive: Path, *, integrity: str) -> None:
    algorithm, _, expected = integrity.partition("-")
    digest = hashlib.new(algorithm, archive.read_bytes()).digest()
    if base64.b64encode(digest).decode() != expected:
        sys.exit(f"{archive.name} does not match its published integrity.")


def member(tar: tarfile.TarFile, path: str) -> bytes:
    opened = tar.extractfile(f"package/{path}")
    if opened is None:
        sys.exit(f"{path} is not a file of the package.")
    return opened.read()


def copy(tar: tarfile.TarFile, package: Package, source: str) -> dict[str, str]:
    # A hashed-file storage refuses a reference to a source map that is not there.
    content = SOURCE_MAP.sub(b"\n", member(tar, source))
    return place(package.folder / Path(source).name, content, source=source)


def copy_licence(tar: tarfile.TarFile, package: Package) -> dict[str, str]:
    name = f"{package.name}.LICENSE" if package.into else "LICENSE"
    return place(package.folder / name, member(tar, "LICENSE"), source="LICENSE")


def place(target: Path, content: bytes, *, source: str) -> dict[str, str]:
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_bytes(content)
    return {
        "path": target.relative_to(ROOT).as_posix(),
        "source": source,
        "sha256": hashlib.sha256(content).hexdigest(),
    }


def faults(lock: list[dict[str, Any]]) -> list[str]:
    """Every difference between the lock, the table above and the files on disk."""
    pinned = {(p.name, p.version) for p in PACKAGES}
    locked = {(entry["name"], entry["version"]) for entry in lock}
    found = [f"{name} {version}: pinned but not locked" for name, version in pinned - locked]
    found += [f"{name} {version}: locked but not pinned" for name, version in locked - pinned]
    files = {file["path"]: file["sha256"] for entry in lock for file in entry["files"]}
    found += [f"{path}: missing or changed" for path, sha in files.items() if sha256(path) != sha]
    strangers = {
        path.relative_to(ROOT).as_posix()
        for path in LOCK.parent.rglob("*")
        if path.is_file() and path != LOCK
    } - set(files)
    found += [f"{path}: not in the lock" for path in sorted(strangers)]
    if front_end_table(lock) not in NOTICE.read_text(encoding="utf-8"):
        found.append("THIRD_PARTY.md: out of date")
    return found


def sha256(path: str) -> str:
    file = ROOT / path
    return hashlib.sha256(file.read_bytes()).hexdigest() if file.is_file() else ""


def notice(lock: list[dict[str, Any]]) -> str:
    return NOTICE_HEAD + front_end_table(lock) + python_part() + VIEWFLOW_NOTE


def front_end_table(lock: list[dict[str, Any]]) -> str:
    uses = {package.name: package.use for package in PACKAGES}
    return "".join(
        f"| {e['name']} | {e['version']} | {e['licence']} | {uses[e['name']]} |\n" for e in lock
    )


def python_part() -> str:
    pins = re.findall(
        r"^([A-Za-z0-9._-]+)==([^\s;\\]+)",
        (ROOT / "requirements.lock").read_text(encoding="utf-8"),
        flags=re.MULTILINE,
    )
    rows = "".join(
        f"| {name} | {version} | {python_licence(name)} | {PYTHON_NOTES.get(name, '')} |\n"
        for name, version in sorted(set(pins))
    )
    return (
        "\n## Python packages (installed, not in this repository)\n\n"
        "| package | version | licence | note |\n|---|---|---|---|\n" + rows
    )


def python_licence(name: str) -> str:
    if name in LICENCES:
        return LICENCES[name]
    data = importlib.metadata.metadata(name)
    classifiers = [
        line.rpartition(" :: ")[2]
        for line in data.get_all("Classifier") or []
        if line.startswith("License :: OSI Approved :: ")
    ]
    stated = data.get("License-Expression") or ", ".join(classifiers) or data["License"]
    return str(stated).splitlines()[0].replace("|", "/")


def read_lock() -> list[dict[str, Any]]:
    lock: list[dict[str, Any]] = json.loads(LOCK.read_text(encoding="utf-8"))["packages"]
    return lock


def update() -> None:
    with tempfile.TemporaryDirectory() as workspace:
        lock = [fetch(package, workspace=Path(workspace)) for package in PACKAGES]
    LOCK.write_text(json.dumps({"packages": lock}, indent=2) + "\n", encoding="utf-8")
    NOTICE.write_text(notice(lock), encoding="utf-8")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="compare with the lock, no network")
    if not parser.parse_args().check:
        update()
    found = faults(read_lock())
    print("\n".join(found) or "Every vendored file is as locked.")
    sys.exit(bool(found))


if __name__ == "__main__":
    main()

"""The look keeps its promises: contrast in every mode, an icon for every name, no inline style."""

import json
import re
import shutil
from pathlib import Path

import pytest
from django.conf import settings
from django.core.files.storage import FileSystemStorage
from django.template.loader import get_template

from mediation.core.static_names import HashedFiles

STATIC = settings.BASE_DIR / "static/fq"
TEMPLATES = settings.BASE_DIR / "templates"
CSS = (STATIC / "fq.css").read_text(encoding="utf-8")
PAGES = sorted(path.relative_to(TEMPLATES).as_posix() for path in TEMPLATES.rglob("*.html"))

TEXT, SHAPE = 4.5, 3.0  # WCAG 2.2, 1.4.3 and 1.4.11
PAIRS = [
    ("ink", "ground", TEXT),
    ("ink", "surface", TEXT),
    ("muted", "ground", TEXT),
    ("muted", "surface", TEXT),
    ("muted", "sunken", TEXT),
    ("link", "ground", TEXT),
    ("link", "surface", TEXT),
    ("link", "primary-soft", TEXT),
    ("on-primary", "primary", TEXT),
    ("on-primary", "primary-hover", TEXT),
    ("on-bar", "bar", TEXT),
    ("red", "red-soft", TEXT),
    ("red", "surface", TEXT),
    ("orange", "orange-soft", TEXT),
    ("yellow", "yellow-soft", TEXT),
    ("blue", "blue-soft", TEXT),
    ("green", "green-soft", TEXT),
    ("green", "surface", TEXT),
    ("line-strong", "surface", SHAPE),
    ("line-strong", "ground", SHAPE),
    ("focus", "surface", SHAPE),
]


def tokens(mode: str) -> dict[str, str]:
    def block(selector: str) -> dict[str, str]:
        found = re.search(re.escape(selector) + r" \{(.*?)\n\}", CSS, re.DOTALL)
        assert found
        return dict(re.findall(r"--fq-([a-z-]+): (#[0-9a-f]{6})", found[1]))

    standard = block(":root")
    return standard if mode == "standard" else standard | block(f'[data-mode="{mode}"]')


def luminance(colour: str) -> float:
    shares = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    linear = [s / 12.92 if s <= 0.04045 else ((s + 0.055) / 1.055) ** 2.4 for s in shares]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("mode", ["standard", "large", "dark"])
def test_every_pair_of_tokens_is_readable(mode: str) -> None:
    colours = tokens(mode)

    weak = {
        f"{front} on {back}": round(contrast(colours[front], colours[back]), 2)
        for front, back, least in PAIRS
        if contrast(colours[front], colours[back]) < least
    }

    assert weak == {}


def test_every_icon_that_a_template_or_script_names_is_drawn() -> None:
    drawn = set(re.findall(r'<symbol id="([a-z-]+)"', (STATIC / "icons.svg").read_text()))
    sources = [path.read_text(encoding="utf-8") for path in TEMPLATES.rglob("*.html")]
    sources += [path.read_text(encoding="utf-8") for path in STATIC.glob("*.js")]
    python = [path.read_text(encoding="utf-8") for path in Path("mediation/web").rglob("*.py")]

    named = {
        name for text in sources for name in re.findall(r"""icon[ (]["']([a-z-]+)["']""", text)
    }
    named |= {
        name for text in python for name in re.findall(r'Place\("\w+", .*?, "([a-z-]+)"', text)
    }

    assert named - drawn == set()


@pytest.mark.parametrize("page", PAGES)
def test_every_template_compiles_and_keeps_to_the_content_policy(page: str) -> None:
    source = (TEMPLATES / page).read_text(encoding="utf-8")

    get_template(page)

    assert (
        re.findall(r"<style|<script(?![^>]*\bsrc=)|\sstyle=|\son[a-z]+=|hx-on|hx-vars|js:", source)
        == []
    )


def test_icons_of_the_installed_page_have_names_that_are_served(tmp_path: Path) -> None:
    """A phone that installs the page asks for the icons by the names in the manifest."""
    names = ["manifest.webmanifest", "favicon.svg", "icon-192.png", "icon-512.png"]
    for name in names:
        shutil.copy(STATIC / name, tmp_path)
    storage = HashedFiles(location=tmp_path)
    storage.manifest_storage = storage
    source = FileSystemStorage(location=tmp_path)

    done = {old: new for old, new, _ in storage.post_process({n: (source, n) for n in names})}

    manifest = json.loads((tmp_path / done["manifest.webmanifest"]).read_text())
    wanted = {icon["src"] for icon in manifest["icons"]}
    assert wanted == {done[name] for name in names[1:]}
    assert all((tmp_path / name).exists() for name in wanted)


def test_link_that_covers_its_row_covers_nothing_else() -> None:
    """Without a row that holds it, it would lie over the whole page and take every tap."""
    styles = (STATIC / "fq.css").read_text()
    covering = re.findall(r"([^{}\n]*\.fq-case-link::after)", styles)

    assert [rule.split()[0] for rule in covering] == [".fq-cases"]
    assert ".fq-cases tr { position: relative;" in styles


def test_phone_pages_stay_within_their_budget() -> None:
    """ux standard 7.4: 110 kB compressed on the first visit, 32 kB of it style, 45 kB script."""
    brotli = pytest.importorskip("brotli")
    vendor = settings.BASE_DIR / "static/vendor"
    styles = [STATIC / "fq.css", *vendor.glob("bootstrap-*/bootstrap.min.css")]
    scripts = [
        *(
            STATIC / name
            for name in ("fq.js", "fq-live.js", "fq-alarm.js", "fq-outbox.js", "fq-offline.js")
        ),
        *vendor.glob("htmx.org-*/htmx.min.js"),
        *vendor.glob("idiomorph-*/idiomorph-ext.min.js"),
    ]

    def weight(files: list[Path]) -> int:
        return sum(len(brotli.compress(file.read_bytes())) for file in files)

    assert weight(styles) <= 32_000
    assert weight(scripts) <= 45_000
    assert weight([*styles, *scripts, STATIC / "icons.svg"]) <= 80_000

"""What is written down stays true: templates compile, reference pages are fresh, everything is Chinese."""

import ast
import gettext
import re
from pathlib import Path

import pytest
from django.conf import settings
from django.template import engines
from django.utils.translation.template import templatize

from mediation.jobs import reference

ROOT = Path(settings.BASE_DIR)
TEMPLATES = sorted(
    path.relative_to(ROOT / "templates").as_posix() for path in (ROOT / "templates").rglob("*.*")
)
CATALOGUE = ROOT / "locale" / "zh_Hans" / "LC_MESSAGES"
IN_CONTEXT = {"pgettext", "pgettext_lazy"}
MARKERS = {"_", "gettext", "gettext_lazy", "gettext_noop", "ngettext", "ngettext_lazy"} | IN_CONTEXT


@pytest.mark.parametrize("name", TEMPLATES)
def test_template_compiles(name):
    engines["django"].get_template(name)


@pytest.mark.parametrize("name", reference.PAGES)
def test_reference_page_is_fresh(name):
    """Else run ``make reference``."""
    assert reference.difference(ROOT / "docs" / "reference", name) == ""


def marked_in_python():
    """Every literal that the code hands to gettext."""
    for room in ("mediation", "workflows"):
        for path in (ROOT / room).rglob("*.py"):
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if isinstance(node, ast.Call) and node.args:
                    name = getattr(node.func, "id", getattr(node.func, "attr", ""))
                    first = node.args[1 if name in IN_CONTEXT and len(node.args) > 1 else 0]
                    if name in MARKERS and isinstance(first, ast.Constant):
                        yield str(first.value)


def marked_in_templates():
    literal = r"u?(?:'(?:[^'\\]|\\.)*'|\"(?:[^\"\\]|\\.)*\")"
    pattern = re.compile(rf"(?<![a-z])n?gettext\(({literal})")
    for path in (ROOT / "templates").rglob("*.html"):
        for found in pattern.finditer(templatize(path.read_text(encoding="utf-8"))):
            yield ast.literal_eval(found[1])


def translations():
    with (CATALOGUE / "django.mo").open("rb") as compiled:
        catalogue = gettext.GNUTranslations(compiled)._catalog
    found = {key[0] if isinstance(key, tuple) else key: text for key, text in catalogue.items()}
    return {key.rpartition("\x04")[2]: text for key, text in found.items()}


def test_every_sentence_is_chinese():
    """Else run ``make messages`` and translate what is new in ``locale/``."""
    known = translations()

    missing = {
        text for text in {*marked_in_python(), *marked_in_templates()} if not known.get(text)
    }

    assert sorted(missing - {""}) == []


def test_catalogue_holds_nothing_doubtful():
    source = (CATALOGUE / "django.po").read_text(encoding="utf-8")

    assert "#, fuzzy" not in source
    assert re.findall(r'msgid "(?=.)(.*)"\nmsgstr ""\n\n', source) == []


TOO_YOUNG = {
    ".js": [
        r"AbortSignal\.(any|timeout)", "structuredClone", r"Object\.(hasOwn|groupBy)", r"\.findLast",
        r"\.to(Sorted|Reversed|Spliced)", r"navigator\.locks", "showPopover", "URLPattern",
        r"Promise\.(withResolvers|try)", r"Array\.fromAsync", "checkVisibility",
    ],
    ".css": [
        "color-mix", "oklch", "oklab", r"light-dark\(", "@layer", "@container", "@scope", "@starting-style",
        "subgrid", r"\d[dsl]v[hw]\b", "text-wrap", r"^\s*&", r":has\((?!table\)|li\))",
    ],
}  # fmt: skip
"""What the browsers that we promise do not know: Chromium 92, Safari 15.4. ``:has`` may save space on the
board and open what is printed; a page works without it all the same."""
SENT = [*(ROOT / "static" / "fq").glob("fq*.*"), *(ROOT / "templates").glob("*/worker.js")]


@pytest.mark.parametrize("path", sorted(SENT), ids=lambda path: f"{path.parent.name}/{path.name}")
def test_page_asks_for_no_younger_browser_than_promised(path):
    too_young = re.compile("|".join(TOO_YOUNG[path.suffix]), re.MULTILINE)
    assert too_young.findall(path.read_text(encoding="utf-8")) == []

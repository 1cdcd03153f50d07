"""What every template may use: icons, dates, money and the four colours, written in one way."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache

from django import template
from django.db.models import Choices
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, gettext_lazy, ngettext
from django.utils.translation import gettext as _

from mediation.core import clock
from mediation.core.money import in_words as capital
from mediation.core.text import chinese_signs
from mediation.disputes.enums import Category

register = template.Library()

Words = str | Promise


@dataclass(frozen=True, slots=True)
class Colour:
    """A colour is always shown with a word and a shape (nobody has to see red)."""

    name: str
    word: Words
    icon: str


COLOURS: Mapping[str, Colour] = {
    "red": Colour("red", gettext_lazy("Red"), "level-red"),
    "orange": Colour("orange", gettext_lazy("Orange"), "level-orange"),
    "yellow": Colour("yellow", gettext_lazy("Yellow"), "level-yellow"),
    "blue": Colour("blue", gettext_lazy("Blue"), "level-blue"),
    "follow": Colour("follow", gettext_lazy("Follow-up"), "level-follow"),
}
TEN_THOUSAND = 10_000
SOON = 3
"""Days left from which a clock is drawn as urgent."""


@dataclass(frozen=True, slots=True)
class Standing:
    """A clock that does not run."""

    tone: str
    icon: str
    word: Words


STANDING: Mapping[str, Standing] = {
    "paused": Standing("", "pause", gettext_lazy("Clock stopped")),
    "done": Standing(" fq-tone-ok", "check", gettext_lazy("Done")),
    "lapsed": Standing("", "clock", gettext_lazy("Time is over")),
}
ROLE_ICONS = {
    "grid_worker": "phone",
    "mediator": "handshake",
    "centre_staff": "building",
    "justice_staff": "scales",
    "leader": "gauge",
    "reconsideration_clerk": "document",
    "system_admin": "gear",
    "security_admin": "shield",
    "auditor": "eye",
}


@register.simple_tag
@lru_cache(
    maxsize=1024
)  # a long list draws the same few hundreds of times, and the address of the sprite is fixed
def icon(name: str, label: str = "") -> SafeString:
    """A drawing from the sprite. Without ``label`` it is silent for a screen reader."""
    href = f"{static('fq/icons.svg')}#{name}"
    if label:
        return format_html(
            '<svg class="fq-icon" role="img" aria-label="{}"><use href="{}"></use></svg>',
            label,
            href,
        )
    return format_html(
        '<svg class="fq-icon" aria-hidden="true" focusable="false"><use href="{}"></use></svg>',
        href,
    )


@register.simple_tag
def badge(colour: str, *, size: str = "", word: Words = "") -> SafeString | str:
    """The colour of a case or an alert: a word and a shape on its tone; nothing for no colour."""
    look = COLOURS.get(str(colour).lower())
    return _badge(look, size, str(word), get_language() or "") if look else ""


@lru_cache(maxsize=256)
def _badge(look: Colour, size: str, word: str, _language: str) -> SafeString:
    return format_html(
        '<span class="fq-badge fq-tone-{}{}" data-colour="{}">{}{}</span>',
        look.name,
        " fq-badge-lg" if size == "lg" else "",
        look.name,
        icon(look.icon),
        word or look.word,
    )


@register.simple_tag
def chip(
    text: Words, *, tone: str = "", icon: str = "", href: str = "", title: Words = ""
) -> SafeString:
    """A short fact in a rounded frame; with ``href`` it leads somewhere."""
    said = text if isinstance(text, str) else str(text)
    return _chip(said, tone, icon, href, title if isinstance(title, str) else str(title))


# On a list the same few words come in every row. Typed: what is safe and what is escaped may read alike.
@lru_cache(maxsize=512, typed=True)
def _chip(text: str, tone: str, icon: str, href: str, title: str) -> SafeString:
    return format_html(
        '<{} class="fq-chip fq-tone-{}"{}{}>{}{}</{}>',
        "a" if href else "span",
        tone or "plain",
        format_html(' href="{}"', href) if href else "",
        format_html(' title="{}"', title) if title else "",
        _draw(icon) if icon else "",
        text,
        "a" if href else "span",
    )


_draw = icon  # under a name that arguments do not hide


@register.simple_tag
def due(
    last: date | None,
    *,
    left: int | str | None = None,
    unit: str = "workdays",
    state: str = "",
    rule: Words = "",
) -> SafeString | str:
    """What remains of a clock that ends on ``last``, in words, with the day in the title."""
    if state in STANDING:
        return format_html(
            '<span class="fq-due{}" title="{}">{}{}</span>', STANDING[state].tone, rule,
            icon(STANDING[state].icon), STANDING[state].word,
        )  # fmt: skip
    if not last:
        return ""
    remains = left if isinstance(left, int) else None
    return _running(last, remains, unit, state, str(rule), get_language() or "")


@lru_cache(maxsize=1024)  # on a list the same days come again and again
def _running(
    last: date, left: int | None, unit: str, state: str, rule: str, _language: str
) -> SafeString:
    return format_html(
        '<span class="fq-due fq-tone-{}" title="{}{}">{}<span>{}</span></span>',
        _urgency(left, state),
        f"{rule} · " if rule else "",
        day(last),
        icon("clock"),
        day(last) if left is None else in_time(left, unit),
    )


def _urgency(left: int | None, state: str) -> str:
    if state == "late" or (left is not None and left < 0):
        return "danger"
    if state == "soon" or (left is not None and left <= SOON and not state):
        return "warn"
    return "ok"


@register.filter
def plain_label(label: Words) -> str:
    """A label that a colon follows: “What happened?” without its mark."""
    return str(label).rstrip("?？。.")


@register.simple_tag
def options(
    choices: type[Choices] | Iterable[tuple[str, Words]], chosen: str | Collection[str]
) -> SafeString:
    """The options of a select. Here and not in a loop of a template: a list page has half a hundred.

    Those of a kind are the same for everybody and drawn once for a language.
    """
    wanted = frozenset([chosen] if isinstance(chosen, str) else chosen)
    if isinstance(choices, type):
        return _options_of(choices, wanted & {*choices.values}, get_language() or "")
    return _options(choices, wanted)


@lru_cache(maxsize=256)
def _options_of(kind: type[Choices], chosen: frozenset[str], _language: str) -> SafeString:
    return _options(kind.choices, chosen)


def _options(choices: Iterable[tuple[str, Words]], chosen: frozenset[str]) -> SafeString:
    return format_html_join(
        "",
        '<option value="{}"{}>{}</option>',
        ((value, SELECTED if value in chosen else "", words) for value, words in choices),
    )


SELECTED = mark_safe(" selected")


@register.simple_tag
def constant(template_name: str) -> SafeString:
    """A part that says the same on every page: rendered once in each language."""
    return _constant(template_name, get_language() or "")


@lru_cache(maxsize=16)
def _constant(template_name: str, _language: str) -> SafeString:
    return render_to_string(template_name)


@register.filter
def colour(value: str) -> Colour | None:
    """The look of a colour by its stored name; none for an empty name."""
    return COLOURS.get(str(value).lower())


@register.filter
def roleicon(role: str) -> str:
    """The drawing that stands for a role."""
    return ROLE_ICONS.get(role, "person")


@register.filter
def category(value: str) -> Words:
    """The kind of dispute by its statistical code."""
    return Category(value).label


@register.filter
def spoken(texts: dict[str, str]) -> str:
    """A sentence that is kept in both languages, in the reader's, with the signs of its print."""
    if (get_language() or "zh").startswith("zh"):
        return chinese_signs(texts.get("zh-hans", ""))
    return texts.get("en", "")


@register.filter
def day(value: date | datetime | None) -> str:
    """2026年11月23日, or Nov. 23, 2026."""
    if value is None:
        return ""
    local = _local(value)
    return _day(local.date() if isinstance(local, datetime) else local, get_language() or "")


@lru_cache(maxsize=1024)  # a page names the same days again and again
def _day(on: date, _language: str) -> str:
    return date_format(on, "DATE_FORMAT")


@register.filter
def weekday(value: date | datetime | None) -> str:
    """周一, or Mon."""
    return date_format(_local(value), "D") if value else ""


@register.filter
def full(value: datetime | None) -> str:
    """The date in full with a 24-hour time."""
    if value is None:
        return ""
    return f"{day(value)} {_local(value):%H:%M}"


@register.filter
def moment(value: datetime | None) -> str:
    """11-23 14:05 for lists, with the whole date in the title; another year is named."""
    if value is None:
        return ""
    local = timezone.localtime(value)
    form = "%m-%d %H:%M" if local.year == clock.today().year else "%Y-%m-%d %H:%M"
    return format_html(
        '<time datetime="{}" title="{}">{}</time>',
        local.isoformat(timespec="minutes"),
        full(value),
        local.strftime(form),
    )


@register.filter
def ago(value: datetime | None) -> str:
    """How long ago, in the largest unit. Stands only next to the absolute time."""
    if value is None:
        return ""
    minutes = max(0, int((clock.now() - value).total_seconds()) // 60)
    if minutes == 0:
        return _("just now")
    if minutes < 60:
        return ngettext("%(n)d minute ago", "%(n)d minutes ago", minutes) % {"n": minutes}
    hours = minutes // 60
    if hours < 24:
        return ngettext("%(n)d hour ago", "%(n)d hours ago", hours) % {"n": hours}
    return ngettext("%(n)d day ago", "%(n)d days ago", hours // 24) % {"n": hours // 24}


@register.filter
def money(value: Decimal | float | None) -> str:
    """¥2,800.00; nothing for no amount."""
    if value is None or value == "":
        return ""
    return f"¥{Decimal(value):,.2f}"


@register.filter
def in_words(value: Decimal | float | None) -> str:
    """贰仟捌佰元整; nothing for no amount."""
    return capital(Decimal(value)) if value not in (None, "") else ""


@register.filter
def compact(value: float | None) -> str:
    """1.2万 (or 12K) for tiles, with the exact figure in the title."""
    if value is None:
        return "–"
    exact = f"{value:,}"
    if abs(value) < TEN_THOUSAND:
        return exact
    chinese = (get_language() or "").startswith("zh")
    short = f"{value / TEN_THOUSAND:.1f}万" if chinese else f"{value / 1000:.0f}K"
    return format_html('<span title="{}">{}</span>', exact, short)


@register.filter("left")
def in_time(value: int | None, unit: str = "workdays") -> str:
    """还剩 2 个工作日 / 今天到期 / 已超期 3 天, from the number of days that remain."""
    if value is None:
        return ""
    if value == 0:
        return _("Due today")
    if value < 0:
        return ngettext("%(n)d day overdue", "%(n)d days overdue", -value) % {"n": -value}
    if unit == "workdays":
        return ngettext("%(n)d workday left", "%(n)d workdays left", value) % {"n": value}
    return ngettext("%(n)d day left", "%(n)d days left", value) % {"n": value}


@register.filter
def spark(values: Sequence[float]) -> str:
    """A small line of the last values. Decoration: the figure itself stands beside it."""
    if len(values) < 2:
        return ""
    low, high = min(values), max(values)
    step, scale = 100 / (len(values) - 1), 26 / ((high - low) or 1)
    points = " ".join(
        f"{number * step:.1f},{28 - (value - low) * scale:.1f}"
        for number, value in enumerate(values)
    )
    return format_html(
        '<svg class="fq-spark" viewBox="0 0 100 30" preserveAspectRatio="none" aria-hidden="true">'
        '<polyline points="{}"></polyline></svg>',
        points,
    )


@register.filter
def marked(widget_class: str, kind: str) -> str:
    """The classes of an input: our look for its kind, and what the form itself asks for."""
    looks = {
        "checkbox": "form-check-input",
        "radio": "form-check-input",
        "select": "form-select",
        "hidden": "",
    }
    return f"{looks.get(kind, 'form-control')} {widget_class or ''}".strip()


def _local(value: date | datetime) -> date | datetime:
    if isinstance(value, datetime) and timezone.is_aware(value):
        return timezone.localtime(value)
    return value

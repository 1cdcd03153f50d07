"""The rows of the two lists that are opened all day, each list drawn by one tag.

A template would look up the same twenty names for every one of fifty rows.
"""

from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Any

from django import template
from django.utils.html import conditional_escape, format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from mediation.web.templatetags.fq import badge, chip, due

register = template.Library()

CASE = """<tr data-number="{number}">
      <th scope="row"><a class="fq-case-link" href="{url}">{title}</a><span class="fq-number fq-muted small d-block">{number}</span></th>
      <td class="fq-cell-short" data-label="%(risk)s">{colour}</td>
      <td class="fq-cell-short" data-label="%(status)s">{stands}</td>
      <td data-label="%(place)s">{community} {grid}<span class="fq-muted small d-block">{category}</span></td>
      <td{no_step} data-label="%(next)s">{step}</td>
      <td{no_due} data-label="%(deadline)s">{due}</td>
    </tr>"""  # noqa: E501 -- as the page reads
CARD = """<li class="fq-card" data-colour="{}" data-card="{}">
  <div class="fq-card-head"><span class="fq-number">{}</span>{}</div>
  <h2 class="fq-card-title"><a href="{}">{}</a></h2>
  <p class="fq-card-meta">{}</p>
  <div class="fq-card-foot">{}{}{}</div>
</li>"""
NOTHING = {"no": format_html(' class="{}"', "fq-cell-none"), "sign": "–"}


@register.simple_tag
def case_rows(rows: Iterable[Mapping[str, Any]]) -> SafeString:
    """The rows of the case list, as ``views.cases.line`` tells them."""
    form = _case_form(get_language() or "")
    return format_html_join("", "{}", ((_case(row, form),) for row in rows))


@lru_cache(maxsize=4)
def _case_form(_language: str) -> str:
    """A row with the words that head its cells on a phone."""
    heads = {
        "risk": _("Risk"),
        "status": _("Status"),
        "place": _("Place"),
        "next": _("Who acts next"),
        "deadline": _("Deadline"),
    }
    return CASE % {name: conditional_escape(word) for name, word in heads.items()}


@lru_cache(maxsize=1024)
def _word(text: str) -> SafeString:
    """A word that many rows say: of a place, a kind, a step. Nothing of a case, nothing of a person."""
    return conditional_escape(text)


def _case(row: Mapping[str, Any], form: str) -> SafeString:
    left = row["due"]
    return format_html(
        form,
        number=row["number"],
        url=row["url"],
        title=row["title"],
        colour=badge(row["colour"]),
        stands=chip(row["status_word"], tone=row["tone"]),
        community=_word(row["community"] or ""),
        grid=_word(row["grid_name"]),
        category=_word(row["category_word"]),
        no_step="" if row["step"] else NOTHING["no"],
        step=_step(row) if row["step"] else NOTHING["sign"],
        no_due="" if left else NOTHING["no"],
        due=due(left.due, left=left.left, unit=left.unit) if left else NOTHING["sign"],
    )


def _step(row: Mapping[str, Any]) -> SafeString:
    named = row["role"] == "mediator" and row["mediator_name"]
    return format_html(
        '{}<span class="fq-muted small d-block">{}{}{}</span>',
        _word(row["step"]), _word(row["role_word"]), " · " if named else "", named or "",
    )  # fmt: skip


@register.simple_tag
def cards(shown: Iterable[Any]) -> SafeString:
    """Cases as cards, as ``views.work.Card`` tells them."""
    return format_html_join("", "{}", ((_card(card),) for card in shown))


def _card(card: Any) -> SafeString:
    lead = ""
    if card.next:
        form = '<a class="btn btn-sm btn-outline-primary" href="{}">{}</a>'
        lead = format_html(form, card.url, card.next)
    return format_html(
        CARD,
        card.colour.lower(), card.number, card.number, badge(card.colour), card.url, card.title,
        format_html_join("", "<span>{}</span>", ((item,) for item in card.meta)),
        chip(card.stage), due(card.due, left=card.left, unit=card.unit), lead,
    )  # fmt: skip

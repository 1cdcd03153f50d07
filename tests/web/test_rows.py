"""Rows drawn by a tag: what somebody typed is escaped, words are in the language of the page."""

from datetime import date
from typing import Any

import pytest
from django.template import Context, Engine
from django.utils.translation import override

from mediation.warning.models import Alert
from mediation.web.clockface import Face
from mediation.web.templatetags.fq import options
from mediation.web.templatetags.rows import cards, case_rows
from mediation.web.views.work import Card

TYPED = "<b>{0} & 'c'%s"


def row(**told: Any) -> dict[str, Any]:
    return {
        "number": "A1", "url": "/disputes/A1/", "title": TYPED, "colour": "red",
        "status_word": TYPED, "tone": "plain", "community": None, "grid_name": TYPED,
        "category_word": "", "step": "", "role": "", "role_word": "", "mediator_name": "",
        "due": None,
    } | told  # fmt: skip


def test_what_was_typed_is_escaped_wherever_it_stands() -> None:
    told = row(step="s", role="mediator", mediator_name=TYPED)
    card = Card("/disputes/A1/", "A1", TYPED, "RED", TYPED, meta=[TYPED], next=TYPED)

    for drawn, times in ((case_rows([told]), 4), (cards([card]), 4)):
        assert "<b>" not in drawn
        assert drawn.count("&lt;b&gt;{0} &amp; &#x27;c&#x27;%s") == times


def test_words_at_the_head_of_a_cell_follow_the_language_of_the_page() -> None:
    with override("en"):
        assert 'data-label="Who acts next"' in case_rows([row()])
    with override("zh-hans"):
        assert 'data-label="Who acts next"' not in case_rows([row()])


def test_names_of_one_page_are_not_on_the_next() -> None:
    first = case_rows([row(step="s", role="mediator", mediator_name="Zhang")])
    second = case_rows([row(step="s", role="mediator", mediator_name="Li")])

    assert "Zhang" in first
    assert "Zhang" not in second


def test_a_mediator_is_named_where_it_is_his_turn() -> None:
    told = row(step="s", role="leader", role_word="Leader", mediator_name="Zhang")

    assert "Zhang" not in case_rows([told])


@pytest.mark.parametrize(
    ("due", "seen"), [(None, "–"), (Face(date(2026, 3, 2), 1, "days"), "fq-due")]
)
def test_a_case_without_a_clock_shows_a_dash(due: Face | None, seen: str) -> None:
    assert seen in case_rows([row(due=due)]).rpartition("<td")[2]


def test_options_of_a_kind_are_the_options_of_its_choices() -> None:
    """A template may be given the kind itself: it must not call it."""
    page = Engine(builtins=["mediation.web.templatetags.fq"]).from_string(
        "{% options kind chosen %}"
    )
    for language in ("zh-hans", "en", "zh-hans"):
        with override(language):
            for chosen in ("", ("open", "resolved"), "no such"):
                drawn = page.render(Context({"kind": Alert.State, "chosen": chosen}))
                assert drawn == options(Alert.State.choices, chosen)

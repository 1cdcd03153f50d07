"""The small frame of a fact, drawn once for all rows that say the same."""

import pytest
from django.utils.safestring import mark_safe
from django.utils.translation import gettext_lazy, override

from mediation.web.templatetags.fq import chip


@pytest.mark.parametrize("turn", [1, -1])
def test_what_is_escaped_and_what_is_safe_are_never_taken_for_each_other(turn) -> None:
    texts = ["a <b>", mark_safe("a <b>")][::turn]

    drawn = {type(text).__name__: chip(text) for text in texts}

    assert "a &lt;b&gt;" in drawn["str"]
    assert "a <b>" in drawn["SafeString"]


def test_a_word_is_drawn_in_the_language_of_the_reader() -> None:
    drawn = []
    for language in ("en", "zh-hans"):
        with override(language):
            drawn.append(chip(gettext_lazy("Overdue")))

    assert "Overdue" in drawn[0]
    assert "Overdue" not in drawn[1]

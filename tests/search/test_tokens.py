"""What is found by what: the same table is asked of the database in ``test_finding``."""

from mediation.search import tokens
from mediation.search.highlight import parts, snippet


def test_of_fields_puts_a_break_between_them():
    assert tokens.of_fields(["围墙", "", "A1"]) == ["围墙", "墙", tokens.BREAK, "a1"]


def test_word_of_two_characters_is_one_pair():
    [word] = tokens.words("围墙")

    assert [p.tokens for p in word.phrases] == [("围墙",)]


def test_single_character_is_a_beginning():
    [word] = tokens.words("墙")

    assert word.phrases == (tokens.Phrase(("墙",), prefix=True),)


def test_run_before_another_keeps_its_last_character():
    [word] = tokens.words("路3号楼")

    assert word.phrases == (tokens.Phrase(("路", "3", "号楼")),)


def test_short_number_is_also_a_serial():
    [word] = tokens.words("12")

    assert [p.tokens for p in word.phrases] == [("12",), ("00012",)]


def test_nothing_but_marks_is_no_question():
    assert tokens.words("，。'\" * ( )") == ()


def test_notation_of_both_databases():
    asked = tokens.words("宅基地 墙")

    assert tokens.tsquery(asked, names=False) == "(('宅基':A <-> '基地':A)) & (('墙':*A))"
    assert tokens.match(asked, names=False) == '{texts} : (("宅基 基地") AND ("墙"*))'


def test_highlight_keeps_the_whole_text():
    cut = parts("楼上漏水，天花板漏水", "漏水")

    assert "".join(p.text for p in cut) == "楼上漏水，天花板漏水"
    assert [p.text for p in cut if p.is_hit] == ["漏水", "漏水"]


def test_snippet_stands_around_the_first_hit():
    cut = snippet("前" * 100 + "围墙" + "后" * 100, "围墙")

    assert cut[0].text == cut[-1].text == "…"
    assert [p.text for p in cut if p.is_hit] == ["围墙"]

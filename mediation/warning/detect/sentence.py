"""A cluster in one sentence that a leader can repeat."""

YEAR_WEEKS = 52
"""From two years on the rarity is told in years."""
CENTURY_WEEKS = 100 * YEAR_WEEKS
"""Beyond this a number says nothing more; a great burst would fill two lines with digits."""


def sentence_zh(
    place: str, category: str, *, window: int, count: int, mean: float, weeks: float
) -> str:
    """``category`` is empty for disputes of every kind."""
    normal = f"约{mean:.1f}起" if mean >= 0.05 else "不足0.1起"
    chance = f"平均约{_rarity(weeks, '年', '周')}才会出现一次"
    if weeks >= CENTURY_WEEKS:
        chance = "百年不遇"
    return (
        f"{place}近{window}天{category}纠纷{count}起,按历史与同期周边水平应{normal}"
        f"({count / mean:.1f}倍)。纯属巧合的话,本辖区{chance}。"
    )


def sentence_en(
    place: str, category: str, *, window: int, count: int, mean: float, weeks: float
) -> str:
    """``category`` is empty for disputes of every kind."""
    normal = f"about {mean:.1f}" if mean >= 0.05 else "fewer than 0.1"
    kind = f"{category} disputes" if category else "disputes"
    chance = f"once in about {_rarity(weeks, ' years', ' weeks')}"
    if weeks >= CENTURY_WEEKS:
        chance = "less than once in 100 years"
    return (
        f"{place}: {count} {kind} in {window} days, where its past and its surroundings suggest "
        f"{normal} ({count / mean:.1f} times). By pure chance this area would see it {chance}."
    )


def _rarity(weeks: float, years_word: str, weeks_word: str) -> str:
    if weeks >= 2 * YEAR_WEEKS:
        return f"{weeks / YEAR_WEEKS:.0f}{years_word}"
    return f"{weeks:.0f}{weeks_word}"

"""Sentences in the two languages of the house, for arithmetic that may not know Django."""

from dataclasses import dataclass
from datetime import date, datetime

WEEKDAYS_ZH = "一二三四五六日"


@dataclass(frozen=True, slots=True)
class Said:
    """One sentence, in English and in Chinese."""

    en: str
    zh: str

    def in_language(self, lang: str) -> str:
        return self.zh if lang.startswith("zh") else self.en

    def filled(self, **facts: object) -> "Said":
        """The sentence with its ``{names}`` replaced; a fact speaks both languages if it can."""
        spoken = {name: said(fact) for name, fact in facts.items()}
        return Said(
            en=self.en.format(**{name: fact.en for name, fact in spoken.items()}),
            zh=self.zh.format(**{name: fact.zh for name, fact in spoken.items()}),
        )


class DeadlineError(ValueError):
    """The question has no lawful answer; ``reasons`` say why, in both languages."""

    def __init__(self, *reasons: Said) -> None:
        super().__init__(" ".join(reason.en for reason in reasons))
        self.reasons = reasons

    def in_language(self, lang: str) -> str:
        return " ".join(reason.in_language(lang) for reason in self.reasons)


def said(fact: object) -> Said:
    """Any fact as words: dates with their weekday, moments to the minute, the rest as it is."""
    if isinstance(fact, Said):
        return fact
    if isinstance(fact, datetime):
        clock = fact.strftime("%H:%M")
        return Said(f"{fact:%Y-%m-%d} {clock}", f"{fact.year}年{fact.month}月{fact.day}日{clock}")
    if isinstance(fact, date):
        return Said(
            f"{fact} ({fact:%A})",
            f"{fact.year}年{fact.month}月{fact.day}日（星期{WEEKDAYS_ZH[fact.weekday()]}）",
        )
    return Said(str(fact), str(fact))


def stretch(earliest: date, latest: date) -> Said:
    """One day, or the days from … to …."""
    if earliest == latest:
        return said(earliest)
    return Said("{first} to {last}", "{first}至{last}").filled(first=earliest, last=latest)


def listed(parts: list[Said]) -> Said:
    return Said("; ".join(part.en for part in parts), "、".join(part.zh for part in parts))

"""Statutory reports as pages show them: what the address asks for, and every number with its list."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.http import QueryDict
from django.urls import reverse

from mediation.accounts.actor import Actor
from mediation.areas.models import Area, ancestor_codes
from mediation.core.errors import NotFound
from mediation.filings import terms
from mediation.filings.reading import Column, Line, Table, groups, spoken
from mediation.filings.terms import Term
from mediation.web.cockpit import area_of, steps_down

OFFERED = {"M": 13, "Q": 9, "H": 5, "Y": 4}
"""How many terms of each kind the page offers."""


@dataclass(frozen=True, slots=True)
class Asked:
    """One area and one term."""

    area: str
    term: Term

    @property
    def query(self) -> str:
        return urlencode({"area": self.area, "term": self.term.word})

    def address(self, name: str, *parts: Any, **more: str) -> str:
        query = urlencode({"area": self.area, "term": self.term.word} | more)
        return f"{reverse(name, args=parts)}?{query}"


def read(query: QueryDict, actor: Actor, *, today: date) -> Asked:
    """Raises ``NotFound`` for an area that the actor does not answer for, and for one that is not there."""
    area = area_of(query, actor)
    if not Area.objects.filter(code=area).exists():
        raise NotFound
    term = terms.read(query.get("term", "")) or terms.latest(today, "Q")
    return Asked(area, term if term.span.first <= today else terms.of(today, term.kind))


def choices(asked: Asked, today: date) -> list[tuple[str, list[tuple[str, str, bool]]]]:
    """Terms to choose from: kind → (word, label, chosen)."""
    return [
        (
            str(label),
            [
                (term.word, term.label, term == asked.term)
                for term in terms.recent(today, kind, OFFERED[kind])
            ],
        )
        for kind, (_months, label) in terms.KINDS.items()
    ]


def trail(asked: Asked, actor: Actor, name: str, *parts: Any) -> list[dict[str, str]]:
    """From the actor's own area down to the one shown, each a way back up."""
    codes = ancestor_codes(asked.area)
    names = dict(Area.objects.filter(code__in=codes).values_list("code", "name"))
    return steps_down(
        asked.area, actor, names, lambda code: Asked(code, asked.term).address(name, *parts)
    )


# Cells --------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Cell:
    text: str
    url: str
    column: Column


def cells(
    asked: Asked,
    table: Table,
    numbers: Mapping[str, Any],
    section: str = "",
    line: str = "",
) -> Iterator[Cell]:
    """A line of the table; every number with the address of its list."""
    for column in table.columns:
        number = numbers.get(column.name)
        told = {"column": column.name}
        if section:
            told |= {"section": section, "line": line}
        url = (
            asked.address("filing_cases", table.form, **told)
            if number and not column.is_rate
            else ""
        )
        yield Cell(spoken(number, column), url, column)


def shown(asked: Asked, form: str, table: Table) -> dict[str, Any]:
    """The table as the template walks over it."""

    def row(line: Line, section: str) -> dict[str, Any]:
        down = section == "area" and line.name.isdigit()
        return {
            "label": line.label,
            "url": Asked(line.name, asked.term).address("filing", form) if down else "",
            "cells": list(cells(asked, table, line.numbers, section, line.name)),
        }

    return {
        "columns": table.columns,
        "groups": groups(table),
        "total": list(cells(asked, table, table.total)),
        "parts": [
            {"name": p.name, "label": p.label, "rows": [row(line, p.name) for line in p.lines]}
            for p in table.parts
        ],
        "checks": table.checks,
        "notes": table.notes,
        "holds": table.holds,
    }

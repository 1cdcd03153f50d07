"""The fields of a command's form as data, so that a program can draw the form or check its input."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from enum import Enum
from typing import Any

from django import forms
from django.utils.translation import get_language

from mediation.api.schemas import Choice, FieldType, InputField, Question
from mediation.warning import questions
from workflows.commands.fields import Answers, Day, Moment, Money, Phone, Rows, Text

Fields = Mapping[str, forms.Field]

# The first class that fits decides; narrower ones stand first.
_TYPES: tuple[tuple[type[forms.Field], FieldType], ...] = (
    (Rows, "rows"),
    (Answers, "answers"),
    (Money, "money"),
    (Day, "date"),
    (Moment, "datetime"),
    (Phone, "phone"),
    (Text, "text"),
    (forms.UUIDField, "uuid"),
    (forms.BooleanField, "boolean"),
    (forms.MultipleChoiceField, "choices"),
    (forms.ChoiceField, "choice"),
    (forms.IntegerField, "integer"),
)


def type_of(field: forms.Field) -> FieldType:
    """Raises ``LookupError`` for a kind of field that this interface has never heard of."""
    found = next((name for kind, name in _TYPES if isinstance(field, kind)), None)
    if found is None:
        raise LookupError(f"{type(field).__name__} has no type in the JSON interface.")
    return "multiline" if found == "text" and getattr(field, "multiline", False) else found


def described(form: forms.Form) -> list[InputField]:
    """The fields of ``form`` with the choices and initial values of its case."""
    return [
        _described(name, field, initial=form.get_initial_for_field(field, name))
        for name, field in form.fields.items()
    ]


def _described(name: str, field: forms.Field, *, initial: Any = None) -> InputField:
    kind = type_of(field)
    return InputField(
        name=name,
        type=kind,
        label=str(field.label or ""),
        required=field.required,
        help=str(field.help_text),
        initial=_plain(initial),
        min_length=getattr(field, "min_length", None),
        max_length=getattr(field, "max_length", None),
        minimum=_bound(field, "min_value", "minimum"),
        maximum=_bound(field, "max_value", "maximum"),
        choices=_choices(field) if kind in {"choice", "choices"} else None,
        rows=_row_fields(field) if isinstance(field, Rows) else None,
        questions=_questions(field) if isinstance(field, Answers) else None,
    )


def _bound(field: forms.Field, *names: str) -> int | None:
    return next((getattr(field, name) for name in names if hasattr(field, name)), None)


def _plain(value: Any) -> Any:
    if isinstance(value, Enum):
        return value.value
    return value.isoformat() if isinstance(value, datetime | date) else value


def _choices(field: Any) -> list[Choice]:
    return [Choice(value=value, label=str(label)) for value, label in field.choices]


def _row_fields(field: Rows) -> list[InputField]:
    fields: Iterable[tuple[str, forms.Field]] = field.row_form.base_fields.items()
    return [_described(name, inner, initial=inner.initial) for name, inner in fields]


def _questions(field: Answers) -> list[Question]:
    return [
        Question(
            key=question.key,
            label=_said(question),
            choices=[
                Choice(value=choice.value, label=_said(choice)) for choice in question.choices
            ],
        )
        for question in field.widget.asked
    ]


def _said(words: questions.Question | questions.Choice) -> str:
    return words.zh if (get_language() or "zh-hans").startswith("zh") else words.en

"""Whether JSON has the shape that a form expects, before the form judges what it means.

A form is made for text from pages; a number where it expects text, or a list where it expects a number,
is refused here instead of guessed at. The same table prints the request bodies of the OpenAPI document.
"""

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from mediation.api.fields import Fields, type_of
from mediation.core.errors import Malformed
from mediation.warning import questions
from workflows.commands.fields import Rows

_ACCEPTED: dict[str, tuple[type, ...]] = {
    "text": (str,),
    "multiline": (str,),
    "phone": (str,),
    "money": (str, int, Decimal),
    "date": (str,),
    "datetime": (str,),
    "uuid": (str,),
    "integer": (int,),
    "boolean": (bool,),
    "choice": (str, int),
    "choices": (list,),
    "rows": (list,),
    "answers": (dict,),
}


def fitted(fields: Fields, data: Mapping[str, Any]) -> dict[str, Any]:
    """``data`` without its nulls, which stand for fields left out. Raises ``Malformed``."""
    if problems := dict(_problems(fields, data)):
        raise Malformed(problems)
    return _without_nulls(data)


def _problems(fields: Fields, data: Mapping[str, Any]) -> Iterator[tuple[str, list[str]]]:
    for name, value in data.items():
        field: Any = fields.get(name)
        if field is None:
            # A misspelt name must not pass as a field left out.
            yield name, [_("There is no such field.")]
        elif value is not None and not _fits(type_of(field), value):
            yield name, [_("This value does not fit here.")]
        elif value and isinstance(field, Rows) and (found := list(_row_problems(field, value))):
            yield name, found


def _fits(kind: str, value: Any) -> bool:
    accepted: Any = _ACCEPTED[kind]
    # In Python a truth value is a number; in JSON it is not.
    if isinstance(value, bool) != (kind == "boolean") or not isinstance(value, accepted):
        return False
    if kind == "choices":
        return all(_fits("choice", item) for item in value)
    return kind != "rows" or all(isinstance(row, dict) for row in value)


def _row_problems(field: Rows, rows: list[dict[str, Any]]) -> Iterator[str]:
    for index, row in enumerate(rows[: field.maximum], start=1):
        for name, sentences in _problems(field.row_form.base_fields, row):
            told = {"row": index, "label": name[:60], "problem": sentences[0]}
            yield _("Row %(row)s, %(label)s: %(problem)s") % told


def _without_nulls(data: Mapping[str, Any]) -> dict[str, Any]:
    """At the top and in rows; a null answer means "not known" and is kept."""
    return {
        name: [_kept(item) for item in value] if isinstance(value, list) else value
        for name, value in data.items()
        if value is not None
    }


def _kept(item: Any) -> Any:
    return _without_nulls(item) if isinstance(item, dict) else item


# For the OpenAPI document -----------------------------------------------------------------------

_TEXT: dict[str, Any] = {"type": "string"}
_YUAN = {
    "anyOf": [
        {"type": "string", "pattern": r"^[0-9]{1,12}(\.[0-9]{1,2})?$"},
        {"type": "integer", "minimum": 0, "maximum": 999_999_999_999},
    ]
}
_SCHEMAS: dict[str, dict[str, Any]] = {
    "money": _YUAN,
    "date": _TEXT | {"format": "date"},
    "datetime": _TEXT | {"format": "date-time"},
    "uuid": _TEXT | {"format": "uuid"},
    "integer": {"type": "integer"},
    "boolean": {"type": "boolean"},
    "choices": {"type": "array", "items": {"type": ["string", "integer"]}},
}


def object_schema(fields: Fields) -> dict[str, Any]:
    """The JSON Schema of the input that ``fields`` take, without what depends on a single case."""
    return {
        "type": "object",
        "additionalProperties": False,
        "properties": {name: _schema(field) for name, field in fields.items()},
        "required": [name for name, field in fields.items() if field.required],
    }


def _schema(field: Any) -> dict[str, Any]:
    schema = _shape(field) | _limits(field)
    schema["title"] = str(field.label or "")
    if field.help_text:
        schema["description"] = str(field.help_text)
    # Null stands for a field left out.
    return schema if field.required else {"anyOf": [schema, {"type": "null"}]}


def _shape(field: Any) -> dict[str, Any]:
    kind = type_of(field)
    if kind == "rows":
        return {"type": "array", "items": object_schema(field.row_form.base_fields)}
    if kind == "answers":
        return _answers_schema(field.widget.asked)
    if kind == "choice":
        fixed = [value for value, _label in field.choices]
        return {"enum": fixed} if fixed else {"type": ["string", "integer"]}
    if kind == "choices" and (fixed := [value for value, _label in field.choices]):
        return {"type": "array", "items": {"enum": fixed}}
    if kind == "boolean" and field.required:
        return {"const": True}
    return dict(_SCHEMAS.get(kind, _TEXT))


def _answers_schema(asked: tuple[questions.Question, ...]) -> dict[str, Any]:
    answers = {
        question.key: {"title": question.en, "enum": [c.value for c in question.choices]}
        for question in asked
    }
    return {"type": "object", "additionalProperties": False, "properties": answers}


_LIMITS = {
    "min_length": "minLength",
    "max_length": "maxLength",
    "min_value": "minimum",
    "max_value": "maximum",
}


def _limits(field: Any) -> dict[str, Any]:
    if isinstance(field, Rows):
        return {"minItems": field.minimum, "maxItems": field.maximum}
    found = {word: getattr(field, name, None) for name, word in _LIMITS.items()}
    return {word: limit for word, limit in found.items() if limit is not None}

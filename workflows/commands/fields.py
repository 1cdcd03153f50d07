"""Form fields that clean what people type, the same from a page, JSON, a file or a timer."""

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import BaseValidator, MaxLengthValidator, MinLengthValidator
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from mediation.core import text
from mediation.core.clock import local_day
from mediation.core.identity import normalise_phone
from mediation.core.money import BadAmount, parse_amount
from mediation.disputes.enums import Remedy
from mediation.warning import questions
from mediation.warning.known_facts import BadFacts

LENGTHS: Mapping[type[BaseValidator], Any] = {
    MinLengthValidator: ngettext_lazy(
        "Please write at least %(limit_value)d character; it is %(show_value)d now.",
        "Please write at least %(limit_value)d characters; it is %(show_value)d now.",
        "limit_value",
    ),
    MaxLengthValidator: ngettext_lazy(
        "Please write at most %(limit_value)d character; it is %(show_value)d now.",
        "Please write at most %(limit_value)d characters; it is %(show_value)d now.",
        "limit_value",
    ),
}
"""In plain words: the library speaks of values and variables."""
NUMBERS = (
    _("Ensure this value is less than or equal to %(limit_value)s."),
    _("Ensure this value is greater than or equal to %(limit_value)s."),
    _("Enter a whole number."),
)
"""The library's own sentences, named here so that our catalogue says them plainly in Chinese."""

IN_FUTURE = _("This lies in the future.")


class Text(forms.CharField):
    """Free text: normalised, without control characters."""

    def __init__(self, *, multiline: bool = False, **kwargs: Any) -> None:
        if multiline:
            kwargs.setdefault("widget", forms.Textarea(attrs={"rows": 4}))
        super().__init__(**kwargs)
        self.multiline = multiline
        for validator in self.validators:
            if isinstance(validator, BaseValidator):
                validator.message = LENGTHS.get(type(validator), validator.message)

    def to_python(self, value: Any) -> str:
        if value in self.empty_values:
            return ""
        if not isinstance(value, str):
            raise ValidationError(_("Enter text here."), code="type")
        try:
            return text.clean(value, multiline=self.multiline)
        except text.BadText as error:
            raise ValidationError(_(str(error)), code="characters") from None


class Name(Text):
    """A person's or an organisation's name: rare characters and U+00B7 stay."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("max_length", 100)
        super().__init__(**kwargs)

    def to_python(self, value: Any) -> str:
        cleaned = super().to_python(value)
        try:
            return text.clean_name(cleaned) if cleaned else ""
        except text.BadText as error:
            raise ValidationError(_(str(error)), code="name") from None


class Phone(Text):
    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("widget", forms.TextInput(attrs={"inputmode": "tel"}))
        super().__init__(**kwargs)

    def to_python(self, value: Any) -> str:
        typed = super().to_python(value)
        if not typed:
            return ""
        try:
            return normalise_phone(typed)
        except text.BadText as error:
            raise ValidationError(_(str(error)), code="phone") from None


class Money(forms.CharField):
    """An amount in yuan, also with full-width digits or thousands separators."""

    unit = _("yuan")

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("widget", forms.TextInput(attrs={"inputmode": "decimal"}))
        super().__init__(**kwargs)

    def clean(self, value: Any) -> Decimal | None:
        raw = "" if value is None else str(value)
        if not raw.strip():
            if self.required:
                raise ValidationError(self.error_messages["required"], code="required")
            return None
        try:
            return parse_amount(raw)
        except BadAmount as error:
            raise ValidationError(_(str(error)), code="amount") from None


class Tick(forms.BooleanField):
    """A box that has to be ticked: there is nothing to fill in."""

    default_error_messages = {"required": _("Please tick this.")}


class Remedies(forms.MultipleChoiceField):
    """The remedies that the parties were told. A guard asks for them: its refusal names the article."""

    by_guard = True

    def __init__(self) -> None:
        super().__init__(
            label=_("Remedies told"),
            choices=Remedy.choices,
            widget=forms.CheckboxSelectMultiple,
            required=False,
        )


class _Dated(forms.Field):
    """A point in time. ``past``: of a fact, which cannot be recorded before it happened."""

    now: datetime | None = None
    """The present, which the form of a case knows."""

    def __init__(self, *, past: bool = False, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.past = past

    def clean(self, value: Any) -> Any:
        given = super().clean(value)
        if self.past and given and self.now and given > self.present(self.now):
            raise ValidationError(IN_FUTURE, code="future")
        return given

    @staticmethod
    def present(now: datetime) -> Any:
        """The present on the scale of the field."""
        return now


class Day(_Dated, forms.DateField):
    """A legal day. Never before 1949 nor after 2099."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("widget", forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))
        super().__init__(**kwargs)

    @staticmethod
    def present(now: datetime) -> date:
        return local_day(now)

    def to_python(self, value: Any) -> date | None:
        if isinstance(value, str):
            value = text.ascii_digits(value)
        elif not isinstance(value, date) and value not in self.empty_values:
            raise ValidationError(self.error_messages["invalid"], code="invalid")
        day = super().to_python(value)
        if day is not None and not 1949 <= day.year <= 2099:
            raise ValidationError(_("This year cannot be right."), code="year")
        return day


class Moment(_Dated, forms.DateTimeField):
    """A date and time in Asia/Shanghai, or with its own offset."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault(
            "widget",
            forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        )
        super().__init__(**kwargs)

    def to_python(self, value: Any) -> datetime | None:
        if not isinstance(value, (str, date)) and value not in self.empty_values:
            raise ValidationError(self.error_messages["invalid"], code="invalid")
        try:
            moment = super().to_python(value)
        except (OverflowError, ValueError):
            raise ValidationError(self.error_messages["invalid"], code="invalid") from None
        if moment is not None and not 1949 <= moment.year <= 2099:
            raise ValidationError(_("This year cannot be right."), code="year")
        return moment


SPARE_ROWS = 3


class RowsWidget(forms.Widget):
    """Rows of small forms: a JSON list, or posted as ``name-0-field``, ``name-1-field`` …"""

    template_name = "django/forms/widgets/rows.html"

    def __init__(self, row_form: type[forms.Form], minimum: int, maximum: int) -> None:
        super().__init__()
        self.row_form, self.minimum, self.maximum = row_form, minimum, maximum

    def value_from_datadict(self, data: Mapping[str, Any], files: Any, name: str) -> Any:
        if name in data and not hasattr(data, "getlist"):
            return data[name]
        rows: dict[int, dict[str, Any]] = {}
        for key in data:
            head, dash, rest = key.partition(f"{name}-")
            index, dash2, field = rest.partition("-")
            if not head and dash and dash2 and index.isdecimal() and len(index) < 4:
                rows.setdefault(int(index), {})[field] = data[key]
        kept = [
            row for _i, row in sorted(rows.items()) if any(str(v).strip() for v in row.values())
        ]
        return kept or None

    def value_omitted_from_data(self, data: Any, files: Any, name: str) -> bool:
        return self.value_from_datadict(data, files, name) is None

    def get_context(self, name: str, value: Any, attrs: Any) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        typed = value if isinstance(value, list) else []
        count = max(self.minimum, len(typed), 1)
        context["rows"] = [
            self._row(f"{name}-{i}", typed[i] if i < len(typed) else None, needed=i < self.minimum)
            for i in range(count)
        ]
        # Values arrive without the prefix; show them as initial values of unbound rows.
        for index, form in enumerate(context["rows"]):
            form.is_bound = False
            form.initial = typed[index] if index < len(typed) else {}
        context["blank"] = self._row(f"{name}-__prefix__")
        # Where no script can add a row, a few stand ready.
        context["spares"] = [self._row(f"{name}-{count + i}") for i in range(SPARE_ROWS)]
        context["maximum"] = self.maximum
        return context

    def _row(self, prefix: str, data: Any = None, *, needed: bool = False) -> forms.Form:
        return self.row_form(data, prefix=prefix, use_required_attribute=needed)


class Rows(forms.Field):
    """A list of rows, each cleaned by ``row_form``. Errors name the row."""

    def __init__(
        self, row_form: type[forms.Form], *, minimum: int = 0, maximum: int = 50, **kwargs: Any
    ) -> None:
        self.row_form, self.minimum, self.maximum = row_form, minimum, maximum
        super().__init__(widget=RowsWidget(row_form, minimum, maximum), **kwargs)

    def clean(self, value: Any) -> list[dict[str, Any]]:
        rows = value or []
        if not isinstance(rows, list) or any(not isinstance(row, Mapping) for row in rows):
            raise ValidationError(_("Give a list of rows."), code="type")
        if not self.minimum <= len(rows) <= self.maximum:
            raise ValidationError(
                _("Give between %(low)s and %(high)s rows."),
                params={"low": self.minimum, "high": self.maximum},
                code="count",
            )
        return [self._clean_row(index, row) for index, row in enumerate(rows, start=1)]

    def _clean_row(self, index: int, row: Mapping[str, Any]) -> dict[str, Any]:
        form = self.row_form(dict(row))
        if form.is_valid():
            return dict(form.cleaned_data)
        raise ValidationError(
            [
                ValidationError(
                    _("Row %(row)s, %(label)s: %(problem)s"),
                    params={"row": index, "label": _label(form, field), "problem": problem},
                )
                for field, problems in form.errors.items()
                for problem in problems
            ]
        )


def _label(form: forms.Form, field: str) -> Any:
    return form.fields[field].label if field in form.fields else _("whole")


class AnswersWidget(forms.Widget):
    """The questions about danger: a JSON object, or posted as ``name-question``."""

    template_name = "django/forms/widgets/answers.html"
    asked: tuple[questions.Question, ...] = questions.QUESTIONS

    def value_from_datadict(self, data: Mapping[str, Any], files: Any, name: str) -> Any:
        if not hasattr(data, "getlist"):
            return data.get(name)
        head = f"{name}-"
        return {key.removeprefix(head): data[key] for key in data if key.startswith(head)}

    def value_omitted_from_data(self, data: Any, files: Any, name: str) -> bool:
        return not self.value_from_datadict(data, files, name)

    def get_context(self, name: str, value: Any, attrs: Any) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        given = value if isinstance(value, Mapping) else {}
        context["questions"] = [
            (question, given.get(question.key, questions.UNKNOWN)) for question in self.asked
        ]
        # Who assesses has gone through them all; in the field what was not asked stays open.
        context["rest_at_once"] = len(self.asked) > len(questions.QUESTIONS)
        return context


class Answers(forms.Field):
    """Answers to the questions about danger; what is not answered is unknown, which is not no."""

    widget = AnswersWidget

    def __init__(self, *, further: bool = False, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        if further:
            self.widget.asked = (*questions.QUESTIONS, *questions.FURTHER)

    def clean(self, value: Any) -> dict[str, Any]:
        if value in (None, "", {}):
            return {}
        if not isinstance(value, Mapping):
            raise ValidationError(_("Give the answers by question."), code="type")
        try:
            return questions.clean_answers(value)
        except BadFacts as error:
            raise ValidationError(
                [f"{key}: {_(sentence)}".lstrip(": ") for key, sentence in error.fields.items()]
            ) from None


class CommandForm(forms.Form):
    """Input of one command. ``private`` fields stay out of the event log, ``quiet`` ones while empty."""

    private: frozenset[str] = frozenset()
    quiet: frozenset[str] = frozenset()

    def __init__(
        self, data: Any = None, *, dispute: Any = None, facts: Any = None, **kw: Any
    ) -> None:
        super().__init__(data, **kw)
        self.dispute, self.known = dispute, facts
        if facts is not None:
            for field in self.fields.values():
                if isinstance(field, _Dated):
                    field.now = facts.now
        self.prepare()

    def offer(self, field: str, choices: Any) -> None:
        """Give a choice field the choices of this case."""
        chooser: Any = self.fields[field]
        chooser.choices = choices

    def prepare(self) -> None:
        """Fill choices and initial values from the case. Called before cleaning."""

"""A page with one form: shown, acted upon, or shown again with what was refused."""

from collections.abc import Callable, Mapping
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render

from mediation.core.errors import Malformed, Unmet

Act = Callable[[], str | HttpResponse]
"""Does what a form asks that is in order. Returns a word for the next page, or an answer of its own."""


def sent(request: HttpRequest) -> QueryDict | None:
    """What a form is bound to; nothing when its page is only asked for."""
    return request.POST if request.method == "POST" else None


def answer(
    request: HttpRequest,
    template: str,
    told: Mapping[str, Any],
    form: forms.Form,
    act: Act,
    *,
    back: str,
) -> HttpResponse:
    """Show the form, or ``act`` and go ``back``. What was typed stays when it is refused."""
    sentences: list[Any] = []
    if form.is_valid():
        try:
            done = act()
        except Malformed as refusal:
            _complain(form, refusal.fields)
        except Unmet as refusal:
            sentences = refusal.sentences
        else:
            if isinstance(done, HttpResponse):
                return done
            messages.success(request, done)
            return redirect(back)
    status = 422 if form.errors or sentences else 200
    return render(request, template, {"form": form, "sentences": sentences, **told}, status=status)


def _complain(form: forms.Form, fields: Mapping[str, list[str]]) -> None:
    """Put the complaints of the layer below beside the fields that they speak of."""
    for name, complaints in fields.items():
        form.add_error(name if name in form.fields else None, list(complaints))

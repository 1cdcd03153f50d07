"""What a machine lacks for printing is said when it starts, and on the page; it stops nothing."""

from typing import Any

from django.core import checks

from mediation.documents import press


@checks.register
def can_print(app_configs: Any, **kwargs: Any) -> list[checks.CheckMessage]:  # noqa: ARG001 -- Django's signature
    reason = press.missing()
    if reason is None:
        return []
    return [checks.Warning(str(reason.sentence), id=f"documents.{reason.code}")]

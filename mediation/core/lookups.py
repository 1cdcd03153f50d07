"""Comparisons that Django's ORM does not know."""

from typing import Any

from django.db.models.lookups import In


class FoundFirst(In):
    """``pk__found_first=queryset``: like ``in``, but the keys are found before the rows are looked for.

    PostgreSQL tests an ``IN (SELECT …)`` that stands under an OR row by row, and reads no index for the
    other side either. Right for few keys.
    """

    lookup_name = "found_first"

    def get_rhs_op(self, connection: Any, rhs: str) -> str:
        if connection.vendor == "postgresql":
            return f"= ANY (ARRAY{rhs})"
        return str(super().get_rhs_op(connection, rhs))

"""Refusals that name what they miss in the very case, where a general sentence would not help."""

from typing import TYPE_CHECKING

from django.utils.translation import gettext, ngettext

if TYPE_CHECKING:
    from mediation.disputes.facts import Facts
    from mediation.disputes.models import Dispute


def missing_papers(_dispute: "Dispute", facts: "Facts") -> str:
    missing = facts.missing_papers
    sentence = ngettext(
        "The file still lacks %(n)d item: %(items)s.",
        "The file still lacks %(n)d items: %(items)s.",
        len(missing),
    )
    return sentence % {"n": len(missing), "items": gettext(", ").join(missing)}

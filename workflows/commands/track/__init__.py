"""The steps of the linked administrative reconsideration, each a command of its own.

Importing registers them, in the order in which they are offered.
"""

# isort: off
from workflows.commands.track import applying, review, document, term, bridge, results

__all__ = ["applying", "bridge", "document", "results", "review", "term"]

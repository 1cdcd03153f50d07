"""Taking turns: what happens by itself to many rows, together where it can, each alone where one fails."""

import logging
from collections.abc import Callable, Sequence
from typing import TypeVar

from mediation.core.db import write
from mediation.core.errors import Busy

log = logging.getLogger(__name__)
One = TypeVar("One")


def take(
    batch: Sequence[One],
    act: Callable[[Sequence[One]], int],
    *,
    name: Callable[[One], str],
    failed: Callable[[One], None] = lambda _: None,
) -> int:
    """``act`` on the batch in one transaction; if it fails, on each member in one of its own.

    Returns the sum of what ``act`` counted. A member that fails alone is logged by its ``name`` and handed
    to ``failed``; the others have their turn. What somebody works on waits for the next tick.
    """
    try:
        with write():
            return act(batch)
    except Busy:
        return 0
    except Exception:  # whatever goes wrong with one, the others must have their turn in time
        if len(batch) == 1:
            log.exception("%s could not take its turn.", name(batch[0]))
            failed(batch[0])
            return 0
        log.warning("A batch of %d is taken apart: one of them fails.", len(batch))
    return sum(take([one], act, name=name, failed=failed) for one in batch)

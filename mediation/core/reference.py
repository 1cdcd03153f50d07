"""Reference pages whose makers the ``reference`` command may not import: front doors beside it.

They add themselves when their app is ready; file name → function that prints the page.
"""

from collections.abc import Callable

PAGES: dict[str, Callable[[], str]] = {}

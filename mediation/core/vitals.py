"""What a running process tells its operator: figures, and whether its parts are well.

A port: whoever counts or probes registers here, and the pages ``/metrics`` and ``/readyz`` read it.
"""

import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum


class Health(StrEnum):
    OK = "ok"
    DEGRADED = "degraded"
    FAILED = "failed"


leaving = threading.Event()
"""This process has been told to end and takes no new work; what it has begun it finishes."""

Probe = Callable[[], Health | None]
Labels = tuple[tuple[str, str], ...]


class Counter:
    """A number that only grows, safe from any thread."""

    def __init__(self) -> None:
        self._values: dict[Labels, float] = {}
        self._lock = threading.Lock()

    def add(self, amount: float = 1, **labels: str) -> None:
        key = tuple(sorted(labels.items()))
        with self._lock:
            self._values[key] = self._values.get(key, 0) + amount

    def samples(self) -> list[tuple[Labels, float]]:
        with self._lock:
            return sorted(self._values.items()) or [((), 0.0)]


@dataclass(frozen=True, slots=True)
class _Metric:
    help: str
    kind: str
    samples: Callable[[], list[tuple[Labels, float]]]


_metrics: dict[str, _Metric] = {}
_probes: dict[str, Probe] = {}


def counter(name: str, about: str) -> Counter:
    """A new counter under a Prometheus name that ends in ``_total``."""
    made = Counter()
    _metrics[name] = _Metric(about, "counter", made.samples)
    return made


def gauge(name: str, about: str, read: Callable[[], float]) -> None:
    """A value that is read when somebody asks for it."""
    _metrics[name] = _Metric(about, "gauge", lambda: [((), read())])


def probe(name: str, check: Probe) -> None:
    """Register a part whose health ``/readyz`` reports. A probe that raises counts as failed.

    ``None``: this installation has no such part, and nothing is said of it.
    """
    _probes[name] = check


def probes() -> dict[str, Probe]:
    return dict(_probes)


def exposition() -> Iterator[str]:
    """The lines of the Prometheus text format."""
    for name, metric in sorted(_metrics.items()):
        yield f"# HELP {name} {metric.help}"
        yield f"# TYPE {name} {metric.kind}"
        for labels, value in metric.samples():
            yield f"{name}{_written(labels)} {value!r}"


def _written(labels: Labels) -> str:
    if not labels:
        return ""
    return "{" + ",".join(f'{name}="{_escaped(value)}"' for name, value in labels) + "}"


def _escaped(value: str) -> str:
    return value.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")

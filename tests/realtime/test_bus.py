"""The way out of a process that holds no sockets: no commit waits for it, and its last word goes out."""

import asyncio
import threading
from collections.abc import Iterator

import pytest

from mediation.realtime import bus
from mediation.realtime.bus import Outside, Wake


class Layer:
    """Takes messages only when the door is open."""

    def __init__(self) -> None:
        self.door, self.came = threading.Event(), threading.Event()
        self.is_down = False
        self.taken: list[dict[int, int]] = []

    async def group_send(self, group: str, message: dict) -> None:
        self.came.set()
        await asyncio.to_thread(self.door.wait)
        if self.is_down:
            raise ConnectionError(group)
        self.taken.append(dict(message["numbers"]))


@pytest.fixture
def layer(monkeypatch: pytest.MonkeyPatch, settings) -> Iterator[Layer]:
    made = Layer()
    monkeypatch.setattr(bus, "get_channel_layer", lambda: made)
    monkeypatch.setattr(bus, "_outside", None)
    settings.REDIS_URL = "redis://stands-for-the-layer"
    yield made
    made.door.set()


def news(person: int, number: int) -> Wake:
    wake = Wake()
    wake.news({person: number})
    return wake


def test_telling_does_not_wait_and_what_piles_up_travels_as_one(layer: Layer) -> None:
    bus.send_from_outside(news(1, 1))
    assert layer.came.wait(5)  # the first is on its way and stays there
    for number in range(2, 20):
        bus.send_from_outside(news(1, number))
    bus.send_from_outside(news(2, 7))

    assert layer.taken == []
    layer.door.set()
    bus._outside.finish()

    assert layer.taken == [{1: 1}, {1: 19, 2: 7}]


def test_the_last_word_goes_out_before_the_process_ends(layer: Layer) -> None:
    layer.door.set()
    outside = Outside()
    for number in range(1, 4):
        outside.tell(news(1, number))

    outside.finish()

    assert layer.taken[-1] == {1: 3}


def test_a_process_that_told_nothing_ends_at_once(layer: Layer) -> None:
    Outside().finish()

    assert layer.taken == []


def test_a_layer_that_is_down_keeps_nobody_from_ending(
    layer: Layer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bus, "PATIENCE_SECONDS", 0.2)
    outside = Outside()
    outside.tell(news(1, 1))  # the layer hangs: given up after its patience
    outside.finish()
    layer.is_down = True
    layer.door.set()
    outside.tell(news(1, 2))
    outside.finish()

    assert layer.taken == []
    layer.is_down = False
    outside.tell(news(1, 3))
    outside.finish()
    assert layer.taken == [{1: 3}]


def test_without_a_shared_layer_nothing_is_started(layer: Layer, settings) -> None:
    settings.REDIS_URL = ""

    bus.send_from_outside(news(1, 1))

    assert bus._outside is None

"""The one writer of SQLite is had in the order in which it was asked for."""

import threading
import time

from mediation.core.db import Turn


def test_who_waits_comes_before_who_begins_again():
    turn, order = Turn(), []
    assert turn.acquire(1)

    def wait():
        assert turn.acquire(5)
        order.append("waiting")
        turn.release()

    other = threading.Thread(target=wait)
    other.start()
    while not turn._waiting:
        time.sleep(0.001)
    turn.release()
    assert turn.acquire(5)
    order.append("again")
    turn.release()
    other.join(5)

    assert order == ["waiting", "again"]


def test_impatience_leaves_the_queue():
    turn = Turn()
    turn.acquire(1)

    assert not turn.acquire(0.01)

    turn.release()
    assert turn.acquire(0.01)


def test_one_at_a_time():
    turn, inside, worst = Turn(), [0], []

    def work():
        for _ in range(200):
            assert turn.acquire(10)
            inside[0] += 1
            worst.append(inside[0])
            inside[0] -= 1
            turn.release()

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)

    assert (len(worst), max(worst)) == (800, 1)

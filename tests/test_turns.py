"""Work in a thread of its own outlives whatever fails in it."""

import threading

import pytest

from insights.turns import Turns


def test_a_step_that_fails_keeps_no_other_from_being_done_and_is_told_once(
    caplog: pytest.LogCaptureFixture,
) -> None:
    done = threading.Semaphore(0)

    def fails() -> int:
        raise OSError("no such place")

    def works() -> int:
        done.release()
        return 1

    turns = Turns("the mill", [fails, works], rest=0.0, failure_rest=0.0)
    turns.start()
    assert all(done.acquire(timeout=10) for _ in range(3))
    turns.close()
    assert caplog.text.count("A step of the mill failed (OSError: no such place)") == 1


def test_what_failed_again_after_it_went_well_is_told_again(
    caplog: pytest.LogCaptureFixture,
) -> None:
    turn = iter([OSError("away"), None, OSError("away")])
    over = threading.Event()

    def step() -> int:
        trouble = next(turn, over)
        if trouble is over:
            over.set()
        elif isinstance(trouble, OSError):
            raise trouble
        return 0

    turns = Turns("the mill", [step], rest=0.0, failure_rest=0.0)
    turns.start()
    assert over.wait(10)
    turns.close()
    assert caplog.text.count("A step of the mill failed") == 2

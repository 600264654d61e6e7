"""A deadline on pure code in the main thread, by the interval timer: it interrupts a loop that no await could."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from contextlib import contextmanager

from runtime.guarded import TookTooLong


@contextmanager
def deadline(seconds: float) -> Iterator[None]:
    """Raise `TookTooLong` inside the block once it has run for so many seconds. Main thread only."""

    def ring(*_: object) -> None:
        raise TookTooLong(f"the decision took longer than {seconds:g} s; COPYTASTER_DECIDE_DEADLINE sets the bound")

    before = signal.signal(signal.SIGALRM, ring)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)

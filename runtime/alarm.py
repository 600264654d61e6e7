"""A deadline on pure code in the main thread, by the interval timer: it interrupts a loop that no await could.

It counts the processor's time, not the clock's: on a machine that has no time for us a message is late, and not at fault.
"""

from __future__ import annotations

import signal
from collections.abc import Iterator
from contextlib import contextmanager

from runtime.guarded import TookTooLong


@contextmanager
def deadline(seconds: float) -> Iterator[None]:
    """Raise `TookTooLong` inside the block once the process has used so many seconds of CPU in it. Main thread only."""

    def ring(*_: object) -> None:
        raise TookTooLong(
            f"the decision took more than {seconds:g} s of CPU; COPYTASTER_DECIDE_DEADLINE sets the bound"
        )

    before = signal.signal(signal.SIGPROF, ring)
    signal.setitimer(signal.ITIMER_PROF, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, before)

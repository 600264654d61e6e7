"""When a process must end itself: it stands still though it could move, or it was held up and may have been replaced."""

from __future__ import annotations

import time
from collections.abc import Callable


class Standstill:
    """Tells that nothing has moved for `seconds` while messages waited. Pure: the time is given, monotonic seconds."""

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._since: float | None = None
        self._progress: int | None = None

    def restart(self) -> None:
        """Forget what was seen: the broker was away, so nothing could move."""
        self._since = None

    def seen(self, now: float, progress: int, *, behind: bool) -> bool:
        """Say whether it stands still now; `progress` grows with every message that is done."""
        if not behind or progress != self._progress or self._since is None:
            self._since, self._progress = now, progress
            return False
        return now - self._since > self._seconds


def awake_clock() -> float:
    """Seconds on a clock that also counts the time in which the machine slept, where there is one."""
    return time.clock_gettime(_BOOT) if _BOOT is not None else time.monotonic()


_BOOT: int | None = getattr(time, "CLOCK_BOOTTIME", None)


class Fence:
    """Tells that this process was held up so long that another may own its partitions by now.

    Asked every 0.1 s and before each send, a gap between two questions is the time in which the process did not run.
    """

    def __init__(self, longest_gap: float, clock: Callable[[], float] = awake_clock) -> None:
        self._longest, self._clock = longest_gap, clock
        self._last = clock()

    def gap(self) -> float | None:
        """Seconds since the last question if that was too long, else None."""
        last, self._last = self._last, self._clock()
        return self._last - last if self._last - last > self._longest else None

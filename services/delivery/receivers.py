"""How much a receiver can bear: more at a time while it answers, one at a time while it fails, nothing in the pauses. Pure: the time is given."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

OPENS_AFTER = 3
"""Failures in a row after which a receiver is left in peace."""
PAUSES = tuple(timedelta(seconds=seconds) for seconds in (10, 30, 60))
FIRST, WIDEST = 2, 50
"""Calls at the same time: to a receiver that has not answered yet, and at most."""


@dataclass
class Receiver:
    """One breaker. `answered` and `failed` count calls in a row, `pauses` the pauses since it last answered."""

    under_way: int = 0
    answered: int = 0
    failed: int = 0
    pauses: int = 0
    closed_until: datetime | None = None

    @property
    def is_broken(self) -> bool:
        """Whether it failed so often that it is only tried now and then."""
        return self.failed >= OPENS_AFTER

    def is_free(self, now: datetime) -> bool:
        """Whether one more call may begin."""
        if self.is_broken:
            return self.under_way == 0 and (self.closed_until is None or now >= self.closed_until)
        return self.under_way < (1 if self.failed else min(WIDEST, FIRST + self.answered))

    def report(self, up: bool, now: datetime) -> bool:
        """Note how a call ended; returns whether the receiver is back: it answers after a breach, or for the first time."""
        if not up:
            self._fails(now)
            return False
        back = self.is_broken or self.answered == 0
        self.answered, self.failed, self.pauses, self.closed_until = self.answered + 1, 0, 0, None
        return back

    def _fails(self, now: datetime) -> None:
        self.failed, self.answered = self.failed + 1, 0
        if self.is_broken and (self.closed_until is None or now >= self.closed_until):
            self.closed_until = now + PAUSES[min(self.pauses, len(PAUSES) - 1)]
            self.pauses += 1

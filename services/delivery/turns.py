"""Who may call which receiver next: first come, first served, so that a receiver that hangs holds up only those who want it."""

from __future__ import annotations

import asyncio
from collections import defaultdict, deque
from collections.abc import Callable
from datetime import datetime

from services.delivery.receivers import Receiver


class Turns:
    """All receivers of this process. Everything here runs in one loop of asyncio."""

    def __init__(self, clock: Callable[[], datetime]) -> None:
        self._clock = clock
        self._receivers: defaultdict[str, Receiver] = defaultdict(Receiver)
        self._waiting: defaultdict[str, deque[asyncio.Future[None]]] = defaultdict(deque)
        self._timers: dict[str, asyncio.TimerHandle] = {}

    def is_broken(self, name: str) -> bool:
        """Whether a receiver is left in peace."""
        return self._receivers[name].is_broken

    async def turn(self, name: str) -> None:
        """Return when one more call to this receiver may begin; it must be ended with `leave`."""
        receiver = self._receivers[name]
        if not self._waiting[name] and receiver.is_free(self._clock()):
            receiver.under_way += 1
            return
        turn = asyncio.get_running_loop().create_future()
        self._waiting[name].append(turn)
        self._set_timer(name)
        try:
            await turn
        except asyncio.CancelledError:
            if turn.done() and not turn.cancelled():
                self.leave(name)
            raise

    def leave(self, name: str) -> None:
        """A call has ended, or did not begin after all."""
        self._receivers[name].under_way -= 1
        self._let_in(name)

    def report(self, name: str, up: bool) -> bool:
        """Note whether the receiver answered; returns whether it is back."""
        return self._receivers[name].report(up, self._clock())

    def look(self) -> None:
        """Let in whoever may come in by now."""
        for name in list(self._waiting):
            self._let_in(name)

    def _let_in(self, name: str) -> None:
        receiver, waiting = self._receivers[name], self._waiting[name]
        while waiting and receiver.is_free(self._clock()):
            turn = waiting.popleft()
            if not turn.done():
                receiver.under_way += 1
                turn.set_result(None)
        if waiting:
            self._set_timer(name)
        else:
            self._waiting.pop(name, None)

    def _set_timer(self, name: str) -> None:
        until = self._receivers[name].closed_until
        if timer := self._timers.pop(name, None):
            timer.cancel()
        if until is not None and (seconds := (until - self._clock()).total_seconds()) > 0:
            self._timers[name] = asyncio.get_running_loop().call_later(seconds, self._let_in, name)

"""What is live: every open page hears which dossiers changed, in order, and after a gap reads the list again."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import AsyncIterator
from dataclasses import dataclass

KEPT = 1000
HEARTBEAT_SECONDS = 3.0


@dataclass(frozen=True)
class Change:
    """One batch of the log that touched something on the page. `number` counts up within one run of the desk."""

    number: int
    touched: frozenset[str]


class Hub:
    """Hands changes from the follower's thread to the streams of all open pages."""

    def __init__(self, run: str) -> None:
        self.run = run
        self._kept: deque[Change] = deque(maxlen=KEPT)
        self._number = 0
        self._loop: asyncio.AbstractEventLoop | None = None
        self._waiting: set[asyncio.Event] = set()

    def attach(self) -> None:
        """Serve the loop that runs now."""
        self._loop = asyncio.get_running_loop()

    def tell_from_thread(self, touched: set[str]) -> None:
        """Tell all pages; called by the follower's thread."""
        if self._loop and touched and not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._tell, frozenset(touched))

    def _tell(self, touched: frozenset[str]) -> None:
        self._number += 1
        self._kept.append(Change(self._number, touched))
        for event in self._waiting:
            event.set()

    def now(self) -> str:
        """The id that a page continues from: the run and the last number."""
        return f"{self.run}.{self._number}"

    def since(self, last_id: str | None) -> list[Change] | None:
        """The changes after that id; None after a gap (another run, or too long ago): read the list again."""
        run, _, number = (last_id or "").partition(".")
        if run != self.run or not number.isdigit():
            return None
        if self._kept and self._kept[0].number > int(number) + 1:
            return None
        return [change for change in self._kept if change.number > int(number)]

    async def follow(self, last_id: str | None) -> AsyncIterator[Change | None]:
        """Changes after that id as they come; None is a heartbeat. The caller has dealt with a gap."""
        here = int((last_id or "0.0").partition(".")[2] or 0)
        event = asyncio.Event()
        self._waiting.add(event)
        try:
            while True:
                event.clear()
                news = [change for change in self._kept if change.number > here]
                for change in news:
                    here = change.number
                    yield change
                if not news:
                    await self._wait(event)
                    yield None
        finally:
            self._waiting.discard(event)

    async def _wait(self, event: asyncio.Event) -> None:
        try:
            await asyncio.wait_for(event.wait(), HEARTBEAT_SECONDS)
        except TimeoutError:
            return

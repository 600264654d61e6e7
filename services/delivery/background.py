"""Sending in a thread with a loop of its own, and the ledger's writer: many facts, one acknowledgement."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Coroutine, Sequence
from typing import Any

from runtime.handling import Output

Put = Callable[[Sequence[Output]], object]


class Writer:
    """Writes what tasks of the loop ask for, all that waits at once; `write` returns when the log has acknowledged it."""

    def __init__(self, put: Put) -> None:
        self._put = put
        self._waiting: list[tuple[Output, ...]] = []
        self._futures: list[asyncio.Future[None]] = []
        self._busy: asyncio.Task[None] | None = None

    async def write(self, outputs: Sequence[Output]) -> None:
        """Raises what the log raised."""
        future: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.append(tuple(outputs))
        self._futures.append(future)
        if self._busy is None:
            self._busy = asyncio.create_task(self._drain())
        await future

    async def _drain(self) -> None:
        while self._waiting:
            batch, futures = self._waiting, self._futures
            self._waiting, self._futures = [], []
            try:
                await asyncio.to_thread(self._put, [output for outputs in batch for output in outputs])
            except Exception as error:  # noqa: BLE001 - handed to those who wait for it
                _end(futures, error)
            else:
                _end(futures, None)
        self._busy = None


def _end(futures: Sequence[asyncio.Future[None]], error: Exception | None) -> None:
    for future in futures:
        if future.cancelled():
            continue
        if error is None:
            future.set_result(None)
        else:
            future.set_exception(error)


class Background:
    """A loop of asyncio in a thread of its own."""

    def __init__(self) -> None:
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="sending", daemon=True)
        self._thread.start()

    def run(self, work: Coroutine[Any, Any, Any], seconds: float = 60.0) -> Any:
        """Run this in the loop and wait for it."""
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(seconds)

    def call(self, function: Callable[..., object], *arguments: object) -> None:
        """Call this in the loop, without waiting."""
        self._loop.call_soon_threadsafe(function, *arguments)

    def end(self) -> None:
        """Stop the loop."""
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(5)

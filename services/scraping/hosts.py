"""Politeness: how many requests one host gets at once, and with what pause between them."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

MAX_HOSTS = 20_000


@dataclass
class _Host:
    room: asyncio.Semaphore
    turn: asyncio.Lock = field(default_factory=asyncio.Lock)
    free_at: float = 0.0
    users: int = 0


class Hosts:
    """The pace of each host, kept in memory."""

    def __init__(self, at_once: int) -> None:
        self._at_once = at_once
        self._hosts: dict[str, _Host] = {}

    @asynccontextmanager
    async def turn(self, host: str, pause: float) -> AsyncIterator[None]:
        """Hold one of the host's places, begun at least `pause` seconds after the last request to it began."""
        one = self._hosts.setdefault(host, _Host(asyncio.Semaphore(self._at_once)))
        one.users += 1
        try:
            async with one.room:
                await self._pause(one, pause)
                yield
        finally:
            one.users -= 1
            self._forget_idle()

    async def _pause(self, one: _Host, pause: float) -> None:
        async with one.turn:
            loop = asyncio.get_running_loop()
            if (wait := one.free_at - loop.time()) > 0:
                await asyncio.sleep(wait)
            one.free_at = loop.time() + pause

    def _forget_idle(self) -> None:
        if len(self._hosts) > MAX_HOSTS:
            loop = asyncio.get_running_loop()
            self._hosts = {name: one for name, one in self._hosts.items() if one.users or one.free_at > loop.time()}

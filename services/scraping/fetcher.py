"""Asking publishers: conditional requests with time-outs, size limits, robots, politeness, and no address inside this network."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from types import TracebackType
from typing import Self
from urllib.parse import quote, urljoin, urlsplit

import httpx2

from runtime.guard import InternalAddress, guarded_client
from schemas.outcomes import Outcome
from services.scraping.choosing import Fetched
from services.scraping.hosts import Hosts
from services.scraping.robots import MAX_FILE, Robots, after, robots_address
from services.scraping.settings import Settings

MAX_REDIRECTS = 5
_MOVED = (301, 302, 303, 307, 308)
_FOR_GOOD = (301, 308)
_ROBOTS_KEPT, _ROBOTS_RETRIED = 24 * 3600.0, 600.0


class NotFetched(Exception):  # noqa: N818 - says what happened
    """No answer this time; the text says why in words. It may be asked again."""


class Refused(Exception):  # noqa: N818
    """An answer that may not or cannot be taken; asking again cures nothing. `outcome` names the reason."""

    def __init__(self, outcome: Outcome, message: str) -> None:
        super().__init__(message)
        self.outcome = outcome


@dataclass(frozen=True)
class Asked:
    """What to ask for: an address, what is known of it, and within which limits (bytes, seconds)."""

    url: str
    internal: bool
    etag: str | None = None
    modified: str | None = None
    limit: int = MAX_FILE
    cut: bool = False
    pause: float = 0.0


@dataclass(frozen=True)
class Answered:
    """An answer; `moved_to` where every redirect on the way was for good."""

    fetched: Fetched
    moved_to: str | None = None


Check = Callable[[str], Awaitable[float]]
"""Whether an address may be asked for (else it raises), and the pause that its host asks for."""


class Fetcher:
    """One client for public addresses and one for sources that the operator marked as internal."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        timeout = httpx2.Timeout(settings.first_byte_timeout, connect=settings.connect_timeout, pool=None)
        headers = {"User-Agent": settings.user_agent, "Accept-Language": "en, *;q=0.5"}
        self._clients = {
            internal: guarded_client(
                allow_internal=internal, timeout=timeout, headers=headers, max_connections=2 * settings.polls_at_once
            )
            for internal in (False, True)
        }
        self._hosts = Hosts(settings.host_at_once)
        self._robots: dict[tuple[str, bool], tuple[float, asyncio.Task[Robots]]] = {}

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for client in self._clients.values():
            await client.aclose()

    async def feed(self, url: str, *, internal: bool, etag: str | None = None, modified: str | None = None) -> Answered:
        """The feed at an address. Raises `NotFetched` and `Refused`."""
        pause = 0.0 if internal else self._settings.host_pause
        asked = Asked(url, internal, etag, modified, self._settings.largest_feed, pause=pause)
        return await self._get(asked, self._unchecked(pause))

    async def page(self, url: str, *, internal: bool, etag: str | None = None, modified: str | None = None) -> Fetched:
        """The page at an address, if its robots.txt allows it, and that of every address on the way. Raises `NotFetched` and `Refused`."""

        async def allowed(address: str) -> float:
            return await self._allowed(address, internal=internal)

        asked = Asked(url, internal, etag, modified, self._settings.largest_page)
        return (await self._get(asked, allowed)).fetched

    def _unchecked(self, pause: float) -> Check:
        async def allowed(_: str) -> float:
            return pause

        return allowed

    async def _allowed(self, url: str, *, internal: bool) -> float:
        robots = await self._robots_for(url, internal=internal)
        if robots.nothing_allowed:
            raise NotFetched("the publisher's robots.txt could not be read")
        if not await asyncio.to_thread(robots.allows, encoded(url)):
            raise Refused(Outcome.not_allowed, "the publisher's robots.txt asks that the page is not fetched")
        asked = robots.crawl_delay() or 0.0
        usual = 0.0 if internal else self._settings.host_pause
        return min(max(asked, usual), self._settings.host_pause_at_most)

    async def _robots_for(self, url: str, *, internal: bool) -> Robots:
        """The robots.txt of an address's host, asked for once a day; one that failed again after ten minutes."""
        key, loop = (robots_address(url), internal), asyncio.get_running_loop()
        until, task = self._robots.get(key, (0.0, None))
        if task is None or (task.done() and loop.time() > until):
            task = loop.create_task(self._read_robots(*key))
            self._robots[key] = (loop.time() + _ROBOTS_KEPT, task)
        robots = await asyncio.shield(task)
        if robots.nothing_allowed and self._robots.get(key, (0.0, None))[1] is task:
            self._robots[key] = (min(self._robots[key][0], loop.time() + _ROBOTS_RETRIED), task)
        return robots

    async def _read_robots(self, address: str, internal: bool) -> Robots:
        try:
            found = await self._get(Asked(address, internal, limit=MAX_FILE, cut=True), self._unchecked(0.0))
        except Refused:
            return after(404, b"")
        except NotFetched:
            return after(None, b"")
        return after(found.fetched.status, found.fetched.raw)

    async def _get(self, asked: Asked, check: Check) -> Answered:
        url, for_good = asked.url, True
        for _ in range(MAX_REDIRECTS + 1):
            _of_the_web(url)
            fetched, location = await self._one(asked, url, await check(url))
            if location is None:
                return Answered(fetched, url if for_good and url != asked.url else None)
            for_good = for_good and fetched.status in _FOR_GOOD
            url = location
        raise NotFetched(f"more than {MAX_REDIRECTS} redirects")

    async def _one(self, asked: Asked, url: str, pause: float) -> tuple[Fetched, str | None]:
        try:
            async with self._hosts.turn(urlsplit(url).netloc, pause), asyncio.timeout(self._settings.whole_timeout):
                return await self._answer(asked, url)
        except InternalAddress as error:
            raise Refused(Outcome.not_allowed, str(error)) from error
        except (TimeoutError, httpx2.TimeoutException) as error:
            raise NotFetched("the publisher did not answer in time") from error
        except (httpx2.HTTPError, httpx2.InvalidURL, ValueError) as error:
            raise NotFetched(f"{type(error).__name__}: {str(error)[:200]}") from error

    async def _answer(self, asked: Asked, url: str) -> tuple[Fetched, str | None]:
        async with self._clients[asked.internal].stream("GET", url, headers=_conditions(asked)) as response:
            headers = {name.lower(): value for name, value in response.headers.items()}
            location = headers.get("location") if response.status_code in _MOVED else None
            raw = b"" if location else await _body(response, asked)
            return Fetched(asked.url, url, response.status_code, headers, raw), urljoin(
                url, location
            ) if location else None


def encoded(url: str) -> str:
    """The address with everything percent-encoded that must be, as rules are matched against it."""
    return quote(url, safe="/?#[]@!$&'()*+,;=:%-._~")


def _conditions(asked: Asked) -> dict[str, str]:
    said = {"If-None-Match": asked.etag, "If-Modified-Since": asked.modified}
    return {name: value for name, value in said.items() if value}


async def _body(response: httpx2.Response, asked: Asked) -> bytes:
    parts, size = [], 0
    async for part in response.aiter_bytes():
        parts.append(part)
        size += len(part)
        if size > asked.limit and asked.cut:
            break
        if size > asked.limit:
            raise Refused(Outcome.page_too_large, f"the answer is larger than {asked.limit} bytes")
    return b"".join(parts)[: asked.limit]


def _of_the_web(url: str) -> None:
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.username:
        raise Refused(Outcome.not_allowed, f"{url[:100]!r} is no plain http or https address")

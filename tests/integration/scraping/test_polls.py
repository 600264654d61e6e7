"""Polls of a publisher on loopback, without a broker: what is asked, what is refused, what is sent."""

from __future__ import annotations

import asyncio
import gzip
import socket
import sys
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from runtime.handling import Output
from schemas.bodies import unpack
from schemas.facts import MessageSuppressed, PageFetched, PollRecorded
from schemas.outcomes import Outcome
from schemas.sources import Source
from services.scraping.fetcher import Fetcher, NotFetched, Refused
from services.scraping.poller import Poller
from services.scraping.settings import Settings

sys.path.insert(0, str(Path(__file__).parent))
from outlet import Outlet, outlet, page, rss


@pytest.fixture
def harbour() -> Iterator[Outlet]:
    with outlet() as here:
        yield here


@pytest.fixture
async def fetcher() -> AsyncIterator[Fetcher]:
    async with Fetcher(
        Settings(largest_page=100_000, largest_feed=100_000, first_byte_timeout=1, whole_timeout=3)
    ) as one:
        yield one


class Desk:
    """Polls one source and keeps what was sent; `away` lets the broker be away."""

    def __init__(self, fetcher: Fetcher, outlet: Outlet) -> None:
        self.sent: list[Output] = []
        self.now = datetime.now(UTC)
        self.away = False
        self._poller = Poller(Settings(unwritten_poll=0), fetcher, self._put, lambda: self.now)
        self._source = Source(source="harbour", url=f"{outlet.base}/feed", outlet="The Harbour Post", internal=True)
        self.cursor: PollRecorded | None = None

    async def _put(self, outputs: list[Output]) -> None:
        if self.away:
            raise ConnectionError("the broker is away")
        self.sent += outputs

    async def poll(self, **later: float) -> PollRecorded:
        self.now += timedelta(**later)
        self.cursor = await self._poller.poll(self._source, self.cursor)
        return self.cursor

    @property
    def pages(self) -> list[PageFetched]:
        return [one.fact for one in self.sent if isinstance(one.fact, PageFetched)]

    @property
    def left(self) -> list[MessageSuppressed]:
        return [one.fact for one in self.sent if isinstance(one.fact, MessageSuppressed)]


@pytest.fixture
def desk(fetcher: Fetcher, harbour: Outlet) -> Desk:
    return Desk(fetcher, harbour)


async def test_new_entries_are_fetched_once_and_the_cursor_comes_last(desk: Desk, harbour: Outlet) -> None:
    harbour.say("/feed", rss("a", "b", base=harbour.base), "application/rss+xml")
    harbour.say("/a", page("Ferry late"))
    harbour.say("/b", page("Ferry early"))
    await desk.poll()
    await desk.poll(seconds=1)
    assert [output.topic for output in desk.sent[:3]] == ["pages-fetched", "pages-fetched", "polls-recorded"]
    assert len(desk.pages) == 2
    assert harbour.asked["/a"] == 1
    assert unpack(next(p for p in desk.pages if p.url.endswith("/a")).body) == page("Ferry late")


async def test_unchanged_feed_is_asked_for_conditionally(desk: Desk, harbour: Outlet) -> None:
    def feed(headers: dict[str, str]) -> tuple[int, dict[str, str], bytes]:
        known = headers.get("if-none-match") == '"1"'
        return (304, {}, b"") if known else (200, {"ETag": '"1"', "Content-Type": "application/rss+xml"}, rss())

    harbour.answers["/feed"] = feed
    assert [(await desk.poll()).status, (await desk.poll(seconds=1)).status] == [200, 304]


async def test_a_correction_that_does_not_touch_the_feed_is_found(desk: Desk, harbour: Outlet) -> None:
    harbour.say("/feed", rss("a", base=harbour.base), "application/rss+xml")
    harbour.say("/a", page("Ferry late"))
    await desk.poll()
    await desk.poll(minutes=6)
    assert len(desk.pages) == 1
    harbour.say("/a", page("Ferry early"))
    await desk.poll(minutes=12)
    assert len(desk.pages) == 2
    assert desk.pages[1].previous == desk.pages[0].id


async def test_nothing_is_remembered_of_a_poll_whose_pages_were_not_acknowledged(desk: Desk, harbour: Outlet) -> None:
    harbour.say("/feed", rss("a", base=harbour.base), "application/rss+xml", ETag='"1"')
    harbour.say("/a", page("Ferry late"))
    desk.away = True
    with pytest.raises(BaseExceptionGroup):
        await desk.poll()
    assert desk.cursor is None
    desk.away = False
    await desk.poll()
    assert [p.url for p in desk.pages] == [f"{harbour.base}/a"]


async def test_a_page_that_fails_is_asked_for_again_at_the_next_poll(desk: Desk, harbour: Outlet) -> None:
    harbour.say("/feed", rss("a", base=harbour.base), "application/rss+xml", ETag='"1"')
    harbour.say("/a", b"", status=503)
    await desk.poll()
    harbour.say("/a", page("Ferry late"))
    await desk.poll(minutes=5)
    assert len(desk.pages) == 1


async def test_what_robots_txt_forbids_is_left_with_a_reason(desk: Desk, harbour: Outlet) -> None:
    harbour.say("/robots.txt", b"User-agent: *\nDisallow: /a", "text/plain")
    harbour.say("/feed", rss("a", "b", base=harbour.base), "application/rss+xml")
    harbour.say("/b", page("Ferry early"))
    await desk.poll()
    await desk.poll(minutes=1)
    assert harbour.asked["/a"] == 0
    assert harbour.asked["/robots.txt"] == 1
    assert [(fact.outcome, fact.url) for fact in desk.left] == [(Outcome.not_allowed.value, f"{harbour.base}/a")]


async def test_a_page_larger_than_the_limit_is_left_with_a_reason(desk: Desk, harbour: Outlet) -> None:
    harbour.say("/feed", rss("a", base=harbour.base), "application/rss+xml")
    harbour.say("/a", b"x" * 100_001)
    await desk.poll()
    assert [fact.outcome for fact in desk.left] == ["page_too_large"]
    assert desk.pages == []


async def test_a_bomb_is_stopped_at_the_limit(fetcher: Fetcher, harbour: Outlet) -> None:
    harbour.say("/bomb", gzip.compress(b"0" * 50_000_000), Content_Encoding="gzip")
    with pytest.raises(Refused, match="larger than"):
        await fetcher.page(f"{harbour.base}/bomb", internal=True)


async def test_redirect_is_followed_and_one_for_good_is_told(desk: Desk, harbour: Outlet) -> None:
    harbour.answers["/feed"] = (301, {"Location": "/new-feed"}, b"")
    harbour.say("/new-feed", rss(), "application/rss+xml")
    assert (await desk.poll()).moved_to == f"{harbour.base}/new-feed"


async def test_redirects_without_end_are_given_up(fetcher: Fetcher, harbour: Outlet) -> None:
    harbour.answers["/a"] = (302, {"Location": "/a"}, b"")
    with pytest.raises(NotFetched, match="redirects"):
        await fetcher.page(f"{harbour.base}/a", internal=True)


@pytest.mark.parametrize(
    "to", ["file:///etc/passwd", "gopher://harbour.example/", "http://user:secret@harbour.example/"]
)
async def test_redirect_to_what_is_no_plain_web_address_is_refused(fetcher: Fetcher, harbour: Outlet, to: str) -> None:
    harbour.answers["/a"] = (302, {"Location": to}, b"")
    with pytest.raises(Refused):
        await fetcher.page(f"{harbour.base}/a", internal=True)


async def test_a_source_that_is_not_marked_internal_reaches_nothing_inside(fetcher: Fetcher, harbour: Outlet) -> None:
    with pytest.raises(Refused, match="mark the source"):
        await fetcher.feed(f"{harbour.base}/feed", internal=False)
    assert harbour.asked["/feed"] == 0


async def test_a_publisher_that_does_not_answer_is_given_up_in_time(fetcher: Fetcher) -> None:
    with socket.create_server(("127.0.0.1", 0)) as deaf, pytest.raises(NotFetched, match="in time"):
        await fetcher.feed(f"http://127.0.0.1:{deaf.getsockname()[1]}/feed", internal=True)


async def test_a_body_that_drips_is_given_up_in_time(fetcher: Fetcher) -> None:
    async def drip(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n")
        try:
            for _ in range(100):
                writer.write(b"x")
                await writer.drain()
                await asyncio.sleep(0.2)
        except ConnectionError:
            pass
        finally:
            writer.close()
            ended.set()

    ended = asyncio.Event()
    server = await asyncio.start_server(drip, "127.0.0.1", 0)
    async with server:
        with pytest.raises(NotFetched, match="in time"):
            await fetcher.feed(f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/feed", internal=True)
        await asyncio.wait_for(ended.wait(), 30)


@pytest.mark.parametrize(
    ("status", "words"),
    [(404, "nothing at the feed's address"), (410, "gone for good"), (429, "less often"), (500, "error")],
)
async def test_error_is_told_in_words(desk: Desk, harbour: Outlet, status: int, words: str) -> None:
    harbour.say("/feed", b"", status=status)
    assert words in ((await desk.poll()).error or "")


async def test_what_is_no_feed_is_told_in_words(desk: Desk, harbour: Outlet) -> None:
    harbour.say("/feed", page("Sign in"))
    assert "is no feed" in ((await desk.poll()).error or "")

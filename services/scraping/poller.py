"""One poll of one source: the feed, the pages that it tells of, then the cursor; nothing is remembered before it is in the log."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime, timedelta

from runtime import metrics
from runtime.handling import Output, Reject
from runtime.logs import log
from schemas.facts import PageFetched, PollRecorded
from schemas.outcomes import Outcome
from schemas.sources import FeedEntry, Source, SourceKind
from services.scraping.choosing import Fetched, Want, page_of, same_words, seen_again, seen_as, seen_but_left, wanted
from services.scraping.feeds import NotAFeed, read_feed
from services.scraping.fetcher import Answered, Fetcher, NotFetched, Refused
from services.scraping.polling import FeedAnswer, PollEnd, answered
from services.scraping.recording import Poll, left_out, recorded, worth_writing
from services.scraping.settings import Settings

Put = Callable[[list[Output]], Awaitable[None]]
"""Returns when the outputs are acknowledged."""


class Poller:
    """Polls sources; `clock` tells the time."""

    def __init__(self, settings: Settings, fetcher: Fetcher, put: Put, clock: Callable[[], datetime]) -> None:
        self._settings, self._fetcher, self._put, self._clock = settings, fetcher, put, clock
        self._written: dict[str, datetime] = {}

    async def poll(self, source: Source, cursor: PollRecorded | None) -> PollRecorded:
        """Poll a source once and return its cursor, which is in the log if it says anything new."""
        answer, listed = await self._feed(source, cursor)
        poll = Poll(answer, listed)
        poll.wants = wanted(source, cursor, listed or (), self._clock())
        await self._pages(source, poll)
        after = recorded(source, cursor, poll, self._clock())
        pause = timedelta(seconds=self._settings.unwritten_poll)
        if poll.taken or worth_writing(cursor, after, self._written.get(source.source), pause):
            await self._put([Output("polls-recorded", source.source, after)])
            self._written[source.source] = after.at
        self._count(answer, after)
        return after

    def _count(self, answer: FeedAnswer, after: PollRecorded) -> None:
        metrics.POLLS.labels(poll=answer.end.value).inc()
        if after.new_items:
            metrics.LAST_ITEM.set(after.at.timestamp())
        if after.new_items or answer.error:
            log.info("polled", source=after.source, status=after.status, new=after.new_items, why=answer.error)

    async def _feed(self, source: Source, cursor: PollRecorded | None) -> tuple[FeedAnswer, Sequence[FeedEntry] | None]:
        if source.kind is SourceKind.page:
            return FeedAnswer(PollEnd.changed, 200), (FeedEntry(url=source.url),)
        etag, modified = (cursor.etag, cursor.modified) if cursor else (None, None)
        try:
            found = await self._fetcher.feed(source.url, internal=source.internal, etag=etag, modified=modified)
            return await self._read(found)
        except Refused as error:
            return FeedAnswer(PollEnd.refused, error=str(error)), None
        except NotFetched as error:
            return FeedAnswer(PollEnd.failed, error=str(error)), None

    async def _read(self, found: Answered) -> tuple[FeedAnswer, Sequence[FeedEntry] | None]:
        got = found.fetched
        answer = answered(
            got.status, got.headers.get("retry-after"), moved_to=found.moved_to,
            etag=got.headers.get("etag"), modified=got.headers.get("last-modified"),
        )  # fmt: skip
        if answer.end is not PollEnd.changed:
            return answer, None
        try:
            feed = await asyncio.to_thread(read_feed, got.raw, got.headers.get("content-type", ""), got.final_url)
        except NotAFeed as error:
            return FeedAnswer(PollEnd.invalid, got.status, str(error)), None
        return answer, feed.entries

    async def _pages(self, source: Source, poll: Poll) -> None:
        room = asyncio.Semaphore(self._settings.pages_at_once)

        async def one(want: Want) -> None:
            async with room:
                await self._page(source, want, poll)

        async with asyncio.TaskGroup() as group:
            for want in poll.wants:
                group.create_task(one(want))

    async def _page(self, source: Source, want: Want, poll: Poll) -> None:
        seen = want.seen
        try:
            fetched = await self._fetcher.page(
                want.entry.url,
                internal=source.internal,
                etag=seen.etag if seen else None,
                modified=seen.modified if seen else None,
            )
            await self._took(source, want, fetched, poll)
        except Refused as error:
            await self._left(source, want, error.outcome, str(error), poll)
        except NotFetched as error:
            log.warning("page not fetched", source=source.source, url=want.entry.url[:200], why=str(error))
            if again := seen_again(want, self._clock()):
                poll.updated.append(again.model_copy(update={"entry_sha256": seen.entry_sha256 if seen else None}))

    async def _took(self, source: Source, want: Want, fetched: Fetched, poll: Poll) -> None:
        if fetched.status == 429 or fetched.status >= 500:
            raise NotFetched(f"the page answers with status {fetched.status}")
        now = self._clock()
        gone_later = want.seen is not None and fetched.status >= 400
        if (fetched.status == 304 or gone_later or same_words(want.seen, fetched)) and (again := seen_again(want, now)):
            poll.updated.append(again)
            return
        page = page_of(source, want, fetched, now)
        try:
            await self._put([_output(page)])
        except Reject as error:
            await self._left(source, want, Outcome.page_too_large, str(error), poll)
            return
        poll.updated.append(seen_as(want, page, fetched, now))
        poll.taken.append(want.entry.url)

    async def _left(self, source: Source, want: Want, outcome: Outcome, detail: str, poll: Poll) -> None:
        now = self._clock()
        said = left_out(source, want, outcome, detail, now)
        await self._put([Output("messages-suppressed", said.about, said)])
        poll.updated.append(seen_but_left(want, now))
        log.info("page left", source=source.source, outcome=outcome.value, why=detail)


def _output(page: PageFetched) -> Output:
    return Output("pages-fetched", page.final_url, page)

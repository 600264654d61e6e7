"""Which pages a poll asks for, and what their answers mean."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from schemas.bodies import unpack
from schemas.facts import PollRecorded, SeenPage
from schemas.sources import FeedEntry, Source
from services.scraping.choosing import Fetched, Want, Why, page_of, same_words, seen_as, wanted
from services.scraping.polling import answered
from services.scraping.recording import Poll, recorded, worth_writing

NOW = datetime(2026, 3, 2, 8, tzinfo=UTC)
SOURCE = Source(source="harbour", url="https://harbour.example/feed", outlet="The Harbour Post", interval_seconds=300)


def entry(name: str, published: datetime | None = NOW, **more: str) -> FeedEntry:
    return FeedEntry(
        url=f"https://harbour.example/{name}",
        headline=name,
        published=published.isoformat() if published else None,
        **more,
    )


def fetched(name: str, words: str = "The ferry is late.") -> Fetched:
    url = f"https://harbour.example/{name}"
    return Fetched(url, url, 200, {"content-type": "text/html", "etag": '"1"'}, f"<p>{words}</p>".encode())


def after(entries: list[FeedEntry], cursor: PollRecorded | None = None, at: datetime = NOW) -> PollRecorded:
    """The cursor after a poll that took everything."""
    poll = Poll(answered(200), listed=entries, wants=wanted(SOURCE, cursor, entries, at))
    for want in poll.wants:
        got = fetched(want.entry.url.rsplit("/", 1)[1])
        poll.updated.append(seen_as(want, page_of(SOURCE, want, got, at), got, at))
        poll.taken.append(want.entry.url)
    return recorded(SOURCE, cursor, poll, at)


def test_first_poll_is_back_fill_but_for_the_last_hour() -> None:
    entries = [entry("now"), entry("before", NOW - timedelta(hours=2)), entry("undated", None)]
    assert {want.entry.headline: want.backfill for want in wanted(SOURCE, None, entries, NOW)} == {
        "now": False, "before": True, "undated": True,
    }  # fmt: skip


def test_what_comes_later_is_no_back_fill_even_where_the_feed_was_empty_at_first() -> None:
    later = wanted(SOURCE, after([]), [entry("undated", None)], NOW)
    assert [want.backfill for want in later] == [False]


def test_items_held_back_are_counted() -> None:
    entries = [entry("now"), entry("before", NOW - timedelta(hours=2)), entry("last week", NOW - timedelta(days=7))]
    first = after(entries)
    assert (first.new_items, first.held_as_backfill, first.held_as_old) == (3, 2, 0)
    second = after([*entries, entry("older", NOW - timedelta(days=2))], first)
    assert (second.new_items, second.held_as_backfill, second.held_as_old) == (1, 0, 1)
    assert (second.items_total, second.backfill_total, second.old_total) == (4, 2, 1)


def test_a_known_entry_is_not_asked_for_again() -> None:
    assert wanted(SOURCE, after([entry("a")]), [entry("a")], NOW + timedelta(seconds=10)) == []


def test_an_entry_of_which_the_feed_says_something_else_is_asked_for_again() -> None:
    again = wanted(SOURCE, after([entry("a")]), [entry("a", updated="2026-03-02T08:05:00+00:00")], NOW)
    assert [want.why for want in again] == [Why.changed]
    assert again[0].seen is not None


def test_a_young_page_is_looked_at_again_ever_more_rarely_and_not_for_ever() -> None:
    cursor, looks, at = after([entry("a")]), [], NOW
    while at < NOW + timedelta(days=4):
        at += timedelta(minutes=5)
        if any(want.why is Why.recheck for want in wanted(SOURCE, cursor, [entry("a")], at)):
            looks.append(at - NOW)
            cursor = cursor.model_copy(
                update={"seen": tuple(page.model_copy(update={"checked": at}) for page in cursor.seen)}
            )
    assert looks[0] <= timedelta(minutes=10)
    assert looks[-1] <= timedelta(hours=48)
    assert 5 <= len(looks) <= 20
    assert looks[-1] - looks[-2] > 10 * (looks[1] - looks[0])


def test_what_stood_before_is_part_of_a_pages_id() -> None:
    want = Want(entry("a"), Why.new)
    one = page_of(SOURCE, want, fetched("a"), NOW)
    assert page_of(SOURCE, want, fetched("a"), NOW + timedelta(hours=1)).id == one.id
    seen = seen_as(want, one, fetched("a"), NOW)
    back = page_of(SOURCE, Want(entry("a"), Why.recheck, seen), fetched("a"), NOW)
    assert back.id != one.id
    assert back.previous == one.id


def test_the_bytes_come_back_as_they_were() -> None:
    assert unpack(page_of(SOURCE, Want(entry("a"), Why.new), fetched("a"), NOW).body) == fetched("a").raw


def test_a_page_that_changed_its_markup_alone_says_the_same() -> None:
    want = Want(entry("a"), Why.new)
    seen = seen_as(want, page_of(SOURCE, want, fetched("a"), NOW), fetched("a"), NOW)
    new_token = Fetched(
        "", "", 200, {}, b'<script>token("8f3")</script><p class="x8">The ferry is late.</p><!-- 8 ms -->'
    )
    corrected = Fetched("", "", 200, {}, b"<p>The ferry is early.</p>")
    assert same_words(seen, new_token)
    assert not same_words(seen, corrected)


def test_a_page_that_could_not_be_fetched_keeps_the_feed_from_being_taken_as_read() -> None:
    poll = Poll(answered(200, etag='"a"'), listed=[entry("a")], wants=wanted(SOURCE, None, [entry("a")], NOW))
    assert recorded(SOURCE, None, poll, NOW).etag is None


def test_addresses_that_are_none_of_the_web_are_not_asked_for() -> None:
    entries = [
        entry("a").model_copy(update={"url": url})
        for url in ("", "file:///etc/passwd", "javascript:1", "mailto:a@b.example")
    ]
    assert wanted(SOURCE, None, entries, NOW) == []


def test_a_page_that_the_feed_lists_no_more_is_remembered_while_it_is_young() -> None:
    cursor = after([entry("a")])
    assert [page.url for page in after([entry("b")], cursor, NOW + timedelta(hours=1)).seen] != []
    kept = {page.url for page in after([entry("b")], cursor, NOW + timedelta(hours=1)).seen}
    gone = {page.url for page in after([entry("b")], cursor, NOW + timedelta(days=3)).seen}
    assert "https://harbour.example/a" in kept
    assert "https://harbour.example/a" not in gone


def test_a_poll_that_tells_nothing_new_is_not_written_every_time() -> None:
    first = after([entry("a")])
    second = recorded(SOURCE, first, Poll(answered(304)), NOW + timedelta(seconds=2))
    pause = timedelta(seconds=60)
    assert not worth_writing(first, second, first.at, pause)
    assert worth_writing(first, second, first.at - timedelta(seconds=60), pause)
    assert worth_writing(first, recorded(SOURCE, first, Poll(answered(500)), NOW), first.at, pause)


def test_a_page_seen_before_first_times_were_kept_is_read_as_of_its_last_look() -> None:
    page = SeenPage(url="https://harbour.example/a", page=page_of(SOURCE, Want(entry("a"), Why.new), fetched("a"), NOW).id,
                    body_sha256="x", checked=NOW)  # fmt: skip
    cursor = after([]).model_copy(update={"seen": (page,)})
    assert [want.why for want in wanted(SOURCE, cursor, [], NOW + timedelta(minutes=6))] == [Why.recheck]

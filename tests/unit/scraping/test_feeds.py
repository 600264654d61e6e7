"""A feed's bytes to its entries."""

from __future__ import annotations

import pytest

from services.scraping.feeds import MAX_ENTRIES, NotAFeed, read_feed

URL = "https://harbour.example/feed"
RSS = b"""<?xml version="1.0"?><rss version="2.0"><channel><title>Harbour &amp; Coast</title>
<item><title>&lt;b&gt;Ferry&lt;/b&gt; late</title><link>/a?b=1</link><guid isPermaLink="false">x1</guid>
<pubDate>Mon, 02 Mar 2026 09:00:00 +0200</pubDate><author>ada@harbour.example (Ada Okafor)</author></item></channel></rss>"""
ATOM = b"""<feed xmlns="http://www.w3.org/2005/Atom"><title>Coast</title><link rel="hub" href="https://hub.example/"/>
<entry><title>Ferry late</title><link href="https://harbour.example/a"/><id>tag:1</id><published>2026-03-02T09:00:00+02:00</published>
<updated>2026-03-02T10:00:00Z</updated><author><name>Ada Okafor</name></author></entry></feed>"""
JSON = b"""{"version":"https://jsonfeed.org/version/1.1","title":"Coast","items":[{"id":"1","url":"/a","title":"Ferry late",
"date_published":"2026-03-02T09:00:00+02:00","authors":[{"name":"Ada Okafor"}]}]}"""


def test_rss_entry_has_address_words_time_and_author() -> None:
    feed = read_feed(RSS, "application/rss+xml", URL)
    entry = feed.entries[0]
    assert feed.title == "Harbour & Coast"
    assert (entry.url, entry.headline, entry.guid) == ("https://harbour.example/a?b=1", "Ferry late", "x1")
    assert entry.published == "2026-03-02T07:00:00+00:00"
    assert "Ada Okafor" in entry.authors[0]


def test_atom_entry_has_both_times_and_the_feed_its_hub() -> None:
    feed = read_feed(ATOM, "", URL)
    assert feed.hub == "https://hub.example/"
    assert (feed.entries[0].published, feed.entries[0].updated) == (
        "2026-03-02T07:00:00+00:00",
        "2026-03-02T10:00:00+00:00",
    )


def test_json_feed_is_read() -> None:
    entry = read_feed(JSON, "application/feed+json", URL).entries[0]
    assert (entry.url, entry.headline, entry.authors) == ("https://harbour.example/a", "Ferry late", ("Ada Okafor",))


def test_script_in_a_title_is_no_word_of_it() -> None:
    hostile = RSS.replace(b"&lt;b&gt;Ferry", b"&lt;script&gt;alert(1)&lt;/script&gt;&lt;b&gt;Ferry")
    assert read_feed(hostile, "", URL).entries[0].headline == "Ferry late"


@pytest.mark.parametrize(
    "raw", [b"", b"<!doctype html><title>Sign in</title>", b"{broken", b'{"a": 1}', b"[" * 100_000, b"\xff" * 1000]
)
def test_what_is_no_feed_is_named_so(raw: bytes) -> None:
    with pytest.raises(NotAFeed):
        read_feed(raw, "text/html", URL)


def test_endless_feed_is_cut() -> None:
    item = b"<item><title>a</title><link>https://harbour.example/a</link></item>"
    raw = b'<rss version="2.0"><channel><title>x</title>' + item * (MAX_ENTRIES + 50) + b"</channel></rss>"
    assert len(read_feed(raw, "", URL).entries) == MAX_ENTRIES


def test_entities_that_multiply_do_not() -> None:
    levels = b"".join(b'<!ENTITY l%d "%s">' % (n, b"&l%d;" % (n - 1) * 10) for n in range(1, 12))
    raw = (
        b'<!DOCTYPE rss [<!ENTITY l0 "ha">'
        + levels
        + b']><rss version="2.0"><channel><title>&l11;</title></channel></rss>'
    )
    assert len(read_feed(raw, "", URL).title) < 10_000

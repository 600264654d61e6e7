"""The demonstration's outlets on loopback: feeds and pages of a scenario, whose items appear as its morning goes on.

    python -m deploy.demo.publisher --scenario deploy/demo/morning.yaml --port 18100 --speed 1 --start 2026-11-24T08:00:00+00:00

`/OUTLET/feed.xml` is the feed, `/OUTLET/SLUG` a page, `/` the list of outlets. An item is there `at` seconds divided by the speed after the
start; one that revises another takes its address. Times printed on pages lie on the clock of the services (COPYTASTER_CLOCK_OFFSET_SECONDS).
Both answer conditional requests. With `--step` an item
appears when POST `/show/ITEM` asks for it. The form of a scenario is in README.md beside this file.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import signal
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from html import escape
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, ClassVar

import yaml

from runtime.clock import now

FEED_LENGTH = 30
STYLE = "body{font-family:serif;max-width:42em;margin:auto}"


@dataclass(frozen=True)
class Item:
    """One version of one article of the scenario. `appears` is when the feed shows it, `first` when its address first showed a text."""

    outlet: str
    slug: str
    headline: str
    summary: str
    paragraphs: tuple[str, ...]
    appears: datetime
    published: datetime
    updated: datetime | None = None
    byline: str = ""
    dateline: str = ""
    credit: str = ""


@dataclass(frozen=True)
class Outlet:
    """One outlet of the scenario; `kind` is rss or atom."""

    id: str
    name: str
    title: str
    kind: str
    language: str


class Morning:
    """The scenario, laid on the clock. Raises `ValueError` or `KeyError` for a scenario that breaks its form.

    Stepping, an item is there from when `show` names it, and not before.
    """

    def __init__(self, scenario: dict[str, Any], start: datetime, speed: float, *, stepping: bool = False) -> None:
        self.outlets = {one["id"]: _outlet(one) for one in scenario["sources"]}
        self._given = {one["id"]: one for one in scenario["items"]}
        self._laid = {key: _item(one, self._given, start, speed) for key, one in self._given.items()}
        self._firsts: dict[str, datetime] = {}
        self._stepping = stepping
        self.items = [] if stepping else sorted(self._laid.values(), key=lambda item: item.appears)

    def show(self, key: str, at: datetime) -> bool:
        """Let an item appear now, as the last of all; False if there is none of this name. One without `published` is of this moment."""
        if key not in self._laid:
            return False
        laid, given = self._laid[key], self._given[key]
        published = laid.published if "published" in given else self._firsts.get(laid.slug, at)
        self._firsts.setdefault(laid.slug, published)
        updated = at if laid.updated else None
        self.items = [*self.items, replace(laid, appears=at, published=published, updated=updated)]
        return True

    def shown(self, outlet: str, at: datetime) -> list[Item]:
        """What the outlet shows at this moment, newest first: of each address the last version."""
        there = [item for item in self.items if self._stepping or item.appears <= at]
        last = {item.slug: item for item in there if item.outlet == outlet}
        return sorted(last.values(), key=lambda item: (item.updated or item.published, item.slug), reverse=True)


def _outlet(given: dict[str, Any]) -> Outlet:
    return Outlet(
        given["id"],
        given["outlet"],
        given.get("title", given["outlet"]),
        given.get("kind", "rss"),
        given.get("language", "en"),
    )


def _item(given: dict[str, Any], all_given: dict[str, dict[str, Any]], start: datetime, speed: float) -> Item:
    first = given
    while "revises" in first:
        first = all_given[first["revises"]]
    appears = _moment(start, speed, given["at"])
    revised = first is not given
    return Item(
        outlet=first["source"],
        slug=first["slug"],
        headline=given["headline"],
        summary=given.get("summary", ""),
        paragraphs=tuple(given["paragraphs"]),
        appears=appears,
        published=_moment(start, speed, first.get("published", first["at"])),
        updated=_moment(start, speed, given.get("published", given["at"])) if revised else None,
        byline=given.get("byline", first.get("byline", "")),
        dateline=given.get("dateline", first.get("dateline", "")),
        credit=given.get("credit", first.get("credit", "")),
    )


def _moment(start: datetime, speed: float, seconds: float) -> datetime:
    """A moment of the morning; what lies before its start is not pressed together by the speed."""
    return start + timedelta(seconds=seconds / speed if seconds > 0 else seconds)


def rss(outlet: Outlet, items: list[Item], base: str) -> str:
    """The outlet's feed as RSS 2.0."""
    entries = "".join(
        f"<item><title>{escape(item.headline)}</title><link>{address(item, base)}</link>"
        f'<guid isPermaLink="false">{outlet.id}:{item.slug}</guid><description>{escape(item.summary)}</description>'
        f"<pubDate>{format_datetime(item.published)}</pubDate>"
        + (f"<dc:creator>{escape(item.byline)}</dc:creator>" if item.byline else "")
        + (f"<atom:updated>{item.updated.isoformat()}</atom:updated>" if item.updated else "")
        + "</item>"
        for item in items
    )
    return (
        '<?xml version="1.0" encoding="utf-8"?><rss version="2.0" xmlns:dc="http://purl.org/dc/elements/1.1/"'
        f' xmlns:atom="http://www.w3.org/2005/Atom"><channel><title>{escape(outlet.title)}</title><link>{base}/{outlet.id}/</link>'
        f"<description>{escape(outlet.name)}</description><language>{outlet.language}</language>{entries}</channel></rss>"
    )


def atom(outlet: Outlet, items: list[Item], base: str) -> str:
    """The outlet's feed as Atom."""
    entries = "".join(
        f'<entry><title>{escape(item.headline)}</title><link href="{address(item, base)}"/><id>tag:{outlet.id},2026:{item.slug}</id>'
        f"<published>{item.published.isoformat()}</published><updated>{(item.updated or item.published).isoformat()}</updated>"
        f"<author><name>{escape(item.byline or outlet.name)}</name></author><summary>{escape(item.summary)}</summary></entry>"
        for item in items
    )
    newest = max((item.updated or item.published for item in items), default=datetime(2000, 1, 1, tzinfo=UTC))
    return (
        '<?xml version="1.0" encoding="utf-8"?><feed xmlns="http://www.w3.org/2005/Atom">'
        f"<title>{escape(outlet.title)}</title><id>tag:{outlet.id},2026:feed</id><updated>{newest.isoformat()}</updated>"
        f'<link href="{base}/{outlet.id}/"/>{entries}</feed>'
    )


def address(item: Item, base: str) -> str:
    """Where the item's page is."""
    return f"{base}/{item.outlet}/{item.slug}"


def page(outlet: Outlet, item: Item, older: list[Item], base: str) -> str:
    """The item's page with all that stands around an article; `older` are linked as related."""
    data = {
        "@context": "https://schema.org", "@type": "NewsArticle", "headline": item.headline,
        "datePublished": item.published.isoformat(), "dateModified": (item.updated or item.published).isoformat(),
        "author": [{"@type": "Person", "name": item.byline}] if item.byline else [],
        "publisher": {"@type": "Organization", "name": outlet.name}, "mainEntityOfPage": address(item, base),
    }  # fmt: skip
    linked = json.dumps(data).replace("<", "\\u003c")
    related = "".join(f'<li><a href="{address(one, base)}">{escape(one.headline)}</a></li>' for one in older[:4])
    return (
        f'<!doctype html><html lang="{outlet.language}"><head><meta charset="utf-8"><title>{escape(item.headline)} | {escape(outlet.name)}</title>'
        f'<link rel="canonical" href="{address(item, base)}"><meta property="og:title" content="{escape(item.headline)}">'
        f'<meta property="article:published_time" content="{item.published.isoformat()}"><style>{STYLE}</style>'
        f'<script type="application/ld+json">{linked}</script></head><body>'
        f'<header><a href="/{outlet.id}/">{escape(outlet.name)}</a><nav><ul><li>World</li><li>Business</li><li>Sport</li></ul></nav></header>'
        f'<main><article><h1>{escape(item.headline)}</h1><p class="byline">By {escape(item.byline or outlet.name)}</p>'
        f'<time datetime="{item.published.isoformat()}">{item.published:%d %B %Y, %H:%M} UTC</time>'
        f"{_body(item)}</article>"
        f'<aside class="related"><h2>Related stories</h2><ul>{related}</ul></aside></main>'
        f"<footer><p>Copyright {escape(outlet.name)}. All rights reserved.</p><p>Privacy | Cookies | Contact</p></footer></body></html>"
    )


def _body(item: Item) -> str:
    lead = (
        f"{item.dateline} ({item.credit}) — "
        if item.dateline and item.credit.isupper()
        else f"{item.dateline} — "
        if item.dateline
        else ""
    )
    told = [f"<p>{escape(lead if place == 0 else '')}{escape(text)}</p>" for place, text in enumerate(item.paragraphs)]
    figure = (
        '<figure><img src="/picture.jpg" alt=""><figcaption>A street in the old town, seen from the station roof '
        "(Ada Okafor/Harbour Pictures)</figcaption></figure>"
    )
    prompt = (
        '<div class="newsletter-signup"><p>Sign up for our morning briefing, free in your inbox every day.</p></div>'
    )
    credit = f'<p class="agency">{escape(item.credit)}</p>' if item.credit else ""
    return told[0] + figure + "".join(told[1:3]) + prompt + "".join(told[3:]) + credit


class Desk:
    """What each path answers at a moment: media type, body and when it last changed; None where there is nothing."""

    def __init__(self, morning: Morning, base: str, clock: Callable[[], datetime]) -> None:
        self._morning, self._base, self._clock = morning, base, clock

    def answer(self, path: str) -> tuple[str, str, datetime] | None:
        """The document at this path."""
        if path == "/":
            return self._front()
        if path == "/robots.txt":
            return "text/plain", "User-agent: *\nDisallow: /private/\n", datetime(2026, 1, 1, tzinfo=UTC)
        outlet, _, name = path.strip("/").partition("/")
        if outlet not in self._morning.outlets:
            return None
        shown = self._morning.shown(outlet, self._clock())
        return self._feed(outlet, shown) if name == "feed.xml" else self._page(outlet, shown, name)

    def show(self, item: str) -> bool:
        """Let an item appear now; False if there is none of this name."""
        return self._morning.show(item, self._clock())

    def _front(self) -> tuple[str, str, datetime]:
        listed = "".join(
            f'<li>{escape(one.name)}: <a href="/{one.id}/feed.xml">feed</a></li>'
            for one in self._morning.outlets.values()
        )
        return (
            "text/html; charset=utf-8",
            f"<!doctype html><title>Outlets</title><ul>{listed}</ul>",
            datetime(2026, 1, 1, tzinfo=UTC),
        )

    def _feed(self, outlet: str, shown: list[Item]) -> tuple[str, str, datetime]:
        one = self._morning.outlets[outlet]
        kind, write = ("application/atom+xml", atom) if one.kind == "atom" else ("application/rss+xml", rss)
        changed = max((item.appears for item in shown), default=datetime(2026, 1, 1, tzinfo=UTC))
        return f"{kind}; charset=utf-8", write(one, shown[:FEED_LENGTH], self._base), changed

    def _page(self, outlet: str, shown: list[Item], name: str) -> tuple[str, str, datetime] | None:
        item = next((one for one in shown if one.slug == name), None)
        if item is None:
            return None
        older = [one for one in shown if one.published < item.published and one.updated is None]
        return "text/html; charset=utf-8", page(self._morning.outlets[outlet], item, older, self._base), item.appears


class Handler(BaseHTTPRequestHandler):
    """Answers GET and HEAD, with 304 where the caller has it already."""

    desk: ClassVar[Desk]
    protocol_version = "HTTP/1.1"
    timeout = 30

    def do_GET(self) -> None:
        """Answer one request."""
        found = self.desk.answer(self.path.split("?")[0])
        if found is None:
            self._send(
                404,
                "text/html; charset=utf-8",
                b"<!doctype html><title>404 Not found</title><h1>Page not found</h1>",
                {},
            )
            return
        kind, text, changed = found
        body = text.encode()
        etag = f'"{hashlib.sha256(body).hexdigest()[:20]}"'
        known = self.headers.get("If-None-Match") == etag
        validators = {"ETag": etag, "Last-Modified": format_datetime(changed.replace(microsecond=0), usegmt=True)}
        self._send(304 if known else 200, kind, b"" if known else body, validators)

    def do_POST(self) -> None:
        """Show an item: `/show/ITEM`."""
        known = self.path.startswith("/show/") and self.desk.show(self.path.removeprefix("/show/"))
        self._send(204 if known else 404, "text/plain", b"", {})

    do_HEAD = do_GET  # noqa: N815

    def _send(self, status: int, kind: str, body: bytes, more: dict[str, str]) -> None:
        self.send_response(status)
        for name, value in {"Content-Type": kind, "Content-Length": str(len(body)), **more}.items():
            self.send_header(name, value)
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name is http.server's
        """Say nothing: every poll would be a line."""


def serve(
    morning: Morning, port: int, clock: Callable[[], datetime] = now, host: str = "127.0.0.1", name: str | None = None
) -> ThreadingHTTPServer:
    """A server, not yet running, one a process; port 0 takes a free one. `name` is how others call the host, else `host`."""
    server = ThreadingHTTPServer((host, port), Handler)
    server.daemon_threads = True
    Handler.desk = Desk(morning, f"http://{name or host}:{server.server_address[1]}", clock)
    return server


def main() -> None:
    """Serve until told to stop."""
    ask = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ask.add_argument("--scenario", type=Path, required=True)
    ask.add_argument("--port", type=int, default=18100)
    ask.add_argument("--speed", type=float, default=1.0)
    ask.add_argument("--start", type=datetime.fromisoformat, default=None, help="when the morning begins; default now")
    ask.add_argument("--step", action="store_true", help="show an item only when it is asked for")
    ask.add_argument(
        "--host", default="127.0.0.1", help="loopback unless the publisher stands in a container of its own"
    )
    ask.add_argument("--name", default=None, help="how others call this host, for the addresses in feeds")
    told = ask.parse_args()
    scenario = yaml.safe_load(told.scenario.read_text(encoding="utf-8"))
    start = (told.start or now().replace(microsecond=0)).astimezone(UTC)
    server = serve(Morning(scenario, start, told.speed, stepping=told.step), told.port, host=told.host, name=told.name)
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    print(f"outlets at http://127.0.0.1:{server.server_address[1]}/", flush=True)
    try:
        server.serve_forever()
    except KeyboardInterrupt:
        server.server_close()


if __name__ == "__main__":
    main()

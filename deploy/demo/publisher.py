"""The outlets of the demonstration: feeds and pages of a scripted morning, served on loopback as time goes by.

    python -m deploy.demo.publisher --scenario deploy/demo/morning.yaml --port 18100 --speed 5

Every outlet has a feed (RSS or Atom) with validators and a page for each item, with the furniture that real pages have. A revised item
replaces its page and keeps its address. With `--step` nothing appears by the clock: `POST /show/ITEM` shows one item, for tests.
"""

from __future__ import annotations

import argparse
import hashlib
import html
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

import uvicorn
import yaml
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from runtime.clock import now as clock

NEXT_PARAGRAPHS = 3


@dataclass(frozen=True)
class Item:
    """One version of one article of the script. `at` and `published` are seconds from the start."""

    id: str
    source: str
    at: float
    published: float
    slug: str
    headline: str
    summary: str
    byline: str
    dateline: str
    credit: str
    paragraphs: tuple[str, ...]
    revises: str | None = None
    caption: str = ""


@dataclass
class Morning:
    """The script and how far it is told. `shown` is for stepping: item ids in the order in which they were shown, with their times."""

    sources: dict[str, dict[str, Any]]
    items: tuple[Item, ...]
    start: datetime
    speed: float
    stepping: bool
    shown: dict[str, datetime] = field(default_factory=dict)

    def shown_at(self, item: Item) -> datetime | None:
        """When the item appeared; None while it has not."""
        if self.stepping:
            return self.shown.get(item.id)
        due = self.start + timedelta(seconds=item.at / self.speed)
        return due if due <= clock() else None

    def published_at(self, item: Item) -> datetime:
        """The time that the page gives: when it appeared, moved by what the script says of its age."""
        appeared = self.shown_at(item) or self.start
        return appeared + timedelta(seconds=item.published - item.at)

    def on_air(self, source: str) -> list[tuple[Item, Item]]:
        """The outlet's articles, newest first: (the version that shows now, the first version of that article)."""
        latest: dict[str, tuple[Item, Item]] = {}
        for item in self.items:
            if item.source == source and self.shown_at(item):
                first = latest[item.slug][1] if item.slug in latest else item
                latest[item.slug] = (item, first)
        return sorted(latest.values(), key=lambda pair: self.published_at(pair[1]), reverse=True)


def read_morning(path: Path, start: datetime, speed: float, *, stepping: bool) -> Morning:
    """The script of a YAML file; a revision takes the address of what it revises."""
    scenario = yaml.safe_load(path.read_text(encoding="utf-8"))
    slugs: dict[str, str] = {}
    items = []
    for given in scenario["items"]:
        slug = slugs.get(given.get("revises", ""), given.get("slug", given["id"]))
        slugs[given["id"]] = slug
        items.append(_item(given, slug))
    sources = {source["id"]: source for source in scenario["sources"]}
    return Morning(sources, tuple(items), start, speed, stepping)


def _item(given: dict[str, Any], slug: str) -> Item:
    return Item(
        id=given["id"],
        source=given["source"],
        at=float(given["at"]),
        published=float(given.get("published", given["at"])),
        slug=slug,
        headline=given["headline"],
        summary=given.get("summary", ""),
        byline=given.get("byline", ""),
        dateline=given.get("dateline", ""),
        credit=given.get("credit", ""),
        paragraphs=tuple(given["paragraphs"]),
        revises=given.get("revises"),
        caption=given.get("caption", ""),
    )


def feed(morning: Morning, source: str, base: str) -> str:
    """The outlet's feed as it stands now, RSS 2.0 or Atom 1.0."""
    entries = morning.on_air(source)
    given = morning.sources[source]
    return (_atom if given.get("kind") == "atom" else _rss)(morning, given, entries, base)


def _rss(morning: Morning, source: dict[str, Any], entries: list[tuple[Item, Item]], base: str) -> str:
    items = "".join(
        f"<item><title>{escape(item.headline)}</title><link>{base}/{source['id']}/{item.slug}</link>"
        f'<guid isPermaLink="false">{source["id"]}:{item.slug}</guid><description>{escape(item.summary)}</description>'
        f"<pubDate>{format_datetime(morning.published_at(first))}</pubDate></item>"
        for item, first in entries
    )
    return (
        f'<?xml version="1.0" encoding="utf-8"?><rss version="2.0"><channel><title>{escape(source["title"])}</title>'
        f"<link>{base}/{source['id']}/</link><description>{escape(source['outlet'])}</description>{items}</channel></rss>"
    )


def _atom(morning: Morning, source: dict[str, Any], entries: list[tuple[Item, Item]], base: str) -> str:
    items = "".join(
        f"<entry><title>{escape(item.headline)}</title><id>{base}/{source['id']}/{item.slug}</id>"
        f'<link rel="alternate" href="{base}/{source["id"]}/{item.slug}"/><summary>{escape(item.summary)}</summary>'
        f"<published>{morning.published_at(first).isoformat()}</published><updated>{morning.published_at(item).isoformat()}</updated></entry>"
        for item, first in entries
    )
    updated = max((morning.published_at(item) for item, _ in entries), default=morning.start).isoformat()
    return (
        f'<?xml version="1.0" encoding="utf-8"?><feed xmlns="http://www.w3.org/2005/Atom"><title>{escape(source["title"])}</title>'
        f"<id>{base}/{source['id']}/</id><updated>{updated}</updated>{items}</feed>"
    )


def page(morning: Morning, item: Item, first: Item, base: str) -> str:
    """The article's page: the text between the menus, captions and teasers that surround it on real pages."""
    source = morning.sources[item.source]
    published, updated = morning.published_at(first), morning.published_at(item)
    others = [other for other, _ in morning.on_air(item.source) if other.slug != item.slug][:4]
    related = "".join(
        f'<li><a href="/{other.source}/{other.slug}">{html.escape(other.headline)}</a></li>' for other in others
    )
    opening = f'<span class="dateline">{html.escape(item.dateline)}</span> — ' if item.dateline else ""
    texts = [html.escape(text, quote=False) for text in item.paragraphs]
    body = "".join(f"<p>{opening if number == 0 else ''}{text}</p>" for number, text in enumerate(texts))
    figure = (
        f"<figure><img alt='' src='/static/none.jpg'><figcaption>{html.escape(item.caption)}</figcaption></figure>"
        if item.caption
        else ""
    )
    credit = f'<p class="credit">{html.escape(item.credit)}</p>' if item.credit else ""
    address = f"{base}/{item.source}/{item.slug}"
    return (
        f'<!doctype html><html lang="{source.get("language", "en")}"><head><meta charset="utf-8"><title>{html.escape(item.headline)} | '
        f'{html.escape(source["outlet"])}</title><link rel="canonical" href="{address}"><meta property="og:type" content="article">'
        f'<meta property="og:title" content="{html.escape(item.headline)}"><meta property="og:site_name" content="{html.escape(source["outlet"])}">'
        f'<meta name="author" content="{html.escape(item.byline)}"><meta property="article:published_time" content="{published.isoformat()}">'
        f'<meta property="article:modified_time" content="{updated.isoformat()}"></head><body>'
        f'<header><a href="/{item.source}/">{html.escape(source["outlet"])}</a><nav><ul><li><a href="/{item.source}/">World</a></li>'
        f'<li><a href="/{item.source}/">Business</a></li><li><a href="/{item.source}/">Sport</a></li></ul></nav></header>'
        f'<main><article><h1>{html.escape(item.headline)}</h1><p class="byline">By {html.escape(item.byline)}</p>'
        f'<time datetime="{published.isoformat()}">{published:%d %B %Y, %H:%M} UTC</time>{figure}'
        f'<div class="article-body">{body}{credit}</div></article></main>'
        f'<aside><h2>More stories</h2><ul>{related}</ul><form><label>Get our newsletter <input type="email"></label></form></aside>'
        f"<footer><p>© {html.escape(source['outlet'])}. All rights reserved.</p></footer></body></html>"
    )


def answered(request: Request, text: str, kind: str, modified: datetime) -> Response:
    """The text with validators; 304 where the reader has it already."""
    tag = f'"{hashlib.sha256(text.encode()).hexdigest()[:20]}"'
    headers = {
        "etag": tag,
        "last-modified": format_datetime(modified.replace(microsecond=0), usegmt=True),
        "cache-control": "max-age=0",
    }
    if request.headers.get("if-none-match") == tag:
        return Response(status_code=304, headers=headers)
    return Response(text, media_type=kind, headers=headers)


def application(morning: Morning) -> Starlette:
    """All outlets as one application."""

    async def give_feed(request: Request) -> Response:
        source = request.path_params["source"]
        if source not in morning.sources:
            return Response("no such outlet", 404)
        base = str(request.base_url).rstrip("/")
        kind = "application/atom+xml" if morning.sources[source].get("kind") == "atom" else "application/rss+xml"
        return answered(request, feed(morning, source, base), kind, clock().astimezone(UTC))

    async def give_page(request: Request) -> Response:
        for item, first in morning.on_air(request.path_params["source"]):
            if item.slug == request.path_params["slug"]:
                text = page(morning, item, first, str(request.base_url).rstrip("/"))
                return answered(request, text, "text/html; charset=utf-8", morning.published_at(item).astimezone(UTC))
        return Response("no such article", 404)

    async def show(request: Request) -> Response:
        wanted = request.path_params["item"]
        if not morning.stepping or wanted not in {item.id for item in morning.items}:
            return Response(f"{wanted!r} cannot be shown: no such item, or not started with --step", 404)
        morning.shown[wanted] = clock()
        return JSONResponse({"shown": wanted})

    async def robots(_: Request) -> Response:
        return Response("User-agent: *\nAllow: /\n", media_type="text/plain")

    async def front(_: Request) -> Response:
        told = {source: [item.headline for item, _ in morning.on_air(source)] for source in morning.sources}
        return JSONResponse({"start": morning.start.isoformat(), "speed": morning.speed, "outlets": told})

    return Starlette(
        routes=[
            Route("/", front),
            Route("/robots.txt", robots),
            Route("/show/{item}", show, methods=["POST"]),
            Route("/{source}/feed.xml", give_feed),
            Route("/{source}/{slug}", give_page),
        ]
    )


def main() -> None:
    """Serve until stopped."""
    ask = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ask.add_argument("--scenario", type=Path, default=Path(__file__).parent / "morning.yaml")
    ask.add_argument("--port", type=int, default=18100)
    ask.add_argument("--speed", type=float, default=1.0)
    ask.add_argument("--start", type=datetime.fromisoformat, default=None, help="ISO 8601 with zone; default now")
    ask.add_argument("--step", action="store_true", help="show items only when told to")
    said = ask.parse_args()
    start = said.start or clock()
    morning = read_morning(said.scenario, start, said.speed, stepping=said.step)
    uvicorn.run(
        application(morning), host="127.0.0.1", port=said.port, log_level="warning", timeout_graceful_shutdown=1
    )


if __name__ == "__main__":
    main()

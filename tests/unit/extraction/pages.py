"""Pages for the tests of extraction."""

from __future__ import annotations

import hashlib
import json
from datetime import UTC, datetime
from typing import Any

from schemas.articles import Article, Outlet
from schemas.base import Meta
from schemas.bodies import pack
from schemas.facts import PageFetched
from schemas.ids import page_id, trace_id
from schemas.outcomes import Outcome
from services.extraction.reading import Suppression, read

FETCHED = datetime(2026, 3, 2, 12, tzinfo=UTC)
URL = "https://www.harbour.example/news/ferry"
TEXT = (
    "The ferry to the outer islands was late again on Monday, the harbour master said, after a week of fog.",
    "Two hundred passengers waited in the hall of the old station while the crew looked for a second pilot.",
    "“We sail when we can see the breakwater,” the harbour master, Ada Okafor, told reporters at the quay.",
)


def html(*body: str, head: str = "", title: str = "Ferry to the islands is late again", lang: str = "en") -> str:
    return f'<html lang="{lang}"><head><title>{title} | The Harbour Post</title>{head}</head><body>{"".join(body)}</body></html>'


def story(*more: str, head: str = "", headline: str = "Ferry to the islands is late again") -> str:
    told = "".join(f"<p>{text}</p>" for text in TEXT)
    return html(f"<main><article><h1>{headline}</h1>{told}{''.join(more)}</article></main>", head=head)


def linked(**said: Any) -> str:
    return f'<script type="application/ld+json">{json.dumps({"@type": "NewsArticle", **said})}</script>'


def page(markup: str | bytes, url: str = URL, **more: Any) -> PageFetched:
    raw = markup.encode() if isinstance(markup, str) else markup
    digest = hashlib.sha256(raw).hexdigest()
    identity = page_id(url, digest, None)
    given = {
        "id": identity, "meta": Meta(trace=trace_id(identity), root_at=FETCHED), "source": "harbour",
        "outlet": Outlet(source="harbour", name="The Harbour Post", tier=2), "url": url, "final_url": url, "status": 200,
        "content_type": "text/html", "body": pack(raw), "body_sha256": digest, "fetched": FETCHED,
    }  # fmt: skip
    return PageFetched(**(given | more))


def reading(markup: str | bytes, url: str = URL, **more: Any) -> Any:
    raw = markup.encode() if isinstance(markup, str) else markup
    return read(page(raw, url, **more), raw)


def article(markup: str | bytes, url: str = URL, **more: Any) -> Article:
    found = reading(markup, url, **more)
    assert not isinstance(found, Suppression), found
    return found.article  # type: ignore[no-any-return]


def reason(markup: str | bytes, **more: Any) -> Outcome:
    found = reading(markup, **more)
    assert isinstance(found, Suppression), found.article.text[:200]
    return found.outcome

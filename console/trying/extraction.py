"""`copytaster try extraction`: a page in, what it says out."""

from __future__ import annotations

import base64
import binascii
import hashlib
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from console.trying import Answering, Line, LineRejected, Options
from schemas.articles import Article, Outlet
from schemas.base import Meta
from schemas.facts import PageFetched
from schemas.ids import page_id, trace_id
from services.extraction.reading import Suppression, read

WITHOUT_MEMORY = True


def opened(options: Options) -> Answering:
    """The reading of one page after the other; a page without article is rejected with its reason."""
    now = datetime.now(UTC)
    return lambda line: _answer(line, now)


def _answer(line: Line, now: datetime) -> Line:
    raw = _bytes(line.get("html_base64"))
    found = read(_page(str(line.get("url") or "https://page.invalid/"), raw, now), raw)
    if isinstance(found, Suppression):
        raise LineRejected(found.outcome.value)
    return _shown(found.article)


def _bytes(value: Any) -> bytes:
    try:
        return base64.b64decode(value or "", validate=True)
    except (binascii.Error, TypeError, ValueError) as error:
        raise LineRejected("malformed") from error


def _page(url: str, raw: bytes, now: datetime) -> PageFetched:
    digest = hashlib.sha256(raw).hexdigest()
    page: UUID = page_id(url, digest, None)
    return PageFetched(
        id=page,
        meta=Meta(trace=trace_id(page), root_at=now),
        source="try",
        outlet=Outlet(source="try", name="", tier=2),
        url=url,
        final_url=url,
        status=200,
        body="",
        body_sha256=digest,
        fetched=now,
    )


def _shown(article: Article) -> Line:
    return {
        "headline": article.headline,
        "text": article.text,
        "authors": list(article.authors),
        "published": article.published.isoformat() if article.published else None,
        "updated": article.updated.isoformat() if article.updated else None,
        "language": article.language,
        "canonical_url": article.canonical_url,
        "agency": article.credit.agency,
    }

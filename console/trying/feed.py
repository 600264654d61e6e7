"""`copytaster try feed`: a feed's bytes in, its entries out."""

from __future__ import annotations

import base64
import binascii

from console.trying import Answering, Line, LineRejected, Options
from schemas.sources import FeedEntry
from services.scraping.feeds import NotAFeed, read_feed

WITHOUT_MEMORY = True


def opened(options: Options) -> Answering:
    """The reading of one feed after the other; what is no feed is rejected as `invalid`."""
    return _answer


def _answer(line: Line) -> Line:
    try:
        raw = base64.b64decode(line.get("content_base64") or "", validate=True)
        feed = read_feed(raw, str(line.get("content_type") or ""), str(line.get("url") or ""))
    except NotAFeed as error:
        raise LineRejected("invalid") from error
    except (binascii.Error, TypeError) as error:
        raise LineRejected("malformed") from error
    return {"entries": [_shown(entry) for entry in feed.entries], "hub": feed.hub, "title": feed.title}


def _shown(entry: FeedEntry) -> Line:
    said = entry.model_dump(exclude={"guid", "authors"})
    return {"id": entry.guid, **said, "authors": list(entry.authors)}

"""The headline: what stands over the text, believed most where the page's tags say the same."""

from __future__ import annotations

import re

from rapidfuzz.fuzz import ratio

from schemas.sources import FeedEntry
from services.extraction.linked_data import LinkedData
from services.extraction.markup import Element, spoken
from services.extraction.meta_tags import first

MAX_LENGTH = 500
_SEPARATOR = re.compile(r"\s+(?:[|·»•—–-]|::)\s+")
_SAME = 88.0


def headline_of(root: Element, tags: dict[str, list[str]], data: LinkedData, entry: FeedEntry | None) -> str:
    """The headline, an empty text where the page and the feed have none."""
    title = " ".join((root.findtext(".//title") or "").split())
    said = [
        text
        for text in (data.headline, first(tags, "og:title", "twitter:title"), entry.headline if entry else "")
        if text
    ]
    shown = [text for heading in root.iter("h1") if 2 < len(text := spoken(heading)) <= MAX_LENGTH]
    confirmed = next((text for text in shown if _confirmed(text, [*said, title])), None)
    chosen = confirmed or next(iter(_long(shown)), None) or _without_outlet(next(iter(said), title))
    return chosen[:MAX_LENGTH].strip()


def _confirmed(shown: str, said: list[str]) -> bool:
    lowered = shown.casefold()
    return any(lowered in text.casefold() or ratio(lowered, text.casefold()) >= _SAME for text in said) and " " in shown


def _long(shown: list[str]) -> list[str]:
    return [text for text in shown if text.count(" ") >= 2]


def _without_outlet(title: str) -> str:
    """A title without the outlet's name behind its last separator."""
    parts = _SEPARATOR.split(title)
    return (
        title if len(parts) < 2 or len(parts[-1].split()) > 4 else title[: title.rfind(parts[-1])].rstrip(" |·»•—–-:")
    )

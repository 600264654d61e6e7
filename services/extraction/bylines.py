"""Who wrote it: people named by the page's data, tags or byline, and nothing that is an outlet, a role or an address."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from schemas.sources import FeedEntry
from services.extraction.linked_data import LinkedData
from services.extraction.markup import Element, spoken

MAX_AUTHORS = 12
MAX_MARKED = 6
_META = (
    "author",
    "article:author",
    "parsely-author",
    "byl",
    "dc.creator",
    "sailthru.author",
    "cxenseparse:author",
    "citation_author",
)
_SPLIT = re.compile(r"\s*(?:[,;|•·/]|\band\b|\bund\b|&|\bwith\b|\n)\s*")
_LEAD = re.compile(
    r"^(?:(?:written|reported|posted|story|words|text|article)\s+)?(?:by|von|par|por)\b[:\s]*", re.IGNORECASE
)
_TAIL = re.compile(
    r"\s+(?:in|at|for|of|is|reports?|contributor|correspondent|reporter|editor|writer|staff|columnist|updated|published)\b.*$",
    re.IGNORECASE,
)
_NO_PERSON = re.compile(
    r"https?:|www\.|@|\d|\b(?:staff|desk|news|newsroom|team|editors?|editorial|admin|agenc(?:y|ies)|press|media|wire|correspondents?|"
    r"reporters?|contributors?|writers?|guest|online|service|board|reuters|afp|updated|published|minutes?|read|follow|share|senior|"
    r"comments?|author|department|office|magazine|times|post|tv|radio|the|about|more|subscribe|sponsored|getty|images?)\b",
    re.IGNORECASE,
)
_BY_CLASS = re.compile(r"(?:^|[\s_-])by-?line(?:$|[\s_-])|(?:^|\s)author(?:$|\s)|author[-_]?name|byline", re.IGNORECASE)
_BY_TAGS = ("a", "span", "p", "div", "address", "li")


def authors_of(root: Element, tags: dict[str, list[str]], data: LinkedData, entry: FeedEntry | None) -> tuple[str, ...]:
    """Names of people in the order of the byline; empty where nobody is named."""
    sources: Iterable[Iterable[str]] = (
        data.authors,
        (text for name in _META for text in tags.get(name, [])),
        _marked(root),
        entry.authors if entry else (),
    )
    for texts in sources:
        if names := _names(texts, data.outlet):
            return names[:MAX_AUTHORS]
    return ()


def _marked(root: Element) -> Iterator[str]:
    count = 0
    for element in root.iter():
        if _is_byline(element) and 3 < len(text := spoken(element)) <= 120:
            yield text
            count += 1
        if count == MAX_MARKED:
            return


def _is_byline(element: Element) -> bool:
    if element.get("rel") == "author" or "author" in (element.get("itemprop") or ""):
        return True
    said = element.get("class") if element.tag in _BY_TAGS else None
    return bool(said and _BY_CLASS.search(said))


def _names(texts: Iterable[str], outlet: str) -> tuple[str, ...]:
    found: dict[str, str] = {}
    for text in texts:
        for piece in _SPLIT.split(_LEAD.sub("", text.strip())):
            name = _person(piece)
            if name and name.casefold() != outlet.casefold():
                found.setdefault(name.casefold(), name)
    return tuple(found.values())


def _person(piece: str) -> str | None:
    """The piece as a name, None if it is not the name of a person: two to five words, each with a capital or a particle."""
    name = _TAIL.sub("", _LEAD.sub("", piece)).strip(' .:-–—()[]"“”*')
    words = name.split()
    if not 2 <= len(words) <= 5 or len(name) > 60 or _NO_PERSON.search(name):
        return None
    capitals = sum(word[0].isupper() or not word[0].isascii() for word in words)
    return _cased(name) if capitals >= 2 or name.islower() else None


def _cased(name: str) -> str:
    return name.title() if (name.isupper() and len(name) > 8) or name.islower() else name

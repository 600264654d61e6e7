"""What a page says of itself in its head: meta tags and links, by name in lower case."""

from __future__ import annotations

from services.extraction.markup import Element

_NAMED_BY = ("property", "name", "itemprop", "http-equiv")
MAX_TAGS = 500


def meta_tags(root: Element) -> dict[str, list[str]]:
    """The contents of all meta tags by their name, in the order of the page."""
    found: dict[str, list[str]] = {}
    for count, tag in enumerate(root.iter("meta")):
        if count > MAX_TAGS:
            break
        content = " ".join((tag.get("content") or "").split())[:2000]
        for attribute in _NAMED_BY:
            if content and (name := tag.get(attribute)):
                found.setdefault(name.lower(), []).append(content)
    return found


def first(tags: dict[str, list[str]], *names: str) -> str:
    """The first content of the first of these names that the page has, else an empty text."""
    return next((tags[name][0] for name in names if name in tags), "")


def links(root: Element) -> dict[str, str]:
    """The first link of each `rel` of the page, as written."""
    found: dict[str, str] = {}
    for link in root.iter("link"):
        for rel in (link.get("rel") or "").lower().split():
            if link.get("href"):
                found.setdefault(rel, str(link.get("href")).strip())
    return found

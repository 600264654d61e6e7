"""What a page says of itself in JSON-LD (schema.org): headline, people, times, kind."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from services.extraction.markup import Element

MAX_BLOCK = 500_000
MAX_NODES = 5_000

_ARTICLE = re.compile(r"(Article|BlogPosting|Report|NewsItem)$")
_PAGE_KINDS = {
    "CollectionPage", "SearchResultsPage", "ProfilePage", "ItemList", "VideoObject", "AudioObject", "ImageGallery", "MediaGallery",
    "Product", "FAQPage", "ContactPage", "CheckoutPage",
}  # fmt: skip


@dataclass(frozen=True)
class LinkedData:
    """The first article of the page as its JSON-LD describes it; `kinds` are all types that stand at the top."""

    headline: str = ""
    published: str = ""
    updated: str = ""
    authors: tuple[str, ...] = ()
    url: str = ""
    language: str = ""
    outlet: str = ""
    is_article: bool = False
    kinds: frozenset[str] = frozenset()


def linked_data(root: Element) -> LinkedData:
    """What the page's JSON-LD says; blocks that are broken or too large are passed over."""
    nodes = [node for block in _blocks(root) for node in _top(block)]
    articles = [node for node in nodes if any(_ARTICLE.search(kind) for kind in _kinds(node))]
    kinds = frozenset(kind for node in nodes for kind in _kinds(node))
    chosen = max(articles, key=_weight, default=None)
    return LinkedData(kinds=kinds) if chosen is None else _read(chosen, kinds)


def is_list_or_player(data: LinkedData) -> bool:
    """Whether the page calls itself something that is read in no article."""
    return not data.is_article and bool(data.kinds & _PAGE_KINDS)


def _blocks(root: Element) -> Iterator[Any]:
    for script in root.iter("script"):
        if "ld+json" not in (script.get("type") or "") or not script.text or len(script.text) > MAX_BLOCK:
            continue
        try:
            yield json.loads(script.text.strip().rstrip(";"), strict=False)
        except (ValueError, RecursionError):
            continue


def _top(block: Any) -> Iterator[dict[str, Any]]:
    """The nodes of a block, `@graph` and `mainEntity` opened."""
    waiting, seen = [block], 0
    while waiting and seen < MAX_NODES:
        node, seen = waiting.pop(0), seen + 1
        if isinstance(node, list):
            waiting.extend(node)
        elif isinstance(node, dict):
            yield node
            waiting.extend(
                value
                for key in ("@graph", "mainEntity", "mainEntityOfPage")
                if isinstance(value := node.get(key), dict | list)
            )


def _kinds(node: dict[str, Any]) -> list[str]:
    said = node.get("@type")
    return [str(kind).rsplit("/", 1)[-1] for kind in (said if isinstance(said, list) else [said]) if kind]


def _weight(node: dict[str, Any]) -> int:
    return sum(bool(node.get(key)) for key in ("headline", "datePublished", "author", "articleBody"))


def _read(node: dict[str, Any], kinds: frozenset[str]) -> LinkedData:
    return LinkedData(
        headline=_text(node.get("headline") or node.get("name")),
        published=_text(node.get("datePublished") or node.get("dateCreated")),
        updated=_text(node.get("dateModified")),
        authors=tuple(_people(node.get("author") or node.get("creator"))),
        url=_text(_address(node.get("mainEntityOfPage")) or node.get("url")),
        language=_text(node.get("inLanguage")),
        outlet=next(iter(_people(node.get("publisher"))), ""),
        is_article=True,
        kinds=kinds,
    )


def _text(value: Any) -> str:
    value = value[0] if isinstance(value, list) and value else value
    if isinstance(value, dict):
        value = value.get("@value") or value.get("name")
    plain = re.sub(r"<[^<>]{1,200}>", "", html.unescape(value)) if isinstance(value, str) else ""
    return " ".join(plain.split())[:2000]


def _address(value: Any) -> str:
    if isinstance(value, dict):
        value = value.get("@id") or value.get("url")
    return value if isinstance(value, str) else ""


def _people(value: Any) -> Iterator[str]:
    for person in (value if isinstance(value, list) else [value])[:20]:
        named = person.get("name") if isinstance(person, dict) else person
        for name in named if isinstance(named, list) else [named]:
            if isinstance(name, str) and name.strip():
                yield _text(name)

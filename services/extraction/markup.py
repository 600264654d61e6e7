"""A page as a tree, within bounds that a hostile page cannot stretch."""

from __future__ import annotations

import re
from typing import Any, TypeAlias

import lxml.html
from lxml.etree import LxmlError

MAX_CHARACTERS = 5_000_000
MAX_ELEMENTS = 60_000
"""More than this is no article: the largest of 421 real ones has 5,145."""
MAX_DEPTH = 250

_DROPPED = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")

MAX_ATTRIBUTES = 2_000
"""Of one element: the parser compares each with all others."""
_QUOTED = re.compile(r"\"[^\"]*\"|'[^']*'")
_LONG_TAG = re.compile(r"<[a-zA-Z/][^<>]{10000,}")

Element: TypeAlias = Any
"""An `lxml.html.HtmlElement`; its stubs know no types."""


def tree_of(markup: str) -> Element | None:
    """The root of a page, None where nothing could be parsed or the page is beyond the bounds."""
    cleaned = _DROPPED.sub(" ", markup[:MAX_CHARACTERS]).strip()
    if any(len(_QUOTED.sub("", tag[0]).split()) > MAX_ATTRIBUTES for tag in _LONG_TAG.finditer(cleaned)):
        return None
    parser = lxml.html.HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True, huge_tree=False)
    try:
        root = lxml.html.document_fromstring(cleaned.encode("utf-8", "replace"), parser=parser)
    except (LxmlError, ValueError):
        return None
    return root if _bounded(root) else None


def _bounded(root: Element) -> bool:
    depth = 0
    open_elements: list[Element] = []
    for count, element in enumerate(root.iter()):
        parent = element.getparent()
        while open_elements and open_elements[-1] is not parent:
            open_elements.pop()
        open_elements.append(element)
        depth = max(depth, len(open_elements))
        if count > MAX_ELEMENTS or depth > MAX_DEPTH:
            return False
    return True


def spoken(element: Element) -> str:
    """The words of an element on one line."""
    return " ".join("".join(str(part) for part in element.itertext()).split())

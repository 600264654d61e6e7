"""Pages made to break a reader: each ends with an article or a named reason, in bounded work."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))
from pages import page, reading, story

from runtime.handling import Reject
from schemas.base import Position
from schemas.bodies import MAX_RAW, pack
from schemas.outcomes import Outcome
from services.extraction.reading import Reading, Suppression
from services.extraction.shell import handle

HOSTILE = {
    "nested elements": b"<div>" * 1_000_000,
    "nested links": b"<b><i><a href=x>" * 300_000 + b"text",
    "nested tables": b"<table><tr><td>" * 300_000,
    "attributes without end": b"<p " + b" ".join(b"a%d=1" % n for n in range(300_000)) + b">x</p>",
    "brackets alone": b"<" * 1_000_000,
    "one endless word": b"<p>" + b"a" * 4_000_000 + b"</p>",
    "nested JSON-LD": b'<script type="application/ld+json">' + b"[" * 200_000 + b"</script><p>x",
    "JSON-LD of other types": b'<script type="application/ld+json">{"@type":[1,null],"headline":{"a":[]},"author":[[1]],"datePublished":7}</script><p>x',
    "zero bytes": b"\0" * 1_000_000 + b"<p>x y z",
    "charset that runs code": b"<meta charset=unicode_escape><p>\\x41" + b"\xff\xfe" * 1000,
    "entities that multiply": b"<!DOCTYPE x [" + b'<!ENTITY a "&b;&b;&b;">' * 1000 + b"]><p>&a;",
    "endless date": b'<meta property="article:published_time" content="' + b"2" * 100_000 + b'"><p>x',
    "endless parentheses": b"<article><h1>x y z</h1>" + (b"<p>" + b"(A " * 60 + b"</p>") * 1000,
    "separators alone": b"<title>" + b" | " * 200_000 + b"</title><p>hello",
}


@pytest.mark.timeout(60)
@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_page_ends_with_an_article_or_a_named_reason(name: str) -> None:
    assert isinstance(reading(HOSTILE[name]), Reading | Suppression)


def test_a_bomb_in_the_body_is_rejected_as_too_large() -> None:
    with pytest.raises(Reject) as rejected:
        handle(page(story(), body=pack(b"0" * (MAX_RAW + 1))), Position(topic="pages-fetched", partition=0, offset=1))
    assert rejected.value.outcome is Outcome.page_too_large


def test_markup_in_the_text_stays_text() -> None:
    found = reading(
        story("<p>&lt;script&gt;alert(1)&lt;/script&gt; is what the sign over the door of the office said.</p>")
    )
    assert "<script>alert(1)</script> is what the sign" in found.article.text

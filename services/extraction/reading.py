"""Reading one page: an article with all that the page says of itself, or the reason why there is none."""

from __future__ import annotations

import re
from dataclasses import dataclass

from trafilatura import bare_extraction

from schemas.articles import Article, Sketch
from schemas.facts import PageFetched
from schemas.ids import article_id, version_id
from schemas.outcomes import Outcome
from schemas.sketching import names_of, sketch_of
from services.extraction.addresses import canonical_address
from services.extraction.bylines import authors_of
from services.extraction.charsets import page_text
from services.extraction.credits import LAST_LINES, credit_line, credit_of, dateline_of
from services.extraction.furniture import is_furniture, without_blocks
from services.extraction.headlines import headline_of
from services.extraction.languages import language_of
from services.extraction.linked_data import LinkedData, is_list_or_player, linked_data
from services.extraction.markup import Element, spoken, tree_of
from services.extraction.meta_tags import first, links, meta_tags
from services.extraction.times import Times, is_old, times_of

MIN_WORDS = 25
"""Fewer words than this under a headline are no article."""
MAX_TEXT = 300_000
"""Characters of a text that are kept: longer than any article, shorter than a message may be."""
_ERROR_TITLE = re.compile(
    r"^\W*(?:(?:error\s*)?[45]\d\d\b(?!\s+\w+\s+(?:killed|dead|people|years?))|page (?:not found|unavailable|does not exist)|not found|access denied|forbidden|"
    r"(?:are you|verify (?:that )?you are) (?:a |not a )?(?:human|robot)|just a moment|attention required|service unavailable|"
    r"internal server error|bad gateway|gateway time-?out|too many requests|sorry[,.]? (?:this|the|that|we) .{0,20}(?:page|find))",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Suppression:
    """Why a page gives no article; `detail` says it without the page's words."""

    outcome: Outcome
    detail: str


@dataclass(frozen=True)
class Reading:
    """An article and its sketch."""

    article: Article
    sketch: Sketch


@dataclass(frozen=True)
class _Head:
    """What the page says before its text is read."""

    tags: dict[str, list[str]]
    data: LinkedData
    headline: str
    authors: tuple[str, ...]
    times: Times
    canonical: str


def read(page: PageFetched, raw: bytes) -> Reading | Suppression:
    """The article of a page whose raw bytes are given, or the named reason why there is none. Pure, and never raises for a page's content."""
    if page.status >= 400:
        return Suppression(Outcome.error_page, f"status {page.status}")
    root = tree_of(page_text(raw, page.content_type)) if _may_be_html(page.content_type, raw) else None
    if root is None:
        return Suppression(Outcome.not_an_article, f"no readable HTML ({page.content_type[:60] or 'no content type'})")
    head = _head_of(root, page)
    lines, credits_said = _text_of(root, head.headline)
    return _judged(page, head, lines, credits_said, root)


def _judged(page: PageFetched, head: _Head, lines: list[str], ends: list[str], root: Element) -> Reading | Suppression:
    text = "\n\n".join(lines)[:MAX_TEXT]
    if _ERROR_TITLE.match(head.headline) and len(text) < 1500:
        return Suppression(Outcome.error_page, "its headline is that of an error page")
    if is_list_or_player(head.data) and not _is_told(lines):
        return Suppression(Outcome.not_an_article, f"calls itself {', '.join(sorted(head.data.kinds))[:100]}")
    if len(text.split()) < MIN_WORDS and not _short_article(head, text):
        return Suppression(Outcome.no_text, f"{len(text.split())} words of text")
    if not _are_words(text):
        return Suppression(Outcome.no_text, "more signs than letters")
    return _reading(page, head, text, lines, ends, root)


def _reading(page: PageFetched, head: _Head, text: str, lines: list[str], ends: list[str], root: Element) -> Reading:
    article = article_id(head.canonical)
    published, updated = head.times.published, head.times.updated
    said = (
        page.language,
        head.data.language,
        root.get("lang"),
        first(head.tags, "og:locale", "language", "content-language"),
    )
    return Reading(
        Article(
            article=article,
            version=version_id(article, page.id),
            page=page.id,
            previous_page=page.previous,
            url=page.final_url,
            canonical_url=head.canonical,
            outlet=page.outlet,
            headline=head.headline,
            text=text,
            authors=head.authors,
            published=published.at if published else None,
            updated=updated.at if updated else None,
            fetched=page.fetched,
            language=language_of(f"{head.headline}. {text}", *said),
            dateline=dateline_of(lines),
            credit=credit_of([*lines, *ends], (*head.data.authors, *head.tags.get("author", ()))),
            names=names_of(head.headline, text),
            backfill=page.backfill,
            old=is_old(published, page.fetched),
        ),
        sketch_of(head.headline, text),
    )


def _head_of(root: Element, page: PageFetched) -> _Head:
    tags, data, linked = meta_tags(root), linked_data(root), links(root)
    claimed = [linked.get("canonical", ""), first(tags, "og:url"), data.url]
    return _Head(
        tags=tags,
        data=data,
        headline=headline_of(root, tags, data, page.entry),
        authors=authors_of(root, tags, data, page.entry),
        times=times_of(root, tags, data, page.entry, page.final_url, page.fetched),
        canonical=canonical_address(page.final_url, [claim for claim in claimed if claim]),
    )


def _text_of(root: Element, headline: str) -> tuple[list[str], list[str]]:
    """The paragraphs of the article; and the credit lines that stood at its end, which are no text."""
    shown = {headline.casefold()} | {spoken(heading).casefold() for heading in root.iter("h1")}
    without_blocks(root)
    found = bare_extraction(root, fast=True, include_comments=False, with_metadata=False)
    said = (found.text if found and not isinstance(found, dict) else "") or ""
    lines = [" ".join(line.split()) for line in said.splitlines() if line.strip()]
    if lines and lines[0].casefold() in shown:
        lines = lines[1:]
    ends = [line for line in lines[-LAST_LINES:] if is_furniture(line) or credit_line(line)]
    return [line for line in lines if not is_furniture(line) and line not in ends], ends


_READABLE = ("", "text/html", "application/xhtml+xml", "text/plain", "application/xml", "text/xml")


def _may_be_html(content_type: str, raw: bytes) -> bool:
    """Whether the bytes can be a page: by their media type, a bracket, and no zero byte but in UTF-16."""
    binary = b"\x00" in raw[:2000] and not raw.startswith((b"\xff\xfe", b"\xfe\xff"))
    return content_type.split(";", maxsplit=1)[0].strip().lower() in _READABLE and b"<" in raw[:100_000] and not binary


def _are_words(text: str) -> bool:
    """Whether at least three quarters of the text are letters, digits or blanks, and hardly any stands for a byte without meaning."""
    sample = text[:5000]
    spoken = sum(sign.isalnum() or sign.isspace() for sign in sample)
    return spoken >= 0.75 * len(sample) and sample.count("\ufffd") <= 0.02 * len(sample)


def _is_told(lines: list[str]) -> bool:
    """Whether there are three paragraphs of running text, as no list has them."""
    return sum(len(line.split()) >= 25 for line in lines) >= 3


def _short_article(head: _Head, text: str) -> bool:
    return bool(
        text
        and head.headline
        and head.times.published
        and (head.data.is_article or head.tags.get("og:type") == ["article"])
    )

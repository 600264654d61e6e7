"""What a page gives: an article, or the reason why there is none."""

from __future__ import annotations

import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from schemas.base import Position
from schemas.outcomes import Outcome
from schemas.sources import FeedEntry

sys.path.insert(0, str(Path(__file__).parent))
from pages import FETCHED, TEXT, URL, article, html, linked, page, reason, story

from runtime.handling import Reject
from services.extraction.shell import handle

AT = Position(topic="pages-fetched", partition=0, offset=7)


def test_text_is_the_paragraphs_and_nothing_else() -> None:
    around = html(
        "<nav><a href='/'>Home</a> <a href='/world'>World</a></nav>",
        f"<main><article><h1>Ferry late</h1>{''.join(f'<p>{t}</p>' for t in TEXT)}</article></main>",
        "<aside class='related'><h2>Related</h2><ul><li><a href='/x'>Truce agreed in the next valley</a></li></ul></aside>",
        "<footer><p>Copyright The Harbour Post. All rights reserved.</p></footer>",
    )
    assert article(around).text.split("\n\n") == list(TEXT)


@pytest.mark.parametrize(
    "furniture",
    [
        "<figure><img src=x><figcaption>The quay in the fog (Ben Adeyemi/Coast Pictures)</figcaption></figure>",
        "<p>view image in fullscreen The quay in the fog of last week, seen from the old light (Ben Adeyemi/PA)</p>",
        "<p>The quay in the fog of last week, seen from the old light (Ben Adeyemi/AFP via Getty Images)</p>",
        "<p>Photo: Ben Adeyemi/Reuters</p>",
        "<p>Photo 2 of 7 The quay in the fog of last week, seen from the old light</p>",
        "<p>Pictures (5 photos) The quay in the fog. COAST/Ben Adeyemi</p>",
        "<p>Read more: How the second pilot was found</p>",
        "<p>Sign up for our newsletter and get the tides in your inbox every morning</p>",
        "<p>Follow us on every network for the latest tides</p>",
        "<p>Advertisement</p>",
        "<div class='newsletter-signup'><p>The tides, every day, free of charge, in your inbox before breakfast.</p></div>",
        "<div class='gallery'><p>The quay in the fog, the old light, the hall of the station and the pilot.</p></div>",
    ],
)
def test_captions_credits_and_prompts_are_no_text(furniture: str) -> None:
    assert article(story(furniture)).text.split("\n\n") == list(TEXT)


@pytest.mark.parametrize(
    "told",
    [
        "Pictures of the quay were shown to the court, which will read more of the file on Friday before it rules.",
        "The minister said that he would sign the agreement and follow the fleet to the outer islands himself.",
        "Pictures 40 metres wide were thrown on the wall of the hall on the night of the vote, to great applause.",
        "Share prices of the ferry company fell by a third after the report was read out in the capital.",
        "The pilots (all from the outer islands) said that they had been given no notice of the change.",
        "This article was amended on 2 March 2026: an earlier version gave the wrong number of passengers.",
        "Related parties held a third of the shares, the auditor found, and had told nobody of it for years.",
    ],
)
def test_sentences_that_begin_or_end_like_furniture_stay(told: str) -> None:
    assert told in article(story(f"<p>{told}</p>")).text


def test_headline_is_what_stands_over_the_text_without_the_outlets_name() -> None:
    assert article(story()).headline == "Ferry to the islands is late again"
    without = html(*(f"<p>{t}</p>" for t in TEXT))
    assert article(without).headline == "Ferry to the islands is late again"


def test_page_without_headline_takes_that_of_the_feed() -> None:
    entry = FeedEntry(url=URL, headline="Ferry late", published="2026-03-02T09:00:00+00:00", authors=("Ada Okafor",))
    found = article(html(*(f"<p>{t}</p>" for t in TEXT), title="").replace(" | The Harbour Post", ""), entry=entry)
    assert (found.headline, found.authors) == ("Ferry late", ("Ada Okafor",))
    assert found.published == datetime(2026, 3, 2, 9, tzinfo=UTC)


@pytest.mark.parametrize(
    ("said", "names"),
    [
        ([{"name": "Ada Okafor"}, {"name": "Ben Adeyemi"}], ("Ada Okafor", "Ben Adeyemi")),
        ("By Ada Okafor and Ben Adeyemi", ("Ada Okafor", "Ben Adeyemi")),
        ([{"name": "The Harbour Post"}], ()),
        ("Staff reporter", ()),
        ("https://harbour.example/people/ada", ()),
    ],
)
def test_authors_are_people(said: object, names: tuple[str, ...]) -> None:
    assert article(story(head=linked(author=said, headline="Ferry"))).authors == names


def test_times_keep_their_zone_and_an_update_counts_only_after_publication() -> None:
    found = article(
        story(head=linked(datePublished="2026-03-02T09:00:00+02:00", dateModified="2026-03-02T10:00:00+02:00"))
    )
    assert (found.published, found.updated) == (
        datetime(2026, 3, 2, 7, tzinfo=UTC),
        datetime(2026, 3, 2, 8, tzinfo=UTC),
    )
    backwards = article(story(head=linked(datePublished="2026-03-02T09:00:00Z", dateModified="2026-03-01T09:00:00Z")))
    assert backwards.updated is None


@pytest.mark.parametrize(
    "said", ["2031-01-01T00:00:00Z", "0001-01-01", "1970-01-01T00:00:00Z", "yesterday", "2026-13-45"]
)
def test_a_time_that_cannot_be_is_dropped(said: str) -> None:
    assert article(story(head=linked(datePublished=said))).published is None


@pytest.mark.parametrize(("hours", "old"), [(1, False), (23, False), (25, True), (24 * 30, True)])
def test_published_over_a_day_before_it_was_fetched_is_old(hours: int, old: bool) -> None:
    said = (FETCHED - timedelta(hours=hours)).isoformat()
    assert article(story(head=linked(datePublished=said))).old is old


def test_a_bare_day_is_not_old_before_its_end_is_a_day_ago() -> None:
    assert not article(story(head=linked(datePublished="2026-03-01"))).old
    assert article(story(head=linked(datePublished="2026-02-28"))).old


def test_without_a_date_nothing_is_called_old() -> None:
    found = article(story())
    assert found.published is None
    assert not found.old


@pytest.mark.parametrize(
    ("link", "canonical"),
    [
        ("https://harbour.example/news/ferry-late", "https://harbour.example/news/ferry-late"),
        ("/news/ferry-late?utm_source=x#top", "https://www.harbour.example/news/ferry-late"),
        ("https://another.example/news/ferry", "https://www.harbour.example/news/ferry"),
        ("https://www.harbour.example/", "https://www.harbour.example/news/ferry"),
        ("javascript:alert(1)", "https://www.harbour.example/news/ferry"),
        ("https://[broken", "https://www.harbour.example/news/ferry"),
    ],
)
def test_canonical_link_is_believed_only_at_home(link: str, canonical: str) -> None:
    found = article(story(head=f'<link rel="canonical" href="{link}">'), URL + "?utm_campaign=tides")
    assert found.canonical_url == canonical


def test_two_ways_to_write_an_address_are_one_article() -> None:
    one = article(story(), "https://WWW.harbour.example:443/x/../news/ferry?fbclid=1#top")
    assert one.article == article(story(), URL).article


@pytest.mark.parametrize(
    ("lead", "end", "agency", "by", "dateline"),
    [
        ("PORT LUNA, March 2 (Reuters) - ", "", "Reuters", "dateline", "PORT LUNA"),
        ("PORT LUNA (AFP) — ", "", "AFP", "dateline", "PORT LUNA"),
        ("PORT LUNA — ", "", None, None, "PORT LUNA"),
        ("", "<p>AFP</p>", "AFP", "credit line", None),
        ("", "<p>Coastal Press Agency</p>", "Coastal Press Agency", "credit line", None),
        ("", "<p>Source: dpa</p>", "dpa", "credit line", None),
        ("", "", None, None, None),
    ],
)
def test_agency_and_dateline(lead: str, end: str, agency: str | None, by: str | None, dateline: str | None) -> None:
    body = "".join(f"<p>{lead if n == 0 else ''}{text}</p>" for n, text in enumerate(TEXT))
    found = article(html(f"<article><h1>Ferry to the islands is late again</h1>{body}{end}</article>"))
    assert (found.credit.agency, found.credit.by, found.dateline) == (agency, by, dateline)
    assert end == "" or "Agency" not in found.text.split("\n\n")[-1]


def test_language_is_told_from_the_words_not_from_what_the_page_says() -> None:
    german = (
        "Die Fähre zu den äußeren Inseln hatte am Montag wieder Verspätung, sagte der Hafenmeister nach einer Woche Nebel. "
        * 4
    )
    found = article(html(f"<article><h1>Fähre zu den Inseln wieder zu spät</h1><p>{german}</p></article>", lang="en"))
    assert found.language == "de"


@pytest.mark.parametrize(
    ("markup", "more", "expected"),
    [
        (story(), {"status": 404}, Outcome.error_page),
        (html("<h1>404: Page not found</h1><p>" + "We looked everywhere for it. " * 10 + "</p>"), {}, Outcome.error_page),
        (html("<h1>Just a moment...</h1><p>" + "Checking that you are no robot. " * 10 + "</p>"), {}, Outcome.error_page),
        (html("<h1>Latest</h1><ul><li><a href=a>One</a></li></ul>", head='<script type="application/ld+json">{"@type":"CollectionPage"}</script>'),
         {}, Outcome.not_an_article),
        (html("<h1>Ferry</h1><p>Soon.</p>"), {}, Outcome.no_text),
        (b"\x89PNG\r\n\x1a\n" + b"\x00" * 500, {"content_type": "image/png"}, Outcome.not_an_article),
        (b"", {}, Outcome.not_an_article),
        (b"%PDF-1.7 <" + b"\xff\x00" * 900, {"content_type": ""}, Outcome.not_an_article),
    ],
)  # fmt: skip
def test_what_is_no_article_has_a_named_reason(markup: str | bytes, more: dict[str, object], expected: Outcome) -> None:
    assert reason(markup, **more) is expected


def test_headline_that_begins_with_a_number_is_no_error_page() -> None:
    assert article(story(headline="500 people killed in flood on the outer islands")).headline.startswith("500")


@pytest.mark.parametrize(
    ("raw", "content_type"),
    [
        (story(f"<p>{'Fähre über Ålesund. ' * 3}</p>").encode("utf-8"), "text/html; charset=iso-8859-1"),
        (story(f"<p>{'Fähre über Ålesund. ' * 3}</p>").encode("cp1252"), "text/html; charset=iso-8859-1"),
        (
            story(f"<p>{'Fähre über Ålesund. ' * 3}</p>", head="<meta charset=windows-1252>").encode("cp1252"),
            "text/html",
        ),
        (story(f"<p>{'Fähre über Ålesund. ' * 3}</p>").encode("utf-16"), "text/html"),
        (story(f"<p>{'Fähre über Ålesund. ' * 3}</p>").encode("cp1252"), "text/html; charset=rot13"),
    ],
)
def test_letters_survive_what_a_page_says_of_its_charset(raw: bytes, content_type: str) -> None:
    assert "Fähre über Ålesund" in article(raw, content_type=content_type).text


def test_handler_answers_with_one_article_keyed_by_its_id() -> None:
    answer = handle(page(story()), AT)
    [output] = answer.outputs
    assert output.topic == "articles-extracted"
    assert output.fact.meta.cause == page(story()).id
    assert output.fact.meta.source == AT
    assert handle(page(story()), AT) == answer


def test_broken_body_is_rejected_with_its_reason() -> None:
    with pytest.raises(Reject) as rejected:
        handle(page(story(), body="no base64!"), AT)
    assert rejected.value.outcome is Outcome.invalid

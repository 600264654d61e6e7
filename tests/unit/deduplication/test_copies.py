import re

import pytest


def paragraphs(text):
    return text.split("\n\n")


def dated(text):
    return "CASTREL, May 12 (Reuters) - " + text


def edited(text, other):
    parts = paragraphs(text.replace("percent", "per cent").replace(" two ", " 2 "))
    parts.insert(2, paragraphs(other)[1])
    return "By Lena Brandt\n\n" + "\n\n".join(parts) + "\n\nSign up for our evening letter.\n\n© Reuters"


WAYS = {
    "another headline, dateline and credit": lambda text, other: dated(text) + "\n\n(Reporting by Lena Brandt)",
    "house spelling and a paragraph put in": edited,
    "cut to the first paragraphs": lambda text, other: "\n\n".join(paragraphs(text)[:3]),
    "typographic quotes and no breaks": lambda text, other: text.replace("'", "’").replace("\n\n", " "),
    "two paragraphs and matter of its own": lambda text, other: "\n\n".join(
        [*paragraphs(text)[:2], paragraphs(other)[2]]
    ),
    "a live blog that quotes it": lambda text, other: "\n\n".join([*paragraphs(other), text, *paragraphs(other)[::-1]]),
}


@pytest.mark.parametrize("way", WAYS)
def test_what_outlets_do_to_a_text_leaves_it_a_copy(newsroom, story, way):
    newsroom.reads(story("harbour"), "Ferries stopped after cracks found", "Wire")
    copying = newsroom.reads(WAYS[way](story("harbour"), story("elsewhere")), "Islands cut off", "Courier")
    assert (copying.decision, copying.of) == ("copy", newsroom.version(0))
    assert copying.origin == "Wire"
    assert 0 < copying.similarity <= 1


def test_a_short_flash_is_found_inside_a_long_article_that_came_first(newsroom, story):
    long = "\n\n".join([story("harbour"), *[story(name) for name in ("follow-up", "elsewhere", "market-monday")]])
    newsroom.reads(long, "Ferries stopped", "Courier")
    assert newsroom.reads(paragraphs(story("harbour"))[0], "Ferries stopped", "Ledger").decision == "copy"


def test_the_same_template_with_other_numbers_names_and_days_is_an_original(newsroom, story):
    newsroom.reads(story("market-monday"), "Castrel shares rise", "Wire")
    copying = newsroom.reads(story("market-thursday"), "Castrel shares fall", "Wire")
    assert copying.decision == "original"
    assert copying.reason == "same_frame_with_other_facts"


def test_a_follow_up_by_another_author_is_an_original(newsroom, story):
    newsroom.reads(story("harbour"), "Ferries stopped after cracks found", "Wire")
    assert newsroom.reads(story("follow-up"), "A week without boats", "Courier").decision == "original"


def test_one_paragraph_of_background_makes_no_copy(newsroom, story):
    newsroom.reads(story("harbour"), "Ferries stopped", "Wire")
    text = story("follow-up") + "\n\n" + paragraphs(story("harbour"))[4]
    copying = newsroom.reads(text, "A week without boats", "Courier")
    assert (copying.decision, copying.reason) == ("original", "only_a_passage_is_shared")


def test_a_changed_text_at_the_same_address_is_a_revision(newsroom, story):
    newsroom.reads(story("harbour"), "Ferries stopped", "Wire", "https://wire.example/ferries")
    changed = re.sub("14 of the 31", "17 of the 31", story("harbour"))
    copying = newsroom.reads(changed, "Ferries stopped", "Wire", "https://wire.example/ferries")
    assert (copying.decision, copying.of, copying.reason) == ("revision", newsroom.version(0), "same_address")
    assert "new numbers: 17" in copying.differs


def test_a_version_that_comes_in_after_a_later_one_is_of_the_one_fetched_before_it_and_says_so(newsroom, story):
    url = "https://wire.example/ferries"
    newsroom.reads(story("harbour"), "Ferries stopped", "Wire", url)
    newsroom.reads(story("harbour") + "\n\nMore later.", "Ferries stopped", "Wire", url, hours=3)
    late = newsroom.reads(story("harbour") + "\n\nMore.", "Ferries stopped", "Wire", url, hours=1)
    assert (late.decision, late.of, late.reason) == ("revision", newsroom.version(0), "same_address_came_in_late")
    last = newsroom.reads(story("harbour") + "\n\nAll.", "Ferries stopped", "Wire", url, hours=5)
    assert (last.of, last.reason) == (newsroom.version(1), "same_address")


def test_the_same_text_again_at_the_same_address_says_so(newsroom, story):
    for _ in range(2):
        copying = newsroom.reads(story("harbour"), "Ferries stopped", "Wire", "https://wire.example/ferries")
    assert (copying.decision, copying.reason, copying.differs) == ("revision", "same_address_same_text", ())


def test_a_rewritten_article_under_another_address_of_its_outlet_is_a_revision(newsroom, story):
    parts, others = paragraphs(story("harbour")), paragraphs(story("elsewhere"))
    newsroom.reads(story("harbour"), "Ferries of Castrel stopped after cracks found", "Wire")
    text = "\n\n".join([*others[:3], parts[3], parts[4], others[3]])
    copying = newsroom.reads(text, "Ferries of Castrel stopped after more cracks found", "Wire")
    assert (copying.decision, copying.reason) == ("revision", "same_outlet_and_headline_with_shared_text")


def test_a_version_whose_predecessor_is_forgotten_is_a_revision_of_it(newsroom, story):
    newsroom.reads(story("harbour"), "Ferries stopped", "Wire", "https://wire.example/ferries")
    newsroom.reads(story("elsewhere"), "Brass", "Courier", hours=100)
    first = newsroom.sent[0].article
    copying = newsroom.reads(
        story("harbour"), "Ferries run again", "Wire", "https://wire.example/ferries", 101, previous_page=first.page
    )
    assert (copying.decision, copying.of) == ("revision", first.version)


def test_headlines_alone_are_too_little_to_call_a_copy(newsroom):
    for outlet in ("Wire", "Courier"):
        copying = newsroom.reads("", "Ferries of Castrel stopped after cracks found in hulls", outlet)
    assert copying.decision == "original"


def test_every_decision_is_the_same_when_the_same_articles_are_read_again(newsroom, story):
    names = ("harbour", "market-monday", "follow-up", "market-thursday", "elsewhere", "harbour")
    first = [newsroom.reads(story(name), name, f"Outlet {n}") for n, name in enumerate(names)]
    again = type(newsroom)()
    assert [again.reads(story(name), name, f"Outlet {n}") for n, name in enumerate(names)] == first
    assert [fact.model_dump_json() for fact in again.kept] == [fact.model_dump_json() for fact in newsroom.kept]

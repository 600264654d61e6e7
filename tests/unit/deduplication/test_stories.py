from datetime import timedelta

from services.deduplication.deciding import Deduplicating
from services.deduplication.wordings import WordingsInMemory

FERRIES = "Castrel ferries suspended after cracks found in hulls, minister Taborda says"


def test_two_reports_of_one_happening_in_other_words_share_a_story(newsroom, story):
    first = newsroom.reads(story("harbour"), FERRIES, "Wire")
    second = newsroom.reads(story("follow-up"), "Islands wait as Taborda keeps Castrel ferries suspended", "Courier")
    assert second.decision == "original"
    assert second.story == first.story


def test_another_happening_is_another_story(newsroom, story):
    assert (
        newsroom.reads(story("harbour"), FERRIES).story
        != newsroom.reads(story("elsewhere"), "Miners win brass prize").story
    )


def test_a_headline_alone_finds_its_story(newsroom):
    first = newsroom.reads("", "Taborda suspends Castrel ferries over cracks", "Wire")
    assert newsroom.reads("", "Castrel ferries: Taborda orders halt after cracks", "Courier").story == first.story
    assert newsroom.reads("", "Retired miners win brass contest at Ketterby", "Ledger").story != first.story


def test_a_copy_is_of_the_story_that_it_copies(newsroom, story):
    first = newsroom.reads(story("harbour"), FERRIES, "Wire")
    assert newsroom.reads(story("harbour"), "Ketterby brass prize", "Courier").story == first.story


def test_an_article_that_tells_two_stories_makes_them_one_and_later_ones_join_the_elder(newsroom):
    first = newsroom.reads("", "Taborda suspends Castrel ferries", "Wire").story
    second = newsroom.reads("", "Ostlund resigns fleet director", "Courier").story
    assert first != second
    both = newsroom.reads("", "Taborda suspends Castrel ferries Ostlund resigns fleet director", "Ledger")
    revised = newsroom.revised[0]
    assert (both.story, revised.story, revised.instead_of, revised.versions) == (first, first, second, ())
    assert newsroom.reads("", "Ostlund resigns fleet director", "Herald").story == first


def test_a_revision_that_tells_another_story_takes_its_earlier_version_along(newsroom, story):
    brass = newsroom.reads(story("elsewhere"), "Miners win brass prize at Ketterby", "Wire").story
    ferries = newsroom.reads(story("harbour"), FERRIES, "Courier").story
    url = "https://ledger.example/live"
    assert newsroom.reads("", "Ketterby brass prize for Dunmarrow miners", "Ledger", url).story == brass
    moved = newsroom.reads(story("follow-up"), "Islands wait as Taborda keeps Castrel ferries suspended", "Ledger", url)
    assert moved.story == ferries
    revised = newsroom.revised[0]
    assert (revised.story, revised.instead_of, revised.versions) == (ferries, brass, (newsroom.version(2),))
    assert newsroom.state.story(2) == ferries


def test_a_late_article_joins_a_story_and_renames_nothing(newsroom, story):
    first = newsroom.reads(story("harbour"), FERRIES, "Wire", hours=5)
    late = newsroom.reads(
        story("follow-up"), "Islands wait as Taborda keeps Castrel ferries suspended", "Courier", hours=1
    )
    assert late.story == first.story
    assert newsroom.revised == []


def test_what_lies_behind_the_window_is_forgotten_by_the_time_of_the_articles(story, newsroom):
    room = type(newsroom)(Deduplicating(WordingsInMemory(), timedelta(hours=72)))
    first = room.reads(story("harbour"), FERRIES, "Wire")
    room.reads(story("elsewhere"), "Miners win", "Wire", hours=71)
    assert room.reads(story("harbour"), FERRIES, "Courier", hours=71).decision == "copy"
    room.reads(story("market-monday"), "Shares", "Wire", hours=200)
    again = room.reads(story("harbour"), FERRIES, "Ledger", hours=200)
    assert again.decision == "original"
    assert again.story != first.story

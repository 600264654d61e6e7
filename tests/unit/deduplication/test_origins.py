import pytest


@pytest.mark.parametrize(
    ("text", "origin"),
    [
        ("CASTREL (AFP) — {}", "AFP"),
        ("By Lena Brandt, Bloomberg\n\n{}", "Bloomberg"),
        ("{}\n\n© dpa", "dpa"),
        ("{}", "Gazette"),
    ],
)
def test_the_origin_is_the_agency_that_dateline_byline_or_credit_names_else_the_outlet(newsroom, story, text, origin):
    assert newsroom.reads(text.format(story("harbour"))).origin == origin


def test_twelve_outlets_with_one_agency_text_are_one_origin(newsroom, story):
    origins = {
        newsroom.reads(f"CASTREL (Reuters) - {story('harbour')}", f"Headline {n}", f"Outlet {n}").origin
        for n in range(12)
    }
    assert origins == {"Reuters"}


def test_a_copy_without_credit_comes_from_whom_the_first_came_from(newsroom, story):
    newsroom.reads(f"CASTREL (Reuters) - {story('harbour')}", outlet="Wire")
    assert newsroom.reads(story("harbour"), outlet="Courier").origin == "Reuters"


def test_a_copy_that_credits_an_agency_is_no_second_origin_of_the_same_words(newsroom, story):
    newsroom.reads(story("harbour"), outlet="Courier")
    assert newsroom.reads(f"CASTREL (Reuters) - {story('harbour')}", outlet="Ledger").origin == "Courier"

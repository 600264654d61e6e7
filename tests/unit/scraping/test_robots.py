"""What a robots.txt allows."""

from __future__ import annotations

import time

import pytest

from services.scraping.robots import MAX_FILE, Robots, after, robots_address, robots_of

RULES = b"""User-agent: *
Disallow: /private/
Crawl-delay: 2

User-agent: copytaster
Disallow: /archive/
Crawl-delay: 5
"""


def test_rules_for_us_go_before_rules_for_all() -> None:
    robots = robots_of(RULES)
    assert not robots.allows("https://harbour.example/archive/1")
    assert robots.allows("https://harbour.example/private/1")
    assert not robots.allows("https://harbour.example/private/1", "another")


def test_crawl_delay_is_that_of_our_group() -> None:
    assert robots_of(RULES).crawl_delay() == 5
    assert robots_of(RULES).crawl_delay("another") == 2
    assert robots_of(b"User-agent: *\nCrawl-delay: soon").crawl_delay() is None


@pytest.mark.parametrize("status", [200, 404, 403, 410])
def test_no_file_allows_everything(status: int) -> None:
    assert after(status, b"").allows("https://harbour.example/a")


@pytest.mark.parametrize("status", [500, 503, 429, None])
def test_a_server_in_trouble_allows_nothing_for_now(status: int | None) -> None:
    assert not after(status, b"").allows("https://harbour.example/a")


def test_a_file_made_to_hang_the_matcher_is_cut_to_the_caps() -> None:
    hostile = b"User-agent: *\n" + b"Disallow: /" + b"*a" * 500 + b"\n"
    began = time.process_time()
    robots_of(hostile * 200).allows("https://harbour.example/" + "a" * 1900)
    assert time.process_time() - began < 5
    assert len(robots_of(b"User-agent: *\n" + b"Allow: /\n" * 200_000).text) <= MAX_FILE


def test_an_address_too_long_to_be_matched_is_not_allowed_where_there_are_rules() -> None:
    assert not robots_of(RULES).allows("https://harbour.example/" + "a" * 3000)
    assert Robots().allows("https://harbour.example/" + "a" * 3000)


def test_robots_address_keeps_scheme_and_port() -> None:
    assert robots_address("https://harbour.example:8443/a?b") == "https://harbour.example:8443/robots.txt"

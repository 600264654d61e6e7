"""Contents that an outlet may send: shown whole, as text, without breaking the row."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, expect

from tests.browser import said
from tests.browser.rig import PHONE, WIDE, Served, live, opened, picture

SCRIPT = "<img src=x onerror=\"document.title='caught'\"> <script>document.title='caught'</script>"
RIGHT_TO_LEFT = "\u202eשלום עולם"
LONG = "Supercalifragilistic" * 5 + " " + "and so on and on " * 12


@pytest.mark.parametrize("size", [WIDE, PHONE])
@pytest.mark.parametrize("title", [SCRIPT, RIGHT_TO_LEFT, LONG])
def test_what_an_outlet_sends_is_text(browser: Browser, desk: Served, size: tuple[int, int], title: str) -> None:
    facts = said.told(
        title, sentence=f"{title} agreed to stop.", marked="agreed to stop", headline=LONG * 2, outlet=title
    )
    desk.put(*facts, *said.told("An ordinary matter"))
    with opened(browser, desk.address, size) as page:
        for address in ("/queue", f"/dossiers/{said.dossier_of(facts)}", "/delivery", "/rules"):
            page.goto(address)
            live(page)
            assert page.locator("img, #main script").count() == 0
            assert page.title() != "caught"
            assert page.evaluate("document.documentElement.scrollWidth - innerWidth") == 0, address
        page.goto("/queue")
        row = page.locator(".row").filter(has_not_text="An ordinary matter")
        assert title.strip() in (row.locator(".title").text_content() or "")
        picture(page, f"hostile-{len(title)}-{size[0]}")


def test_an_outlet_without_a_name_and_an_address_that_is_no_page(browser: Browser, desk: Served) -> None:
    facts = said.told("Lake front", outlet="", url="javascript:document.title='caught'")
    desk.put(*facts)
    with opened(browser, desk.address) as page:
        page.goto(f"/dossiers/{said.dossier_of(facts)}")
        live(page)
        expect(page.get_by_role("link", name="Open the article")).to_have_attribute("href", "#")
        expect(page.locator(".dossier figcaption")).to_contain_text("harbour-wire")
        page.locator(".row .open").first.focus()
        page.keyboard.press("v")
        assert len(page.context.pages) == 1


def test_a_dossier_of_two_hundred_steps_is_whole(browser: Browser, desk: Served) -> None:
    desk.put(*(fact for _ in range(200) for fact in said.told("Long war", kind="again", was="agreed")[1:2]))
    facts = said.told("Long war")
    desk.put(*facts)
    with opened(browser, desk.address, PHONE) as page:
        page.goto(f"/dossiers/{said.dossier_of(facts)}")
        live(page)
        page.get_by_text("189 earlier steps").click()
        expect(page.locator(".steps > li, .steps details li")).to_have_count(201)
        assert page.evaluate("document.documentElement.scrollWidth - innerWidth") == 0


def test_the_page_asks_no_other_host_and_allows_nothing_inline(browser: Browser, desk: Served) -> None:
    desk.put(*said.many(2))
    with opened(browser, desk.address) as page:
        answer = page.goto("/queue")
        assert answer
        policy = answer.headers["content-security-policy"]
        assert "unsafe" not in policy
        assert policy.startswith("default-src 'none'")
        live(page)
        assert page.evaluate("typeof window.ran") == "undefined"


def test_a_first_view_weighs_less_than_150_kilobytes(browser: Browser, desk: Served) -> None:
    desk.put(*said.many(20))
    weighs = """() => [...performance.getEntriesByType('navigation'), ...performance.getEntriesByType('resource')]
      .filter(each => !each.name.includes('/live')).map(each => each.decodedBodySize)"""
    with opened(browser, desk.address) as page:
        page.goto("/queue")
        live(page)
        sizes = page.evaluate(weighs)
        page.goto(page.locator(".row .open").first.get_attribute("href") or "")
        live(page)
        sizes += page.evaluate(weighs)
    assert 10_000 < sum(sizes) < 2 * 150_000
    assert max(sizes) < 100_000


def test_reduced_motion_stops_all_motion(browser: Browser, desk: Served) -> None:
    desk.put(*said.many(2))
    moving = "() => document.getAnimations().length"
    with opened(browser, desk.address, reduced_motion="no-preference") as page:
        page.goto("/queue")
        live(page)
        assert page.evaluate(moving) > 0
    with opened(browser, desk.address, reduced_motion="reduce") as page:
        page.goto("/queue")
        live(page)
        assert page.evaluate(moving) == 0


def test_forced_colours_keep_selection_marks_and_badges(browser: Browser, desk: Served) -> None:
    facts = said.told("Lake front", urgent=True)
    desk.put(*facts, *said.many(2))
    with opened(browser, desk.address, forced_colors="active") as page:
        page.goto(f"/dossiers/{said.dossier_of(facts)}")
        live(page)
        here = page.locator(".row.here .open")
        assert here.evaluate("e => getComputedStyle(e).outlineStyle") == "solid"
        for selector in (".badge-urgent", ".badge-dashed"):
            border = page.locator(f".row {selector}").first.evaluate("e => getComputedStyle(e).borderTopWidth")
            assert border != "0px", selector
        mark, ground = page.locator(".row .mark").first.evaluate(
            "e => [getComputedStyle(e).color, getComputedStyle(document.body).backgroundColor]"
        )
        assert mark != ground
        picture(page, "forced-colours")

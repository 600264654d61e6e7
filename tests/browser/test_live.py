"""Live without jumping: what comes in waits, what changes changes in place, and a desk that is away says so."""

from __future__ import annotations

from datetime import timedelta

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser import said
from tests.browser.rig import PHONE, WIDE, Served, eventually, live, opened, picture

SHIFTS = """() => new Promise(done => { window.shifted = 0;
  new PerformanceObserver(list => { for (const each of list.getEntries()) if (!each.hadRecentInput) window.shifted += each.value; })
    .observe({type: 'layout-shift', buffered: false}); done(); })"""


def top_of(page: Page, title: str) -> float:
    top: float = page.locator(".row", has_text=title).evaluate("row => row.getBoundingClientRect().top")
    return top


def titles(page: Page) -> list[str]:
    return page.locator(".row .title").all_inner_texts()


@pytest.mark.parametrize("size", [WIDE, PHONE])
def test_twenty_alerts_move_nothing_while_a_row_has_the_focus(
    browser: Browser, desk: Served, size: tuple[int, int]
) -> None:
    desk.put(*said.many(30))
    with opened(browser, desk.address, size) as page:
        page.goto("/queue")
        live(page)
        page.evaluate("scrollTo(0, 600)")
        row = page.locator(".row", has_text="Matter 022")
        row.locator(".open").evaluate("link => link.focus({preventScroll: true})")
        before = top_of(page, "Matter 022")
        page.evaluate(SHIFTS)
        desk.put(*said.many(20, before="Fresh"))
        news = page.locator("#news")
        expect(news).to_have_text("↑ 20 new")
        assert top_of(page, "Matter 022") == before
        assert page.evaluate("window.shifted") == 0
        assert page.evaluate("scrollY") == 600
        picture(page, f"twenty-new-{size[0]}")
        page.keyboard.press("n")
        expect(page.locator(".row")).to_have_count(50)
        expect(row.locator(".open")).to_be_focused()
        expect(news).to_have_text("Nothing new")
        assert len(set(titles(page))) == 50


def test_at_the_top_with_nothing_focused_the_list_grows_by_itself(browser: Browser, desk: Served) -> None:
    desk.put(*said.many(3))
    with opened(browser, desk.address) as page:
        page.goto("/queue")
        live(page)
        page.mouse.move(1000, 600)
        desk.put(*said.told("Just now"))
        expect(page.locator(".row .title").first).to_have_text("Just now")
        assert page.title().startswith("(4)")


def test_held_updates_wait_until_they_are_let_go(browser: Browser, desk: Served) -> None:
    desk.put(*said.many(3))
    with opened(browser, desk.address) as page:
        page.goto("/queue")
        live(page)
        page.get_by_role("button", name="Hold").click()
        page.mouse.move(1000, 600)
        desk.put(*said.told("Just now"))
        expect(page.locator("#news")).to_have_text("↑ 1 new")
        expect(page.locator(".row")).to_have_count(3)
        page.get_by_role("button", name="Held").click()
        expect(page.locator(".row")).to_have_count(4)


def test_a_row_in_sight_changes_in_place_and_says_what_it_was(browser: Browser, desk: Served) -> None:
    desk.put(*said.many(5), *said.told("Lake front", status="proposed", at=said.now() - timedelta(minutes=9)))
    with opened(browser, desk.address) as page:
        page.goto("/queue")
        live(page)
        row = page.locator(".row", has_text="Lake front")
        row.locator(".open").focus()
        order = titles(page)
        desk.put(*said.told("Lake front", status="agreed"))
        expect(row.locator(".status")).to_have_text("CEASEFIRE AGREED, says Arvenia")
        expect(row.locator(".changed")).to_have_text("Changed just now, was: CEASEFIRE PROPOSED, says Arvenia")
        assert titles(page) == order
        expect(row.locator(".open")).to_be_focused()


def test_a_retracted_row_stays_in_its_place_with_word_reason_and_struck_sentence(
    browser: Browser, desk: Served
) -> None:
    old = said.told("Salt port", family="sanctions", status="lifted", at=said.now() - timedelta(minutes=30))
    desk.put(*old, *said.told("Lake front", at=said.now() - timedelta(minutes=20)))
    desk.put(*said.put_right(old, "retracted"))
    with opened(browser, desk.address) as page:
        page.goto("/queue")
        assert titles(page) == ["Lake front", "Salt port"]
        row = page.locator(".row", has_text="Salt port")
        expect(row).to_contain_text("Retracted")
        expect(row).to_contain_text("The outlet removed the claim")
        expect(row.locator("s")).to_contain_text("adds forty ships")
        expect(row.locator("time.age")).to_have_text("30 min")


def test_what_came_since_this_person_last_looked_stands_under_its_own_heading(browser: Browser, desk: Served) -> None:
    desk.put(
        *said.told("Old matter", at=said.now() - timedelta(minutes=50)),
        *said.told("New matter", at=said.now() - timedelta(minutes=5)),
    )
    looked = int((said.now() - timedelta(minutes=20)).timestamp())
    with opened(browser, desk.address) as page:
        page.context.add_cookies([{"name": "looked", "value": str(looked), "url": desk.address}])
        page.goto("/queue")
        expect(page.locator("h2.group").first).to_contain_text("Since you last looked")
        assert titles(page) == ["New matter", "Old matter"]
        page.reload()
        expect(page.locator("h2.group").first).to_contain_text("Since you last looked")


def test_a_killed_desk_is_told_and_one_that_is_back_shows_all_once(browser: Browser, desk: Served) -> None:
    desk.put(*said.many(3))
    with opened(browser, desk.address) as page:
        page.goto("/queue")
        live(page)
        desk.kill()
        expect(page.locator("#live-word")).to_contain_text("Not live since")
        expect(page.get_by_role("button", name="Try now")).to_be_visible()
        assert page.locator(".row").count() == 3
        picture(page, "not-live")
        desk.start()
        desk.put(*said.many(2, before="Meanwhile"))
        expect(page.locator("#live-word")).to_have_text("Live")
        expect(page.locator(".row")).to_have_count(5)
        assert len(set(titles(page))) == 5


def test_a_slow_desk_is_told_in_words_and_nothing_is_done_twice(browser: Browser, desk: Served) -> None:
    facts = said.told("Lake front")
    desk.put(*facts)
    desk.order("slow 3")
    sent: list[str] = []
    with opened(browser, desk.address) as page:
        page.on("request", lambda request: sent.append(request.url) if request.url.endswith("/acts") else None)
        page.goto(f"/dossiers/{said.dossier_of(facts)}")
        live(page)
        claim = page.locator(".actions [data-act=claim]")
        claim.click()
        claim.click()
        expect(page.locator("#undo-words")).to_contain_text("the desk has not answered yet")
        expect(page.locator("#undo-words")).to_have_text("It is yours.")
        assert len(sent) == 1


def test_an_act_that_failed_says_so_and_the_item_is_open_again(browser: Browser, desk: Served) -> None:
    desk.put(*said.told("Lake front"))
    with opened(browser, desk.address) as page:
        page.goto("/queue")
        live(page)
        page.route("**/acts", lambda route: route.abort())
        page.keyboard.press("j")
        page.keyboard.press("e")
        expect(page.locator("#undo-words")).to_contain_text("Your acknowledgement of “Lake front” was not saved")
        expect(page.locator(".row.done")).to_have_count(0)
        page.unroute("**/acts")
        page.get_by_role("button", name="Try again").click()
        expect(page.locator("#undo-words")).to_have_text("Acknowledged.")


def test_a_claim_is_seen_by_the_colleague_and_both_may_acknowledge_at_once(browser: Browser, desk: Served) -> None:
    facts = said.told("Lake front")
    desk.put(*facts)
    address = f"/dossiers/{said.dossier_of(facts)}"
    with opened(browser, desk.address, person="jl") as one, opened(browser, desk.address, person="mo") as other:
        for page in (one, other):
            page.goto(address)
            live(page)
        one.locator(".actions [data-act=claim]").click()
        expect(other.locator(".row")).to_contain_text("jl has it")
        expect(other.locator(".dossier .sure")).to_contain_text("jl has it")
        for page in (one, other):
            page.locator(".actions [data-act=acknowledge]").click(no_wait_after=True)
        for page in (one, other):
            expect(page.locator("#undo-words")).to_have_text("Acknowledged.")
            expect(page.locator(".dossier .sure")).to_contain_text("Acknowledged by")
        eventually(
            lambda: one.locator(".dossier .sure").inner_text() == other.locator(".dossier .sure").inner_text(),
            "both see the same first acknowledgement",
        )


def test_a_new_build_of_the_desk_is_offered_and_never_forced(browser: Browser, desk: Served) -> None:
    desk.put(*said.many(1))
    with opened(browser, desk.address) as page:
        page.route("**/live*", lambda route: route.abort())
        page.goto("/queue")
        page.evaluate("document.body.dataset.build = 'older'")
        page.unroute("**/live*")
        page.locator("#newer").wait_for()
        expect(page.get_by_role("button", name="Reload")).to_be_visible()

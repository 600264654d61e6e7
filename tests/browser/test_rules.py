"""Rules on the page: read aloud, tried, refused with the line, never overwritten; and why not."""

from __future__ import annotations

from playwright.sync_api import Browser, Page, expect

from tests.browser import said
from tests.browser.rig import PHONE, Served, live, opened, picture


def write(page: Page, text: str, name: str = "mine", press: str = "Save, queue only") -> None:
    page.get_by_label("Short name").fill(name)
    if page.locator("#as-text").get_attribute("open") != "":
        page.get_by_text("The same as YAML").click()
    page.get_by_label("The rule, as YAML").fill(text)
    page.get_by_role("button", name=press, exact=True).click()


def test_a_rule_is_tried_saved_and_read_aloud(browser: Browser, desk: Served) -> None:
    desk.put(*said.told("Lake front"), *said.told("EU on Karst", family="sanctions", status="imposed"))
    with opened(browser, desk.address, PHONE, person="jl") as page:
        page.goto("/rules")
        write(page, "family: sanctions\ngroup: imposed\n", press="Read it aloud and try it")
        expect(page.locator(".figures")).to_contain_text("1 alert")
        expect(page.locator(".sentence").first).to_have_text("Tell me when sanctions is imposed ")
        picture(page, "rule-tried-phone")
        write(page, "family: sanctions\ngroup: imposed\norigins: 2\n")
        kept = page.locator(".rule")
        expect(kept).to_contain_text("version 1, saved by jl")
        expect(kept).to_contain_text("Not in force yet.")


def test_a_wrong_rule_is_refused_with_its_line_and_keeps_what_was_written(browser: Browser, desk: Served) -> None:
    with opened(browser, desk.address) as page:
        page.goto("/rules")
        write(page, "family: ceasefire\ncolour: red\n")
        expect(page.get_by_role("alert")).to_contain_text("line 2")
        expect(page.get_by_role("alert")).to_contain_text("is no clause")
        expect(page.get_by_label("The rule, as YAML")).to_have_value("family: ceasefire\ncolour: red\n")
        picture(page, "rule-refused")


def test_the_second_of_two_people_is_told_and_nothing_is_overwritten(browser: Browser, desk: Served) -> None:
    with opened(browser, desk.address, person="jl") as one, opened(browser, desk.address, person="mo") as other:
        one.goto("/rules")
        write(one, "family: ceasefire\n")
        for page in (one, other):
            page.goto("/rules?person=jl&rule=mine")
        write(one, "family: ceasefire\norigins: 2\n")
        expect(one.locator(".rule")).to_contain_text("version 2")
        write(other, "family: ceasefire\ntier: 1\n")
        expect(other.get_by_role("alert")).to_contain_text("jl saved version 2")
        expect(other.get_by_role("alert")).to_contain_text("nothing was overwritten")
        other.locator(".rule summary").click()
        expect(other.locator(".rule")).to_contain_text("origins added: 2")
        expect(other.locator(".rule")).not_to_contain_text("tier")


def test_a_removed_rule_is_gone(browser: Browser, desk: Served) -> None:
    with opened(browser, desk.address) as page:
        page.goto("/rules")
        write(page, "family: ceasefire\n")
        page.get_by_role("button", name="Remove").click()
        expect(page.locator(".rule")).to_have_count(0)


def test_a_pasted_text_says_where_its_article_went(browser: Browser, desk: Served) -> None:
    desk.put(*said.told("Lake front", headline="Both armies stop at the lake", url="https://news.example/lake"))
    with opened(browser, desk.address) as page:
        page.goto("/why")
        page.get_by_label("Or its text").fill("Seen on the wire: BOTH ARMIES STOP AT THE LAKE, by our staff")
        page.get_by_role("button", name="Ask by text").click()
        expect(page.get_by_role("heading", name="https://news.example/lake")).to_be_visible()
        expect(page.get_by_text("was told.")).to_be_visible()
        page.get_by_label("What should have been told").fill("that it ended")
        page.get_by_role("button", name="Report").click()
        expect(page.get_by_role("heading", name="Reported")).to_be_visible()


def test_all_sending_is_paused_and_resumed_in_sight_of_everybody(browser: Browser, desk: Served) -> None:
    with opened(browser, desk.address, person="mo") as other, opened(browser, desk.address, person="jl") as page:
        other.goto("/queue")
        live(other)
        page.goto("/delivery")
        page.get_by_label("Reason").fill("a flood")
        page.get_by_role("button", name="Pause all sending").click()
        expect(other.locator("#notices")).to_contain_text("by jl: a flood")
        page.get_by_role("button", name="Resume sending").click()
        expect(other.locator("#notices")).not_to_contain_text("paused")


def test_what_did_not_arrive_can_be_sent_again(browser: Browser, desk: Served) -> None:
    failed = said.body_of("DeliveryRecorded") | {"state": "failed", "answer": "503", "attempt": 4}
    desk.put(*said.told("Lake front"), said.again("DeliveryRecorded", failed))
    with opened(browser, desk.address) as page:
        page.goto("/delivery")
        expect(page.locator("#failed").locator("..")).to_contain_text("4 tries failed")
        picture(page, "not-delivered")
        page.get_by_role("button", name="Send again").click()
        page.wait_for_url("**/delivery")


def test_an_empty_queue_tells_silence_from_deafness(browser: Browser, desk: Served) -> None:
    with opened(browser, desk.address) as page:
        page.goto("/queue")
        expect(page.locator(".empty")).to_contain_text("Nothing open.")
        expect(page.locator(".empty")).to_contain_text("articles read in the last hour from 0 of 0 sources")
        expect(page.locator(".empty")).to_contain_text("No source is configured")

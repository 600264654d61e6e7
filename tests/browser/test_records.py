"""What a desk keeps beside the queue: versions word by word, deadlines, feeds, the handover, and what is put right by people."""

from __future__ import annotations

from datetime import timedelta
from xml.etree import ElementTree as ET

import pytest
from playwright.sync_api import Browser, expect

from tests.browser import said
from tests.browser.rig import PHONE, WIDE, Served, live, opened, picture


def test_versions_of_an_article_are_compared_word_by_word(browser: Browser, desk: Served) -> None:
    facts = said.told("Lake front")
    desk.put(
        *facts, *said.texts_of(facts, "The truce lasts for 30 days, he said.", "The truce lasts for 72 hours, he said.")
    )
    with opened(browser, desk.address, PHONE) as page:
        page.goto(f"/dossiers/{said.dossier_of(facts)}")
        page.get_by_role("link", name="2 versions compared").click()
        expect(page.locator(".difference ins")).to_have_text("72 hours,")
        expect(page.locator(".difference del")).to_have_text("30 days,")
        picture(page, "versions-phone")
        page.get_by_role("link", name="Kept copy").first.click()
        expect(page.locator(".text")).to_contain_text("The truce lasts for 72 hours, he said.")


def test_a_kept_copy_is_text_and_never_markup(browser: Browser, desk: Served) -> None:
    facts = said.told("Lake front")
    desk.put(*facts, *said.texts_of(facts, "Before <img src=x onerror=\"document.title='caught'\"> after"))
    with opened(browser, desk.address) as page:
        page.goto(f"/dossiers/{said.dossier_of(facts)}")
        page.get_by_role("link", name="Kept copy").click()
        expect(page.locator(".text")).to_contain_text("<img src=x")
        assert page.locator("main img").count() == 0


@pytest.mark.parametrize("size", [WIDE, PHONE])
def test_terms_are_listed_and_go_into_a_calendar(browser: Browser, desk: Served, size: tuple[int, int]) -> None:
    day = (said.now() + timedelta(days=3)).date().isoformat()
    lead = said.step("Lake front")["assertion"] | {"ends_at": {"text": "on that day", "iso": day, "precision": "day"}}
    desk.put(*said.told("Lake front", assertion=lead | {"effective_from": None}))
    with opened(browser, desk.address, size) as page:
        page.goto("/deadlines")
        expect(page.locator("main tbody tr")).to_contain_text(day)
        expect(page.locator("main tbody tr")).to_contain_text("Ceasefire (agreed) ends")
        calendar = page.request.get("/deadlines.ics").text()
    assert f"DTSTART;VALUE=DATE:{day.replace('-', '')}\r\n" in calendar
    assert "SUMMARY:Lake front: Ceasefire (agreed) ends\r\n" in calendar


def test_a_rule_is_a_feed(browser: Browser, desk: Served) -> None:
    desk.put(*said.told("Lake front"))
    (alert,) = desk.alerts()
    with opened(browser, desk.address) as page:
        feed = ET.fromstring(page.request.get(f"/rules/desk/{alert['rules'][0]['rule']}/steps.atom").body())
    name = "{http://www.w3.org/2005/Atom}"
    assert feed.findtext(f"{name}entry/{name}title") == "CEASEFIRE AGREED, says Arvenia · Lake front"
    assert feed.findtext(f"{name}entry/{name}id") == f"urn:uuid:{alert['id']}"


def test_the_handover_tells_what_changed_since_the_shift_began(browser: Browser, desk: Served) -> None:
    desk.put(*said.told("Old matter", at=said.now() - timedelta(hours=9)), *said.told("New matter"))
    with opened(browser, desk.address) as page:
        page.goto("/queue")
        expect(page.locator(".handing")).to_contain_text("New matter")
        expect(page.locator(".handing")).not_to_contain_text("Old matter")
        page.goto("/handover")
        page.get_by_role("button", name="My shift begins now").click()
        expect(page.locator("main")).to_contain_text("Nothing moved since then.")
        picture(page, "handover")


def test_a_person_retracts_with_a_reason_and_never_without(browser: Browser, desk: Served) -> None:
    facts = said.told("Lake front")
    desk.put(*facts)
    with opened(browser, desk.address, person="jl") as page:
        page.goto(f"/dossiers/{said.dossier_of(facts)}")
        live(page)
        page.get_by_text("Put right: retract").click()
        page.get_by_role("button", name="Retract", exact=True).click()
        assert page.locator("#undo").is_hidden()
        page.get_by_label("Why; everybody").fill("the outlet was hoaxed")
        page.get_by_role("button", name="Retract", exact=True).click()
        expect(page.locator("#undo-words")).to_contain_text("Retracted.")
        expect(page.locator("[aria-labelledby=acts]")).to_contain_text("jl: retract: the outlet was hoaxed")


def test_a_muted_dossier_says_until_when_and_can_be_heard_again(browser: Browser, desk: Served) -> None:
    facts = said.told("Lake front")
    desk.put(*facts)
    with opened(browser, desk.address, person="jl") as page:
        page.goto(f"/dossiers/{said.dossier_of(facts)}")
        live(page)
        page.get_by_role("button", name="Mute…").click()
        page.get_by_role("button", name="Without an end, but tell me").click()
        expect(page.locator(".since")).to_contain_text("Muted by you without an end")
        page.get_by_role("button", name="Unmute").click()
        expect(page.get_by_text("Muted by you")).to_have_count(0)


def test_a_source_is_paused_and_what_urgent_brings_sounds_once_when_allowed(browser: Browser, desk: Served) -> None:
    desk.put(said.example("SourceConfigured"))
    with opened(browser, desk.address) as page:
        page.goto("/sources")
        page.get_by_role("button", name="Pause Harbour Wire").click()
        expect(page.get_by_role("button", name="Resume Harbour Wire")).to_be_visible()
        expect(page.locator("main tbody tr")).to_contain_text("paused")
        page.goto("/queue")
        live(page)
        desk.put(*said.told("Not heard", urgent=True))
        page.locator(".row").wait_for()
        assert page.evaluate("document.body.dataset.sounded") is None
        page.locator(".menu summary").click()
        page.get_by_role("button", name="Sound for what is urgent").click()
        page.locator(".row .open").first.focus()
        desk.put(*said.told("Heard", urgent=True))
        expect(page.locator("#news")).to_have_text("↑ 1 new")
        assert page.evaluate("document.body.dataset.sounded") == "1"


def test_a_slot_of_the_sentence_changes_the_text_and_what_it_would_have_done(browser: Browser, desk: Served) -> None:
    desk.put(*said.told("Lake front"), *said.told("EU on Karst", family="sanctions", status="imposed"))
    with opened(browser, desk.address) as page:
        page.goto("/rules")
        expect(page.locator(".figures")).to_contain_text("1 alert")
        page.locator(".slot-choice", has_text="About").locator("summary").click()
        page.get_by_label("Sanctions", exact=True).check()
        page.locator("#builder[data-tried='1']").wait_for()
        expect(page.locator(".figures")).to_contain_text("2 alerts")
        expect(page.locator("#aloud")).to_contain_text("ceasefire or sanctions")
        expect(page.locator("[name=document]")).to_have_value("family:\n- ceasefire\n- sanctions\nkind: advances\n")
        page.get_by_text("The same as YAML").click()
        page.get_by_label("The rule, as YAML").fill("family: sanctions\nwords: [ships]\n")
        page.get_by_label("Title").focus()
        page.locator("#builder[data-tried='2']").wait_for()
        page.locator(".slot-choice", has_text="How sure").locator("summary").click()
        page.get_by_label("from 2 independent origins", exact=True).check()
        page.locator("#builder[data-tried='3']").wait_for()
        expect(page.locator("[name=document]")).to_have_value("family: sanctions\nwords:\n- ships\norigins: 2\n")
        picture(page, "rule-builder")

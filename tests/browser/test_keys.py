"""Every action by keyboard alone, from the list, with the focus where one expects it afterwards."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser import said
from tests.browser.rig import PHONE, Served, eventually, live, opened

WHICH = {"w": "wrong", "y": "confirm", "m": "mute"}


@pytest.fixture
def page(browser: Browser, desk: Served) -> Iterator[Page]:
    desk.put(*said.many(4))
    with opened(browser, desk.address, person="jl") as opened_page:
        opened_page.goto("/queue")
        live(opened_page)
        yield opened_page


def focused(page: Page) -> str:
    title: str = page.evaluate(
        "document.activeElement.closest('.row, .dossier')?.dataset.title || document.activeElement.id"
    )
    return title


def press(page: Page, *keys: str) -> None:
    for key in keys:
        page.keyboard.press(key)


def test_j_and_k_go_down_and_up(page: Page) -> None:
    press(page, "j", "j")
    assert focused(page) == "Matter 002"
    press(page, "k")
    assert focused(page) == "Matter 003"


def test_o_opens_beside_the_list_and_escape_comes_back(page: Page) -> None:
    press(page, "j", "o")
    expect(page.locator(".dossier .name")).to_have_text("Matter 003")
    page.locator(".actions [data-act=claim]").focus()
    press(page, "Escape")
    assert focused(page) == "Matter 003"


def test_acknowledge_goes_to_the_next_and_can_be_taken_back(page: Page) -> None:
    press(page, "j", "e")
    expect(page.locator("#undo-words")).to_have_text("Acknowledged.")
    assert focused(page) == "Matter 002"
    expect(page.locator(".row.done")).to_have_count(1)
    press(page, "z")
    expect(page.locator(".row.done")).to_have_count(0)
    assert focused(page) == "Matter 002"


@pytest.mark.parametrize(
    ("keys", "says", "then"),
    [
        ("c", "It is yours.", "jl has it"),
        ("f", "Following.", ""),
    ],
)
def test_an_act_from_the_list_keeps_the_focus(page: Page, keys: str, says: str, then: str) -> None:
    press(page, "j", keys)
    expect(page.locator("#undo-words")).to_have_text(says)
    expect(page.locator(".row").first).to_contain_text(then)
    assert focused(page) == "Matter 003"


def test_c_and_f_twice_release_and_unfollow(page: Page) -> None:
    press(page, "j", "c")
    expect(page.locator(".row").first).to_contain_text("jl has it")
    press(page, "c")
    expect(page.locator("#undo-words")).to_have_text("Released.")
    press(page, "f")
    expect(page.locator(".row").first).to_have_attribute("data-followers", "jl")
    press(page, "f")
    expect(page.locator("#undo-words")).to_have_text("No longer following.")


@pytest.mark.parametrize(
    ("key", "first", "says"),
    [
        ("w", "Wrong type", "Noted: wrong type."),
        ("y", "Read at the source", "Noted: read at the source."),
        ("m", "8 hours, but tell me if its status changes", "Muted: 8 hours, but tell me if its status changes."),
    ],
)
def test_w_y_and_m_ask_one_thing_and_give_the_focus_back(page: Page, key: str, first: str, says: str) -> None:
    press(page, "j", key)
    expect(page.locator(".actions .choices:not([hidden])").get_by_role("button", name=first)).to_be_focused()
    press(page, "Enter")
    expect(page.locator("#undo-words")).to_have_text(says)
    button = page.locator(f"[data-choices={WHICH[key]}]")
    expect(button).to_be_focused()


def test_a_check_is_shown_with_who_made_it(page: Page) -> None:
    press(page, "j", "y")
    expect(page.locator("#confirm button").first).to_be_focused()
    press(page, "Enter")
    expect(page.locator(".checks li").first).to_contain_text("jl")


def test_escape_closes_what_was_asked(page: Page) -> None:
    press(page, "j", "w")
    expect(page.locator("#wrong button").first).to_be_focused()
    press(page, "Escape")
    expect(page.locator("#wrong")).to_be_hidden()
    expect(page.locator("[data-choices=wrong]")).to_be_focused()


@pytest.mark.parametrize(
    ("key", "path"), [("f", "/following"), ("r", "/rules"), ("s", "/sources"), ("d", "/delivery"), ("q", "/queue")]
)
def test_g_and_a_letter_go_to_a_page(page: Page, key: str, path: str) -> None:
    page.goto("/why")
    live(page)
    press(page, "g", key)
    page.wait_for_url(f"**{path}")
    expect(page.locator("main h1")).to_have_text(path[1:].capitalize())
    expect(page.get_by_role("navigation", name="Desk").locator("[aria-current=page]")).to_have_text(
        path[1:].capitalize()
    )


def test_slash_goes_to_the_search_and_finds_a_dossier_by_its_name(page: Page) -> None:
    press(page, "/")
    expect(page.get_by_label("Search dossiers and articles")).to_be_focused()
    page.keyboard.type("matter 002")
    press(page, "Enter")
    page.wait_for_url("**/search?q=**")
    expect(page.locator("main .row .title")).to_have_text(["Matter 002"])


def test_x_copies_two_lines_for_the_wire(browser: Browser, desk: Served) -> None:
    desk.put(*said.told("Lake front"))
    with opened(browser, desk.address, permissions=["clipboard-read", "clipboard-write"]) as page:
        page.goto("/queue")
        live(page)
        press(page, "j", "x")
        expect(page.locator("#undo-words")).to_have_text("Copied for the wire.")
        first, second = page.evaluate("navigator.clipboard.readText()").split("\n")
    assert first.startswith("CEASEFIRE AGREED, says Arvenia · Lake front. Claimed by Arvenia")
    assert second.startswith("Harbour Wire: “Officials of Arvenia said")
    assert "https://news.example/" in second


def test_v_opens_the_article_elsewhere(page: Page) -> None:
    page.context.route("https://news.example/**", lambda route: route.fulfill(body="an article"))
    press(page, "j")
    with page.context.expect_page() as article:
        page.keyboard.down("v")  # and never up: the key would go to the page that opened in front
    article.value.wait_for_load_state()
    assert article.value.url.startswith("https://news.example/")
    assert article.value.evaluate("window.opener") is None


def test_single_keys_do_nothing_in_a_field_and_can_be_switched_off(page: Page) -> None:
    page.goto("/why")
    live(page)
    page.get_by_label("Address of the article").fill("")
    page.get_by_label("Address of the article").press("j")
    expect(page.get_by_label("Address of the article")).to_have_value("j")
    page.goto("/queue")
    live(page)
    press(page, "?")
    page.get_by_label("Switch single keys off").check()
    press(page, "Escape", "j", "e")
    assert page.locator(".row.done").count() == 0
    assert focused(page) != "Matter 003"


def test_on_a_phone_back_restores_the_place(browser: Browser, desk: Served) -> None:
    desk.put(*said.many(30))
    with opened(browser, desk.address, PHONE) as page:
        page.goto("/queue")
        live(page)
        page.locator(".row", has_text="Matter 020").scroll_into_view_if_needed()
        place = page.evaluate("scrollY")
        assert place > 500
        page.locator(".row", has_text="Matter 020").locator(".open").click()
        expect(page.locator(".dossier .name")).to_have_text("Matter 020")
        page.go_back()
        eventually(lambda: abs(page.evaluate("scrollY") - place) < 2, f"the list is at {place} again")

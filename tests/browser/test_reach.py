"""Everybody can read and reach everything: axe, no sideways scrolling, large text, keys alone, big enough controls."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from itertools import product

import pytest
from playwright.sync_api import Browser, Page

from tests.browser import said
from tests.browser.rig import PHONE, WIDE, Served, live, opened, picture, violations

SIZES = {"wide": WIDE, "phone": PHONE}
SPACED = """* { line-height: 1.5 !important; letter-spacing: .12em !important; word-spacing: .16em !important; }
p { margin-bottom: 2em !important; }"""
PAGES = {
    "queue": "/queue",
    "following": "/following",
    "rules": "/rules",
    "sources": "/sources",
    "delivery": "/delivery",
    "why": "/why?url=https://news.example/never-read",
    "search": "/search?q=lake",
    "handover": "/handover",
    "deadlines": "/deadlines",
    "more": "/more",
    "missing": f"/dossiers/{said.named('nobody')}",
}


def furnish(desk: Served) -> str:
    """A morning with something of everything; the address of its fullest dossier."""
    minutes = [said.now() - timedelta(minutes=each) for each in (90, 50, 40, 14, 8, 5)]
    lifted = said.told(
        "Grain port of Halvern", at=minutes[1], family="sanctions", status="lifted", attribution="unattributed"
    )
    fullest = said.told(
        "Northland-Southland, lake front",
        at=minutes[4],
        urgent=True,
        words={
            "contradicts": "a spokesman of Southland said that nothing was signed",
            "also": ["SANCTIONS EASED, says EU"],
        },
    )
    desk.put(
        *said.told(
            "Arvenia-Karst Front", at=minutes[0], status="violated", kind="contradicted", attribution="disputed"
        ),
        *lifted,
        *said.told(
            "Belmora, oil shipping", at=minutes[2], family="sanctions", status="proposed", reality="conditional"
        ),
        *said.told("EU on Karst", at=minutes[3], family="sanctions", status="imposed", attribution="confirmed"),
        *fullest,
        *said.put_right(lifted, "retracted", at=minutes[5]),
        *(
            said.example(name)
            for name in ("RuleSaved", "DeliveryRecorded", "SourceConfigured", "PollRecorded", "DeliveryActed")
        ),
    )
    return f"/dossiers/{said.dossier_of(fullest)}"


def visit(page: Page, address: str) -> None:
    page.goto(address)
    live(page)


@pytest.mark.parametrize(("size", "scheme"), list(product(SIZES, ("light", "dark"))))
def test_axe_finds_nothing_on_any_page(browser: Browser, desk: Served, size: str, scheme: str) -> None:
    dossier = furnish(desk)
    with opened(browser, desk.address, SIZES[size], color_scheme=scheme) as page:
        for name, address in {**PAGES, "dossier": dossier}.items():
            visit(page, address)
            assert violations(page) == [], name
            picture(page, f"{name}-{size}-{scheme}")


def nothing_open(page: Page) -> None:
    page.goto("/queue?view=mine")


def keys_shown(page: Page) -> None:
    page.keyboard.press("?")


def wrong_asked(page: Page) -> None:
    page.get_by_role("button", name="Wrong…").click()


def more_shown(page: Page) -> None:
    page.get_by_role("button", name="More").or_(page.get_by_role("button", name="Confirm…")).first.click()


def act_taken(page: Page) -> None:
    page.get_by_role("button", name="Claim").click()
    page.get_by_role("button", name="Undo").wait_for()


def act_failed(page: Page) -> None:
    page.route("**/acts", lambda route: route.abort())
    page.get_by_role("button", name="Acknowledge").click()
    page.get_by_role("button", name="Try again").wait_for()


@pytest.mark.parametrize("size", SIZES)
def test_axe_finds_nothing_in_any_state(browser: Browser, desk: Served, size: str) -> None:
    dossier = furnish(desk)
    states: list[Callable[[Page], None]] = [keys_shown, wrong_asked, more_shown, act_taken, act_failed, nothing_open]
    with opened(browser, desk.address, SIZES[size]) as page:
        for state in states:
            visit(page, dossier)
            state(page)
            assert violations(page) == [], state.__name__
            picture(page, f"{state.__name__}-{size}")


@pytest.mark.parametrize("width", [320, 390, 768, 1280])
def test_nothing_scrolls_sideways(browser: Browser, desk: Served, width: int) -> None:
    dossier = furnish(desk)
    with opened(browser, desk.address, (width, 844)) as page:
        for name, address in {**PAGES, "dossier": dossier}.items():
            visit(page, address)
            assert sideways(page) == 0, name
            enlarge(page, "200%")
            assert sideways(page) == 0, f"{name} at 200 % text"
            enlarge(page, "")
            space(page)
            assert sideways(page) == 0, f"{name} with text spacing"


def sideways(page: Page) -> int:
    """By how many pixels the page is wider than its window."""
    over: int = page.evaluate("document.documentElement.scrollWidth - innerWidth")
    return over


def enlarge(page: Page, size: str) -> None:
    page.evaluate(
        "size => { document.documentElement.style.fontSize = size; dispatchEvent(new Event('resize')); }", size
    )


def space(page: Page) -> None:
    """WCAG's text spacing, put in as a reader's own style: the page's policy lets no style element in."""
    page.evaluate(
        "css => { const sheet = new CSSStyleSheet(); sheet.replaceSync(css); document.adoptedStyleSheets = [sheet]; }",
        SPACED,
    )


CONTROLS = "a[href], button, input:not([type=hidden]), textarea, summary"
SEEN = """(found, least) => found.filter(each => each.checkVisibility({visibilityProperty: true})).map(each => {
  const box = each.getBoundingClientRect();
  return [each.outerHTML.slice(0, 90), Math.round(box.width), Math.round(box.height), box.right];
}).filter(([, width, height, right]) => right > 0 && height > 1 && (height < least || width < 24))"""


@pytest.mark.parametrize(("size", "least"), [("wide", 24), ("phone", 44)])
def test_every_control_is_large_enough_to_hit(browser: Browser, desk: Served, size: str, least: int) -> None:
    dossier = furnish(desk)
    with opened(browser, desk.address, SIZES[size]) as page:
        for name, address in {**PAGES, "dossier": dossier}.items():
            visit(page, address)
            assert page.locator(CONTROLS).evaluate_all(SEEN, least) == [], name


COVERED = """() => {
  const focused = document.activeElement, box = focused.getBoundingClientRect();
  const points = [.1, .5, .9].flatMap(x => [.1, .5, .9].map(y => [box.left + box.width * x, box.top + box.height * y]))
    .filter(([x, y]) => x >= 0 && y >= 0 && x < innerWidth && y < innerHeight);
  const seen = points.some(([x, y]) => { const over = document.elementFromPoint(x, y); return over && (focused.contains(over) || over.contains(focused)); });
  const place = [...document.querySelectorAll('*')].indexOf(focused);
  return [focused === document.body ? '' : `${place} ${focused.outerHTML.slice(0, 120)}`, !seen];
}"""


@pytest.mark.parametrize("size", SIZES)
def test_no_bar_covers_what_has_the_focus(browser: Browser, desk: Served, size: str) -> None:
    dossier = furnish(desk)
    with opened(browser, desk.address, SIZES[size]) as page:
        for address in (dossier, "/rules", "/queue?view=all"):
            visit(page, address)
            reached = set()
            for _ in range(80):
                page.keyboard.press("Tab")
                name, hidden = page.evaluate(COVERED)
                if not name or name in reached:
                    break
                reached.add(name)
                assert not hidden, name
            assert len(reached) > 10


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_ring_around_the_focus_can_be_seen(browser: Browser, desk: Served, scheme: str) -> None:
    furnish(desk)
    with opened(browser, desk.address, color_scheme=scheme) as page:
        visit(page, "/queue")
        page.keyboard.press("j")
        ring, ground = page.locator(".row .open").first.evaluate(
            "e => [getComputedStyle(e).outlineColor, getComputedStyle(document.querySelector('.queue')).backgroundColor]"
        )
        assert contrast(colour(ring), colour(ground)) >= 3


def colour(css: str) -> tuple[float, ...]:
    return tuple(float(part) / 255 for part in css[css.index("(") + 1 : -1].split(",")[:3])


def contrast(one: tuple[float, ...], other: tuple[float, ...]) -> float:
    """WCAG's contrast ratio of two colours."""
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def luminance(rgb: tuple[float, ...]) -> float:
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in rgb)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue

"""Signing in: from the first account on everybody does, each sees what their role may, and the address is kept."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from services.desk.people.accounts import Accounts
from tests.browser import said
from tests.browser.rig import PHONE, WIDE, Served, live, opened, picture, violations

PASSWORD = "four words are good"


@pytest.fixture
def shut(browser: Browser, tmp_path: Path) -> Iterator[Served]:
    desk = Served(tmp_path / "desk.sqlite").start()
    desk.put(*said.told("Lake front"))
    yield desk
    desk.kill()


def link(desk: Served, person: str, role: str) -> str:
    accounts = Accounts(desk.file.with_name("accounts.sqlite"))
    token = accounts.invite(person, role, "test", datetime.now(UTC))
    accounts.close()
    return f"/enter?token={token}"


def make_account(page: Page, address: str, person: str = "") -> None:
    page.goto(address)
    if person:
        page.get_by_label("Your initials").fill(person)
    page.get_by_label("A password of 12").fill(PASSWORD)
    page.get_by_role("button", name="Make the account").click()
    page.wait_for_url("**/queue")


def test_the_first_account_shuts_the_desk_and_the_address_is_kept(browser: Browser, shut: Served) -> None:
    first = link(shut, "", "operator")
    with opened(browser, shut.address, PHONE) as operator, opened(browser, shut.address) as other:
        operator.goto(first)
        assert violations(operator) == []
        make_account(operator, first, "op")
        live(operator)
        expect(operator.locator(".menu summary")).to_contain_text("op")
        expect(operator.locator("#notices")).not_to_contain_text("No sign-in")
        other.goto("/queue?view=all")
        expect(other.get_by_role("heading", name="Sign in")).to_be_visible()
        assert violations(other) == []
        picture(other, "sign-in")
        other.get_by_label("Name").fill("op")
        other.get_by_label("Password").fill("not this one")
        other.get_by_role("button", name="Sign in").click()
        expect(other.get_by_role("alert")).to_contain_text("Name and password do not fit")
        other.get_by_label("Password").fill(PASSWORD)
        other.get_by_role("button", name="Sign in").click()
        other.wait_for_url("**/queue?view=all")
        expect(other.locator(".row .title")).to_have_text("Lake front")
        other.goto("/people")
        assert violations(other) == []
        picture(other, "people")


def test_a_reader_sees_and_cannot_act(browser: Browser, shut: Served) -> None:
    links = [link(shut, "op", "operator"), link(shut, "jl", "reader")]
    with opened(browser, shut.address, WIDE) as operator, opened(browser, shut.address, WIDE) as reader:
        make_account(operator, links[0])
        make_account(reader, links[1])
        live(reader)
        reader.keyboard.press("j")
        reader.keyboard.press("c")
        expect(reader.locator("#undo-words")).to_contain_text("jl is reader here, and this is for editors")
        answer = reader.goto("/people")
        assert answer
        assert answer.status == 403
        operator.goto("/people")
        operator.get_by_label("Role of jl").select_option("editor")
        operator.get_by_role("button", name="Save jl").click()
        reader.goto("/queue")
        live(reader)
        reader.keyboard.press("j")
        reader.keyboard.press("c")
        expect(reader.locator(".row")).to_contain_text("jl has it")
        reader.locator(".menu summary").click()
        reader.get_by_role("button", name="Sign out").click()
        expect(reader.get_by_role("heading", name="Sign in")).to_be_visible()
        reader.goto("/queue")
        expect(reader.get_by_role("heading", name="Sign in")).to_be_visible()

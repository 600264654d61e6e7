"""A browser that does not answer fails the test that waits for it, and no other."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Browser

from tests.browser import rig
from tests.browser.rig import Served, live, opened


def test_a_call_that_would_wait_for_ever_is_ended_and_named(
    chromium: Callable[[], Browser], desk: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rig, "LONGEST", 3.0)
    with pytest.raises(AssertionError, match="did not answer") as ended, opened(chromium(), desk.address) as page:
        page.evaluate("new Promise(() => {})")
    assert "test_bounds" in str(ended.value)
    monkeypatch.undo()
    with opened(chromium(), desk.address) as page:
        page.goto("/queue")
        live(page)
        assert page.title().endswith("Copytaster")


def test_a_desk_that_cannot_fold_a_line_says_so_at_once(desk: Served) -> None:
    with pytest.raises(AssertionError, match=r"Unreadable|Error"):
        desk._line(b"{}")

"""A browser and a desk for the tests of the pages. Without Chromium they are skipped, with the cure."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect, sync_playwright

from tests.browser.rig import PATIENCE, Served, bounded

CHROMIUM = os.environ.get("COPYTASTER_CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser") or ""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def chromium() -> Iterator[Callable[[], Browser]]:
    """The browser of the run; another one where a test had to end it."""
    if not CHROMIUM:
        pytest.skip("no Chromium: install it (apt-get install chromium), or name it in COPYTASTER_CHROMIUM")
    expect.set_options(timeout=PATIENCE * 1000)
    begun: list[Browser] = []
    with sync_playwright() as playwright:

        def alive() -> Browser:
            if not begun or not begun[-1].is_connected():
                asked = ["--no-sandbox"] if os.geteuid() == 0 else []
                begun.append(playwright.chromium.launch(executable_path=CHROMIUM, args=asked, timeout=60_000))
            return begun[-1]

        yield alive
        with bounded(PATIENCE):
            for one in begun:
                one.close()


@pytest.fixture
def browser(chromium: Callable[[], Browser]) -> Browser:
    return chromium()


@pytest.fixture(scope="session")
def served(chromium: Callable[[], Browser], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    desk = Served(tmp_path_factory.mktemp("desk") / "desk.sqlite").start()
    yield desk
    desk.kill()


@pytest.fixture
def desk(served: Served) -> Served:
    """The desk with nothing in it."""
    if served.process is None:
        served.start()
    served.order("reset")
    return served

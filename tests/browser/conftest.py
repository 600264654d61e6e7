"""A browser and a desk for the tests of the pages. Without Chromium they are skipped, with the cure."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect, sync_playwright

from tests.browser.rig import PATIENCE, Served

CHROMIUM = os.environ.get("COPYTASTER_CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser") or ""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    if not CHROMIUM:
        pytest.skip("no Chromium: install it (apt-get install chromium), or name it in COPYTASTER_CHROMIUM")
    expect.set_options(timeout=PATIENCE * 1000)
    with sync_playwright() as playwright:
        found = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"] if os.geteuid() == 0 else [])
        yield found
        found.close()


@pytest.fixture(scope="session")
def served(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
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

"""What the desk's tests hold in their hands: a served desk, and pages on it."""

from __future__ import annotations

import contextlib
import gc
import json
import os
import selectors
import signal
import socket
import subprocess
import sys
import threading
import time
import traceback
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psutil
from axe_playwright_python.sync_playwright import Axe
from greenlet import greenlet
from playwright.sync_api import Browser, BrowserContext, Error, Page

from schemas.base import Fact
from schemas.codec import encode
from schemas.generate import ROOT

WIDE, PHONE = (1280, 900), (390, 844)
PATIENCE = 30.0
LONGEST = 150.0
"""Seconds that one page may be open in a test. Playwright puts no bound to `evaluate`, to keys or to `close`; this does."""
TAGS = ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa", "best-practice"]
PICTURES = Path(os.environ.get("COPYTASTER_PICTURES", ROOT / ".copytaster" / "pictures"))


def free_port() -> int:
    """A port of loopback that nobody has now."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port: int = taken.getsockname()[1]
        return port


def eventually(holds: Callable[[], bool], says: str, seconds: float = PATIENCE) -> None:
    """Wait until something holds. Raises `AssertionError` with the words when it does not in that many seconds."""
    end = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < end, f"not within {seconds:g} s: {says}"
        time.sleep(0.05)


def answers(address: str) -> bool:
    """Whether something answers under an address."""
    try:
        with urllib.request.urlopen(address, timeout=2):
            return True
    except OSError:
        return False


@dataclass
class Served:
    """A desk as a process of its own over one file; `kill` is kill -9, `start` begins it again on the same port."""

    file: Path
    port: int = field(default_factory=free_port)
    process: subprocess.Popen[bytes] | None = None

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> Served:
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tests.browser.served", str(self.file), str(self.port)],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        )
        try:
            eventually(lambda: answers(f"{self.address}/api/alerts"), "the desk answers", 4 * PATIENCE)
        except AssertionError:
            self.kill()
            raise
        return self

    def kill(self) -> None:
        if self.process:
            self.process.send_signal(signal.SIGKILL)
            self.process.communicate()
            self.process = None

    def put(self, *facts: Fact) -> None:
        """Fold facts, and come back when they are folded."""
        for fact in facts:
            self._line(encode(fact))

    def order(self, words: str) -> None:
        """See `tests/browser/served.py`."""
        self._line(f"!{words}".encode())

    def _line(self, line: bytes) -> None:
        assert self.process
        assert self.process.stdin
        assert self.process.stdout
        self.process.stdin.write(line.replace(b"\n", b" ") + b"\n")
        self.process.stdin.flush()
        with selectors.DefaultSelector() as selector:
            selector.register(self.process.stdout, selectors.EVENT_READ)
            assert selector.select(PATIENCE), f"the desk did not answer to {line[:80]!r} within {PATIENCE:g} s"
        answer = self.process.stdout.readline()
        assert answer == b"ok\n", answer.decode()

    def alerts(self) -> list[dict[str, Any]]:
        """What the desk says it has, newest first."""
        with urllib.request.urlopen(f"{self.address}/api/alerts?limit=1000", timeout=5) as answer:
            found: list[dict[str, Any]] = json.load(answer)["alerts"]
            return found


@contextlib.contextmanager
def opened(
    browser: Browser, address: str, size: tuple[int, int] = WIDE, person: str = "", **options: Any
) -> Iterator[Page]:
    """A page of its own profile; a message on its console, a failed script or a request elsewhere fails the test.

    What goes wrong inside closes the profile, too, and a call that would wait for ever is ended, with the line that waits.
    """
    wrong: list[str] = []
    with bounded(LONGEST):
        context = browser.new_context(viewport={"width": size[0], "height": size[1]}, base_url=address, **options)
        try:
            context.set_default_timeout(PATIENCE * 1000)
            if person:
                _as(context, address, person)
            page = context.new_page()
            page.on("pageerror", lambda error: wrong.append(str(error)))
            page.on("request", lambda request: wrong.append(request.url) if not _own(request.url, address) else None)
            page.on("console", lambda said: wrong.append(said.text) if "Content Security Policy" in said.text else None)
            yield page
        finally:
            context.close()
    assert wrong == []


@contextlib.contextmanager
def bounded(seconds: float) -> Iterator[None]:
    """End this run's browser when what stands inside takes longer: whatever waits for it then fails and says where it waited."""
    done, waited = threading.Event(), list[str]()

    def watch() -> None:
        if not done.wait(seconds):
            waited.extend(_waiting())
            _end_browsers()

    watching = threading.Thread(target=watch, daemon=True)
    watching.start()
    try:
        yield
    except Error as error:
        if not waited:
            raise
        raise AssertionError(f"the browser did not answer for {seconds:g} s:\n{''.join(waited)}") from error
    finally:
        done.set()
        watching.join()


def _waiting() -> list[str]:
    """Where the tests' own code stands: playwright waits in a greenlet of its own, and so does not show it."""
    frames = [each.gr_frame for each in gc.get_objects() if isinstance(each, greenlet) and each.gr_frame]
    lines = [line for frame in frames for line in traceback.format_stack(frame)]
    return [line for line in lines if f"{os.sep}tests{os.sep}browser{os.sep}" in line or "sync_api" in line]


def _end_browsers() -> None:
    for child in psutil.Process().children(recursive=True):
        with contextlib.suppress(psutil.Error):
            if "chrom" in child.name():
                child.kill()


def _own(url: str, address: str) -> bool:
    return url.startswith((address, "data:", "blob:", "about:"))


def _as(context: BrowserContext, address: str, person: str) -> None:
    context.add_cookies([{"name": "person", "value": person, "url": address}])


def violations(page: Page) -> list[str]:
    """What axe finds wrong, one line each."""
    found = Axe().run(page, options={"runOnly": {"type": "tag", "values": TAGS}, "resultTypes": ["violations"]})
    return [
        f"{one['id']} ({one['impact']}): {node['html'][:160]}"
        for one in found.response["violations"]
        for node in one["nodes"]
    ]


def picture(page: Page, name: str) -> None:
    """Keep what a page looks like, for people to judge."""
    PICTURES.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=PICTURES / f"{name}.png")


def live(page: Page) -> None:
    """Wait until the page hears the desk."""
    page.locator("body[data-hears=yes]").wait_for()

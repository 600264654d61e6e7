"""The desk under load: the first view of ten thousand alerts, a back-test of ten thousand steps, fifty open desks on a real log.

`python -m benchmarks desk` runs all; with Chromium (named in COPYTASTER_CHROMIUM or found) two of the fifty desks are browsers.
"""

from __future__ import annotations

import http.client
import os
import shutil
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from statistics import median, quantiles
from typing import Any

import psutil

from runtime.admin import administrator, create_topics
from runtime.brokers import BrokerSettings
from runtime.devbroker import running_broker
from schemas.base import Position
from schemas.topics import BY_NAME
from services.desk import store
from services.desk.backtest import back_test
from services.desk.fold import fold
from services.desk.queries.remembered import KeptSteps
from tests.browser import said
from tests.browser.rig import Served
from tests.browser.test_log import USED, OnTheLog

ALERTS = int(os.environ.get("COPYTASTER_DESK_ALERTS", "10000"))
DESKS, SECONDS = 50, int(os.environ.get("COPYTASTER_DESK_SECONDS", "30"))
CHROMIUM = os.environ.get("COPYTASTER_CHROMIUM") or shutil.which("chromium") or ""
RULES: tuple[dict[str, Any], ...] = (
    {"family": "ceasefire", "kind": "advances"},
    {
        "certainty": {"confirmed": True, "or_origins": 2},
        "roles": {"party": {"any": ["Arvenia"], "none": ["IL"]}},
        "words": ["truce"],
    },
)


def filled(path: Path) -> None:
    """A read model with so many alerts, one a minute."""
    db = store.prepare(path)
    begin = said.now() - timedelta(minutes=ALERTS)
    with store.one_write(db):
        for number in range(ALERTS):
            for fact in said.told(f"Matter {number}", at=begin + timedelta(minutes=number), urgent=number % 50 == 0):
                fold(db, fact, Position(topic="bench", partition=0, offset=number))
    db.close()


def first_view(desk: Served) -> None:
    """Seconds of the server for the queue, and of a browser with four times slower processor until it is shown."""
    took = []
    for _ in range(7):
        began = time.perf_counter()
        body = asked(desk.port, "/queue")
        took.append(time.perf_counter() - began)
    print(
        f"first view of {ALERTS} alerts: {median(took):.2f} s from request to last byte, {len(body) / 1000:.0f} KB as sent"
    )
    if CHROMIUM:
        with browsing() as browser:
            page = browser.new_page(viewport={"width": 1280, "height": 900})
            page.context.new_cdp_session(page).send("Emulation.setCPUThrottlingRate", {"rate": 4})
            shown = []
            for _ in range(5):
                page.goto(f"{desk.address}/queue", timeout=60_000)
                shown.append(page.evaluate("performance.getEntriesByType('paint').at(-1).startTime") / 1000)
            print(f"  in Chromium, processor 4 times slower: first contentful paint after {median(shown):.2f} s")
            page.locator(".row .open").first.focus()
            step = """() => new Promise(done => { const began = performance.now();
              document.addEventListener('focusin', () => done(performance.now() - began), {once: true});
              document.activeElement.dispatchEvent(new KeyboardEvent('keydown', {key: 'j', bubbles: true})); setTimeout(() => done(-1), 2000); })"""
            moved = [page.evaluate(step) for _ in range(9)]
            print(f"  `j` moves the focus after {median(moved):.1f} ms")


def asked(port: int, path: str) -> bytes:
    """What the desk sends for a path, compressed as a browser gets it."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    connection.request("GET", path, headers={"Accept-Encoding": "gzip", "Accept": "text/html"})
    answer = connection.getresponse()
    body = answer.read()
    connection.close()
    if answer.status != 200:
        raise SystemExit(f"{path} answered {answer.status}")
    return body


@contextmanager
def browsing() -> Iterator[Any]:
    """Chromium."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=CHROMIUM, args=["--no-sandbox"] if os.geteuid() == 0 else []
        )
        yield browser
        browser.close()


def back_tests(path: Path) -> None:
    """Seconds for a back-test over all that is kept: the first, which reads the steps, and those after it."""
    kept, db = KeptSteps(), store.connect(path)
    for number, document in enumerate((RULES[0], *RULES)):
        began = time.perf_counter()
        found = back_test(document, kept.since(db, said.now() - timedelta(days=30)))
        took = time.perf_counter() - began
        print(f"back-test over {found.asked} steps{'' if number else ', read for the first time'}: {took:.2f} s, "
              f"{found.alerts} alerts, {len(found.close)} came close")  # fmt: skip
    db.close()


def fifty_desks() -> None:
    """One alert a second to the log, and how long until every open desk has heard of it."""
    with tempfile.TemporaryDirectory() as folder, running_broker(Path(folder) / "kafka") as broker:
        settings = BrokerSettings(bootstrap_servers=broker.bootstrap, COPYTASTER_NAMESPACE="bench.")
        with administrator(settings) as client:
            create_topics(client, settings, [BY_NAME[name] for name in dict.fromkeys(USED)])
        desk = OnTheLog(Path(folder) / "desk.sqlite")
        desk.broker = settings
        desk.start()
        try:
            watched(desk)
        finally:
            desk.kill()


def watched(desk: OnTheLog) -> None:
    """Open the desks, write the alerts, print what was heard when."""
    streams = DESKS - 2 if CHROMIUM else DESKS
    heard: dict[str, list[float]] = {}
    stop = threading.Event()
    threads = [threading.Thread(target=listen, args=(desk.port, heard, stop), daemon=True) for _ in range(streams)]
    for thread in threads:
        thread.start()
    with browsing() if CHROMIUM else nothing() as browser:
        pages = [browser.new_page() for _ in range(2)] if browser else []
        for page in pages:
            page.goto(f"{desk.address}/queue", timeout=60_000)
            page.evaluate(NOTE)
        sent, dossiers = written(desk)
        time.sleep(3)
        shown = [moment for page in pages for moment in page.evaluate("window.noted")]
    stop.set()
    waits = [moment - sent[dossier] for dossier in dossiers for moment in heard.get(dossier, [])]
    lost = streams * len(dossiers) - len(waits)
    memory = psutil.Process(desk.process.pid).memory_info().rss / 1e6 if desk.process else 0
    print(f"{streams} streams, {len(dossiers)} alerts at one a second: log to stream p50 {median(waits):.3f} s, "
          f"p95 {quantiles(waits, n=20)[-1]:.3f} s, {lost} lost; the desk has {memory:.0f} MB")  # fmt: skip
    seen = [at / 1000 - sent[dossier] for dossier, at in shown if dossier in sent]
    if seen:
        print(f"2 browsers: log to row in the page p50 {median(seen):.3f} s, p95 {quantiles(seen, n=20)[-1]:.3f} s, "
              f"{2 * len(dossiers) - len(seen)} not shown")  # fmt: skip


NOTE = """() => { window.noted = []; const seen = new Set();
  new MutationObserver(() => { for (const row of document.querySelectorAll('.row[data-dossier]')) if (!seen.has(row.dataset.dossier)) {
    seen.add(row.dataset.dossier); window.noted.push([row.dataset.dossier, Date.now()]); } })
    .observe(document.body, {childList: true, subtree: true}); }"""


@contextmanager
def nothing() -> Iterator[None]:
    """No browser."""
    yield None


def written(desk: OnTheLog) -> tuple[dict[str, float], list[str]]:
    """When each dossier's alert was handed to the log."""
    sent: dict[str, float] = {}
    for number in range(SECONDS):
        facts = said.told(f"Benched {number}")
        began = time.time()
        sent[said.dossier_of(facts)] = began
        desk.put(*facts)
        time.sleep(max(0.0, 1 - (time.time() - began)))
    return sent, list(sent)


def listen(port: int, heard: dict[str, list[float]], stop: threading.Event) -> None:
    """One open desk's stream."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    connection.request("GET", "/live")
    answer = connection.getresponse()
    mine: set[str] = set()
    while not stop.is_set():
        line = answer.readline().decode()
        if line.startswith("data:") and "touched" in line:
            at = time.time()
            for dossier in set(line.split('"')) - mine:
                if len(dossier) == 36:
                    mine.add(dossier)
                    heard.setdefault(dossier, []).append(at)


def main() -> None:
    """Everything, or the parts that are named: `view`, `backtest`, `fifty`."""
    parts = sys.argv[1:] or ["view", "backtest", "fifty"]
    if "view" in parts or "backtest" in parts:
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "desk.sqlite"
            filled(path)
            if "view" in parts:
                desk = Served(path).start()
                try:
                    first_view(desk)
                finally:
                    desk.kill()
            if "backtest" in parts:
                back_tests(path)
    if "fifty" in parts:
        fifty_desks()


if __name__ == "__main__":
    main()

"""The desk on a real log: what is written appears, what people do is read back, and a kill loses and doubles nothing."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import urllib.request
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

import pytest
from kafka import KafkaProducer
from playwright.sync_api import Browser, expect

from runtime.brokers import BrokerSettings, for_kafka_python
from schemas.base import Fact
from schemas.codec import encode
from schemas.generate import ROOT
from schemas.topics import TOPICS
from tests.browser import said
from tests.browser.rig import Served, answers, eventually, live, opened, picture

pytestmark = pytest.mark.broker
TOPIC = {
    "ArticleDeduplicated": "articles-deduplicated",
    "ArticleTagged": "articles-tagged",
    "StepsTaken": "alerting-inbox",
    "AlertRaised": "alerts-raised",
    "AlertsDecided": "alerts-decided",
}
USED = [topic.name for topic in TOPICS if "desk" in topic.read_by] + ["tracking-inbox", "alerting-inbox"]


class OnTheLog(Served):
    """The desk as it runs, on a broker of the tests."""

    broker: BrokerSettings

    def start(self) -> OnTheLog:
        names = {"HOST": "127.0.0.1", "PORT": str(self.port), "FILE": str(self.file)}
        names["ACCOUNTS"] = str(self.file.with_name("accounts.sqlite"))
        environment = os.environ | {f"COPYTASTER_DESK_{name}": value for name, value in names.items()}
        environment |= {
            "KAFKA_BOOTSTRAP_SERVERS": self.broker.bootstrap_servers,
            "COPYTASTER_NAMESPACE": self.broker.namespace,
        }
        self.process = subprocess.Popen(
            [sys.executable, "-m", "services.desk"],
            cwd=ROOT,
            env=environment,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        eventually(lambda: answers(f"{self.address}/api/alerts"), "the desk answers", 90)
        return self

    def kill(self) -> None:
        if self.process:
            self.process.send_signal(signal.SIGKILL)
            self.process.wait()
            self.process = None

    def put(self, *facts: Fact) -> None:
        """Write facts to the log, as the services do."""
        producer = KafkaProducer(acks="all", **for_kafka_python(self.broker))
        for fact in facts:
            key = str(fact.id).encode()
            producer.send(self.broker.named(TOPIC[fact.name()]), key=key, value=encode(fact)).get(timeout=30)
        producer.close()

    def ids(self) -> list[str]:
        with urllib.request.urlopen(f"{self.address}/api/alerts", timeout=5) as answer:
            return [alert["id"] for alert in json.load(answer)["alerts"]]


@pytest.fixture
def logged(
    browser: Browser, make_topics: Callable[[Iterable[str]], BrokerSettings], tmp_path: Path
) -> Iterator[OnTheLog]:
    desk = OnTheLog(tmp_path / "desk.sqlite")
    desk.broker = make_topics(dict.fromkeys(USED))
    yield desk.start()
    desk.kill()


def test_what_is_written_appears_and_what_people_do_is_seen_by_a_colleague(browser: Browser, logged: OnTheLog) -> None:
    with opened(browser, logged.address, person="jl") as one, opened(browser, logged.address, person="mo") as other:
        for page in (one, other):
            page.goto("/queue")
            live(page)
            page.mouse.move(1000, 600)
        logged.put(*said.told("Lake front", urgent=True))
        for page in (one, other):
            expect(page.locator(".row")).to_contain_text("CEASEFIRE AGREED, says Arvenia")
        one.keyboard.press("j")
        one.keyboard.press("c")
        expect(other.locator(".row")).to_contain_text("jl has it")
        for page in (one, other):
            page.locator(".row .open").focus()
            page.keyboard.press("e")
        for page in (one, other):
            expect(page.locator("#undo-words")).to_have_text("Acknowledged.")
            expect(page.locator(".row")).to_contain_text("Acknowledged by")
        picture(one, "on-the-log")


def test_a_kept_copy_is_read_from_the_log_where_it_stands(browser: Browser, logged: OnTheLog) -> None:
    facts = said.told("Lake front")
    logged.put(*facts, *said.texts_of(facts, "It lasts for 30 days.", "It lasts for 72 hours."))
    with opened(browser, logged.address) as page:
        page.goto("/queue")
        live(page)
        page.locator(".row .open").wait_for()
        page.goto(f"/dossiers/{said.dossier_of(facts)}")
        page.get_by_role("link", name="2 versions compared").click()
        expect(page.locator(".difference ins")).to_have_text("72 hours.")
        page.get_by_role("link", name="Kept copy").first.click()
        expect(page.locator(".text")).to_have_text("It lasts for 72 hours.")


def test_a_desk_that_was_killed_comes_back_with_every_alert_once(browser: Browser, logged: OnTheLog) -> None:
    logged.put(*said.many(3))
    with opened(browser, logged.address) as page:
        page.goto("/queue")
        live(page)
        expect(page.locator(".row")).to_have_count(3)
        logged.kill()
        expect(page.locator("#live-word")).to_contain_text("Not live since")
        logged.put(*said.many(4, before="Meanwhile"))
        logged.start()
        expect(page.locator("#live-word")).to_have_text("Live")
        expect(page.locator(".row")).to_have_count(7)
        assert len(set(page.locator(".row .title").all_inner_texts())) == 7
        assert len(logged.ids()) == len(set(logged.ids())) == 7

"""One step that ten thousand persons asked for: how long until the last alert is handed to its channel, on a real log.

    python -m benchmarks.recipients [--persons 10000]

A broker, alerting and delivery run as processes of their own; every person has one rule and one webhook, all at one receiver on loopback.
Seconds count from the step's acknowledgement by the log to the last `sent` in the delivery log. The machine's load is printed beside it.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from uuid import UUID

from runtime.admin import administrator, create_topics
from runtime.brokers import BrokerSettings
from runtime.devbroker import running_broker
from runtime.handling import Output
from runtime.memory import read_to_end
from runtime.publish import Publisher
from runtime.settings import ServiceSettings
from schemas import ids
from schemas.articles import Head, Outlet
from schemas.assertions import Assertion
from schemas.base import Fact, Meta
from schemas.facts import AlertsDecided, DeliveryRecorded, RuleSaved, StepsTaken
from schemas.rules import Rule
from schemas.steps import Dossier, Step
from schemas.topics import BY_NAME

PROJECT = Path(__file__).parents[1]
TOPICS = ("alerting-inbox", "alerts-decided", "alerts-raised", "delivery-acts", "deliveries-attempted", "deliveries-recorded", "messages-suppressed")  # fmt: skip
PATIENCE = 600.0


class Taker(BaseHTTPRequestHandler):
    """Takes everything."""

    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        """204."""
        self.rfile.read(int(self.headers.get("content-length") or 0))
        self.send_response(204)
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Nothing is said."""


def rule_saved(number: int) -> RuleSaved:
    """The one rule of one person."""
    person, at = f"p{number}", datetime.now(UTC)
    rule = Rule(rule="truces", person=person, version=1, document={"status": ["agreed", "declared"], "party": ["XN"]})
    made = ids.derive("benchmark rule", number)
    return RuleSaved(id=made, meta=Meta(trace="t", root_at=at), rule=rule, by=person, at=at)


def steps_taken() -> StepsTaken:
    """One article with one step that everybody asked for."""
    now, name = datetime.now(UTC), lambda what: ids.derive("benchmark", what)
    said = Assertion.model_validate({
        "id": name("assertion"), "family": "ceasefire", "status": "agreed", "reality": "actual", "polarity": "affirmed", "main": True,
        "attribution": "confirmed", "evidence": "Both sides have agreed to a ceasefire, they said in a joint statement on Tuesday.",
        "field": "text", "start": 0, "end": 81, "confidence": 0.9, "parties": ("XN", "XS"),
    })  # fmt: skip
    dossier = Dossier(id=name("dossier"), family="ceasefire", title="North-South", opened=now, parties=("XN", "XS"))
    step = Step.model_validate({
        "id": name("step"), "dossier": dossier, "kind": "new", "family": "ceasefire", "status": "agreed", "reality": "actual",
        "polarity": "affirmed", "reason": "first told", "assertion": said, "origins": ("Harbour Post",), "best_tier": 1,
    })  # fmt: skip
    outlet = Outlet(source="harbour", name="Harbour Post", tier=1)
    head = Head.model_validate({
        "article": name("article"), "version": name("version"), "url": "https://news.example/1", "headline": "Both sides agree",
        "outlet": outlet, "published": now, "fetched": now, "language": "en",
    })  # fmt: skip
    meta = Meta(trace="t", root_at=now)
    return StepsTaken(id=name("steps"), meta=meta, head=head, at=now, steps=(step,), reason="steps")


def count(settings: ServiceSettings, topic: str, wanted: Callable[[Fact], bool]) -> list[Fact]:
    """The facts of a topic that are wanted."""
    found: dict[UUID, Fact] = {}
    read_to_end(settings, topic, lambda fact, _: found.setdefault(fact.id, fact) if wanted(fact) else None)
    return list(found.values())


def wait_for(settings: ServiceSettings, topic: str, wanted: Callable[[Fact], bool], number: int) -> list[Fact]:
    """The facts, when there are so many."""
    end, wait = time.monotonic() + PATIENCE, threading.Event()
    while len(found := count(settings, topic, wanted)) < number:
        if time.monotonic() > end:
            raise SystemExit(f"{len(found)} of {number} in {topic} after {PATIENCE:.0f} s")
        wait.wait(1.0)
    return found


def measured(folder: Path, bootstrap: str, persons: int) -> str:
    """Run it and say how it went."""
    broker = BrokerSettings(bootstrap_servers=bootstrap, COPYTASTER_NAMESPACE="recipients.")
    settings = ServiceSettings(broker=broker)
    with administrator(broker) as client:
        create_topics(client, broker, [BY_NAME[name] for name in TOPICS])
    hooks = ThreadingHTTPServer(("127.0.0.1", 0), Taker)
    threading.Thread(target=hooks.serve_forever, daemon=True).start()
    people = folder / "people.yaml"
    url = f"http://127.0.0.1:{hooks.server_address[1]}/"
    people.write_text(
        f"everybody: {{webhook: {{url: '{url}', secret_env: [HOOK], internal: true}}}}\n", encoding="utf-8"
    )
    environment = os.environ | {
        "KAFKA_BOOTSTRAP_SERVERS": bootstrap, "COPYTASTER_NAMESPACE": "recipients.", "COPYTASTER_PEOPLE": str(people),
        "HOOK": "whsec_" + "e" * 32,
    }  # fmt: skip
    with (folder / "services.log").open("wb") as out:
        running = [
            subprocess.Popen(
                [sys.executable, "-m", f"services.{name}"], cwd=PROJECT, env=environment, stdout=out, stderr=out
            )
            for name in ("alerting", "delivery")
        ]
        try:
            return _told(settings, persons)
        finally:
            for process in running:
                process.terminate()
            for process in running:
                process.wait(30)
            hooks.shutdown()


def _told(settings: ServiceSettings, persons: int) -> str:
    with Publisher(settings, "benchmark") as publisher:
        publisher.put([Output("alerting-inbox", f"p{number}", rule_saved(number)) for number in range(persons)])
        wait_for(
            settings, "alerts-decided", lambda fact: isinstance(fact, AlertsDecided) and fact.rule is not None, persons
        )
        fact = steps_taken()
        publisher.put([Output("alerting-inbox", str(fact.id), fact)])
        began = datetime.now(UTC)
    sent = lambda fact: isinstance(fact, DeliveryRecorded) and fact.state.value == "sent"  # noqa: E731
    ends = sorted((each.at - began).total_seconds() for each in wait_for(settings, "deliveries-recorded", sent, persons) if isinstance(each, DeliveryRecorded))  # fmt: skip
    load = os.getloadavg()[0]
    return (
        f"{persons:,} persons: first alert sent after {ends[0]:.1f} s, half after {ends[len(ends) // 2]:.1f} s, the last after {ends[-1]:.1f} s "
        f"(asked: 10 s; load of the machine {load:.0f} on {os.cpu_count()} cores)\n"
    )


def main() -> None:
    """Measure and print."""
    ask = argparse.ArgumentParser(description=__doc__.split("\n")[0] if __doc__ else "")
    ask.add_argument("--persons", type=int, default=10_000)
    given = ask.parse_args()
    with tempfile.TemporaryDirectory() as made, running_broker(Path(made) / "kafka") as broker:
        sys.stdout.write(measured(Path(made), broker.bootstrap, given.persons))


if __name__ == "__main__":
    main()

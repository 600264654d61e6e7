"""A log, a receiver and a delivery process of its own for each test."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from http.server import ThreadingHTTPServer
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
import yaml

from deploy.demo.receiver import Box, server
from runtime.brokers import BrokerSettings
from runtime.handling import Output
from runtime.memory import read_to_end
from runtime.publish import Publisher
from runtime.settings import ServiceSettings
from schemas import ids
from schemas.alerts import Alert, MatchedRule, Words
from schemas.base import Fact, Meta
from schemas.facts import AlertRaised, DeliveryActed, DeliveryActKind, DeliveryRecorded
from schemas.steps import Dossier, Step

PROJECT = Path(__file__).parents[3]
SECRET = "whsec_" + "c" * 32
TOPICS = ("alerts-raised", "delivery-acts", "deliveries-attempted", "deliveries-recorded", "messages-suppressed")


def eventually(found: Callable[[], Any], within: float = 60) -> Any:
    end = time.monotonic() + within
    while not (value := found()):
        assert time.monotonic() < end, f"not within {within:.0f} s; last: {value!r}"
        time.sleep(0.05)
    return value


def alert(number: int, person: str = "ines", dossier: str = "") -> Alert:
    about = ids.derive("test dossier", dossier or number)
    step = Step.model_validate({
        "id": ids.derive("test step", number), "dossier": Dossier(id=about, family="ceasefire", title="North-South", opened=datetime.now(UTC)),
        "kind": "new", "family": "ceasefire", "status": "agreed", "reality": "actual", "polarity": "affirmed", "reason": "first told",
    })  # fmt: skip
    return Alert(
        id=ids.derive("test alert", person, number), person=person, conversation=ids.derive("test conversation", person, about),
        lead=step, rules=(MatchedRule(rule="rule", version=1),), raised_for=datetime.now(UTC),
        words=Words(first_line=f"CEASEFIRE AGREED · North-South {number}", second_line="Confirmed · 1 origin (outlet)"),
    )  # fmt: skip


@dataclass
class Ground:
    """The log, the receiver, and the delivery process."""

    broker: BrokerSettings
    folder: Path
    box: Box
    hooks: ThreadingHTTPServer
    started: list[subprocess.Popen[bytes]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.settings = ServiceSettings(broker=self.broker)
        self.people = self.folder / "people.yaml"
        self.everybody(f"http://127.0.0.1:{self.hooks.server_address[1]}/alerts")

    def everybody(self, url: str) -> None:
        hook = {"url": url, "secret_env": ["TEST_SECRET"], "internal": True}
        self.people.write_text(yaml.safe_dump({"everybody": {"webhook": hook}}), encoding="utf-8")

    def start(self) -> subprocess.Popen[bytes]:
        environment = os.environ | {
            "KAFKA_BOOTSTRAP_SERVERS": self.broker.bootstrap_servers, "COPYTASTER_NAMESPACE": self.broker.named(""),
            "COPYTASTER_PEOPLE": str(self.people), "COPYTASTER_CALL_SECONDS": "10", "TEST_SECRET": SECRET,
        }  # fmt: skip
        with (self.folder / "delivery.log").open("ab") as out:
            self.started.append(
                subprocess.Popen(
                    [sys.executable, "-m", "services.delivery"], cwd=PROJECT, env=environment, stdout=out, stderr=out
                )
            )
        return self.started[-1]

    def put(self, topic: str, facts: Iterable[tuple[str, Fact]]) -> None:
        with Publisher(self.settings, "alerting") as publisher:
            publisher.put([Output(topic, key, fact) for key, fact in facts])

    def raise_alerts(self, *alerts: Alert) -> None:
        meta = Meta(trace="t", root_at=datetime.now(UTC))
        facts = [AlertRaised(id=ids.derive("AlertRaised", one.id), meta=meta, alert=one) for one in alerts]
        self.put("alerts-raised", [(fact.alert.person, fact) for fact in facts])

    def act(self, kind: DeliveryActKind, **values: Any) -> None:
        now = datetime.now(UTC)
        act = DeliveryActed(
            id=ids.derive("act", now), meta=Meta(trace="t", root_at=now), kind=kind, by="operator", at=now, **values
        )
        self.put("delivery-acts", [("operator", act)])

    def recorded(self) -> list[DeliveryRecorded]:
        found: list[Fact] = []
        read_to_end(self.settings, "deliveries-recorded", lambda fact, _: found.append(fact))
        return [fact for fact in found if isinstance(fact, DeliveryRecorded)]

    def ended(self) -> dict[UUID, str]:
        return {fact.alert: fact.state.value for fact in self.recorded()}


@pytest.fixture
def ground(make_topics: Callable[[Iterable[str]], BrokerSettings], tmp_path: Path) -> Iterator[Ground]:
    box = Box((SECRET,))
    with server(box, 0) as hooks:
        threading.Thread(target=hooks.serve_forever, daemon=True).start()
        made = Ground(make_topics(TOPICS), tmp_path, box, hooks)
        yield made
        for one in made.started:
            if one.poll() is None:
                one.kill()
            one.wait(10)
        hooks.shutdown()
    print((tmp_path / "delivery.log").read_text()[-4000:])  # shown when the test fails

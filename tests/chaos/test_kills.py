"""Kill -9 of services and of the broker, at seeded moments with messages in flight: the same alerts as in the calm run.

`COPYTASTER_KILLS` kills (10 unless told otherwise; `make soak` makes 50), `COPYTASTER_CHAOS_SPEED` times as fast as the script.
"""

from __future__ import annotations

import json
import os
import random
import signal
import time
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import pytest

from schemas.alerts import Alert
from schemas.facts import (
    AlertRaised,
    AlertsDecided,
    ArticleTagged,
    MessageSuppressed,
    MinutePassed,
    PageFetched,
    StepsTaken,
)
from schemas.generate import ROOT
from schemas.stages import SERVICES
from tests.e2e.flow import Flow

MORNING = ROOT / "deploy/demo/morning.yaml"
KILLS = int(os.environ.get("COPYTASTER_KILLS", "10"))
SPEED = float(os.environ.get("COPYTASTER_CHAOS_SPEED", "15"))
LENGTH = 900.0
QUIET_SECONDS = 8.0
PATIENCE = 400.0
VICTIMS = (*(name for name in SERVICES if name not in ("clock", "desk")), "broker")

pytestmark = [pytest.mark.timeout(1800), pytest.mark.slow]

Key = tuple[str, str, str, str, str, str]


@dataclass(frozen=True)
class Ran:
    """What one run of the morning gave."""

    alerts: tuple[Alert, ...]
    received: Counter[str]
    in_flight: tuple[int, ...]
    killed: tuple[str, ...]


def key_of(alert: Alert) -> Key:
    """An alert without what differs from run to run: ids and the outlet that told it first."""
    step = alert.lead
    return (
        alert.person,
        step.dossier.title,
        step.family,
        step.status,
        step.reality,
        json.dumps(step.particulars, sort_keys=True),
    )


def in_flight(flow: Flow) -> int:
    """Pages that were fetched and have not come out of tagging or been stopped."""
    fetched = {fact.final_url: fact.id for fact in flow.ear.all(PageFetched)}
    out = {fact.head.url for fact in flow.ear.all(ArticleTagged)} | {
        fact.url for fact in flow.ear.all(MessageSuppressed)
    }
    return len(fetched.keys() - out)


def victim_pid(flow: Flow, name: str) -> int | None:
    """The process to kill; for the broker Kafka itself, not its keeper."""
    if name == "broker":
        return int(json.loads((flow.folder / "broker.json").read_text(encoding="utf-8"))["pid"])
    return flow.pids().get(name)


def kill_one(flow: Flow, name: str) -> bool:
    pid = victim_pid(flow, name)
    if pid is None:
        return False
    try:
        os.kill(pid, signal.SIGKILL)
    except ProcessLookupError:
        return False
    return True


def wait_for_flight(flow: Flow, until: float) -> int:
    """How many messages are under way, as soon as any is; 0 if none came before `until`."""
    while time.monotonic() < until:
        if count := in_flight(flow):
            return count
        time.sleep(0.02)
    return 0


def heard(flow: Flow) -> int:
    return sum(not isinstance(fact, MinutePassed) for fact in list(flow.ear.facts))


def wait_for_quiet(flow: Flow, pages: int) -> None:
    """Wait until every page was read and nothing but the clock and the polls has moved for a while."""
    end, last, since = time.monotonic() + PATIENCE, -1, time.monotonic()
    while time.monotonic() < end:
        moved = sum(
            len(flow.ear.all(kind)) for kind in (PageFetched, ArticleTagged, StepsTaken, AlertRaised, AlertsDecided)
        )
        if moved != last:
            last, since = moved, time.monotonic()
        if (
            len({fact.head.url for fact in flow.ear.all(ArticleTagged)}) >= pages
            and time.monotonic() - since > QUIET_SECONDS
        ):
            return
        time.sleep(0.2)
    raise AssertionError(f"the flow did not come to rest within {PATIENCE:.0f} s: {moved} facts")


def morning_with(folder: Path, kills: int, seed: int) -> Ran:
    import yaml

    items = yaml.safe_load(MORNING.read_text(encoding="utf-8"))["items"]
    pages = len({(item["source"], item.get("slug")) for item in items if "revises" not in item})
    chance = random.Random(seed)
    moments = sorted(chance.uniform(0.05, 0.9) * LENGTH / SPEED for _ in range(kills))
    counts, killed = [], []
    with Flow(folder, MORNING, speed=SPEED, stepping=False) as flow:
        began = time.monotonic()
        for moment in moments:
            time.sleep(max(0.0, began + moment - time.monotonic()))
            counts.append(wait_for_flight(flow, time.monotonic() + 5))
            name = chance.choice(VICTIMS)
            if kill_one(flow, name):
                killed.append(name)
        time.sleep(max(0.0, began + LENGTH / SPEED - time.monotonic()))
        wait_for_quiet(flow, pages)
        alerts = tuple(fact.alert for fact in flow.alerts())
        received = receiver_counts(flow)
    return Ran(alerts, received, tuple(counts), tuple(killed))


def receiver_counts(flow: Flow) -> Counter[str]:
    """How often each id reached the receiver as new; it answers a repeat without taking it again."""
    import urllib.request

    with urllib.request.urlopen(f"http://127.0.0.1:{flow.told.ports.receiver}/received", timeout=10) as answer:
        document = json.load(answer)
    rows = document["received"] if isinstance(document, dict) else document
    return Counter(str(row["id"]) for row in rows)


@pytest.fixture(scope="module")
def runs(tmp_path_factory: pytest.TempPathFactory) -> tuple[Ran, Ran]:
    calm = morning_with(tmp_path_factory.mktemp("calm"), 0, 1)
    return calm, morning_with(tmp_path_factory.mktemp("killed"), KILLS, 20260304)


def test_processes_were_killed_with_messages_in_flight(runs: tuple[Ran, Ran]) -> None:
    _, killed = runs
    assert len(killed.killed) >= KILLS - 2
    assert sum(count > 0 for count in killed.in_flight) >= 1


def test_the_same_alerts_are_raised_as_in_the_calm_run(runs: tuple[Ran, Ran]) -> None:
    calm, killed = (Counter(map(key_of, run.alerts)) for run in runs)
    assert (sorted((calm - killed).elements()), sorted((killed - calm).elements())) == ([], [])


def test_within_a_dossier_the_order_is_that_of_the_calm_run(runs: tuple[Ran, Ran]) -> None:
    def by_dossier(run: Ran) -> dict[tuple[str, str], list[str]]:
        orders: dict[tuple[str, str], list[str]] = {}
        for alert in run.alerts:
            orders.setdefault((alert.person, alert.lead.dossier.title), []).append(alert.lead.status)
        return orders

    calm, killed = map(by_dossier, runs)
    assert killed == calm


def test_no_id_reaches_an_honouring_receiver_twice(runs: tuple[Ran, Ran]) -> None:
    for run in runs:
        assert [identity for identity, times in run.received.items() if times > 1] == []
        assert len(run.received) >= 1

"""Kill -9 of every service and of the broker, in turns, with messages in flight: the same alerts as in the calm run.

The morning runs as fast as the flow takes it, far faster than five times its script. `COPYTASTER_KILLS` kills (10 unless told otherwise;
`make soak` makes 50): each of the nine services and the broker once a round, which at which item and at which moment of its way is by
the seed.
"""

from __future__ import annotations

import json
import os
import random
import signal
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime

import pytest

from schemas.alerts import Alert
from schemas.base import Fact
from schemas.facts import ArticleDeduplicated, ArticleExtracted, ArticleTagged, PageFetched, StepsTaken
from schemas.stages import SERVICES
from tests.e2e.flow import Flow
from tests.e2e.stepped import Stepped, script, stepped

KILLS = int(os.environ.get("COPYTASTER_KILLS", "10"))
SEED = int(os.environ.get("COPYTASTER_CHAOS_SEED", "20260304"))
VICTIMS = (*SERVICES, "broker")
MOMENTS: tuple[type[Fact] | None, ...] = (
    None,
    PageFetched,
    ArticleExtracted,
    ArticleDeduplicated,
    ArticleTagged,
    StepsTaken,
)
"""When an item is hit: as soon as it is shown, or as soon as a fact of this kind is heard of it."""
AT_WORK = dict(
    zip(("scraping", "extraction", "deduplication", "tagging", "tracking", "alerting"), MOMENTS, strict=True)
)
"""The moment at which a service has the item in hand."""
HEARD_SECONDS = 20.0

pytestmark = [pytest.mark.timeout(3600), pytest.mark.slow, pytest.mark.broker]

Key = tuple[str, str, str, str, str, str]


@dataclass(frozen=True)
class Kill:
    """One kill that was made: of whom, and whether the item was under way between two stages."""

    victim: str
    in_flight: bool


@dataclass
class Killer:
    """Kills as planned: `plan` holds for each item, counted as they are shown, the victims and their moments."""

    plan: dict[int, list[tuple[str, type[Fact] | None]]]
    made: list[Kill] = field(default_factory=list)
    _shown: int = 0

    def __call__(self, flow: Flow, url: str, since: datetime) -> None:
        for victim, moment in self.plan.get(self._shown, ()):
            wait_for(lambda kind=moment: is_heard(flow, kind, url, since) or flow.answered(url, since))
            in_flight = flow.in_flight(url, since)
            wait_for(lambda name=victim: kill(flow, name))
            self.made.append(Kill(victim, in_flight))
        self._shown += 1


def plan(kills: int, items: int, seed: int) -> dict[int, list[tuple[str, type[Fact] | None]]]:
    """Whom to kill at which item and when; half of the kills hit a service while it has the item in hand."""
    chance = random.Random(seed)
    victims: list[str] = []
    while len(victims) < kills:
        victims += chance.sample(VICTIMS, len(VICTIMS))
    found: dict[int, list[tuple[str, type[Fact] | None]]] = {}
    places = sorted(chance.sample(range(items), kills) if kills <= items else chance.choices(range(items), k=kills))
    for place, victim in zip(places, victims[:kills], strict=True):
        moment = AT_WORK[victim] if victim in AT_WORK and chance.random() < 0.5 else chance.choice(MOMENTS)
        found.setdefault(place, []).append((victim, moment))
    return found


def wait_for(holds: Callable[[], object]) -> None:
    """Wait until it holds, for a while: an item may never come so far."""
    end = time.monotonic() + HEARD_SECONDS
    while not holds() and time.monotonic() < end:
        time.sleep(0.005)


def is_heard(flow: Flow, kind: type[Fact] | None, url: str, since: datetime) -> bool:
    """Whether a fact of this kind speaks of a version under this address that was fetched since then."""
    return kind is None or any(found >= since for found in fetched_of(flow, kind, url))


def fetched_of(flow: Flow, kind: type[Fact], url: str) -> Iterator[datetime]:
    for fact in flow.ear.all(kind):
        about = getattr(fact, "head", None) or getattr(fact, "article", None) or fact
        if getattr(about, "final_url", None) == url or getattr(about, "url", None) == url:
            yield about.fetched  # type: ignore[attr-defined]


def kill(flow: Flow, name: str) -> bool:
    """Kill -9; False if it is not up at the moment. Of the broker Kafka itself is killed, not its keeper."""
    if name == "broker":
        pid = int(json.loads((flow.folder / "broker.json").read_text(encoding="utf-8"))["pid"])
    else:
        pid = flow.pids().get(name, 0)
    try:
        if pid:
            os.kill(pid, signal.SIGKILL)
    except ProcessLookupError:
        return False
    return bool(pid)


def key_of(alert: Alert) -> Key:
    """An alert without what differs from run to run: ids and the outlet that told it first."""
    step = alert.lead
    particulars = json.dumps(step.particulars, sort_keys=True, default=str)
    return (alert.person, step.dossier.title, step.family, step.status, step.reality, particulars)


@dataclass(frozen=True)
class Ran:
    """The killed run and what was done to it."""

    gave: Stepped
    kills: tuple[Kill, ...]


@pytest.fixture(scope="module")
def killed(tmp_path_factory: pytest.TempPathFactory) -> Ran:
    killer = Killer(plan(KILLS, sum(item["at"] > 0 for item in script()["items"]), SEED))
    gave = stepped(tmp_path_factory.mktemp("killed"), killer)
    print(
        f"\n{len(killer.made)} kills, {sum(one.in_flight for one in killer.made)} of them with the item under way: ",
        end="",
    )
    print(", ".join(f"{name} {times}" for name, times in Counter(one.victim for one in killer.made).items()))
    print(f"{gave.repeats} facts were written again, with the same ids")
    return Ran(gave, tuple(killer.made))


def test_each_service_and_the_broker_were_killed_with_messages_in_flight(killed: Ran) -> None:
    assert len(killed.kills) == KILLS
    assert {one.victim for one in killed.kills} == set(VICTIMS)
    assert sum(one.in_flight for one in killed.kills) >= KILLS // 3


def test_the_same_alerts_are_raised_as_in_the_calm_run(killed: Ran, calm_morning: Stepped) -> None:
    with_kills, calm = (Counter(key_of(fact.alert) for fact in run.alerts) for run in (killed.gave, calm_morning))
    assert (sorted((calm - with_kills).elements()), sorted((with_kills - calm).elements())) == ([], [])


def test_within_a_dossier_the_order_is_that_of_the_calm_run(killed: Ran, calm_morning: Stepped) -> None:
    def by_dossier(run: Stepped) -> dict[tuple[str, str], list[Key]]:
        orders: dict[tuple[str, str], list[Key]] = {}
        for fact in run.alerts:
            orders.setdefault((fact.alert.person, fact.alert.lead.dossier.title), []).append(key_of(fact.alert))
        return orders

    assert by_dossier(killed.gave) == by_dossier(calm_morning)


def test_every_alert_reaches_an_honouring_receiver_under_one_id(killed: Ran, calm_morning: Stepped) -> None:
    for run in (killed.gave, calm_morning):
        ids: dict[tuple[str, int], set[str]] = {}
        for row in run.received:
            ids.setdefault((row["data"]["id"], row["data"]["revision"]), set()).add(row["id"])
        assert {alert: names for alert, names in ids.items() if len(names) > 1} == {}
        assert set(ids) == {(str(fact.alert.id), fact.alert.revision) for fact in run.alerts}


def test_no_kill_makes_a_dead_letter(killed: Ran, calm_morning: Stepped) -> None:
    assert sorted(killed.gave.dead_letters) == sorted(calm_morning.dead_letters)

"""What all tests share: one real broker a run, on a port of its own, and a namespace of topics for each test that asks."""

from __future__ import annotations

import itertools
import os
from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING, Any

import pytest

from runtime.admin import administrator, create_topics
from runtime.brokers import BrokerSettings
from runtime.devbroker import Broker, running_broker
from schemas.topics import BY_NAME

if TYPE_CHECKING:
    from tests.e2e.stepped import Stepped

_NUMBERS = itertools.count(1)
TopicMaker = Callable[[Iterable[str]], BrokerSettings]


LOOK_AT_THE_MORNING = ("tests/e2e/test_morning.py", "tests/chaos/test_kills.py")


def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    """In several processes (`make test`) the tests of a file stay together, and so do all that look at the calm morning."""
    from xdist.scheduler import LoadScopeScheduling

    class ByFile(LoadScopeScheduling):  # type: ignore[misc]
        def _split_scope(self, nodeid: str) -> str:
            file = nodeid.split("::", 1)[0]
            return "morning" if file in LOOK_AT_THE_MORNING else file

    return ByFile(config, log)


@pytest.fixture(scope="session")
def broker(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Broker]:
    """A real Apache Kafka for the whole run; a test that stops or kills it starts it again."""
    with running_broker(tmp_path_factory.mktemp("kafka")) as started:
        yield started


@pytest.fixture
def make_topics(broker: Broker) -> TopicMaker:
    """Makes these topics, with their dead letters, in a namespace that no other test has, and says how to reach them."""

    def make(names: Iterable[str]) -> BrokerSettings:
        namespace = f"t{os.getpid()}-{next(_NUMBERS)}."
        settings = BrokerSettings(bootstrap_servers=broker.bootstrap, COPYTASTER_NAMESPACE=namespace)
        with administrator(settings) as client:
            create_topics(client, settings, [BY_NAME[name] for name in names])
        return settings

    return make


@pytest.fixture(scope="session")
def calm_morning(tmp_path_factory: pytest.TempPathFactory) -> Stepped:
    """What the demonstration morning gives when nothing disturbs it: run once, for every test that asks."""
    from tests.e2e.stepped import stepped

    return stepped(tmp_path_factory.mktemp("calm"))

"""The topics on a real broker are the declared ones, and stay so."""

import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from kafka.admin import ConfigResource, ConfigResourceType

from runtime.admin import (
    TopicsMissing,
    administrator,
    check_topics,
    create_topics,
    found_topics,
    require_topics,
    wanted_topics,
)
from runtime.brokers import BrokerSettings
from runtime.devbroker import running_broker
from schemas.topics import TOPICS

pytestmark = pytest.mark.broker


@pytest.fixture(scope="module")
def bootstrap(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with running_broker(tmp_path_factory.mktemp("broker")) as broker:
        yield broker.bootstrap


@pytest.fixture
def settings(bootstrap: str) -> BrokerSettings:
    return BrokerSettings(bootstrap_servers=bootstrap)


@pytest.fixture
def client(settings: BrokerSettings) -> Iterator[Any]:
    with administrator(settings) as connected:
        yield connected


def eventually(holds: Callable[[], bool]) -> None:
    """A change of configuration is acknowledged before the broker shows it."""
    end = time.monotonic() + 20
    while not holds():
        assert time.monotonic() < end, "it did not come true within 20 s"
        time.sleep(0.1)


def test_an_empty_broker_misses_every_topic_and_a_process_says_so(bootstrap: str) -> None:
    settings = BrokerSettings(bootstrap_servers=bootstrap, namespace="empty.")
    with administrator(settings) as client:
        assert len(check_topics(client, settings)) == 2 * len(TOPICS)
    with pytest.raises(TopicsMissing, match=r"empty\.pages-fetched not on .*cure: copytaster topics create"):
        require_topics(settings, ["pages-fetched"])


def test_what_was_made_is_what_was_declared(client: Any, settings: BrokerSettings) -> None:
    create_topics(client, settings)
    assert check_topics(client, settings) == []
    assert create_topics(client, settings) == []
    require_topics(settings, [topic.name for topic in TOPICS])


def test_a_changed_configuration_is_named_and_set_right(client: Any, settings: BrokerSettings) -> None:
    create_topics(client, settings)
    client.alter_configs([ConfigResource(ConfigResourceType.TOPIC, "alerts-raised", configs={"retention.ms": "1000"})])
    told = "alerts-raised has retention.ms=1000, declared is -1; cure: copytaster topics create"
    eventually(lambda: check_topics(client, settings) == [told])
    assert create_topics(client, settings) == ["alerts-raised set retention.ms=-1"]
    eventually(lambda: check_topics(client, settings) == [])


def test_namespaces_do_not_meet(client: Any, bootstrap: str) -> None:
    shadow = BrokerSettings(bootstrap_servers=bootstrap, namespace="shadow.")
    create_topics(client, shadow)
    assert set(found_topics(client, wanted_topics(namespace="shadow."))) == set(wanted_topics(namespace="shadow."))

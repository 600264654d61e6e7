"""The development broker keeps what it acknowledged, whatever ends it."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest
from kafka import KafkaConsumer, KafkaProducer
from kafka.admin import KafkaAdminClient, NewTopic

from runtime.devbroker import Broker, BrokerTrouble, running_broker

pytestmark = pytest.mark.broker


@pytest.fixture(scope="module")
def broker(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Broker]:
    with running_broker(tmp_path_factory.mktemp("broker with a blank")) as started:
        yield started


def create(broker: Broker, topic: str) -> None:
    admin = KafkaAdminClient(bootstrap_servers=broker.bootstrap)
    admin.create_topics([NewTopic(topic, 1, 1)])
    admin.close()


def write(broker: Broker, topic: str, value: bytes) -> None:
    producer = KafkaProducer(bootstrap_servers=broker.bootstrap, compression_type="zstd")
    producer.send(topic, value).get(30)
    producer.close()


def read(broker: Broker, topic: str, count: int) -> list[bytes]:
    consumer = KafkaConsumer(
        topic, bootstrap_servers=broker.bootstrap, auto_offset_reset="earliest", consumer_timeout_ms=20_000
    )
    values = [message.value for message, _ in zip(consumer, range(count), strict=False)]
    consumer.close()
    return values


def test_what_was_acknowledged_is_there_after_a_kill_and_after_a_stop(broker: Broker) -> None:
    create(broker, "kept")
    write(broker, "kept", b"before the kill")
    broker.kill()
    assert broker.running() is None
    broker.start()
    write(broker, "kept", b"before the stop")
    broker.stop()
    assert broker.running() is None
    broker.start()
    assert read(broker, "kept", 2) == [b"before the kill", b"before the stop"]


def test_starting_a_running_broker_changes_nothing(broker: Broker) -> None:
    before = broker.running()
    broker.start()
    assert broker.running() == before


def test_another_process_can_see_and_reach_it(broker: Broker) -> None:
    other = Broker(broker.folder)
    assert other.running() == broker.running()
    assert other.bootstrap == broker.bootstrap


def test_a_taken_port_is_named_before_anything_is_started(broker: Broker, tmp_path: Path) -> None:
    with pytest.raises(BrokerTrouble, match=f"port {broker.port} is taken.*Cure"):
        Broker(tmp_path, broker.port).start()
    assert list(tmp_path.iterdir()) == []


def test_a_broker_ends_with_the_process_that_started_it(broker: Broker, tmp_path: Path) -> None:
    script = (
        "import sys; from pathlib import Path; from runtime.devbroker import Broker\n"
        "b = Broker(Path(sys.argv[1]), tied=True); b.start(); print(b.running().pid, flush=True); sys.stdin.read()"
    )
    environ = os.environ | {"PYTHONPATH": str(Path(__file__).parents[3]), "PYTHONWARNINGS": "ignore"}
    pipe = subprocess.PIPE
    starter = subprocess.Popen([sys.executable, "-c", script, str(tmp_path)], stdin=pipe, stdout=pipe, env=environ)
    assert starter.stdout is not None
    pid = int(starter.stdout.readline())
    starter.send_signal(signal.SIGKILL)
    starter.communicate()
    end = time.monotonic() + 20
    while psutil.pid_exists(pid) and psutil.Process(pid).status() != psutil.STATUS_ZOMBIE:
        assert time.monotonic() < end, f"the broker {pid} outlived the process that started it"
        time.sleep(0.1)

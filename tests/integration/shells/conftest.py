"""A log of its own for each test, and a way to start workers that all end with the test."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

import pytest

from runtime.brokers import BrokerSettings
from tests.integration.shells.harness import Log, Worker
from tests.integration.shells.worker import FIRST, INBOX, MEMORY

Start = Callable[..., Worker]


@pytest.fixture
def log(make_topics: Callable[[Iterable[str]], BrokerSettings]) -> Iterator[Log]:
    opened = Log(make_topics([INBOX, FIRST, MEMORY, "messages-suppressed"]))
    yield opened
    opened.close()


@pytest.fixture
def start(log: Log, tmp_path: Path) -> Iterator[Start]:
    """Starts a worker on the test's log."""
    started: list[Worker] = []

    def begin(shell: str, name: str = "0", **environment: str) -> Worker:
        started.append(Worker(shell, log, tmp_path, name, **environment))
        return started[-1]

    yield begin
    for worker in started:
        if worker.process.poll() is None:
            worker.kill()
        print(worker.out.read_text()[-4000:])  # shown when the test fails

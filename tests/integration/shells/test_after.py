"""What stands around the shells: dead letters sent back, and a ledger read to its end."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from typer.testing import CliRunner

from console.dead_letters import app
from runtime.memory import read_to_end
from runtime.settings import ServiceSettings
from schemas.codec import decode
from tests.integration.shells.harness import Log, Worker, eventually, order
from tests.integration.shells.worker import INBOX

pytestmark = [pytest.mark.broker, pytest.mark.slow]
Start = Callable[..., Worker]


def console(log: Log, *arguments: str) -> tuple[int, str]:
    environment = {
        "KAFKA_BOOTSTRAP_SERVERS": log.settings.bootstrap_servers,
        "COPYTASTER_NAMESPACE": log.settings.namespace,
    }
    done = CliRunner().invoke(app, arguments, env={**environment, "COLUMNS": "200"})
    return done.exit_code, done.output


def test_a_dead_letter_is_listed_shown_and_sent_back_as_late(log: Log, start: Start) -> None:
    log.write([order(0), order(1, "bug"), b"no fact"])
    worker = start("plain")
    eventually(lambda: len(log.dead_letters()) == 2)
    bug, junk = log.dead_letters()

    status, listed = console(log, "list", "--topic", INBOX)
    assert status == 0
    assert [bug.id[:8] in listed, junk.id[:8] in listed] == [True, True]
    status, shown = console(log, "show", bug.id[:8])
    assert (status, "ZeroDivisionError" in shown, "trace-1" in shown) == (0, True, True)

    status, said = console(log, "replay", "--all", "--topic", INBOX)
    assert (status, "1 sent back" in said, "cannot be marked as late" in said) == (1, True, True)
    again = eventually(lambda: log.dead_letters()[2:])
    assert (again[0].attempt, again[0].source.offset, decode(again[0].value).meta.late) == (2, 3, True)
    assert worker.process.poll() is None


def test_a_topic_is_read_to_its_end_by_partition(log: Log) -> None:
    log.write([order(0), b"no fact", None, order(1)])
    settings = ServiceSettings(broker=log.settings)
    found: list[tuple[str, int]] = []
    ends = read_to_end(settings, INBOX, lambda fact, position: found.append((fact.about, position.offset)))  # type: ignore[attr-defined]
    assert (found, ends) == ([("0", 0), ("1", 3)], {0: 4})
    assert read_to_end(settings, INBOX, lambda *_: None, partitions=[]) == {}

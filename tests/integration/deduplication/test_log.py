"""Deduplication reads wordings from the log inside a decision: what the log owes it, it owes within the decision's deadline."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from runtime.alarm import deadline
from runtime.brokers import BrokerSettings
from runtime.devbroker import Broker
from runtime.handling import Output, Retry
from runtime.publish import Publisher
from schemas.codec import decode
from schemas.facts import ArticleExtracted
from schemas.generate import ROOT
from schemas.ids import derive
from services.deduplication.settings import Settings
from services.deduplication.shell import ExtractedLog

pytestmark = pytest.mark.broker
EXAMPLE = ROOT / "schemas/examples/ArticleExtracted/v1/whole.json"


@pytest.fixture
def settings(make_topics: Callable[[Iterable[str]], BrokerSettings], tmp_path: Path) -> Settings:
    return Settings(broker=make_topics(["articles-extracted"]), wordings=tmp_path)


def written(settings: Settings) -> list[ArticleExtracted]:
    example = decode(EXAMPLE.read_bytes())
    assert isinstance(example, ArticleExtracted)
    found = [example.model_copy(update={"id": derive("example", number)}) for number in range(3)]
    with Publisher(settings, "extraction") as publisher:
        publisher.put([Output("articles-extracted", str(fact.article.article), fact) for fact in found])
    return found


@contextmanager
def hung(broker: Broker) -> Iterator[None]:
    """A broker that holds its connections and answers nothing."""
    running = broker.running()
    assert running is not None
    os.kill(running.pid, signal.SIGSTOP)
    try:
        yield
    finally:
        os.kill(running.pid, signal.SIGCONT)


def sooner_or_later(log: ExtractedLog, offset: int) -> ArticleExtracted:
    """What is read once the log asks for no more attempts: a slow machine may need some."""
    for _ in range(30):
        log.begin()
        try:
            return log(offset)
        except Retry:
            continue
    raise AssertionError(f"offset {offset} was not read in 30 attempts")


def test_each_fact_is_read_by_its_offset(settings: Settings) -> None:
    facts, log = written(settings), ExtractedLog(settings)
    assert [sooner_or_later(log, offset) for offset in reversed(range(len(facts)))] == facts[::-1]


def test_a_log_that_does_not_answer_asks_for_another_attempt_before_the_decision_is_given_up(
    settings: Settings, broker: Broker
) -> None:
    facts, known, fresh = written(settings), ExtractedLog(settings), ExtractedLog(settings)
    sooner_or_later(known, 0)
    with hung(broker):
        for log in (known, fresh):
            log.begin()
            with deadline(settings.decide_deadline), pytest.raises(Retry):
                log(0)
            with pytest.raises(Retry):
                log(0)
    assert [sooner_or_later(log, 0) for log in (known, fresh)] == [facts[0], facts[0]]


def test_an_address_where_nobody_listens_asks_for_another_attempt_too(tmp_path: Path) -> None:
    nowhere = Settings(broker=BrokerSettings(bootstrap_servers="127.0.0.1:1"), wordings=tmp_path)
    with deadline(nowhere.decide_deadline), pytest.raises(Retry):
        ExtractedLog(nowhere)(0)

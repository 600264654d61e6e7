"""Every metric, declared once, with a sentence of help and closed labels; each series exists at zero from the start.

A service reaches them by `runtime.metrics.NAME`; one that needs another adds it here, so that rules and dashboards can be
generated from `DECLARED`.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import product
from typing import TypeVar

from prometheus_client import REGISTRY, Counter, Gauge, Histogram

from schemas.outcomes import Outcome
from schemas.stages import SERVICES
from schemas.topics import TOPICS

Any = Counter | Gauge | Histogram
M = TypeVar("M", Counter, Gauge, Histogram)

_TOPIC_NAMES = tuple(topic.name for topic in TOPICS)
LABELS: dict[str, tuple[str, ...]] = {
    "service": SERVICES,
    "topic": _TOPIC_NAMES,
    "outcome": tuple(Outcome),
    "channel": ("webhook", "email", "terminal", "desk", "chat", "push"),
    "attempt": ("sent", "failed", "retrying", "unknown", "parked", "suppressed"),
    "poll": ("changed", "unchanged", "failed", "refused", "invalid"),
}
"""Every label with all the values that it can take."""


@dataclass(frozen=True)
class Declared:
    """One metric as rules and dashboards see it. `kind` is counter, gauge or histogram."""

    name: str
    kind: str
    help: str
    labels: tuple[str, ...]


DECLARED: list[Declared] = []
_LATENCY = (0.005, 0.01, 0.025, 0.05, 0.1, 0.2, 0.3, 0.5, 0.75, 1, 1.5, 2.5, 5, 10, 30, 60, 300, 3600)


def _declare(metric: M, kind: str, name: str, sentence: str, labels: tuple[str, ...]) -> M:
    DECLARED.append(Declared(name, kind, sentence, labels))
    return metric


def _counter(name: str, sentence: str, *labels: str) -> Counter:
    return _declare(Counter(name, sentence, labels), "counter", name, sentence, labels)


def _gauge(name: str, sentence: str, *labels: str) -> Gauge:
    return _declare(Gauge(name, sentence, labels), "gauge", name, sentence, labels)


def _histogram(name: str, sentence: str, *labels: str) -> Histogram:
    return _declare(Histogram(name, sentence, labels, buckets=_LATENCY), "histogram", name, sentence, labels)


CONSUMED = _counter("copytaster_messages_consumed_total", "Messages that were read.", "service", "topic")
ENDED = _counter(
    "copytaster_messages_ended_total",
    "Messages that ended, each in exactly one outcome.",
    "service",
    "topic",
    "outcome",
)
GIVEN_BACK = _counter(
    "copytaster_messages_given_back_total",
    "Messages that were read and then left unanswered to another worker.",
    "service",
    "topic",
)
PUBLISHED = _counter("copytaster_outputs_total", "Facts that were published and acknowledged.", "service", "topic")
RETRIES = _counter("copytaster_retries_total", "Times that a message was tried again.", "service")
HANDLING = _histogram("copytaster_handling_seconds", "Time from reading a message to its end.", "service")
SINCE_ROOT = _histogram(
    "copytaster_since_root_seconds",
    "Time from the coming in of the root, a page or an act, to the end of a message that follows from it.",
    "service",
)
OLDEST_UNREAD = _gauge(
    "copytaster_oldest_unread_seconds",
    "Age of the oldest message that waits to be read, 0 if none does.",
    "service",
    "topic",
)
UNREAD = _gauge("copytaster_unread_messages", "Messages that wait to be read.", "service", "topic")
LAST_OUTCOME = _gauge(
    "copytaster_last_outcome_timestamp_seconds", "When a message last ended, in Unix time.", "service"
)
FOLDED = _counter("copytaster_memory_facts_total", "Own facts that were folded into the state.", "service")
READY = _gauge("copytaster_ready", "1 while the process can do its work, else 0.", "service")
CONNECTED = _gauge("copytaster_broker_connected", "1 while the broker answers, else 0.", "service")
DELIVERIES = _counter(
    "copytaster_deliveries_total", "Attempts to tell a person, by how they ended.", "channel", "attempt"
)
ALERT_LATENCY = _histogram(
    "copytaster_fetched_to_delivered_seconds", "Time from fetching a page to the sent alert.", "channel"
)
CHANNEL_OPEN = _gauge(
    "copytaster_channel_breaker_open", "1 while a channel is left in peace after failures.", "channel"
)
POLLS = _counter("copytaster_polls_total", "Polls of sources, by how they ended.", "poll")
SILENT_SOURCES = _gauge(
    "copytaster_silent_sources", "Sources whose polls failed or brought nothing for longer than is usual."
)
LAST_ITEM = _gauge(
    "copytaster_last_new_item_timestamp_seconds", "When any source last brought a new item, in Unix time."
)

_OF_EVERY_READER = (CONSUMED, ENDED, GIVEN_BACK, OLDEST_UNREAD, UNREAD)
_OF_EVERY_SERVICE = (RETRIES, HANDLING, SINCE_ROOT, LAST_OUTCOME, FOLDED, READY, CONNECTED)
_OF_ONE_SERVICE: dict[str, tuple[Any, ...]] = {
    "delivery": (DELIVERIES, ALERT_LATENCY, CHANNEL_OPEN),
    "scraping": (POLLS, SILENT_SOURCES, LAST_ITEM),
}


def begin(service: str, topics: Iterable[str] = ()) -> None:
    """Let every series of this service exist at zero; `topics` are those that it reads (names without namespace)."""
    read, written = tuple(topics), tuple(topic.name for topic in TOPICS if service in topic.written_by)
    for metric in _OF_EVERY_SERVICE:
        metric.labels(service=service)
    for metric in _OF_EVERY_READER:
        _every(metric, service=(service,), topic=read)
    _every(PUBLISHED, service=(service,), topic=written)
    for metric in _OF_ONE_SERVICE.get(service, ()):
        _every(metric)


def _every(metric: Any, **given: tuple[str, ...]) -> None:
    names = metric._labelnames
    for values in product(*(given.get(name, LABELS[name]) for name in names)):
        if names:
            metric.labels(*values)


def value(name: str, **labels: str) -> float:
    """The present value of one series, 0.0 if it does not exist; for tests and for `doctor`."""
    return REGISTRY.get_sample_value(name, labels) or 0.0

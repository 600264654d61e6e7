"""Runs deduplication on the log: one order, one active process, its state the fold of its own sketches."""

from __future__ import annotations

import time
from typing import Any

from runtime import stream
from runtime.brokers import for_kafka_python
from runtime.handling import Answer, Reject, Retry
from schemas.base import Fact, Position
from schemas.codec import decode
from schemas.facts import ArticleExtracted
from services.deduplication.deciding import Deduplicating
from services.deduplication.keeping import WordingsOnDisk
from services.deduplication.settings import Settings
from services.deduplication.window import Window
from services.deduplication.wordings import Wordings

_SHARE = 0.5
"""Of the deadline of one decision, what reading the log may take; the rest is for deciding."""


class ExtractedLog:
    """Reads single facts of `articles-extracted` by their offset; all that one decision reads has one bound of time."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._consumer: Any = None
        self._end = 0.0
        self.begin()

    def begin(self) -> None:
        """Begin to count the time of one decision."""
        self._end = time.monotonic() + _SHARE * self._settings.decide_deadline

    def __call__(self, offset: int) -> ArticleExtracted:
        """The fact at this offset. Raises `Retry` while the log does not answer in time, `Reject` for what it does not hold."""
        from kafka.errors import KafkaError, OffsetOutOfRangeError

        try:
            records = self._polled(offset)
        except OffsetOutOfRangeError as gone:
            raise Reject(
                f"offset {offset} of articles-extracted is gone, and a candidate within the window stands there: "
                "keep articles-extracted longer than the window (schemas/topics.py)"
            ) from gone
        except KafkaError as away:
            raise Retry(f"articles-extracted does not answer: {type(away).__name__}") from away
        for record in records:
            if record.offset == offset and isinstance(fact := decode(record.value), ArticleExtracted):
                return fact
        raise Retry(f"articles-extracted gave nothing at offset {offset} in time")

    def _left(self) -> int:
        """Milliseconds that are left of this decision's time. Raises `Retry` when there are none: what was read is kept."""
        left = int(1000 * (self._end - time.monotonic()))
        if left <= 0:
            raise Retry(f"reading articles-extracted took {_SHARE:.0%} of the decision's deadline")
        return left

    def _polled(self, offset: int) -> list[Any]:
        from kafka import TopicPartition

        place = TopicPartition(self._settings.topic("articles-extracted"), 0)
        if self._consumer is None:
            self._consumer = self._connected(place)
        self._consumer.seek(place, offset)
        records: list[Any] = self._consumer.poll(timeout_ms=self._left()).get(place, [])
        return records

    def _connected(self, place: Any) -> Any:
        from kafka import KafkaConsumer

        consumer = KafkaConsumer(
            **for_kafka_python(self._settings.broker),
            enable_auto_commit=False,
            auto_offset_reset="none",
            max_poll_records=1,
            bootstrap_timeout_ms=self._left(),
            allow_auto_create_topics=False,
        )
        consumer.assign([place])
        return consumer


class DeduplicatingInTime(Deduplicating):
    """The decider, whose reading of the log leaves it the time to decide."""

    def __init__(self, wordings: Wordings, extracted: ExtractedLog, settings: Settings) -> None:
        super().__init__(wordings, settings.window)
        self._extracted = extracted

    def decide(self, state: Window, fact: Fact, position: Position) -> Answer:
        """As `Deduplicating`."""
        self._extracted.begin()
        return super().decide(state, fact, position)


def run(settings: Settings) -> None:
    """Recognise copies and stories until told to stop."""
    extracted = ExtractedLog(settings)
    wordings = WordingsOnDisk(settings.wordings_file, extracted)
    try:
        stream.run(DeduplicatingInTime(wordings, extracted, settings), settings)
    finally:
        wordings.close()

"""Runs deduplication on the log: one order, one active process, its state the fold of its own sketches."""

from __future__ import annotations

from typing import Any

from runtime import stream
from runtime.brokers import for_kafka_python
from runtime.handling import Reject, Retry
from schemas.codec import decode
from schemas.facts import ArticleExtracted
from services.deduplication.deciding import Deduplicating
from services.deduplication.keeping import WordingsOnDisk
from services.deduplication.settings import Settings

_WAIT_MS = 1000


class ExtractedLog:
    """Reads single facts of `articles-extracted` by their offset."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._consumer: Any = None

    def __call__(self, offset: int) -> ArticleExtracted:
        """The fact at this offset. Raises `Retry` while the log does not answer, `Reject` for what it does not hold."""
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
        raise Retry(f"articles-extracted gave nothing at offset {offset} within {_WAIT_MS} ms")

    def _polled(self, offset: int) -> list[Any]:
        from kafka import KafkaConsumer, TopicPartition

        place = TopicPartition(self._settings.topic("articles-extracted"), 0)
        if self._consumer is None:
            keywords = for_kafka_python(self._settings.broker)
            self._consumer = KafkaConsumer(
                **keywords, enable_auto_commit=False, auto_offset_reset="none", max_poll_records=1
            )
            self._consumer.assign([place])
        self._consumer.seek(place, offset)
        records: list[Any] = self._consumer.poll(timeout_ms=_WAIT_MS).get(place, [])
        return records


def run(settings: Settings) -> None:
    """Recognise copies and stories until told to stop."""
    wordings = WordingsOnDisk(settings.wordings_file, ExtractedLog(settings))
    try:
        stream.run(Deduplicating(wordings, settings.window), settings)
    finally:
        wordings.close()

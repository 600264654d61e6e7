"""An acknowledged producer: what `put` has returned for is in the log.

    with Publisher(settings, "clock") as publisher:
        publisher.put([Output("tracking-inbox", minute.isoformat(), MinutePassed(...))])

In a loop of asyncio: `await asyncio.to_thread(publisher.put, outputs)`. Any thread may call it.
"""

from __future__ import annotations

import threading
from collections.abc import Iterable
from types import TracebackType
from typing import Any, Self

from runtime import metrics
from runtime.brokers import for_kafka_python
from runtime.guarded import record_of, too_large
from runtime.handling import Output
from runtime.logs import log
from runtime.messages import Record
from runtime.settings import ServiceSettings

_REQUEST = 8_388_608
_PUT_SECONDS = 30.0
_PAUSE_SECONDS = 0.2


class Stopped(RuntimeError):  # noqa: N818 - says what happened
    """The process was told to stop before the broker had acknowledged."""


class Publisher:
    """Writes outputs, and waits for the broker as long as it takes; `stop` lets a waiting `put` end with `Stopped`.

    The constructor waits for the broker too.
    """

    def __init__(self, settings: ServiceSettings, service: str, stop: threading.Event | None = None) -> None:
        self._settings, self._service = settings, service
        self._stop = stop or threading.Event()
        self._renewing = threading.Lock()
        self._producer = self._connected()

    def _connected(self) -> Any:
        from kafka import KafkaProducer
        from kafka.errors import KafkaError

        while True:
            self._go_on()
            try:
                return KafkaProducer(
                    **for_kafka_python(self._settings.broker),
                    client_id=self._settings.member(self._service),
                    acks="all",
                    linger_ms=0,
                    max_request_size=_REQUEST,
                    max_block_ms=15_000,
                    delivery_timeout_ms=int(_PUT_SECONDS * 1000),
                    request_timeout_ms=15_000,
                    bootstrap_timeout_ms=10_000,
                    allow_auto_create_topics=False,
                )
            except KafkaError as error:
                log.warning("waiting for the broker", why=type(error).__name__)
                self._stop.wait(_PAUSE_SECONDS)

    def put(self, outputs: Iterable[Output]) -> None:
        """Return when the broker has acknowledged all of these, in this order a partition.

        Raises `Reject` (output_too_large) before anything is sent, `Stopped`, and KafkaError where waiting cures nothing.
        """
        self.put_records([record_of(output) for output in outputs])

    def put_records(self, records: Iterable[Record]) -> None:
        """As `put`, for records that are bytes already."""
        left = list(records)
        while left:
            self._go_on()
            sent = [(record, self.begin(record)) for record in left]
            left = self._refused(sent)

    def _refused(self, sent: list[tuple[Record, Any]]) -> list[Record]:
        """Those of these that are not in the log; what is there is not written again, as of two with one id the first counts."""
        failures = [(record, self._failure(future)) for record, future in sent]
        refused = [(record, error) for record, error in failures if error is not None]
        for record, error in failures:
            if error is None:
                self.count(record)
        if not refused:
            return []
        written = self.judge(*refused[0])
        if written:
            self.count(refused[0][0])
        self._stop.wait(_PAUSE_SECONDS)
        return [record for record, _ in refused[1 if written else 0 :]]

    def _failure(self, future: Any) -> BaseException | None:
        from kafka.errors import KafkaError

        try:
            future.get(timeout=_PUT_SECONDS + 15)
        except KafkaError as error:
            found: BaseException = error
            return found
        return None

    def begin(self, record: Record) -> Any:
        """Hand one record to the producer and return its future, which may fail; order a partition is that of the calls."""
        from kafka.errors import KafkaError
        from kafka.future import Future

        topic, headers = self._settings.topic(record.topic), list(record.headers)
        try:
            return self._producer.send(topic, value=record.value, key=record.key, headers=headers)
        except KafkaError as error:  # no metadata, no room, too large: the same to a waiting caller as a failed future
            return Future().failure(error)

    def judge(self, record: Record, error: BaseException) -> bool:
        """Return if sending again can help: True if that has happened already. Raises what will not get better.

        Raises `Reject` for a record that the broker finds too large, else the error itself.
        """
        if _is_too_large(error):
            return self._is_sent_alone(record)
        if not getattr(error, "retriable", False):
            raise error
        log.warning("sending again", topic=record.topic, why=type(error).__name__)
        return False

    def _is_sent_alone(self, record: Record) -> bool:
        """Send it by a fresh producer; False if that failed for another reason than its size. Raises `Reject`.

        A producer that was refused one record for its size refuses all others with the same error from then on (seen with
        kafka-python 3.0.12), so it is replaced, and only what is refused alone is guilty.
        """
        from kafka.errors import KafkaError

        self._renew(self._producer)
        try:
            self.begin(record).get(timeout=_PUT_SECONDS)
        except KafkaError as error:
            if not _is_too_large(error):
                return False
            self._renew(self._producer)
            raise too_large(record.topic, len(record.value or b"")) from error
        return True

    def _renew(self, broken: Any) -> None:
        with self._renewing:
            if self._producer is broken:
                self._producer = self._connected()
                broken.close(timeout=0)

    def count(self, record: Record) -> None:
        """Count one acknowledged record."""
        if not record.topic.endswith("-dlq"):
            metrics.PUBLISHED.labels(service=self._service, topic=record.topic).inc()

    def _go_on(self) -> None:
        if self._stop.is_set():
            raise Stopped(
                "told to stop while the broker had not yet acknowledged; what was not acknowledged is sent again later"
            )

    def close(self) -> None:
        """Wait a little for what is under way, then end the producer."""
        self._producer.close(timeout=5)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def _is_too_large(error: BaseException) -> bool:
    from kafka.errors import MessageSizeTooLargeError, RecordListTooLargeError

    return isinstance(error, MessageSizeTooLargeError | RecordListTooLargeError)

"""The books of a shell: what was read ended, each in one outcome; and when too many dead letters come in a row."""

from __future__ import annotations

import time

from runtime import metrics
from runtime.clock import now
from runtime.logs import tell_outcome
from runtime.messages import Done, Message
from schemas.outcomes import Ending, Outcome

_OF_A_BROKEN_SERVICE = {
    Outcome.bug,
    Outcome.took_too_long,
    Outcome.worker_died,
    Outcome.retries_spent,
    Outcome.output_too_large,
    Outcome.malformed,
    Outcome.unknown_fact,
    Outcome.invalid,
}
"""Dead letters that speak of a broken service, here or upstream; a rejection speaks of its message alone."""


class Account:
    """Counts for one process. `limit` dead letters of a broken service in a row are too many."""

    def __init__(self, service: str, limit: int) -> None:
        self._service, self._limit, self._row = service, limit, 0

    def read(self, message: Message) -> float:
        """Count a message that is taken in hand; returns the moment (monotonic) for `ended`."""
        metrics.CONSUMED.labels(service=self._service, topic=message.position.topic).inc()
        return time.monotonic()

    def given_back(self, message: Message) -> None:
        """Count a message that another worker will read again."""
        metrics.GIVEN_BACK.labels(service=self._service, topic=message.position.topic).inc()

    def retried(self) -> None:
        """Count one more attempt."""
        metrics.RETRIES.labels(service=self._service).inc()

    def ended(self, message: Message, done: Done, since: float) -> None:
        """Count and log how a message ended; its outputs are in the log already."""
        position, service = message.position, self._service
        took = time.monotonic() - since
        metrics.ENDED.labels(service=service, topic=position.topic, outcome=done.outcome.value).inc()
        metrics.HANDLING.labels(service=service).observe(took)
        metrics.LAST_OUTCOME.labels(service=service).set(time.time())
        if done.root_at is not None:
            metrics.SINCE_ROOT.labels(service=service).observe(max(0.0, now().timestamp() - done.root_at))
        self._count_row(done.outcome)
        said = {"place": done.place, "detail": done.detail, "fact": done.fact, "id": done.id, "trace": done.trace}
        where = {"topic": position.topic, "partition": position.partition, "offset": position.offset}
        tell_outcome(
            done.outcome, **where, **{name: text for name, text in said.items() if text}, ms=round(took * 1000, 1)
        )

    def _count_row(self, outcome: Outcome) -> None:
        if outcome in _OF_A_BROKEN_SERVICE:
            self._row += 1
        elif outcome.ending is not Ending.dead_lettered:
            self._row = 0

    @property
    def too_many(self) -> bool:
        """Whether so many dead letters of a broken service came in a row that it must stop."""
        return self._row >= self._limit

"""The ledger: what each fact of it says, and what is still open when a process reads it to its end."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

from runtime.handling import Output
from schemas import ids
from schemas.base import Fact
from schemas.facts import AttemptState, DeliveryAttempted, DeliveryRecorded
from services.delivery.lanes import Item

ATTEMPTED, RECORDED = "deliveries-attempted", "deliveries-recorded"
OPEN = (AttemptState.due, AttemptState.attempting)
GONE = "410"
KEPT = timedelta(days=90)


@dataclass
class Ledger:
    """The last word on each alert and channel, and the channels that said that they are gone."""

    last: dict[str, DeliveryAttempted] = field(default_factory=dict)
    gone: dict[tuple[str, str], datetime] = field(default_factory=dict)

    def fold(self, fact: Fact) -> None:
        """Take in one fact of the ledger."""
        if not isinstance(fact, DeliveryAttempted):
            return
        self.last[key_of(fact)] = fact
        if fact.state is AttemptState.given_up and fact.answer.startswith(GONE):
            self.gone[fact.person, fact.channel] = fact.at

    def knows(self, key: str) -> bool:
        """Whether this alert was ever taken up for this channel."""
        return key in self.last

    def may_have_got(self, alert: UUID, channel: str) -> bool:
        """Whether an alert waits for a channel, or may have arrived by it: only then a correction of it goes there."""
        fact = self.last.get(f"{alert}/1/{channel}")
        if fact is None or fact.state is AttemptState.replaced:
            return False
        return fact.state is not AttemptState.given_up or fact.possible_repeat

    def is_gone(self, person: str, channel: str, enabled: datetime | None) -> bool:
        """Whether a channel said that it is gone, and nobody has switched it on since."""
        at = self.gone.get((person, channel))
        return at is not None and (enabled is None or enabled < at)

    def forgotten(self, now: datetime) -> list[str]:
        """The keys of lines that ended so long ago that nobody asks for them; a channel's word that it is gone is kept."""
        kept = {(person, channel, at) for (person, channel), at in self.gone.items()}
        return [
            key
            for key, fact in self.last.items()
            if fact.state not in OPEN and now - fact.at > KEPT and (fact.person, fact.channel, fact.at) not in kept
        ]

    def forget(self, keys: Iterable[str]) -> None:
        """Take these out."""
        for key in keys:
            self.last.pop(key, None)

    def open(self) -> list[DeliveryAttempted]:
        """What is due, and what was begun and never ended, in the order of their taking up."""
        return sorted((fact for fact in self.last.values() if fact.state in OPEN), key=lambda fact: fact.at)


def key_of(fact: DeliveryAttempted) -> str:
    """Alert, revision and channel, as `lanes.ledger_key`."""
    return f"{fact.alert}/{fact.revision}/{fact.channel}"


def attempted(item: Item, state: AttemptState, at: datetime, answer: str = "") -> Output:
    """The ledger's line on an item."""
    alert = item.alert
    fact = DeliveryAttempted(
        id=ids.derive("DeliveryAttempted", item.key, state, item.attempt, at.isoformat()),
        meta=item.meta,
        alert=alert.id,
        revision=alert.revision,
        person=alert.person,
        conversation=alert.conversation,
        channel=item.channel,
        state=state,
        attempt=item.attempt,
        at=at,
        due=item.due if state is AttemptState.due else None,
        answer=answer[:200],
        alert_at=item.position,
        possible_repeat=item.unknown,
        missed=item.missed,
        bundle=item.bundle,
        batch=item.batch,
    )
    return Output(ATTEMPTED, item.key, fact)


def recorded(item: Item, state: AttemptState, at: datetime, answer: str) -> Output:
    """One finished attempt, as people read it. The seconds count from the coming in of the root."""
    alert = item.alert
    fact = DeliveryRecorded(
        id=ids.derive("DeliveryRecorded", item.key, state, item.attempt, at.isoformat()),
        meta=item.meta,
        alert=alert.id,
        revision=alert.revision,
        person=alert.person,
        conversation=alert.conversation,
        channel=item.channel,
        state=state,
        attempt=item.attempt,
        at=at,
        seconds=(at - item.meta.root_at).total_seconds(),
        answer=answer[:200],
        possible_repeat=item.unknown,
    )
    return Output(RECORDED, item.key, fact)

"""First in, first out per person, dossier and channel; what was held back gives way to the latest state. Pure: the time is given."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from schemas.alerts import Alert
from schemas.base import Meta, Position
from schemas.steps import Kind
from services.delivery.scheduling import Bundle

LaneKey = tuple[str, str, str]
WITHDRAWING = (Kind.corrected, Kind.retracted)


@dataclass
class Item:
    """One alert on its way to one channel. `attempt` counts calls begun; `unknown` says that one may have arrived."""

    alert: Alert
    channel: str
    position: Position
    meta: Meta
    due: datetime
    bundle: Bundle = ""
    attempt: int = 0
    missed: int = 0
    held: bool = False
    unknown: bool = False

    @property
    def key(self) -> str:
        """What the ledger knows it by."""
        return ledger_key(self.alert, self.channel)

    @property
    def lane(self) -> LaneKey:
        """Whose turn it waits for."""
        return self.alert.person, self.bundle or str(self.alert.conversation), self.channel


def ledger_key(alert: Alert, channel: str) -> str:
    """Alert, revision and channel."""
    return f"{alert.id}/{alert.revision}/{channel}"


@dataclass(frozen=True)
class Pick:
    """What is to be handed over now, as one; and what it stands in for."""

    items: tuple[Item, ...]
    replaced: tuple[Item, ...] = ()


@dataclass
class Lane:
    """The items of one lane, oldest first."""

    items: list[Item] = field(default_factory=list)

    def add(self, item: Item) -> tuple[Item, ...]:
        """Put an item at the end; returns those that need not be sent any more.

        A correction of an alert that nobody can have got takes that alert away, and itself with it.
        """
        unsent = next((one for one in self.items if one.alert.id == item.alert.replaces and one.attempt == 0), None)
        if unsent is not None and item.alert.lead.kind in WITHDRAWING:
            self.items.remove(unsent)
            return unsent, item
        self.items.append(item)
        return ()

    def due(self) -> datetime | None:
        """When the lane has something to hand over: a failing head is waited for, a waiting one is not."""
        if not self.items:
            return None
        head = self.items[0]
        return head.due if head.attempt else min(item.due for item in self.items)

    def pick(self, now: datetime) -> Pick | None:
        """What to hand over now: the head, or, where something was held back, the latest in place of all that is due."""
        due = self.due()
        if due is None or due > now:
            return None
        ready = [item for item in self.items if item.due <= now]
        if ready[0].bundle:
            return Pick(tuple(ready))
        if len(ready) > 1 and any(item.held or item.attempt for item in self.items):
            latest = ready[-1]
            return Pick((latest,), tuple(item for item in self.items if _is_before(self.items, item, latest)))
        return Pick((ready[0],))

    def hold(self) -> None:
        """Note that everything here waited: sending was stopped."""
        for item in self.items:
            item.held = True

    def remove(self, items: tuple[Item, ...]) -> None:
        """Take these out."""
        self.items = [item for item in self.items if item not in items]


def _is_before(items: list[Item], item: Item, other: Item) -> bool:
    return items.index(item) < items.index(other)

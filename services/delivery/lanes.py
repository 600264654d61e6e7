"""First in, first out per person, dossier and channel; what was held back gives way to the latest state. Pure: the time is given."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from schemas.alerts import Alert
from schemas.base import Meta, Position
from schemas.steps import Kind
from services.delivery.scheduling import Bundle

LaneKey = tuple[str, str, str]
WITHDRAWING = (Kind.corrected, Kind.retracted)
CORRECTING = (Kind.contradicted, *WITHDRAWING)


@dataclass
class Item:
    """One alert on its way to one channel.

    `attempt` counts calls begun; `unknown` says that one may have arrived, `calling` that one is under way; `batch` is the message that
    several were begun as.
    """

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
    calling: bool = False
    batch: str = ""

    @property
    def key(self) -> str:
        """What the ledger knows it by."""
        return ledger_key(self.alert, self.channel)

    @property
    def lane(self) -> LaneKey:
        """Whose turn it waits for."""
        return self.alert.person, self.bundle or str(self.alert.conversation), self.channel

    @property
    def may_have_arrived(self) -> bool:
        """Whether its person may have got it: unknown counts as got."""
        return self.unknown or self.calling

    @property
    def may_be_passed_over(self) -> bool:
        """Whether a later state of the dossier can stand for it: not for a correction, nor for what is said of another dossier."""
        alert = self.alert
        alone = all(step.dossier.id == alert.lead.dossier.id for step in alert.also)
        return alone and not any(step.kind in CORRECTING for step in (alert.lead, *alert.also))


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

    def add(self, item: Item) -> None:
        """Put an item at the end."""
        self.items.append(item)

    def corrected_by(self, item: Item) -> Item | None:
        """The waiting item that this one corrects, which nobody can have got."""
        replaced = item.alert.replaces
        found = (one for one in self.items if one.alert.id == replaced and not one.may_have_arrived)
        return next(found, None) if replaced is not None else None

    def due(self) -> datetime | None:
        """When the lane has something to hand over: a failing head is waited for, a waiting one is not."""
        if not self.items:
            return None
        head = self.items[0]
        return head.due if head.attempt else min(item.due for item in self.items)

    def pick(self, now: datetime) -> Pick | None:
        """What to hand over now: the head, or, where something was held back, the latest in place of all before it."""
        due = self.due()
        if due is None or due > now:
            return None
        ready = [item for item in self.items if item.due <= now]
        if ready[0].bundle:
            return Pick(_together(ready, self.items))
        is_latest_enough = len(ready) > 1 and any(item.held or item.attempt for item in self.items)
        return self._standing_for_others(ready[-1] if is_latest_enough else ready[0], now)

    def _standing_for_others(self, latest: Item, now: datetime) -> Pick:
        """The latest and what it passes over; what must not be passed over goes before it."""
        before = self.items[: self.items.index(latest)]
        kept = [item for item in before if not item.may_be_passed_over and item.due <= now]
        chosen = kept[0] if kept else latest
        return Pick((chosen,), tuple(item for item in _up_to(before, chosen) if item.may_be_passed_over))

    def hold(self) -> None:
        """Note that everything here waited: sending was stopped, or the receiver did not answer."""
        for item in self.items:
            item.held = True

    def hurry(self, now: datetime) -> None:
        """What failed before is due again: the receiver answers."""
        for item in self.items:
            if item.attempt and not item.calling:
                item.due = min(item.due, now)

    def remove(self, items: tuple[Item, ...]) -> None:
        """Take these out."""
        self.items = [item for item in self.items if not any(item is each for each in items)]


def takes_back_all(correction: Alert, told: Alert) -> bool:
    """Whether nothing is left of an alert after its correction, and nothing else stands in the correction."""
    steps = (correction.lead, *correction.also)
    if any(step.kind not in WITHDRAWING or step.stands for step in steps):
        return False
    taken_back: set[UUID | None] = {step.of for step in steps} - {None}
    return all(step.id in taken_back or step.of in taken_back for step in (told.lead, *told.also))


def _up_to(items: list[Item], chosen: Item) -> list[Item]:
    return items[: items.index(chosen)] if chosen in items else items


def _together(ready: list[Item], items: list[Item]) -> tuple[Item, ...]:
    """What goes as one message: what was begun as one goes again as the same, so that its receiver knows it."""
    batch = ready[0].batch
    return tuple(item for item in (items if batch else ready) if item.batch == batch)

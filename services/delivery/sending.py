"""Hands over what is due: one task a lane, each call with its intent in the ledger before and its outcome after."""

from __future__ import annotations

import asyncio
from collections import defaultdict, deque
from collections.abc import Awaitable, Callable, Coroutine, Sequence
from datetime import datetime
from typing import Any

from runtime import metrics
from runtime.handling import Output
from runtime.logs import log
from schemas.facts import AttemptState
from services.delivery.channels import Handed, Sender, channel, names
from services.delivery.lanes import Item, Lane, LaneKey, Pick, takes_back_all
from services.delivery.ledger import attempted, recorded
from services.delivery.message import Message
from services.delivery.people import People, To
from services.delivery.scheduling import BUNDLES, retry_at, retry_of_a_server_that_is_down
from services.delivery.settings import Settings
from services.delivery.turns import Turns

Write = Callable[[Sequence[Output]], Awaitable[None]]
Clock = Callable[[], datetime]
LONGEST_WAIT = 30.0
COUNTED = {AttemptState.sent: "sent", AttemptState.due: "retrying", AttemptState.parked: "parked"}
NOWHERE = "no such channel"


class Sending:
    """All lanes of this process. Everything here runs in one loop of asyncio; `write` returns when the log has it."""

    def __init__(
        self,
        settings: Settings,
        people: People,
        write: Write,
        clock: Clock,
        fatal: Callable[[str], object],
        senders: dict[str, Sender] | None = None,
    ) -> None:
        self._settings, self._people, self._write, self._clock = settings, people, write, clock
        self._senders = senders or {name: channel(name).opened(settings) for name in names()}
        self._lanes: defaultdict[LaneKey, Lane] = defaultdict(Lane)
        self._tasks: dict[LaneKey, asyncio.Task[None]] = {}
        self._changed: defaultdict[LaneKey, asyncio.Event] = defaultdict(asyncio.Event)
        self._fatal = fatal
        self._calls: set[asyncio.Task[None]] = set()
        self._slots = {name: asyncio.Semaphore(settings.at_once) for name in self._senders}
        self._turns = Turns(clock)
        self._wanting: defaultdict[str, set[LaneKey]] = defaultdict(set)
        self._broken: defaultdict[str, set[str]] = defaultdict(set)
        self._going = asyncio.Event()
        self._going.set()
        self.recent: defaultdict[tuple[str, str], deque[datetime]] = defaultdict(lambda: deque(maxlen=500))
        self.closed: set[tuple[str, str]] = set()

    def add(self, item: Item) -> None:
        """Take an item up; it goes when it is due and its lane's turn has come."""
        if not self._going.is_set():
            item.held = True
        if self._is_withdrawn(item):
            return
        self._lanes[item.lane].add(item)
        self._changed[item.lane].set()
        if item.lane not in self._tasks:
            self._tasks[item.lane] = asyncio.create_task(self._run(item.lane, self._receiver(item)))

    def pause(self) -> None:
        """Begin no call any more; what is under way ends."""
        self._going.clear()

    def resume(self) -> None:
        """Go on: of what waited, the latest state of each dossier."""
        for lane in self._lanes.values():
            lane.hold()
        self._going.set()

    def look(self) -> None:
        """Look at the clock again: what waited for a time may have come due."""
        for event in self._changed.values():
            event.set()
        self._turns.look()

    @property
    def waiting(self) -> int:
        """How many items are not ended yet."""
        return sum(len(lane.items) for lane in self._lanes.values())

    async def close(self) -> None:
        """Let calls under way end, then close the channels."""
        self.pause()
        await asyncio.gather(*self._calls, return_exceptions=True)
        for task in list(self._tasks.values()):
            task.cancel()
        await asyncio.gather(*self._tasks.values(), return_exceptions=True)
        for sender in self._senders.values():
            await sender.close()

    def _is_withdrawn(self, correction: Item) -> bool:
        """A correction of an alert that nobody can have got takes that alert away, and itself with it.

        Where more than that stands in either of them, both go, one after the other.
        """
        person, _, name = correction.lane
        for key in (correction.lane, *((person, bundle, name) for bundle in BUNDLES)):
            lane = self._lanes.get(key)
            unsent = lane.corrected_by(correction) if lane else None
            if lane is None or unsent is None:
                continue
            if takes_back_all(correction.alert, unsent.alert):
                lane.remove((unsent,))
                self._changed[key].set()
                self._call(self._end((unsent, correction), AttemptState.replaced, "taken back before it was sent"))
                return True
            correction.bundle, correction.due = unsent.bundle, max(unsent.due, correction.due)
        return False

    def _call(self, work: Coroutine[Any, Any, None]) -> asyncio.Task[None]:
        """Work that must not be broken off: an intent is in the log, its outcome is not yet."""
        call = asyncio.create_task(work)
        self._calls.add(call)
        call.add_done_callback(self._called_back)
        return call

    def _called_back(self, call: asyncio.Task[None]) -> None:
        self._calls.discard(call)
        if not call.cancelled() and (error := call.exception()) is not None:
            self._fatal(f"the ledger cannot be written: {type(error).__name__}: {error}")

    async def _run(self, key: LaneKey, receiver: str) -> None:
        lane = self._lanes[key]
        self._wanting[receiver].add(key)
        while lane.items:
            await self._going.wait()
            if lane.pick(self._clock()) is None:
                await self._until(lane, key)
            else:
                await self._in_turn(lane, key[2], receiver)
        self._wanting[receiver].discard(key)
        del self._lanes[key], self._tasks[key]
        self._changed.pop(key, None)

    async def _until(self, lane: Lane, key: LaneKey) -> None:
        due = lane.due()
        seconds = (due - self._clock()).total_seconds() if due else LONGEST_WAIT
        self._changed[key].clear()
        try:
            async with asyncio.timeout(min(max(seconds, 0.0), LONGEST_WAIT)):
                await self._changed[key].wait()
        except TimeoutError:
            return

    def _receiver(self, item: Item) -> str:
        to = self._people.channels(item.alert.person).get(item.channel)
        return NOWHERE if to is None else channel(item.channel).receiver(to)

    async def _in_turn(self, lane: Lane, name: str, receiver: str) -> None:
        """Wait for the receiver's turn and hand over what is the latest by then."""
        broken = self._turns.is_broken(receiver)
        await self._turns.turn(receiver)
        try:
            if broken:
                lane.hold()
            async with self._slots[name]:
                pick = lane.pick(self._clock()) if self._going.is_set() else None
                if pick is not None:
                    await asyncio.shield(self._call(self._hand_over(lane, pick, receiver)))
        finally:
            self._turns.leave(receiver)

    async def _hand_over(self, lane: Lane, pick: Pick, receiver: str) -> None:
        first = pick.items[0]
        lane.remove(pick.replaced)
        first.missed += sum(1 + item.missed for item in pick.replaced)
        to = self._people.channels(first.alert.person).get(first.channel)
        if to is None or (first.alert.person, first.channel) in self.closed:
            lane.remove(pick.items)
            await self._end(pick.replaced + pick.items, AttemptState.given_up, "no such channel, or it is switched off")
            return
        message = self._message(pick)
        for item in pick.items:
            item.attempt, item.calling, item.batch = item.attempt + 1, True, message.id if item.bundle else ""
        await self._end(pick.replaced, AttemptState.replaced, "a later state of the dossier goes instead")
        await self._write([attempted(item, AttemptState.attempting, self._clock()) for item in pick.items])
        handed = await self._called(first.channel, message, to)
        self._reported(receiver, first.channel, handed)
        await self._judge(lane, pick.items, handed)

    def _message(self, pick: Pick) -> Message:
        first = pick.items[0]
        return Message(
            alerts=tuple(item.alert for item in pick.items),
            kind=first.bundle or "alert",
            missed=first.missed,
            possible_repeat=any(item.unknown for item in pick.items) and not channel(first.channel).KEYED,
            at=self._clock(),
            desk_url=self._settings.desk_url,
        )

    async def _called(self, name: str, message: Message, to: To) -> Handed:
        try:
            return await self._senders[name].send(message, to)
        except (OSError, TimeoutError) as error:
            return Handed(False, f"{type(error).__name__}: it is unknown whether it arrived", down=True)
        except Exception as error:  # noqa: BLE001 - one broken channel must not hold up the others; it is logged and retried
            log.exception("the channel failed", channel=name)
            return Handed(False, f"the channel failed: {type(error).__name__}")

    def _reported(self, receiver: str, name: str, handed: Handed) -> None:
        """Note how the receiver does; what waited for it goes at once when it answers again."""
        before = self._turns.is_broken(receiver)
        back = self._turns.report(receiver, not handed.down)
        lanes = [(self._lanes[key], self._changed[key]) for key in self._wanting[receiver]]
        if self._turns.is_broken(receiver) != before:
            self._note_breach(receiver, name, handed.answer)
            for lane, _ in lanes:
                lane.hold()
        for lane, changed in lanes if back else ():
            lane.hurry(self._clock())
            changed.set()

    def _note_breach(self, receiver: str, name: str, answer: str) -> None:
        broken = self._turns.is_broken(receiver)
        (self._broken[name].add if broken else self._broken[name].discard)(receiver)
        metrics.CHANNEL_OPEN.labels(channel=name).set(bool(self._broken[name]))
        log.warning(
            "a receiver is left in peace" if broken else "a receiver answers again", receiver=receiver, why=answer
        )

    async def _judge(self, lane: Lane, items: tuple[Item, ...], handed: Handed) -> None:
        first = items[0]
        for item in items:
            item.calling = False
            item.unknown = item.unknown or not (handed.ok or handed.unsent)
        if handed.ok:
            lane.remove(items)
            await self._end(items, AttemptState.sent, handed.answer)
            return
        parks = any(item.unknown for item in items) and self._parks(first.channel)
        if handed.gone:
            self.closed.add((first.alert.person, first.channel))
        again = None if handed.gone or handed.final or parks else self._again_at(first, handed)
        if again is None:
            lane.remove(items)
            await self._end(items, AttemptState.parked if parks else AttemptState.given_up, handed.answer)
            return
        await self._again(items, again, handed)

    def _again_at(self, item: Item, handed: Handed) -> datetime | None:
        now = self._clock()
        if handed.down and handed.unsent and not channel(item.channel).KEYED:
            return retry_of_a_server_that_is_down(item.attempt, now)
        return retry_at(item.attempt, now, handed.retry_after)

    async def _again(self, items: tuple[Item, ...], due: datetime, handed: Handed) -> None:
        for item in items:
            item.due = due
            item.batch = "" if handed.unsent and not item.unknown else item.batch
        self._count(items, "retrying")
        now = self._clock()
        await self._write([recorded(item, AttemptState.failed, now, handed.answer) for item in items])
        await self._write([attempted(item, AttemptState.due, now, handed.answer) for item in items])

    def _parks(self, name: str) -> bool:
        return not channel(name).KEYED and self._settings.mail_unknown == "park"

    async def _end(self, items: Sequence[Item], state: AttemptState, answer: str) -> None:
        """The record is in the log before the ledger closes the item: killed in between, it is ended once more, never not at all."""
        if not items:
            return
        now = self._clock()
        await self._write([recorded(item, state, now, answer) for item in items])
        await self._write([attempted(item, state, now, answer) for item in items])
        self._count(items, COUNTED.get(state, "suppressed" if state is AttemptState.replaced else "failed"))
        for item in items if state is AttemptState.sent else ():
            metrics.ALERT_LATENCY.labels(channel=item.channel).observe(
                max(0.0, (now - item.meta.root_at).total_seconds())
            )

    def _count(self, items: Sequence[Item], attempt: str) -> None:
        for item in items:
            metrics.DELIVERIES.labels(channel=item.channel, attempt=attempt).inc()

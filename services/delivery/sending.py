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
from services.delivery.lanes import Item, Lane, LaneKey, Pick
from services.delivery.ledger import attempted, recorded
from services.delivery.message import Message
from services.delivery.people import People, To
from services.delivery.scheduling import retry_at
from services.delivery.settings import Settings

Write = Callable[[Sequence[Output]], Awaitable[None]]
Clock = Callable[[], datetime]
LONGEST_WAIT = 30.0
COUNTED = {AttemptState.sent: "sent", AttemptState.due: "retrying", AttemptState.parked: "parked"}


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
        self._slots = asyncio.Semaphore(settings.at_once)
        self._going = asyncio.Event()
        self._going.set()
        self.recent: defaultdict[tuple[str, str], deque[datetime]] = defaultdict(lambda: deque(maxlen=500))
        self.closed: set[tuple[str, str]] = set()

    def add(self, item: Item) -> None:
        """Take an item up; it goes when it is due and its lane's turn has come."""
        lane = self._lanes[item.lane]
        if not self._going.is_set():
            item.held = True
        withdrawn = lane.add(item)
        if withdrawn:
            self._call(self._withdrawn(withdrawn))
        self._changed[item.lane].set()
        if item.lane not in self._tasks:
            self._tasks[item.lane] = asyncio.create_task(self._run(item.lane))

    def pause(self) -> None:
        """Begin no call any more; what is under way ends."""
        self._going.clear()

    def resume(self) -> None:
        """Go on: of what waited, the latest state of each dossier."""
        for lane in self._lanes.values():
            lane.hold()
        self._going.set()

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

    async def _withdrawn(self, items: tuple[Item, ...]) -> None:
        await self._end(items, AttemptState.replaced, "taken back before it was sent")

    async def _run(self, key: LaneKey) -> None:
        lane = self._lanes[key]
        while lane.items:
            await self._going.wait()
            pick = lane.pick(self._clock())
            if pick is None:
                await self._until(lane, key)
                continue
            async with self._slots:
                if self._going.is_set():
                    await asyncio.shield(self._call(self._hand_over(lane, pick)))
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

    async def _hand_over(self, lane: Lane, pick: Pick) -> None:
        first = pick.items[0]
        lane.remove(pick.replaced)
        first.missed += len(pick.replaced)
        await self._end(pick.replaced, AttemptState.replaced, "a later state of the dossier goes instead")
        to = self._people.channels(first.alert.person).get(first.channel)
        if to is None or (first.alert.person, first.channel) in self.closed:
            lane.remove(pick.items)
            await self._end(pick.items, AttemptState.given_up, "no such channel, or it is switched off")
            return
        for item in pick.items:
            item.attempt += 1
        await self._write([attempted(item, AttemptState.attempting, self._clock()) for item in pick.items])
        handed = await self._called(first.channel, self._message(pick), to, pick.items)
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

    async def _called(self, name: str, message: Message, to: To, items: tuple[Item, ...]) -> Handed:
        try:
            return await self._senders[name].send(message, to)
        except (OSError, TimeoutError) as error:
            for item in items:
                item.unknown = True
            return Handed(False, f"{type(error).__name__}: it is unknown whether it arrived")
        except Exception as error:  # noqa: BLE001 - one broken channel must not hold up the others; it is logged and retried
            log.exception("the channel failed", channel=name)
            return Handed(False, f"the channel failed: {type(error).__name__}")

    async def _judge(self, lane: Lane, items: tuple[Item, ...], handed: Handed) -> None:
        first = items[0]
        if handed.ok:
            lane.remove(items)
            await self._end(items, AttemptState.sent, handed.answer)
            return
        parks = any(item.unknown for item in items) and self._parks(first.channel)
        no_more = handed.gone or handed.final or parks
        again = None if no_more else retry_at(first.attempt, self._clock(), handed.retry_after)
        if handed.gone:
            self.closed.add((first.alert.person, first.channel))
        if again is None:
            lane.remove(items)
            await self._end(items, AttemptState.parked if parks else AttemptState.given_up, handed.answer)
            return
        await self._again(items, again, handed.answer)

    async def _again(self, items: tuple[Item, ...], due: datetime, answer: str) -> None:
        for item in items:
            item.due = due
        self._count(items, "retrying")
        now = self._clock()
        await self._write([recorded(item, AttemptState.failed, now, answer) for item in items])
        await self._write([attempted(item, AttemptState.due, now, answer) for item in items])

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

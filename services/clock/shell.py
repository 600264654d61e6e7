"""Writes each minute into both inboxes, as soon as it begins."""

from __future__ import annotations

from runtime.clock import now
from runtime.process import Process, process
from runtime.publish import Publisher, Stopped
from services.clock.minutes import INBOXES, minute_of, outputs_at, seconds_left
from services.clock.settings import Settings

BEAT_SECONDS = 5.0


def run(settings: Settings) -> None:
    """Say every minute until told to stop; the minute of the start is said at once."""
    with process("clock", settings) as here:
        if not here.wait_for_topics(INBOXES):
            return
        with Publisher(settings, "clock", here.stop) as publisher:
            here.working()
            _say_minutes(here, publisher)


def _say_minutes(here: Process, publisher: Publisher) -> None:
    said = None
    while not here.stop.is_set():
        moment = now()
        if minute_of(moment) != said:
            try:
                publisher.put(outputs_at(moment))
            except Stopped:
                return
            said = minute_of(moment)
        here.beat()
        here.stop.wait(min(BEAT_SECONDS, seconds_left(now())))

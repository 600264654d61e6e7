"""When an alert goes to a channel: at once, when quiet hours end, with a digest, or not at all. Pure: the time is given."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

from schemas.alerts import Alert, Route

Bundle = Literal["", "digest", "storm", "test"]
BUNDLES: tuple[Bundle, ...] = ("digest", "storm")
RETRIES = (2, 10, 60, 300, 1800, 7200, 18_000, 36_000, 50_400, 72_000, 86_400)
"""Seconds to the next try after the first, second, … failed one; after the last the delivery is given up."""
PATIENCE = timedelta(minutes=5)
"""A server that is down for everybody is no message's fault: it is asked again this soon, …"""
ASKED_AT_MOST = 870
"""… and a message that it never took is given up after so many times: three days."""
STORM = timedelta(minutes=10)
DAILY_AT = time(8)


@dataclass(frozen=True)
class Plan:
    """`due` is when it is to go; `bundle` says with what it goes together; `held` that it did not go at once."""

    due: datetime
    bundle: Bundle = ""

    def is_held(self, now: datetime) -> bool:
        """Whether it waits."""
        return self.due > now


def planned(
    alert: Alert,
    channel: str,
    now: datetime,
    recent: Sequence[datetime] = (),
    storm: int | None = None,
    zone: str = "UTC",
    follows: bool = False,
) -> Plan | None:
    """When this alert goes to this channel; None if the person does not want it there.

    `recent` are earlier alerts to it, oldest first; `zone` is the person's; `follows` says that it corrects what went there, so that it
    goes there too, urgent or not.
    """
    urgent_enough = alert.urgent or follows
    routes = [
        each for each in alert.routes if each.channel in ("", channel) and (urgent_enough or not each.only_urgent)
    ]
    if alert.routes and not routes and not follows:
        return None
    at_once = [route for route in routes if route.digest is None]
    if routes and not at_once:
        return min((Plan(digest_time(route, now, zone), "digest") for route in routes), key=lambda plan: plan.due)
    due = min((_after_quiet(route, alert.urgent, now, zone) for route in at_once), default=now)
    in_storm = [moment for moment in recent if now - moment < STORM]
    if storm is not None and due <= now and len(in_storm) >= storm:
        return Plan(in_storm[0] + STORM, "storm")
    return Plan(due)


def retry_at(attempt: int, now: datetime, wished: float | None = None) -> datetime | None:
    """When to try again after the `attempt`-th try (from 1); None when it is given up. The receiver's wish (seconds) may only lengthen it."""
    if attempt > len(RETRIES):
        return None
    return now + timedelta(seconds=max(RETRIES[attempt - 1], wished or 0))


def retry_of_a_server_that_is_down(attempt: int, now: datetime) -> datetime | None:
    """When to ask a shared server again that took nothing; None when the message has waited too long."""
    if attempt > ASKED_AT_MOST:
        return None
    return now + min(timedelta(seconds=RETRIES[min(attempt, len(RETRIES)) - 1]), PATIENCE)


def digest_time(route: Route, now: datetime, of_person: str = "UTC") -> datetime:
    """The next full hour, or the next eight o'clock, in the person's zone."""
    zone = ZoneInfo(route.zone or of_person)
    return _next_hour(now, zone) if route.digest == "hourly" else _next(now, DAILY_AT, zone)


def _next_hour(now: datetime, zone: ZoneInfo) -> datetime:
    """The next time that the wall clock shows a full hour; a change by half an hour on the way is minded."""
    moment = now
    while moment == now or moment.astimezone(zone).minute:
        local = moment.astimezone(zone)
        moment += timedelta(minutes=60 - local.minute, seconds=-local.second, microseconds=-local.microsecond)
    return moment


def _after_quiet(route: Route, urgent: bool, now: datetime, of_person: str) -> datetime:
    if route.quiet_from is None or route.quiet_until is None or (urgent and not route.urgent_too):
        return now
    zone = ZoneInfo(route.zone or of_person)
    begins, ends = time.fromisoformat(route.quiet_from), time.fromisoformat(route.quiet_until)
    wall = now.astimezone(zone).time()
    quiet = begins <= wall < ends if begins <= ends else wall >= begins or wall < ends
    return _next(now, ends, zone) if quiet else now


def _next(now: datetime, wall: time, zone: ZoneInfo) -> datetime:
    """The next time that the wall clock shows this, in UTC; an hour that is left out counts from before the change, of one that comes
    twice the first that is still to come.
    """
    today = now.astimezone(zone).date()
    shown = (
        datetime.combine(day, wall, tzinfo=zone).replace(fold=fold)
        for day in (today, today + timedelta(days=1))
        for fold in (0, 1)
    )
    moments = (each.astimezone(ZoneInfo("UTC")) for each in shown if not each.fold or _is_shown(each))
    return min(moment for moment in moments if moment > now)


def _is_shown(local: datetime) -> bool:
    """Whether a wall clock ever shows this time on this day."""
    return local.astimezone(ZoneInfo("UTC")).astimezone(local.tzinfo).time() == local.time()

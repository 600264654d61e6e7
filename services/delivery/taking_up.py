"""From an alert, or from an open line of the ledger, to items on their way. Pure: the time is given."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from typing import cast
from uuid import UUID

from schemas import ids
from schemas.alerts import Alert, MatchedRule, Words
from schemas.base import Position
from schemas.facts import AlertRaised, AttemptState, DeliveryActed, DeliveryAttempted
from schemas.steps import Dossier, Kind, Step
from services.delivery.lanes import WITHDRAWING, Item
from services.delivery.people import People
from services.delivery.scheduling import Bundle, planned

WITHOUT_ENTRY = ("desk",)
"""Channels that everybody has."""
NO_CHANNEL = "none"
Got = Callable[[UUID, str], bool]
Recent = Callable[[str, str], Sequence[datetime]]


def items_of(
    raised: AlertRaised, position: Position, people: People, recent: Recent, now: datetime, got: Got
) -> Iterator[Item]:
    """The alert for each channel on which its person wants it; a correction goes where what it corrects may have arrived."""
    alert, person = raised.alert, people.person(raised.alert.person)
    for name, to in person.channels().items():
        follows = alert.replaces is not None and got(alert.replaces, name)
        if _only_withdraws(alert) and not follows:
            continue
        plan = planned(alert, name, now, recent(alert.person, name), to.storm, person.zone, follows)
        if plan is not None:
            yield Item(alert, name, position, raised.meta, plan.due, plan.bundle, held=plan.is_held(now))


def _only_withdraws(alert: Alert) -> bool:
    """Whether the alert says nothing but that an earlier one no longer holds."""
    return alert.replaces is not None and all(step.kind in WITHDRAWING for step in (alert.lead, *alert.also))


def item_again(raised: AlertRaised, last: DeliveryAttempted, people: People, now: datetime) -> Item | None:
    """What the ledger left open; `attempting` without an outcome may have arrived. None if the person no longer has the channel."""
    to = people.channels(last.person).get(last.channel)
    if to is None or last.alert_at is None:
        return None
    begun = last.state is AttemptState.attempting
    due = now if begun or last.due is None else last.due
    return Item(
        raised.alert, last.channel, last.alert_at, raised.meta, due, _bundle_again(raised, last, due > now),
        attempt=last.attempt, missed=last.missed, held=last.attempt > 0 or due > last.at, unknown=begun or last.possible_repeat,
        batch=last.batch,
    )  # fmt: skip


def _bundle_again(raised: AlertRaised, last: DeliveryAttempted, waits: bool) -> Bundle:
    """With what it goes; lines of former versions do not say it."""
    if last.bundle or last.attempt or not waits:
        return cast("Bundle", last.bundle)
    plan = planned(raised.alert, last.channel, last.at)  # only its bundle is asked for, which no zone changes
    return plan.bundle if plan else ""


def lacking(raised: AlertRaised, position: Position, people: People, now: datetime) -> Iterator[Item]:
    """The channels that the person's rules name and the file of people does not give them, so that nobody believes they were told."""
    alert, has = raised.alert, {*people.channels(raised.alert.person), *WITHOUT_ENTRY}
    named = {route.channel for route in alert.routes if route.channel and (alert.urgent or not route.only_urgent)}
    wanted = named - has if named or has - set(WITHOUT_ENTRY) else {NO_CHANNEL}
    for name in sorted(wanted):
        yield Item(alert, name, position, raised.meta, now)


def item_for_test(act: DeliveryActed, place: Position) -> Item | None:
    """A message that tests a person's channel; it says that it is a test, in every line. None if the act names no channel."""
    if act.person is None or act.channel is None:
        return None
    about = ids.derive("channel test", act.id)
    dossier = Dossier(id=about, family="ceasefire", title="test of this channel", opened=act.at)
    step = Step(
        id=about, dossier=dossier, kind=Kind.new, family="ceasefire", status="called_for", reality="hypothetical", polarity="affirmed",
        reason="a test of this channel",
    )  # fmt: skip
    words = Words(first_line="this is a test, nothing happened", second_line=f"Asked for by {act.by}")
    rule = MatchedRule(rule="test", version=1, title="Test of this channel", because=("somebody asked for it",))
    alert = Alert(
        id=about, person=act.person, conversation=about, lead=step, rules=(rule,), words=words, raised_for=act.at
    )
    return Item(alert, act.channel, place, act.meta, act.at, bundle="test")

"""When an alert goes out: at once, after quiet hours, with a digest, or in a storm's one message."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from alerts import alert

from schemas.alerts import Route
from services.delivery.scheduling import RETRIES, digest_time, planned, retry_at

NIGHT = {"quiet_from": "23:00", "quiet_until": "06:00"}


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def route(channel: str = "", **values: Any) -> Route:
    return Route(channel=channel, **values)


def test_without_routes_every_channel_gets_it_at_once() -> None:
    now = at("2026-03-04T09:00")
    plan = planned(alert(), "webhook", now)
    assert plan is not None
    assert (plan.due, plan.bundle) == (now, "")


def test_a_channel_that_no_rule_names_gets_nothing() -> None:
    assert planned(alert(routes=(route("email"),)), "webhook", at("2026-03-04T09:00")) is None


def test_a_channel_for_what_is_urgent_gets_nothing_else() -> None:
    routes = (route("webhook", only_urgent=True),)
    assert planned(alert(routes=routes), "webhook", at("2026-03-04T09:00")) is None
    assert planned(alert(routes=routes, urgent=True), "webhook", at("2026-03-04T09:00")) is not None


@pytest.mark.parametrize(
    ("zone", "now", "until"),
    [
        ("Europe/London", "2026-03-04T23:30", "2026-03-05T06:00"),
        ("Europe/London", "2026-03-28T23:30", "2026-03-29T05:00"),  # the clocks go forward in that night
        ("Europe/London", "2026-10-24T23:30", "2026-10-25T06:00"),  # and back in this one
        ("America/New_York", "2026-03-08T05:30", "2026-03-08T10:00"),  # forward at 07:00 UTC
        ("Asia/Kolkata", "2026-03-04T18:00", "2026-03-05T00:30"),
        ("Asia/Kathmandu", "2026-03-04T18:00", "2026-03-05T00:15"),
    ],
)
def test_quiet_hours_end_by_the_wall_clock_of_the_person(zone: str, now: str, until: str) -> None:
    plan = planned(alert(routes=(route(zone=zone, **NIGHT),)), "webhook", at(now))
    assert plan is not None
    assert plan.due == at(until)


@pytest.mark.parametrize(
    ("now", "until"),
    [
        ("2026-03-28T23:30", "2026-03-29T01:30"),  # half past one is left out in this night: half past two by the clock
        ("2026-10-24T23:30", "2026-10-25T00:30"),  # and comes twice in this one: the first counts, …
        ("2026-10-25T01:15", "2026-10-25T01:30"),  # … and for what comes after it the second
    ],
)
def test_quiet_hours_may_end_in_an_hour_that_is_left_out_or_comes_twice(now: str, until: str) -> None:
    quiet = route(zone="Europe/London", quiet_from="23:00", quiet_until="01:30")
    plan = planned(alert(routes=(quiet,)), "webhook", at(now))
    assert plan is not None
    assert plan.due == at(until)


def test_quiet_hours_without_a_zone_are_those_of_the_person() -> None:
    plan = planned(alert(routes=(route(**NIGHT),)), "webhook", at("2026-03-04T18:00"), zone="Asia/Kolkata")
    assert plan is not None
    assert plan.due == at("2026-03-05T00:30")


def test_a_correction_goes_where_the_urgent_alert_went() -> None:
    routes = (route("webhook", only_urgent=True),)
    plan = planned(alert(routes=routes), "webhook", at("2026-03-04T09:00"), follows=True)
    assert plan is not None
    assert plan.due == at("2026-03-04T09:00")


@pytest.mark.parametrize("now", ["2026-03-04T22:59", "2026-03-04T06:00", "2026-03-04T12:00"])
def test_outside_quiet_hours_it_goes_at_once(now: str) -> None:
    plan = planned(alert(routes=(route(zone="UTC", **NIGHT),)), "webhook", at(now))
    assert plan is not None
    assert plan.due == at(now)


def test_what_is_urgent_comes_through_quiet_hours_unless_the_person_says_no() -> None:
    now = at("2026-03-04T23:30")
    through = planned(alert(routes=(route(zone="UTC", **NIGHT),), urgent=True), "webhook", now)
    held = planned(alert(routes=(route(zone="UTC", urgent_too=True, **NIGHT),), urgent=True), "webhook", now)
    assert through is not None
    assert held is not None
    assert (through.due, held.due) == (now, at("2026-03-05T06:00"))


@pytest.mark.parametrize(
    ("zone", "digest", "now", "due"),
    [
        ("UTC", "hourly", "2026-03-04T09:20", "2026-03-04T10:00"),
        ("Asia/Kolkata", "hourly", "2026-03-04T09:20", "2026-03-04T09:30"),
        ("Asia/Kathmandu", "hourly", "2026-03-04T09:20", "2026-03-04T10:15"),
        ("Europe/Paris", "daily", "2026-03-04T09:20", "2026-03-05T07:00"),
        ("Europe/Paris", "daily", "2026-03-28T09:20", "2026-03-29T06:00"),
        ("Europe/Paris", "daily", "2026-10-24T09:20", "2026-10-25T07:00"),
        ("UTC", "daily", "2026-03-04T08:00", "2026-03-05T08:00"),
        ("UTC", "hourly", "2026-03-04T09:00", "2026-03-04T10:00"),
        ("Australia/Lord_Howe", "hourly", "2026-04-04T14:40", "2026-04-04T15:30"),  # back by half an hour at 15:00 UTC
        ("Australia/Adelaide", "hourly", "2026-03-04T09:20", "2026-03-04T09:30"),
    ],
)
def test_digests_go_at_the_full_hour_of_the_persons_zone(zone: str, digest: str, now: str, due: str) -> None:
    assert digest_time(route(zone=zone, digest=digest), at(now)) == at(due)


def test_one_rule_that_wants_it_at_once_outweighs_a_digest() -> None:
    now = at("2026-03-04T09:20")
    plan = planned(alert(routes=(route("email", digest="hourly"), route("email"))), "email", now)
    assert plan is not None
    assert (plan.due, plan.bundle) == (now, "")


def test_more_than_the_limit_in_ten_minutes_is_a_storm() -> None:
    now = at("2026-03-04T09:09")
    recent = [at("2026-03-04T08:00"), at("2026-03-04T09:00"), at("2026-03-04T09:01")]
    calm = planned(alert(), "webhook", now, recent, storm=3)
    storm = planned(alert(), "webhook", now, recent, storm=2)
    assert calm is not None
    assert storm is not None
    assert (calm.bundle, storm.bundle, storm.due) == ("", "storm", at("2026-03-04T09:10"))


def test_retries_grow_and_end_and_the_receiver_may_only_lengthen_them() -> None:
    now = at("2026-03-04T09:00")
    assert retry_at(1, now) == now + timedelta(seconds=RETRIES[0])
    assert retry_at(1, now, wished=120) == now + timedelta(seconds=120)
    assert retry_at(3, now, wished=1) == now + timedelta(seconds=RETRIES[2])
    assert retry_at(len(RETRIES) + 1, now) is None
    assert sorted(RETRIES) == list(RETRIES)

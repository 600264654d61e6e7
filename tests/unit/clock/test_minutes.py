"""Time as a fact in the log."""

from datetime import UTC, datetime, timedelta, timezone

from services.clock.minutes import minute_passed, outputs_at, seconds_left

MOMENT = datetime(2026, 3, 4, 9, 2, 41, 500_000, tzinfo=UTC)


def test_both_inboxes_get_the_same_minute() -> None:
    tracking, alerting = outputs_at(MOMENT)
    assert (tracking.topic, alerting.topic) == ("tracking-inbox", "alerting-inbox")
    assert tracking.fact == alerting.fact == minute_passed(datetime(2026, 3, 4, 9, 2, tzinfo=UTC))


def test_two_clocks_in_different_zones_say_the_same_minute() -> None:
    elsewhere = MOMENT.astimezone(timezone(timedelta(hours=5, minutes=45)))
    assert outputs_at(elsewhere) == outputs_at(MOMENT + timedelta(seconds=10))


def test_another_minute_has_another_id() -> None:
    assert outputs_at(MOMENT)[0].fact.id != outputs_at(MOMENT + timedelta(minutes=1))[0].fact.id


def test_next_minute_is_never_zero_seconds_away() -> None:
    assert seconds_left(MOMENT) == 18.5
    assert seconds_left(MOMENT.replace(second=0, microsecond=0)) == 60

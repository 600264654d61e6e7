"""A dead letter holds the message as it was, and another attempt is late."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from console.dead_letters import replays, told, visible
from runtime.dead_letters import CannotReplay, NotADeadLetter, dead_letter, folded, read, replayed, without_value
from runtime.messages import Done, Message, Record
from schemas.base import Meta, Position
from schemas.codec import decode, encode
from schemas.facts import MinutePassed
from schemas.ids import minute_id
from schemas.outcomes import Outcome

AT = datetime(2025, 3, 1, 12, tzinfo=UTC)
MINUTE = MinutePassed(id=minute_id("m"), meta=Meta(trace="t", root_at=AT), minute=AT)
PLACE = Position(topic="tracking-inbox", partition=0, offset=7)
MESSAGE = Message(PLACE, b"key", encode(MINUTE), (("their", b"own"),), 5)
BUG = Done(Outcome.bug, sentence="ZeroDivisionError: x", trace="t")


def test_it_is_read_back_as_it_was_written() -> None:
    record = dead_letter("tracking", MESSAGE, BUG, AT)
    letter = read(record)
    assert record.topic == "tracking-inbox-dlq"
    assert (letter.key, letter.value, letter.headers) == (b"key", MESSAGE.value, (("their", b"own"),))
    assert (letter.service, letter.source, letter.outcome, letter.sentence) == (
        "tracking",
        PLACE,
        "bug",
        "ZeroDivisionError: x",
    )
    assert (letter.attempt, letter.at, letter.whole, letter.trace) == (1, AT, True, "t")


def test_two_of_one_message_by_one_service_are_the_same_one() -> None:
    first, again = (read(dead_letter("tracking", MESSAGE, BUG, AT.replace(hour=hour))) for hour in (12, 13))
    assert folded([first, again]) == [first]
    other = read(dead_letter("desk", MESSAGE, BUG, AT))
    assert folded([first, other]) == [first, other]


def test_a_replayed_message_goes_to_its_source_and_is_late() -> None:
    record = replayed(read(dead_letter("tracking", MESSAGE, BUG, AT)))
    assert (record.topic, record.key) == ("tracking-inbox", b"key")
    assert decode(record.value) == MINUTE.model_copy(update={"meta": MINUTE.meta.model_copy(update={"late": True})})


def test_a_replayed_message_that_fails_again_is_the_second_attempt() -> None:
    record = replayed(read(dead_letter("tracking", MESSAGE, BUG, AT)))
    second = Message(PLACE.model_copy(update={"offset": 9}), record.key, record.value, record.headers, 6)
    letter = read(dead_letter("tracking", second, BUG, AT))
    assert (letter.attempt, letter.headers) == (2, (("their", b"own"),))


@pytest.mark.parametrize("value", [b"no json", b"[]", b'{"fact":"MinutePassed"}', b'{"meta":7}', None])
def test_what_cannot_be_marked_as_late_is_not_replayed(value: bytes | None) -> None:
    letter = read(dead_letter("tracking", replace(MESSAGE, value=value), BUG, AT))
    with pytest.raises(CannotReplay):
        replayed(letter)
    assert replays([letter])[0] == []


def test_what_was_too_large_to_be_kept_says_where_it_was() -> None:
    letter = read(without_value(dead_letter("tracking", MESSAGE, BUG, AT)))
    assert (letter.whole, letter.source) == (False, PLACE)
    assert "too large" in told(letter)
    with pytest.raises(CannotReplay):
        replayed(letter)


def test_a_record_without_the_headers_is_no_dead_letter() -> None:
    with pytest.raises(NotADeadLetter):
        read(Record("tracking-inbox-dlq", b"k", b"v", (("dead-letter-id", b"1"),)))


def test_what_is_shown_cannot_steer_a_terminal() -> None:
    assert visible("a\x1b[31m\x9bb\nc") == "a\\x1b[31m\\x9bb\nc"

"""Whatever a message does to its handler, it ends in one named outcome."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from runtime.guarded import handled
from runtime.handling import Answer, Output, Reject, Retry
from runtime.messages import Done, Message
from schemas.base import Fact, Meta, Position
from schemas.codec import NewerVersion, decode, encode
from schemas.facts import MinutePassed
from schemas.ids import minute_id
from schemas.outcomes import Outcome

AT = datetime(2025, 3, 1, 12, tzinfo=UTC)
MINUTE = MinutePassed(id=minute_id("m"), meta=Meta(trace="t", root_at=AT), minute=AT)
PLACE = Position(topic="tracking-inbox", partition=0, offset=7)


def message(value: bytes | None = None) -> Message:
    return Message(PLACE, b"k", encode(MINUTE) if value is None else value, (), 1_700_000_000_000)


def raising(error: BaseException) -> Done:
    def handle(fact: Fact, position: Position) -> Answer:
        raise error

    return handled("tracking", handle, message())


def test_an_answer_ends_as_it_says_with_its_outputs_as_bytes() -> None:
    done = handled(
        "tracking", lambda fact, _: Answer(Outcome.published, (Output("alerting-inbox", "k", fact),)), message()
    )
    assert (done.outcome, done.trace, done.root_at) == (Outcome.published, "t", AT.timestamp())
    assert [(record.topic, record.key, decode(record.value)) for record in done.records] == [
        ("alerting-inbox", b"k", MINUTE)
    ]


@pytest.mark.parametrize(
    ("value", "outcome"),
    [
        (b"", Outcome.malformed),
        (b"\xff", Outcome.malformed),
        (b"[]", Outcome.malformed),
        (b'{"fact":"Nonsense","v":1}', Outcome.unknown_fact),
        (b'{"fact":"MinutePassed","v":1}', Outcome.invalid),
    ],
)
def test_bytes_that_are_no_fact_end_with_the_reason(value: bytes, outcome: Outcome) -> None:
    done = handled("tracking", lambda *_: Answer(Outcome.published), message(value))
    assert done.outcome is outcome
    assert done.sentence


def test_a_rejection_keeps_its_reason_and_sentence() -> None:
    done = raising(Reject("no good", Outcome.page_too_large))
    assert (done.outcome, done.sentence) == (Outcome.page_too_large, "no good")


def test_any_other_exception_is_a_bug_whose_place_quotes_nothing() -> None:
    done = raising(KeyError("words of an article"))
    assert done.outcome is Outcome.bug
    assert "words of an article" in done.sentence
    assert "words" not in done.place
    assert done.place.startswith("KeyError at test_guarded.py:")


def test_retry_is_left_to_the_shell() -> None:
    with pytest.raises(Retry):
        raising(Retry("away"))


def test_a_newer_version_is_left_to_the_shell() -> None:
    with pytest.raises(NewerVersion):
        handled("tracking", lambda *_: Answer(Outcome.published), message(encode(MINUTE).replace(b'"v":1', b'"v":2')))


def test_an_output_that_no_broker_takes_is_refused_before_anything_is_sent() -> None:
    big = MINUTE.model_copy(update={"meta": MINUTE.meta.model_copy(update={"trace": "x" * 8_000_001})})
    done = handled("tracking", lambda *_: Answer(Outcome.published, (Output("alerting-inbox", "k", big),)), message())
    assert (done.outcome, done.records) == (Outcome.output_too_large, ())


def test_a_suppression_says_so_once_and_the_same_on_a_repeat() -> None:
    first, again = (
        handled("tagging", lambda *_: Answer(Outcome.gate_stopped, detail="no word"), message()) for _ in range(2)
    )
    assert first == again
    (record,) = first.records
    said = decode(record.value)
    assert (record.topic, said.outcome, said.detail) == ("messages-suppressed", "gate_stopped", "no word")  # type: ignore[attr-defined]


@pytest.mark.parametrize("outcome", [Outcome.repeat, Outcome.not_for_this_reader, Outcome.noted, Outcome.published])
def test_what_nobody_asks_why_not_leaves_no_suppression(outcome: Outcome) -> None:
    assert handled("tagging", lambda *_: Answer(outcome), message()).records == ()

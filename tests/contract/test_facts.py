"""Every fact has its schema and its examples, and every example that was ever written can still be read."""

import json
from pathlib import Path

import jsonschema_rs
import pytest

from schemas.base import FACT_FIELD, VERSION_FIELD
from schemas.codec import NewerVersion, Unreadable, decode, encode
from schemas.facts import FACTS
from schemas.generate import ROOT, fact_schema, stale
from schemas.outcomes import ENDINGS, SENTENCES, Outcome
from schemas.topics import TOPICS

EXAMPLES = sorted((ROOT / "schemas" / "examples").glob("*/v*/*.json"))


def named(path: Path) -> str:
    return "/".join(path.parts[-3:])


def test_generated_files_are_fresh() -> None:
    assert [str(path.relative_to(ROOT)) for path in stale()] == [], "run `make contracts` and commit what it writes"


@pytest.mark.parametrize("path", EXAMPLES, ids=named)
def test_every_example_ever_written_can_be_read(path: Path) -> None:
    fact = decode(path.read_bytes())
    assert fact.name() == path.parts[-3]
    assert decode(encode(fact)) == fact


@pytest.mark.parametrize("path", EXAMPLES, ids=named)
def test_every_example_of_the_present_version_fits_its_schema(path: Path) -> None:
    message = json.loads(path.read_bytes())
    fact = FACTS[message[FACT_FIELD]]
    if message[VERSION_FIELD] == fact.VERSION:
        jsonschema_rs.validate(fact_schema(fact), message)


def test_every_fact_has_an_example_of_its_present_version() -> None:
    there = {(path.parts[-3], path.parts[-2]) for path in EXAMPLES}
    wanted = {(name, f"v{fact.VERSION}") for name, fact in FACTS.items()}
    assert wanted - there == set(), "write schemas/examples/<fact>/v<version>/<what>.json"


def test_every_fact_travels_on_a_topic() -> None:
    carried = {fact.name() for topic in TOPICS for fact in topic.carries}
    assert carried == set(FACTS), (
        "add the fact to a topic's `carries` in schemas/topics.py, or to schemas/facts/__init__.py"
    )


def test_every_outcome_has_a_sentence_and_an_ending() -> None:
    assert set(SENTENCES) == set(Outcome) == set(ENDINGS)
    assert all(sentence.endswith(".") and len(sentence) > 20 for sentence in SENTENCES.values())


@pytest.mark.parametrize(
    ("raw", "outcome", "says"),
    [
        (None, Outcome.malformed, "JSON"),
        (b"\xff\xfe", Outcome.malformed, "JSON"),
        (b"[1]", Outcome.malformed, "object"),
        (b'{"fact":"Gossip","v":1}', Outcome.unknown_fact, "Gossip"),
        (b'{"v":1}', Outcome.unknown_fact, "None"),
        (b'{"fact":"MinutePassed","v":"one"}', Outcome.malformed, "version"),
        (b'{"fact":"MinutePassed","v":1,"id":"no"}', Outcome.invalid, "id"),
    ],
)
def test_what_is_no_fact_is_refused_with_its_reason(raw: bytes | None, outcome: Outcome, says: str) -> None:
    with pytest.raises(Unreadable, match=says) as refused:
        decode(raw)
    assert refused.value.outcome is outcome


def test_a_newer_version_is_not_given_up() -> None:
    with pytest.raises(NewerVersion, match="upgrade"):
        decode(b'{"fact":"MinutePassed","v":99}')


def test_a_field_that_a_newer_writer_added_is_passed_over() -> None:
    message = json.loads((ROOT / "schemas/examples/MinutePassed/v1/whole.json").read_bytes())
    assert decode(json.dumps(message | {"added": 1}).encode()) == decode(json.dumps(message).encode())

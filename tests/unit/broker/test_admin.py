"""What the declaration means for the broker, and how a difference is told."""

from dataclasses import replace

import pytest

from runtime.admin import Shape, configs_of, differences, wanted_topics
from schemas.topics import BY_NAME, TOPICS


def test_every_topic_has_its_dead_letters() -> None:
    wanted = wanted_topics()
    assert all(topic.name in wanted and topic.dead_letters in wanted for topic in TOPICS)


def test_a_namespace_stands_before_dead_letters_too() -> None:
    assert all(name.startswith("shadow.") for name in wanted_topics(namespace="shadow."))


def test_what_is_kept_for_ever_is_never_deleted() -> None:
    assert configs_of(BY_NAME["alerts-raised"])["retention.ms"] == "-1"


def test_pages_are_kept_thirty_days() -> None:
    assert configs_of(BY_NAME["pages-fetched"])["retention.ms"] == str(30 * 24 * 3600 * 1000)


def test_a_ledger_is_compacted_and_not_at_once() -> None:
    configs = configs_of(BY_NAME["deliveries-attempted"])
    assert (configs["cleanup.policy"], int(configs["min.compaction.lag.ms"]) >= 3_600_000) == ("compact", True)
    assert "retention.ms" not in configs


def test_a_broker_that_has_all_of_it_differs_in_nothing() -> None:
    assert differences(wanted_topics(), wanted_topics()) == []


@pytest.mark.parametrize(
    ("found", "told"),
    [
        (None, "pages-fetched is missing; cure: copytaster topics create"),
        (Shape(3), "pages-fetched has 3 partitions, declared are 12"),
        (Shape(12, {"compression.type": "gzip"}), "pages-fetched has compression.type=gzip, declared is zstd"),
    ],
)
def test_a_difference_names_topic_values_and_cure(found: Shape | None, told: str) -> None:
    wanted = {"pages-fetched": replace(wanted_topics()["pages-fetched"], configs={"compression.type": "zstd"})}
    sentences = differences(wanted, {} if found is None else {"pages-fetched": found})
    assert sentences[0].startswith(told)

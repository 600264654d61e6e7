"""What a deciding service writes at the same time: only what nobody could tell the order of."""

from runtime.messages import Record
from runtime.stream import in_any_order


def record(topic: str, key: str, value: str = "") -> Record:
    return Record(topic, key.encode(), value.encode())


def test_different_keys_of_one_topic_go_together_and_the_memory_goes_after_them() -> None:
    records = [record("alerts-raised", key) for key in "abc"] + [record("alerts-decided", "x")]
    assert list(in_any_order(records)) == [records[:3], records[3:]]


def test_what_has_one_key_goes_in_order() -> None:
    records = [
        record("alerts-raised", "a", "first"),
        record("alerts-raised", "b"),
        record("alerts-raised", "a", "second"),
    ]
    assert list(in_any_order(records)) == [records[:2], records[2:]]


def test_many_go_in_several_runs() -> None:
    records = [record("alerts-raised", str(number)) for number in range(5)]
    assert [len(run) for run in in_any_order(records, at_most=2)] == [2, 2, 1]

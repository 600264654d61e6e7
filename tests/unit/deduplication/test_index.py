import numpy as np
import pytest

from services.deduplication import index
from services.deduplication.index import Index


@pytest.fixture(autouse=True)
def small(monkeypatch):
    monkeypatch.setattr(index, "FRESH", 4)
    monkeypatch.setattr(index, "FANOUT", 2)
    monkeypatch.setattr(index, "LARGEST", 16)


def filled_with(rows, together=1):
    """An index of articles, each a list of keys and weights, added so many at a time."""
    filled = Index()
    for at in range(0, len(rows), together):
        part = rows[at : at + together]
        counts = np.array([len(row) for row in part])
        keys, weights = zip(*(pair for row in part for pair in row), strict=True)
        filled.add(counts, np.array(keys, dtype=np.uint32), np.array(weights, dtype=np.uint8))
    return filled


def found(filled, key, cap=1000):
    held = filled.find(np.array([key], dtype=np.uint32), cap)
    return sorted(zip(held.numbers.tolist(), held.weights.tolist(), strict=True))


ROWS = [[(number % 7, number % 100), (0xFFFFFFFF, 5)] for number in range(101)]


@pytest.mark.parametrize("together", [1, 3, 101])
def test_every_holder_of_a_key_is_found_through_all_merges_however_many_are_added_at_once(together):
    filled = filled_with(ROWS, together)
    assert found(filled, 3) == [(number, number % 100) for number in range(3, 101, 7)]
    assert found(filled, 0xFFFFFFFF) == [(number, 5) for number in range(101)]
    assert found(filled, 9) == []


@pytest.mark.parametrize("before", range(9))
def test_of_a_common_key_the_newest_holders_are_found_wherever_the_arrays_begin(before):
    filled = filled_with([[(2, 0)]] * before + [[(1, 0)]] * 40)
    assert [number - before for number, _ in found(filled, 1, 6)] == list(range(34, 40))


def test_whole_arrays_behind_the_first_article_are_forgotten():
    filled = filled_with([[(1, 0)]] * 40)
    filled.forget(before=17)
    assert [number for number, _ in found(filled, 1)] == list(range(16, 40))


def test_an_article_with_more_keys_than_a_table_holds_is_refused():
    with pytest.raises(ValueError, match="raise KEYS"):
        filled_with([[(key, 0) for key in range(4 * index.KEYS + 1)]])

import numpy as np
import pytest

from services.deduplication import index
from services.deduplication.index import Index


@pytest.fixture(autouse=True)
def small(monkeypatch):
    monkeypatch.setattr(index, "FRESH", 4)
    monkeypatch.setattr(index, "FANOUT", 2)
    monkeypatch.setattr(index, "LARGEST", 16)


def found(held, key):
    at = held.places == key
    return sorted(zip(held.numbers[at].tolist(), held.weights[at].tolist(), strict=True))


def test_every_holder_of_a_key_is_found_through_all_merges():
    filled = Index()
    for number in range(101):
        filled.add(number, [number % 7, 0xFFFFFFFF], [number % 100, 5])
    held = filled.find(np.array([3, 0xFFFFFFFF, 9], dtype=np.uint64), 1000)
    assert found(held, 0) == [(number, number % 100) for number in range(3, 101, 7)]
    assert found(held, 1) == [(number, 5) for number in range(101)]
    assert found(held, 2) == []


def test_of_a_common_key_the_newest_holders_are_looked_at():
    filled = Index()
    for number in range(4):
        filled.add(number, [1], [0])
    assert found(filled.find(np.array([1], dtype=np.uint64), 2), 0) == [(2, 0), (3, 0)]


def test_whole_arrays_behind_the_first_article_are_forgotten():
    filled = Index()
    for number in range(40):
        filled.add(number, [1], [0])
    filled.forget(before=17)
    numbers = [number for number, _ in found(filled.find(np.array([1], dtype=np.uint64), 100), 0)]
    assert numbers == list(range(16, 40))

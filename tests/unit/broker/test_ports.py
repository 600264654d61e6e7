"""Ports are chosen so that nobody is disturbed."""

import socket
from collections.abc import Iterator

import pytest

from runtime.devbroker.ports import any_free, first_free, is_free


@pytest.fixture
def taken() -> Iterator[int]:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        yield listener.getsockname()[1]


def test_a_port_with_a_listener_is_not_free(taken: int) -> None:
    assert not is_free(taken)


def test_the_next_port_is_taken_when_the_wanted_one_is_not_free(taken: int) -> None:
    assert first_free(taken) > taken


def test_ports_chosen_together_differ() -> None:
    assert len(set(any_free(5))) == 5

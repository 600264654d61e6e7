"""What the supervisor is told is what each process gets."""

from __future__ import annotations

from configparser import RawConfigParser
from pathlib import Path

import pytest
from supervisor.datatypes import dict_of_key_value_pairs

from console.running.plan import Program, configuration


def handed_on(value: str) -> str:
    """The value as the supervisor reads it out of the configuration."""
    told = RawConfigParser()
    told.read_string(configuration([Program("desk", ("true",), {"A": value, "B": "1"})], Path("/f"), Path("/s")))
    read: dict[str, str] = dict_of_key_value_pairs(told["program:desk"]["environment"].replace("%%", "%"))
    return read["A"]


@pytest.mark.parametrize(
    "value", ["plain", "two words", '{"a": "http://127.0.0.1:1"}', "100 %", "it's", "a,b=c", "C:\\x"]
)
def test_a_value_reaches_the_process_as_it_was(value: str) -> None:
    assert handed_on(value) == value


@pytest.mark.parametrize("value", ["both ' and \"", "two\nlines"])
def test_what_the_supervisor_cannot_hand_on_is_named(value: str) -> None:
    with pytest.raises(ValueError, match=r"A=.*take one of them out"):
        handed_on(value)

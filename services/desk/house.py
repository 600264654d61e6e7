"""Names in the desk's own spelling: a house style file says how the machine's words write them; quotes are never touched."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import yaml


class StyleError(ValueError):
    """A house style file that cannot be used; the text names the value, the rule and the cure."""


@dataclass(frozen=True)
class HouseStyle:
    """Spellings by the name that they replace."""

    spellings: dict[str, str] = field(default_factory=dict)

    @cached_property
    def _pattern(self) -> re.Pattern[str]:
        longest_first = sorted(self.spellings, key=len, reverse=True)
        return re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, longest_first))})(?!\w)")

    def of(self, text: str) -> str:
        """The text with every name as the house writes it."""
        return self._pattern.sub(lambda found: self.spellings[found[0]], text) if self.spellings else text


def read_style(text: str) -> HouseStyle:
    """The style of a YAML file, `Kiev: Kyiv` a line. Raises `StyleError`."""
    try:
        body: Any = yaml.safe_load(text) or {}
    except yaml.YAMLError as error:
        raise StyleError(f"the house style is no YAML ({error}): write one `name: spelling` a line") from error
    wrong = (
        [f"{key!r}: {value!r}" for key, value in body.items() if not _are_names(key, value)] if _is_map(body) else []
    )
    if wrong or not _is_map(body):
        raise StyleError(
            f"{wrong[0] if wrong else 'the house style'} is no spelling: write one `name: spelling` a line"
        )
    return HouseStyle(dict(body))


def _is_map(body: Any) -> bool:
    return isinstance(body, dict)


def _are_names(*values: Any) -> bool:
    return all(isinstance(value, str) and value.strip() for value in values)

"""The families as data: one YAML file a family holds its statuses, ladders, groups, codes, words and wording."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any, Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field, model_validator

FOLDER = Path(__file__).parent
_QUICKEST: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def read_yaml(text: str) -> Any:
    """What `yaml.safe_load` reads, by the loader in C where PyYAML was built with it: ten times as fast."""
    return yaml.load(text, _QUICKEST)  # noqa: S506 - both are safe loaders


class _Strict(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Status(_Strict):
    """One status: what it means and when it counts again.

    `again_when` names the particulars whose change makes it a new step; `again_after` the statuses that must have come between.
    `lead` (1 to 9) orders steps in one alert. `cameo` codes stand as in the taxonomy, empty where it has none.
    """

    means: str
    words: tuple[str, ...]
    again_when: tuple[str, ...] = ()
    again_after: tuple[str, ...] = ()
    lead: int = Field(ge=1, le=9)
    cameo: tuple[str, ...] = ()
    group: str

    @model_validator(mode="after")
    def _one_way_to_count_again(self) -> Status:
        if bool(self.again_when) == bool(self.again_after):
            raise ValueError("a status counts again by `again_when` or by `again_after`: give exactly one of them")
        return self


class Family(_Strict):
    """One family. `roles` says whether a dossier is named by its parties or by imposer and target.

    `expires_as` is the status that a passed term
    makes due; `reached` are the statuses after which the thing exists; `unreached` those after which it no longer does. `tagging`,
    `wording` and `desk` are the sections that the tagger, the words of an alert and the desk read (their own models stand with their
    readers).
    """

    family: str
    title: str
    noun: str
    roles: tuple[Literal["parties", "imposer", "target"], ...]
    ladders: dict[str, tuple[str | tuple[str, ...], ...]]
    ends_with: tuple[str, ...]
    expires_as: str
    reached: tuple[str, ...]
    unreached: tuple[str, ...]
    groups: tuple[str, ...]
    codes: dict[str, dict[str, str]]
    statuses: dict[str, Status]
    tagging: dict[str, Any] = Field(default_factory=dict)
    wording: dict[str, Any] = Field(default_factory=dict)
    desk: dict[str, Any] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _only_known_names(self) -> Family:
        named = {rung for rungs in self.ladders.values() for step in rungs for rung in _as_tuple(step)}
        named |= {*self.ends_with, self.expires_as, *self.reached, *self.unreached}
        named |= {name for status in self.statuses.values() for name in status.again_after}
        if unknown := named - self.statuses.keys():
            raise ValueError(
                f"{self.family}: {sorted(unknown)} are no statuses of this family; add them under `statuses`"
            )
        if strays := {s.group for s in self.statuses.values()} - set(self.groups):
            raise ValueError(f"{self.family}: groups {sorted(strays)} are not listed under `groups`")
        return self

    def rung(self, status: str) -> tuple[str, int] | None:
        """The ladder and the height (from 0) of a status; None if it stands beside the ladders."""
        for ladder, rungs in self.ladders.items():
            for height, step in enumerate(rungs):
                if status in _as_tuple(step):
                    return ladder, height
        return None


def _as_tuple(step: str | tuple[str, ...]) -> tuple[str, ...]:
    return (step,) if isinstance(step, str) else tuple(step)


def read_family(path: Path) -> Family:
    """The family in this file. Raises `ValueError` that names the file and what is wrong in it."""
    try:
        return Family.model_validate(read_yaml(path.read_text(encoding="utf-8")))
    except (yaml.YAMLError, ValueError) as error:
        raise ValueError(f"{path.name}: {error}") from error


@cache
def families(folder: Path = FOLDER) -> dict[str, Family]:
    """Every family by name, one for each YAML file of the folder."""
    found = [read_family(path) for path in sorted(folder.glob("*.yaml"))]
    return {family.family: family for family in found}

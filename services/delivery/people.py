"""Who is reached how: the operator's file of people and channels. Read by delivery alone; rules only name a channel."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated, Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import yaml
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator


class _Strict(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


def _web(url: str) -> str:
    if not url.startswith(("https://", "http://")):
        raise ValueError(f"{url!r} is no address for a webhook: it begins with https://")
    return url


class WebhookTo(_Strict):
    """Where a webhook goes. Several secrets sign alike, so that a receiver can change over; `internal` is the operator's word."""

    url: Annotated[str, AfterValidator(_web)] | None = None
    url_env: str | None = None
    secret_env: tuple[str, ...] = ()
    secret_file: Path | None = None
    internal: bool = False
    storm: int | None = Field(default=None, ge=1, description="more alerts in ten minutes become one")

    @model_validator(mode="after")
    def _one_address_and_a_secret(self) -> WebhookTo:
        if bool(self.url) == bool(self.url_env):
            raise ValueError("a webhook has one of `url` and `url_env`")
        if not self.secret_env and self.secret_file is None:
            raise ValueError("a webhook signs: name `secret_env` (a list of variables) or `secret_file`")
        return self

    def address(self) -> str:
        """The address. Raises `ValueError` where the environment does not hold it."""
        return self.url or _web(_of_environment(self.url_env or ""))

    def secrets(self) -> tuple[str, ...]:
        """The secrets, the newest first. Raises `ValueError` or `OSError` where one is missing."""
        named = tuple(_of_environment(name) for name in self.secret_env)
        filed = tuple(self.secret_file.read_text(encoding="utf-8").split()) if self.secret_file else ()
        return named + filed


class EmailTo(_Strict):
    """Where a mail goes."""

    address: str = Field(pattern=r"^[^@\s<>,;]+@[^@\s<>,;]+$")
    storm: int | None = Field(default=None, ge=1)


class TerminalTo(_Strict):
    """The terminal of this machine, or the file that stands for it."""

    storm: int | None = Field(default=None, ge=1)


class DeskTo(_Strict):
    """The desk shows every alert by itself; this only notes that it did."""

    storm: int | None = Field(default=None, ge=1)


class ChatTo(_Strict):
    """A room: `url_env` names the variable that holds its address, as the notification library writes it."""

    service: Literal["slack", "tgram", "discord", "gchat"]
    url_env: str = Field(pattern=r"^[A-Z][A-Z0-9_]*$")
    storm: int | None = Field(default=None, ge=1)


class PushTo(_Strict):
    """A telephone; `url_env` as for a room. By itself more than ten alerts in ten minutes become one."""

    service: Literal["pover", "prowl"]
    url_env: str = Field(pattern=r"^[A-Z][A-Z0-9_]*$")
    storm: int | None = Field(default=10, ge=1)


To = WebhookTo | EmailTo | TerminalTo | DeskTo | ChatTo | PushTo
NAMES = ("webhook", "email", "terminal", "desk", "chat", "push")


def _zone(value: str) -> str:
    try:
        ZoneInfo(value)
    except (ZoneInfoNotFoundError, ValueError) as error:
        raise ValueError(f"{value!r} is no time zone: write a name as Europe/London or Asia/Kolkata") from error
    return value


class Person(_Strict):
    """One person or desk; `channels` by the names that rules use. `zone` is for digests, and for quiet hours that name none."""

    name: str = ""
    zone: Annotated[str, AfterValidator(_zone)] = "UTC"
    webhook: WebhookTo | None = None
    email: EmailTo | None = None
    terminal: TerminalTo | None = None
    desk: DeskTo | None = None
    chat: ChatTo | None = None
    push: PushTo | None = None

    def channels(self) -> dict[str, To]:
        """The channels that this person has, by name."""
        named: dict[str, To | None] = {name: getattr(self, name) for name in NAMES}
        return {name: to for name, to in named.items() if to is not None}


class People(_Strict):
    """Everybody by id; `everybody` holds for those who are not listed."""

    people: dict[str, Person] = Field(default_factory=dict)
    everybody: Person = Person()

    def person(self, person: str) -> Person:
        """What is known of somebody; what holds for everybody where they are not listed."""
        return self.people.get(person, self.everybody)

    def channels(self, person: str) -> dict[str, To]:
        """The channels of a person by name; none for somebody unknown if there is no `everybody`."""
        return self.person(person).channels()


def read_people(path: Path | None) -> People:
    """The file of people; nobody if none is named. Raises `ValueError` that names the file and what is wrong in it."""
    if path is None:
        return People()
    try:
        return People.model_validate(yaml.safe_load(path.read_text(encoding="utf-8")) or {})
    except (yaml.YAMLError, ValueError, OSError) as error:
        raise ValueError(f"{path}: {error}; see docs/delivery.md for the form of this file") from error


def _of_environment(name: str) -> str:
    value = os.environ.get(name, "")
    if not value:
        raise ValueError(f"the environment has no {name}: set it for delivery, or take the channel out")
    return value

"""What one person is told of the steps in one version of one article."""

from __future__ import annotations

from uuid import UUID

from pydantic import Field

from schemas.articles import Head
from schemas.base import Part, Time
from schemas.steps import Step


class MatchedRule(Part):
    """A rule that matched, with the version in force and one sentence a clause."""

    rule: str
    version: int
    title: str = ""
    because: tuple[str, ...] = ()
    channels: tuple[str, ...] = ()


class Route(Part):
    """How alerts reach a person by one channel: at once, as a digest, only what is urgent; and when not to disturb (in their zone)."""

    channel: str = Field(description="a name in the operator's file of people; empty: every channel of the person")
    only_urgent: bool = False
    digest: str | None = Field(default=None, description="hourly or daily; null: at once")
    quiet_from: str | None = Field(default=None, description="time of day, 23:00")
    quiet_until: str | None = None
    zone: str | None = Field(default=None, description="name of the person's time zone")
    urgent_too: bool = Field(default=False, description="quiet hours also hold back what is urgent")


class Words(Part):
    """The words of an alert, made once in alerting; channels only render them."""

    first_line: str
    second_line: str = Field(description="who says so and how sure; both lines together at most 150 characters")
    also: tuple[str, ...] = Field(default=(), description="one line for each other step in this report")
    contradicts: str | None = None
    slots: tuple[str, ...] = Field(
        default=(), description="`Parties: Northland, Southland`; an empty one says not stated"
    )
    why_now: str = ""
    held_back: str = ""


class Alert(Part):
    """One alert. `conversation` is the person's thread about the lead's dossier; a later step updates it."""

    id: UUID
    revision: int = Field(default=1, ge=1)
    person: str
    conversation: UUID
    replaces: UUID | None = Field(default=None, description="the alert that this one corrects, contradicts or upgrades")
    head: Head | None = Field(default=None, description="null for what a minute brings")
    lead: Step
    also: tuple[Step, ...] = ()
    rules: tuple[MatchedRule, ...]
    words: Words
    urgent: bool = False
    routes: tuple[Route, ...] = Field(default=(), description="of the rules that matched; none: every channel, at once")
    raised_for: Time = Field(description="the log's time of what brought it: fetched time of the page, or the minute")
    detector: str = Field(default="1", description="version of the detector")

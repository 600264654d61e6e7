"""A person said that an alert was wrong, or that one was missed."""

from __future__ import annotations

from uuid import UUID

from pydantic import Field

from schemas.base import Fact, Time


class FeedbackGiven(Fact):
    """One answer; exported as a test case."""

    person: str
    at: Time
    kind: str = Field(pattern="^(wrong_type|not_new|not_true|not_for_me|missed)$")
    alert: UUID | None = None
    url: str | None = None
    text: str | None = Field(default=None, description="pasted text of a miss")
    note: str = ""

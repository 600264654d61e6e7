"""What a subscriber asks for: a readable document, kept in the log with its version."""

from __future__ import annotations

from typing import Any

from pydantic import Field

from schemas.base import Part


class Rule(Part):
    """One saved version of a rule. `document` is the rule as it was written (YAML read into data); alerting's rule package gives it meaning."""

    rule: str = Field(pattern=r"^[a-z0-9][a-z0-9-]{0,63}$", description="the rule's id, unique for its owner")
    person: str = Field(pattern=r"^[a-z0-9][a-z0-9.-]{0,63}$", description="owner: a person or a desk")
    version: int = Field(ge=1)
    title: str = Field(default="", max_length=200)
    document: dict[str, Any] = Field(default_factory=dict)
    removed: bool = False

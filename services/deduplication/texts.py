"""Where the exact wording of remembered versions is read from: a promise, and its form in memory."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Protocol
from uuid import UUID


class Texts(Protocol):
    """The wording of versions by their place in `articles-extracted`: whatever the cache holds, the log decides what is read."""

    def keep(self, offset: int, version: UUID, headline: str, text: str) -> None:
        """Make this wording quick to read."""
        ...

    def read(self, offset: int, version: UUID) -> tuple[str, str]:
        """Headline and text of the version that was extracted at this offset. Raises `Retry` or `Reject`."""
        ...


@dataclass
class TextsInMemory:
    """For tests and trials: all that was kept."""

    held: dict[int, tuple[str, str]] = field(default_factory=dict)

    def keep(self, offset: int, version: UUID, headline: str, text: str) -> None:
        """Make this wording quick to read."""
        self.held[offset] = (headline, text)

    def read(self, offset: int, version: UUID) -> tuple[str, str]:
        """Headline and text of the version at this offset. Raises `KeyError` where nothing was kept."""
        return self.held[offset]

"""What one call of a channel carries: one alert, or several as one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from schemas import ids
from schemas.alerts import Alert
from schemas.steps import Kind

CORRECTING = (Kind.contradicted, Kind.corrected, Kind.retracted)


@dataclass(frozen=True)
class Message:
    """One alert or, as a digest or in a storm, several. `missed` counts steps of the dossier that were passed over meanwhile."""

    alerts: tuple[Alert, ...]
    kind: Literal["alert", "digest", "storm", "test"] = "alert"
    missed: int = 0
    possible_repeat: bool = False
    at: datetime | None = None
    desk_url: str = ""

    @property
    def alert(self) -> Alert:
        """The newest alert."""
        return self.alerts[-1]

    @property
    def id(self) -> str:
        """What the receiver knows a repeat by: the alert's id, with its revision from the second on."""
        if len(self.alerts) > 1 or self.kind in ("digest", "storm"):
            return str(ids.derive("bundle", self.kind, *sorted(str(alert.id) for alert in self.alerts)))
        suffix = f".{self.alert.revision}" if self.alert.revision > 1 else ""
        return f"{self.alert.id}{suffix}"

    @property
    def subject(self) -> str:
        """One line: what happened, or how many alerts there are."""
        if self.kind == "storm":
            return f"{len(self.alerts)} alerts in ten minutes: open the desk"
        if self.kind == "digest":
            return f"Digest: {len(self.alerts)} alert{'s' if len(self.alerts) != 1 else ''}"
        urgent = "URGENT: " if self.alert.urgent else ""
        return f"{'Test: ' if self.kind == 'test' else urgent}{self.alert.words.first_line}"

    @property
    def type(self) -> str:
        """The kind of message for machines."""
        if self.kind != "alert":
            return f"alert.{self.kind}"
        return f"alert.{self.alert.lead.kind.value}" if self.alert.lead.kind in CORRECTING else "alert.raised"

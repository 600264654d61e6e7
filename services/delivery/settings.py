"""What an operator can set for delivery. Secrets stand in the environment or in a file that the file of people names, never here."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from pydantic import Field

from runtime.settings import ServiceSettings


class Settings(ServiceSettings):
    """`COPYTASTER_…`; times in seconds."""

    people: Path | None = Field(default=None, description="YAML file of people and their channels")
    desk_url: str = Field(default="", description="address of the desk, for links")
    terminal: Path | None = Field(
        default=None, description="file that the terminal channel writes to; else standard output"
    )
    smtp_host: str = "127.0.0.1"
    smtp_port: int = Field(default=25, ge=1, le=65535)
    smtp_user: str = ""
    smtp_password: str = Field(default="", repr=False)
    smtp_tls: Literal["none", "starttls", "tls"] = "none"
    smtp_from: str = "Copytaster <alerts@copytaster.invalid>"
    mail_unknown: Literal["again", "park"] = Field(
        default="again",
        description="a mail of which it is unknown whether it went: again, marked; or wait for a person",
    )
    call_seconds: float = Field(
        default=15, gt=0, description="one call of a channel, answer included, takes at most so long"
    )
    at_once: int = Field(default=100, ge=1, description="calls under way at the same time")

"""What an operator can set for the desk, by environment."""

from __future__ import annotations

from pathlib import Path

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict

from runtime.places import state_folder


class DeskSettings(BaseSettings):
    """`COPYTASTER_DESK_…`. Without sign-in the desk listens on loopback only."""

    model_config = SettingsConfigDict(env_prefix="COPYTASTER_DESK_", frozen=True)

    host: str = "127.0.0.1"
    port: int = Field(default=8080, ge=0, le=65535)
    file: Path = Field(default_factory=lambda: state_folder() / "desk.sqlite")
    person: str = Field(default="desk", pattern=r"^[a-z0-9][a-z0-9.-]{0,63}$")
    behind_loopback_proxy: bool = Field(
        default=False,
        description="the container or proxy in front publishes on loopback only; the desk may listen elsewhere",
    )

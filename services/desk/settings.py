"""What an operator can set for the desk, by environment."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict

from runtime.places import state_folder


class DeskSettings(BaseSettings):
    """`COPYTASTER_DESK_…`. Where nobody signs in the desk listens on loopback only."""

    model_config = SettingsConfigDict(env_prefix="COPYTASTER_DESK_", frozen=True)

    host: str = "127.0.0.1"
    port: int = Field(default=8080, ge=0, le=65535)
    file: Path = Field(default_factory=lambda: state_folder() / "desk.sqlite")
    person: str = Field(default="desk", pattern=r"^[a-z0-9][a-z0-9.-]{0,63}$")
    watches: dict[str, str] = Field(
        default={},
        description='where the services\' metrics are, as `{"scraping": "http://127.0.0.1:9101"}`: for the state of the whole',
    )
    house_style: Path | None = Field(
        default=None,
        description="a YAML file `name: spelling` a line: how this desk writes names; quotes are untouched",
    )
    accounts: Path = Field(
        default_factory=lambda: state_folder() / "desk-accounts.sqlite",
        description="accounts and sessions; no rebuild touches it, and no topic holds what stands in it",
    )
    sign_in: bool = Field(default=False, description="people sign in even before anybody has an account")
    names: tuple[str, ...] = Field(
        default=(), description='names that the desk is published under, as `["desk.example"]`'
    )
    proxy_addresses: tuple[str, ...] = Field(
        default=(), description="networks of the proxies that sign people in by OpenID Connect; only they are believed"
    )
    proxy_user_header: str = Field(default="x-forwarded-email", pattern=r"^[a-z0-9-]+$")
    proxy_role: Literal["reader", "editor", "operator"] = Field(
        default="reader", description="of those whom the proxy names and who have no account here"
    )
    behind_loopback_proxy: bool = Field(
        default=False,
        description="the container or proxy in front publishes on loopback only; the desk may listen elsewhere",
    )

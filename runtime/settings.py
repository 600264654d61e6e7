"""What every service can be told by its environment; a service's own settings derive from these and add fields.

A field `window_hours` is set by COPYTASTER_WINDOW_HOURS.
"""

from __future__ import annotations

import os
from typing import Literal

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict

from runtime.brokers import BrokerSettings

LARGEST_OUTPUT = 8_000_000
"""Bytes of one output; the broker takes 8,388,608 with key, headers and the frame of the batch."""


def _cores() -> int:
    return max(1, min(4, os.cpu_count() or 1))


class ServiceSettings(BaseSettings):
    """`COPYTASTER_…`. Times in seconds."""

    model_config = SettingsConfigDict(env_prefix="COPYTASTER_", frozen=True, extra="ignore")

    worker: str = Field(
        default="0",
        pattern=r"^[a-z0-9-]{1,40}$",
        description="tells two processes of one service apart: the same name after a restart has its partitions at once",
    )
    metrics_host: str = "127.0.0.1"
    metrics_port: int = Field(
        default=0, ge=0, le=65535, description="for /metrics, /livez, /readyz; 0 takes a free one"
    )
    log_level: Literal["debug", "info", "warning", "error"] = "info"

    deadline: float = Field(default=60, gt=0, description="one item may hold a worker of the pool so long")
    decide_deadline: float = Field(
        default=4, gt=0, description="seconds of CPU for one decision of a stream service; under half a session"
    )
    retry_bound: float = Field(default=30, gt=0, description="one message is tried again for so long")
    session: float = Field(default=10, ge=6, le=60, description="a silent worker loses its partitions after this")
    standstill: float = Field(
        default=60, gt=0, description="unread messages and no progress for so long: the process ends"
    )
    dead_letters_in_a_row: int = Field(default=5, ge=1, description="of those that speak of a broken service: it stops")
    pool: int = Field(default_factory=_cores, ge=1, description="worker processes of a batch service")
    remembered_causes: int = Field(default=200_000, ge=1000, description="ids by which a stream service knows a repeat")

    broker: BrokerSettings = Field(default_factory=BrokerSettings)

    def topic(self, name: str) -> str:
        """The topic's name in this namespace."""
        return self.broker.named(name)

    def plain(self, topic: str) -> str:
        """The topic's name as `schemas.topics` has it."""
        return topic.removeprefix(self.broker.namespace)

    def member(self, service: str) -> str:
        """The static member id of this worker."""
        return f"{self.broker.named(service)}-{self.worker}"

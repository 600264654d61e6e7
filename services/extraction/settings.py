"""What extraction can be told by its environment."""

from __future__ import annotations

from pydantic import Field

from runtime.settings import ServiceSettings


class Settings(ServiceSettings):
    """`COPYTASTER_…`, as every service."""

    deadline: float = Field(default=20, gt=0, description="seconds that one page may hold a worker")

"""What scraping can be told by its environment."""

from __future__ import annotations

from pydantic import Field

from runtime.settings import ServiceSettings
from schemas.bodies import MAX_RAW


class Settings(ServiceSettings):
    """`COPYTASTER_…`. Times in seconds, sizes in bytes."""

    user_agent: str = Field(
        default="copytaster/0.1 (news monitoring of one newsroom)",
        description="say here how the newsroom can be reached",
    )
    polls_at_once: int = Field(default=64, ge=1, le=1000)
    pages_at_once: int = Field(default=4, ge=1, le=64, description="of one poll")
    host_at_once: int = Field(default=4, ge=1, le=32, description="requests to one host")
    host_pause: float = Field(
        default=0.5, ge=0, description="between two requests to one host; sources marked internal need none"
    )
    host_pause_at_most: float = Field(default=30, ge=0, description="of what a robots.txt may ask")
    connect_timeout: float = Field(default=10, gt=0)
    first_byte_timeout: float = Field(default=20, gt=0)
    whole_timeout: float = Field(default=60, gt=0, description="of one answer with all its redirects")
    largest_page: int = Field(default=MAX_RAW, ge=1000, le=MAX_RAW)
    largest_feed: int = Field(default=10_000_000, ge=1000)
    unwritten_poll: float = Field(default=60, ge=0, description="a poll without news is written at most this often")

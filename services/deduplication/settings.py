"""What an operator can set for deduplication."""

from datetime import timedelta
from pathlib import Path

from pydantic import Field

from runtime.places import state_folder
from runtime.settings import ServiceSettings


class Settings(ServiceSettings):
    """`COPYTASTER_…`, as in `runtime.settings`, and the window."""

    window_hours: float = Field(
        default=72,
        gt=0,
        le=72,
        description="versions seen so long before the newest are remembered; sketches are kept for 72 hours",
    )
    wordings: Path = Field(
        default_factory=lambda: state_folder() / "wordings", description="folder of the cache of exact wordings"
    )

    @property
    def window(self) -> timedelta:
        """The window of time that is remembered."""
        return timedelta(hours=self.window_hours)

    @property
    def wordings_file(self) -> Path:
        """The cache of this worker in this namespace."""
        return self.wordings / f"{self.member('deduplication')}.sqlite"

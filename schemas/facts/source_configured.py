"""An operator said what is to be polled, and how."""

from schemas.base import Fact
from schemas.sources import Source


class SourceConfigured(Fact):
    """The source as it stands from now on. Compacted by source."""

    person: str
    source: Source

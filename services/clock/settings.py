"""What an operator can set for the clock: what every service can be told; another day is set by COPYTASTER_CLOCK_OFFSET_SECONDS."""

from runtime.settings import ServiceSettings


class Settings(ServiceSettings):
    """`COPYTASTER_…`, as in `runtime.settings`."""

"""What an operator can set for tracking: what every service can be told, and no more; what is a step is no setting."""

from runtime.settings import ServiceSettings


class Settings(ServiceSettings):
    """`COPYTASTER_…`, as in `runtime.settings`."""

"""What an operator can set for tagging: what every service can be told, and no more; what is an event is no setting."""

from runtime.settings import ServiceSettings


class Settings(ServiceSettings):
    """`COPYTASTER_…`, as in `runtime.settings`."""

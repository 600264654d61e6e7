"""What an operator can set for alerting: what every service can be told, and no more; who is told what is no setting."""

from runtime.settings import ServiceSettings


class Settings(ServiceSettings):
    """`COPYTASTER_…`, as in `runtime.settings`."""

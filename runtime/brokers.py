"""Which broker is spoken to, and how: one set of `KAFKA_…` variables for every client of every process.

Without `KAFKA_BOOTSTRAP_SERVERS` it is the development broker: the one recorded by `copytaster broker start`, else 127.0.0.1:9092.
"""

from __future__ import annotations

import ssl
from pathlib import Path
from typing import Any, Literal, Self

from pydantic import Field, SecretStr, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from runtime.devbroker.node import read_record
from runtime.places import state_folder

DEFAULT = "127.0.0.1:9092"


class BrokerSettings(BaseSettings):
    """Connection to Kafka. SASL is used when the protocol says so; the password is never shown."""

    model_config = SettingsConfigDict(env_prefix="KAFKA_", frozen=True, populate_by_name=True)

    bootstrap_servers: str = Field(
        default_factory=lambda: recorded_bootstrap() or DEFAULT, description="host:port, comma separated"
    )
    security_protocol: Literal["PLAINTEXT", "SSL", "SASL_PLAINTEXT", "SASL_SSL"] = "PLAINTEXT"
    sasl_mechanism: Literal["PLAIN", "SCRAM-SHA-256", "SCRAM-SHA-512"] = "PLAIN"
    sasl_username: str | None = None
    sasl_password: SecretStr | None = None
    ssl_cafile: Path | None = Field(
        default=None, description="authorities that may sign the broker's certificate; default the system's"
    )
    ssl_certfile: Path | None = Field(default=None, description="our own certificate, where the broker asks for one")
    ssl_keyfile: Path | None = None
    replication_factor: int = Field(
        default=-1, ge=-1, description="of topics that we create; -1 is what the broker prefers"
    )
    namespace: str = Field(
        default="",
        validation_alias="COPYTASTER_NAMESPACE",
        pattern=r"^[a-z0-9.-]{0,40}$",
        description="put before every topic and group: a replay lives in one of its own",
    )

    @model_validator(mode="after")
    def _sasl_has_a_name_and_a_password(self) -> Self:
        if self.security_protocol.startswith("SASL") and not (self.sasl_username and self.sasl_password):
            raise ValueError(
                f"KAFKA_SECURITY_PROTOCOL={self.security_protocol} needs a user: set KAFKA_SASL_USERNAME and KAFKA_SASL_PASSWORD"
            )
        return self

    @property
    def servers(self) -> list[str]:
        """The addresses, one by one."""
        return [server.strip() for server in self.bootstrap_servers.split(",") if server.strip()]

    def named(self, name: str) -> str:
        """Return a topic's or group's name in this namespace."""
        return f"{self.namespace}{name}"


def recorded_bootstrap() -> str | None:
    """Return the address that the development broker left in broker.json, or None."""
    record = read_record(state_folder() / "broker.json")
    return record.bootstrap if record else None


def is_development_broker() -> bool:
    """Say whether no broker of the user's own is named, so that ours is to be started."""
    return "bootstrap_servers" not in BrokerSettings().model_fields_set


def silence(settings: BrokerSettings, why: str) -> str:
    """Say that the broker does not answer, and what to look at: a broker that turns a user away often just hangs up."""
    said = f"the broker at {settings.bootstrap_servers} does not answer: {why}"
    if settings.security_protocol.startswith("SASL"):
        said += f"; if it is up, authentication of {settings.sasl_username!r} may have failed: check KAFKA_SASL_USERNAME, KAFKA_SASL_PASSWORD, KAFKA_SASL_MECHANISM"
    if settings.security_protocol.endswith("SSL"):
        said += f"; KAFKA_SSL_CAFILE={settings.ssl_cafile or '(the system)'} must hold who signed its certificate"
    return said


def security(settings: BrokerSettings) -> dict[str, Any]:
    """Return the keywords for protocol, TLS and SASL, which kafka-python and aiokafka call the same."""
    keywords: dict[str, Any] = {"security_protocol": settings.security_protocol}
    if context := tls(settings):
        keywords["ssl_context"] = context
    if settings.security_protocol.startswith("SASL") and settings.sasl_password:
        keywords["sasl_mechanism"] = settings.sasl_mechanism
        keywords["sasl_plain_username"] = settings.sasl_username
        keywords["sasl_plain_password"] = settings.sasl_password.get_secret_value()
    return keywords


def for_kafka_python(settings: BrokerSettings) -> dict[str, Any]:
    """Return the connection keywords of every kafka-python client.

    With its default back-off of 30 s a consumer came back up to 35 s after its broker; with 1 s after 1.1-1.7 s.
    """
    return {"bootstrap_servers": settings.servers, "reconnect_backoff_max_ms": 1000, **security(settings)}


def for_aiokafka(settings: BrokerSettings) -> dict[str, Any]:
    """Return the connection keywords of every aiokafka client."""
    return {"bootstrap_servers": settings.servers, "retry_backoff_ms": 200, **security(settings)}


def for_faust(settings: BrokerSettings) -> dict[str, Any]:
    """Return the broker keywords of a faust.App."""
    keywords: dict[str, Any] = {"broker": [f"kafka://{server}" for server in settings.servers]}
    if credentials := _faust_credentials(settings):
        keywords["broker_credentials"] = credentials
    return keywords


def tls(settings: BrokerSettings) -> ssl.SSLContext | None:
    """Return a verifying context if the protocol is one with TLS."""
    if not settings.security_protocol.endswith("SSL"):
        return None
    context = ssl.create_default_context(cafile=str(settings.ssl_cafile) if settings.ssl_cafile else None)
    if settings.ssl_certfile:
        context.load_cert_chain(settings.ssl_certfile, settings.ssl_keyfile)
    return context


def _faust_credentials(settings: BrokerSettings) -> Any:
    from faust.auth import SASLCredentials, SSLCredentials

    context = tls(settings)
    if settings.security_protocol.startswith("SASL") and settings.sasl_password:
        return SASLCredentials(
            username=settings.sasl_username,
            password=settings.sasl_password.get_secret_value(),
            mechanism=settings.sasl_mechanism,
            ssl_context=context,
        )
    return SSLCredentials(context) if context else None

"""A Kafka that asks for TLS and a password: every shell speaks to it by settings alone, and a wrong password is said in words."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
import trustme
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)

from runtime.admin import administrator, create_topics
from runtime.brokers import BrokerSettings
from runtime.devbroker import running_broker
from runtime.devbroker.ports import any_free
from schemas.topics import BY_NAME
from tests.integration.shells.harness import Log, Worker, eventually, order
from tests.integration.shells.worker import FIRST, INBOX, MEMORY

pytestmark = [pytest.mark.broker, pytest.mark.slow]
USER, PASSWORD = "copytaster", "not-a-word-to-log"


@dataclass(frozen=True)
class Secured:
    """A broker whose clients' port wants TLS and a password."""

    bootstrap: str
    authorities: Path

    def environment(self, password: str = PASSWORD) -> dict[str, str]:
        """What a process is told of it."""
        return {
            "KAFKA_BOOTSTRAP_SERVERS": self.bootstrap,
            "KAFKA_SECURITY_PROTOCOL": "SASL_SSL",
            "KAFKA_SASL_USERNAME": USER,
            "KAFKA_SASL_PASSWORD": password,
            "KAFKA_SSL_CAFILE": str(self.authorities),
        }


@pytest.fixture(scope="module")
def secured(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Secured]:
    folder = tmp_path_factory.mktemp("secured")
    authority = trustme.CA()
    authorities = folder / "authorities.pem"
    authority.cert_pem.write_to_path(str(authorities))
    plain, inner, outer = any_free(3)
    with running_broker(folder, plain, settings=listeners(authority, plain, inner, outer)):
        yield Secured(f"127.0.0.1:{outer}", authorities)


def listeners(authority: trustme.CA, plain: int, inner: int, outer: int) -> dict[str, str]:
    """Lines for a broker that is its own controller and has one port more, with TLS and passwords."""
    certificate = authority.issue_cert("127.0.0.1")
    key = load_pem_private_key(certificate.private_key_pem.bytes(), password=None)
    chain = "".join(part.bytes().decode() for part in certificate.cert_chain_pems)
    private = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()
    login = f'org.apache.kafka.common.security.plain.PlainLoginModule required user_{USER}="{PASSWORD}";'
    return {
        "listeners": f"PLAINTEXT://127.0.0.1:{plain},CONTROLLER://127.0.0.1:{inner},OUTER://127.0.0.1:{outer}",
        "advertised.listeners": f"PLAINTEXT://127.0.0.1:{plain},OUTER://127.0.0.1:{outer}",
        "controller.quorum.voters": f"1@127.0.0.1:{inner}",
        "listener.security.protocol.map": "PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT,OUTER:SASL_SSL",
        "inter.broker.listener.name": "PLAINTEXT",
        "listener.name.outer.sasl.enabled.mechanisms": "PLAIN",
        "listener.name.outer.plain.sasl.jaas.config": login,
        "listener.name.outer.ssl.keystore.type": "PEM",
        "listener.name.outer.ssl.keystore.certificate.chain": in_one_line(chain),
        "listener.name.outer.ssl.keystore.key": in_one_line(private),
    }


def in_one_line(pem: str) -> str:
    """PEM as a properties file holds it."""
    return pem.strip().replace("\n", "\\n")


@pytest.fixture
def known(secured: Secured, monkeypatch: pytest.MonkeyPatch) -> Iterator[Log]:
    """The log on the secured broker, with the topics of the test service."""
    for name, value in secured.environment().items():
        monkeypatch.setenv(name, value)
    settings = BrokerSettings()
    with administrator(settings) as client:
        create_topics(client, settings, [BY_NAME[name] for name in (INBOX, FIRST, MEMORY, "messages-suppressed")])
    opened = Log(settings)
    yield opened
    opened.close()


@pytest.mark.parametrize(("shell", "number"), [("stream", 1), ("batch", 2), ("plain", 3)])
def test_every_shell_works_through_tls_with_a_password(
    secured: Secured, known: Log, tmp_path: Path, shell: str, number: int
) -> None:
    worker = Worker(shell, known, tmp_path, **secured.environment())
    try:
        known.write([order(number)])
        eventually(lambda: str(number) in known.first())
        assert PASSWORD not in worker.out.read_text()
    finally:
        worker.kill()


@pytest.mark.parametrize("shell", ["stream", "batch", "plain"])
def test_a_wrong_password_is_said_in_words_and_never_shown(
    secured: Secured, known: Log, tmp_path: Path, shell: str
) -> None:
    worker = Worker(shell, known, tmp_path, **secured.environment(password="wrong-and-secret"))
    try:
        eventually(lambda: "uthentication" in worker.out.read_text() or "uthentication" in worker.get("/readyz")[1])
        assert not worker.ready()
        assert "wrong-and-secret" not in worker.out.read_text()
    finally:
        worker.kill()

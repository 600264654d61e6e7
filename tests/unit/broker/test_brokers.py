"""One set of variables says which broker is spoken to, and how."""

from pathlib import Path

import pytest
from pydantic import ValidationError

from runtime import brokers
from runtime.brokers import BrokerSettings


@pytest.fixture(autouse=True)
def bare(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("COPYTASTER_HOME", str(tmp_path))
    for name in ("KAFKA_BOOTSTRAP_SERVERS", "COPYTASTER_NAMESPACE"):
        monkeypatch.delenv(name, raising=False)


def with_sasl(monkeypatch: pytest.MonkeyPatch) -> BrokerSettings:
    monkeypatch.setenv("KAFKA_SECURITY_PROTOCOL", "SASL_SSL")
    monkeypatch.setenv("KAFKA_SASL_USERNAME", "taster")
    monkeypatch.setenv("KAFKA_SASL_PASSWORD", "hunter2")
    return BrokerSettings()


def test_without_a_word_it_is_the_development_broker() -> None:
    assert BrokerSettings().servers == ["127.0.0.1:9092"]
    assert brokers.is_development_broker()


def test_the_recorded_development_broker_is_found(tmp_path: Path) -> None:
    record = '{"pid": 1, "created": 1, "port": 9, "controller_port": 8, "bootstrap": "127.0.0.1:9"}'
    (tmp_path / "broker.json").write_text(record)
    assert BrokerSettings().servers == ["127.0.0.1:9"]


def test_a_named_broker_is_used_with_all_its_addresses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KAFKA_BOOTSTRAP_SERVERS", "one:9092, two:9092")
    assert brokers.for_kafka_python(BrokerSettings())["bootstrap_servers"] == ["one:9092", "two:9092"]
    assert brokers.for_faust(BrokerSettings())["broker"] == ["kafka://one:9092", "kafka://two:9092"]
    assert not brokers.is_development_broker()


def test_every_client_gets_user_and_tls(monkeypatch: pytest.MonkeyPatch) -> None:
    settings = with_sasl(monkeypatch)
    for keywords in (brokers.for_kafka_python(settings), brokers.for_aiokafka(settings)):
        assert (keywords["sasl_plain_username"], keywords["sasl_plain_password"]) == ("taster", "hunter2")
        assert keywords["ssl_context"].check_hostname
    assert brokers.for_faust(settings)["broker_credentials"].password == "hunter2"


def test_the_password_is_not_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    assert "hunter2" not in repr(with_sasl(monkeypatch))


def test_sasl_without_a_user_names_the_cure(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KAFKA_SECURITY_PROTOCOL", "SASL_PLAINTEXT")
    with pytest.raises(ValidationError, match="set KAFKA_SASL_USERNAME"):
        BrokerSettings()


def test_a_namespace_stands_before_every_name() -> None:
    assert BrokerSettings(namespace="shadow.").named("articles-tagged") == "shadow.articles-tagged"

"""What an operator sees: metrics, health, logs."""

from __future__ import annotations

import json
import logging
import urllib.error
import urllib.request

import httpx2
import pytest

from runtime import logs, metrics
from runtime.account import Account
from runtime.health import Health, PortTaken, serve
from runtime.logs import OncePerWhile, without_secrets
from runtime.messages import Done
from schemas.outcomes import Outcome
from tests.unit.runtime.test_dead_letters import MESSAGE


def get(port: int, path: str) -> tuple[int, str]:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=5) as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as error:
        with error:
            return error.code, error.read().decode()


def test_every_metric_says_what_it_is_in_a_sentence_and_has_closed_labels() -> None:
    for one in metrics.DECLARED:
        assert one.help.endswith("."), one
        assert len(one.help.split()) > 3, one
        assert set(one.labels) <= set(metrics.LABELS), one


def test_every_series_of_a_service_exists_at_zero() -> None:
    metrics.begin("tagging", ["articles-deduplicated"])
    for outcome in Outcome:
        labels = {"service": "tagging", "topic": "articles-deduplicated", "outcome": outcome.value}
        assert metrics.REGISTRY.get_sample_value("copytaster_messages_ended_total", labels) == 0


def test_readyz_says_what_stands_in_the_way_and_livez_stays_green() -> None:
    health = Health("tagging")
    server = serve(health, "127.0.0.1", 0)
    port = server.server_address[1]
    try:
        assert get(port, "/readyz") == (503, '{"ready": false, "lacks": {"start": "is starting"}}\n')
        health.has("start")
        assert get(port, "/readyz")[0] == 200
        health.lacks("broker", "away")
        assert get(port, "/readyz")[0] == 503
        assert get(port, "/livez")[0] == 200
        assert get(port, "/metrics")[1].count("copytaster_ready") > 0
        assert get(port, "/else")[0] == 404
        with pytest.raises(PortTaken, match="COPYTASTER_METRICS_PORT"):
            serve(health, "127.0.0.1", port)
    finally:
        server.shutdown()
        server.server_close()


def test_read_is_the_sum_of_ended_and_given_back() -> None:
    account = Account("desk", limit=3)
    before = metrics.value("copytaster_messages_consumed_total", service="desk", topic="tracking-inbox")
    since = account.read(MESSAGE)
    account.ended(MESSAGE, Done(Outcome.noted), since)
    account.read(MESSAGE)
    account.given_back(MESSAGE)
    place = {"service": "desk", "topic": "tracking-inbox"}
    assert metrics.value("copytaster_messages_consumed_total", **place) - before == 2
    assert metrics.value("copytaster_messages_ended_total", **place, outcome="noted") == 1
    assert metrics.value("copytaster_messages_given_back_total", **place) == 1


def test_bugs_in_a_row_are_too_many_and_a_good_message_between_them_makes_them_few() -> None:
    account = Account("desk", limit=3)
    rows = {"bugs": 0}
    for outcome in (Outcome.bug, Outcome.malformed, Outcome.published, Outcome.bug, Outcome.rejected, Outcome.bug):
        account.ended(MESSAGE, Done(outcome), 0.0)
        rows["bugs"] += account.too_many
    assert rows["bugs"] == 0
    account.ended(MESSAGE, Done(Outcome.took_too_long), 0.0)
    assert account.too_many


def test_secrets_are_blotted_out_by_their_name() -> None:
    event = without_secrets(None, "info", {"sasl_password": "p", "Authorization": "b", "topic": "t"})
    assert event == {"sasl_password": "[secret]", "Authorization": "[secret]", "topic": "t"}


def test_a_noisy_logger_is_held_to_one_line_a_while() -> None:
    once = OncePerWhile(60)
    record = logging.LogRecord("aiokafka", logging.ERROR, "x.py", 1, "away", (), None)
    assert [once.filter(record) for _ in range(3)] == [True, False, False]
    other = logging.LogRecord("aiokafka", logging.ERROR, "x.py", 2, "else", (), None)
    assert once.filter(other)


def test_an_outcome_is_one_json_line_with_its_place_and_no_text(capsys: pytest.CaptureFixture[str]) -> None:
    root, kept = logging.getLogger(), logging.getLogger().handlers
    logs.configure("desk")
    try:
        Account("desk", 5).ended(
            MESSAGE, Done(Outcome.bug, sentence="the article's words", place="KeyError at a.py:1"), 0.0
        )
        (line,) = capsys.readouterr().out.splitlines()
    finally:
        root.handlers = kept
    said = json.loads(line)
    assert (said["outcome"], said["topic"], said["offset"], said["service"]) == ("bug", "tracking-inbox", 7, "desk")
    assert "article's words" not in line


def test_whoever_hangs_up_before_the_answer_leaves_no_trace(capfd: pytest.CaptureFixture[str]) -> None:
    server = serve(Health("desk"), "127.0.0.1", 0)
    try:
        raise BrokenPipeError
    except BrokenPipeError:
        server.handle_error(object(), ("127.0.0.1", 1))  # type: ignore[arg-type]
    finally:
        server.shutdown()
        server.server_close()
    assert capfd.readouterr() == ("", "")


def test_no_address_that_is_asked_stands_in_the_log(capsys: pytest.CaptureFixture[str]) -> None:
    root, kept = logging.getLogger(), logging.getLogger().handlers
    logs.configure("delivery")
    try:
        with httpx2.Client(transport=httpx2.MockTransport(lambda _: httpx2.Response(204))) as client:
            client.post("https://hooks.example/services/a-token")
        assert capsys.readouterr().out == ""
    finally:
        root.handlers = kept

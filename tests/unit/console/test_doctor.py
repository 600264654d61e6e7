"""The doctor names what is missing, and the cure."""

import json
import os
import shutil
from pathlib import Path

import pytest
from typer.testing import CliRunner

from console import doctor
from console.examining import machine, processes
from console.examining.machine import Finding
from console.examining.processes import Vitals

METRICS = """
# TYPE copytaster_messages_ended counter
copytaster_messages_ended_total{service="tagging",topic="articles-deduplicated",outcome="published"} 7
copytaster_messages_ended_total{service="tagging",topic="articles-deduplicated",outcome="malformed"} 2
# TYPE copytaster_last_outcome_timestamp_seconds gauge
copytaster_last_outcome_timestamp_seconds{service="tagging"} 90
# TYPE copytaster_oldest_unread_seconds gauge
copytaster_oldest_unread_seconds{service="tagging",topic="articles-deduplicated"} 75
"""


@pytest.mark.parametrize(("version", "fine"), [((3, 10), False), ((3, 11), True), ((3, 13), True), ((3, 14), False)])
def test_a_python_that_is_too_old_or_too_new_is_told_with_a_cure(version: tuple[int, int], fine: bool) -> None:
    finding = machine.python_version(version)
    assert finding.fine is fine
    assert all(word in finding.cure for word in ("apt-get", "dnf", "brew")) is not fine


def test_a_missing_tool_is_told_with_the_command_of_each_system(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    finding = machine.tool("git")
    assert not finding.fine
    assert finding.cure == "apt-get install git | dnf install git | brew install git"


def test_too_little_memory_and_disk_are_told_in_megabytes() -> None:
    assert machine.memory(100_000_000).found == "100 MB available, 2500 MB wanted"
    assert not machine.memory(100_000_000).fine
    assert not machine.disk(999_000_000).fine
    assert machine.disk(1_000_000_000).fine


def test_a_taken_port_is_a_remark_because_the_next_one_serves() -> None:
    findings = list(machine.ports(lambda port: port != 8080, running=False, own_broker=False))
    assert [(one.found, one.needed) for one in findings] == [("taken", False), ("free", False)]


def test_a_lack_makes_the_exit_code_one_and_shows_the_two_ways_round(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("COPYTASTER_HOME", str(tmp_path))
    monkeypatch.setattr(doctor, "examine", lambda _: [Finding("Java", False, "none", "install it")])
    result = CliRunner().invoke(doctor.app)
    assert result.exit_code == 1
    assert "MISSING    Java: none\n             cure: install it" in result.output
    assert "KAFKA_BOOTSTRAP_SERVERS=" in result.output
    assert "docker compose up" in result.output


def test_vitals_are_read_from_the_metrics_of_a_process() -> None:
    found = processes.read_vitals("tagging", METRICS, "", now=100)
    assert found == Vitals("tagging", "", oldest_unread=75, last_outcome=10, dead_letters=2)
    assert not found.fine
    assert processes.in_words([found]) == [
        "  BEHIND     tagging: oldest unread 75 s, last outcome 10 s ago, 2 dead letters"
    ]


def test_a_process_that_does_not_answer_is_named_with_its_port(tmp_path: Path) -> None:
    record = tmp_path / "run.json"
    record.write_text(json.dumps({"services": {"clock": {"metrics_port": 9111}}}))
    (found,) = processes.ask_all(processes.running_services(record), lambda _: None, now=0)
    assert found.lacks == "nobody answers on port 9111"


def test_what_a_process_lacks_is_told_in_its_own_words() -> None:
    answers = {"/metrics": METRICS, "/readyz": '{"ready": false, "lacks": {"broker": "no answer since 5 s"}}'}
    ask = lambda address: answers["/" + address.rsplit("/", 1)[1]]  # noqa: E731
    (found,) = processes.ask_all({"tagging": 1}, ask, now=100)
    assert found.lacks == "broker: no answer since 5 s"


def test_nothing_recorded_is_no_running_system(tmp_path: Path) -> None:
    assert processes.running_services(tmp_path / "run.json") == {}
    assert doctor.running([]) == ["", "Running system: none (make run starts it)"]


def test_this_machine_can_be_examined() -> None:
    found = {one.what: one for one in machine.examine(None)}
    assert found["Python"].fine
    assert found["git"].fine is (shutil.which("git", path=os.environ["PATH"]) is not None)

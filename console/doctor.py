"""`copytaster doctor`: what is missing on this machine, with the cure, and how the running processes fare."""

from __future__ import annotations

import os
import time
from collections.abc import Iterable

import typer

from console.examining.machine import Finding, examine
from console.examining.processes import Vitals, ask_all, fetch, in_words, running_services
from runtime.places import state_folder

WAYS_ROUND = """Two ways round a machine that lacks something:
  a Kafka of your own   KAFKA_BOOTSTRAP_SERVERS=host:9092 make run   (SASL and TLS: docs/broker.md)
  containers            docker compose up --build                    (needs Docker or podman, nothing else)"""

app = typer.Typer(help=__doc__)


@app.command()
def doctor() -> None:
    """Look at Python, environment, Java, jars, ports, memory, disk and the running processes; exit code 1 if anything is wrong."""
    findings = list(examine(os.environ.get("KAFKA_BOOTSTRAP_SERVERS")))
    typer.echo("\n".join(["This machine:", *map(line, findings)]))
    vitals = list(ask_all(running_services(state_folder() / "run.json"), fetch, time.time()))
    typer.echo("\n".join(running(vitals)))
    if lacking(findings):
        typer.echo(f"\n{WAYS_ROUND}")
    raise typer.Exit(1 if lacking(findings) or any(not one.fine for one in vitals if not all_silent(vitals)) else 0)


def line(finding: Finding) -> str:
    """One finding as one line, its cure below it."""
    mark = "ok" if finding.fine else "MISSING" if finding.needed else "note"
    cure = f"\n             cure: {finding.cure}" if finding.cure else ""
    return f"  {mark:<9}  {finding.what}: {finding.found}{cure}"


def lacking(findings: Iterable[Finding]) -> list[Finding]:
    """Those without which nothing starts."""
    return [finding for finding in findings if finding.needed and not finding.fine]


def all_silent(vitals: list[Vitals]) -> bool:
    """Nobody answers: what was recorded has ended, which is no fault."""
    return all(one.lacks.startswith("nobody answers") for one in vitals)


def running(vitals: list[Vitals]) -> list[str]:
    """The part about the running system."""
    if all_silent(vitals):
        return ["", "Running system: none (make run starts it)"]
    return ["", "Running system:", *in_words(vitals)]

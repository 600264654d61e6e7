"""Which processes run, with which settings: pure, from ports and folders to a supervisor's configuration."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from schemas.stages import SERVICES

LOG_BYTES = 5_000_000
QUICK_SECONDS = 2


@dataclass(frozen=True)
class Program:
    """One process; what it says goes to a file of its name."""

    name: str
    command: tuple[str, ...]
    env: Mapping[str, str] = field(default_factory=dict)
    first: bool = False


@dataclass(frozen=True)
class Ports:
    """Every port of a run, all on loopback."""

    broker: int
    desk: int
    publisher: int
    receiver: int
    mail: int
    mail_page: int
    metrics: Mapping[str, int]


def python(module: str, *arguments: str) -> tuple[str, ...]:
    """The command of a module under this very interpreter."""
    return (sys.executable, "-m", module, *arguments)


def services(ports: Ports, shared: Mapping[str, str], secrets: Mapping[str, str]) -> list[Program]:
    """One program a service; `secrets` are told to delivery alone."""
    programs = []
    for service in SERVICES:
        env = dict(shared) | {
            "COPYTASTER_METRICS_PORT": str(ports.metrics[service]),
            "COPYTASTER_WORKER": f"{service}-1",
        }
        if service == "desk":
            env["COPYTASTER_DESK_PORT"] = str(ports.desk)
            others = {name: f"http://127.0.0.1:{port}" for name, port in ports.metrics.items() if name != "desk"}
            env["COPYTASTER_DESK_WATCHES"] = json.dumps(others)
        if service == "delivery":
            env |= secrets
        programs.append(Program(service, python(f"services.{service}"), env))
    return programs


def configuration(programs: Iterable[Program], folder: Path, socket: Path) -> str:
    """The supervisor's configuration: the first programs start by themselves, the others when they are told to."""
    head = (
        f"[supervisord]\nnodaemon=true\nlogfile={folder}/logs/supervisor.log\npidfile={folder}/supervisor.pid\n"
        f"childlogdir={folder}/logs\nidentifier=copytaster\nloglevel=warn\n\n"
        f"[unix_http_server]\nfile={socket}\nchmod=0700\n\n"
        "[rpcinterface:supervisor]\nsupervisor.rpcinterface_factory=supervisor.rpcinterface:make_main_rpcinterface\n"
    )
    return "\n".join([_escaped(head), *(_section(program, folder) for program in programs)])


def _section(program: Program, folder: Path) -> str:
    command = " ".join(_quoted(part) for part in program.command)
    env = ",".join(f"{name}={_enclosed(name, value)}" for name, value in sorted(program.env.items()))
    log = f"{folder}/logs/{program.name}.log"
    lines = [
        f"[program:{program.name}]",
        f"command={command}",
        f"environment={env}" if env else "",
        f"directory={Path(__file__).parents[2]}",
        f"autostart={str(program.first).lower()}",
        "autorestart=true",
        f"startsecs={QUICK_SECONDS}",
        "startretries=5",
        "stopwaitsecs=20",
        "stopasgroup=false",
        "killasgroup=true",
        f"priority={1 if program.first else 999}",
        "redirect_stderr=true",
        f"stdout_logfile={log}",
        f"stdout_logfile_maxbytes={LOG_BYTES}",
        "stdout_logfile_backups=2",
    ]
    return _escaped("\n".join(line for line in lines if line) + "\n")


def _escaped(text: str) -> str:
    return text.replace("%", "%%")


def _enclosed(name: str, value: str) -> str:
    """The value in quotes that do not occur in it: the supervisor knows no escapes there. Raises `ValueError`."""
    quote = next((mark for mark in "\"'" if mark not in value), None)
    if quote is None or "\n" in value:
        raise ValueError(
            f"{name}={value!r} cannot be handed on: it holds both kinds of quotes or a line's end; take one of them out"
        )
    return f"{quote}{value}{quote}"


def _quoted(part: str) -> str:
    return f'"{_in_quotes(part)}"'


def _in_quotes(text: str) -> str:
    return text.replace("\\", "\\\\").replace('"', '\\"')

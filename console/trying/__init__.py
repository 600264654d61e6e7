"""`copytaster try STAGE`: JSON lines in, JSON lines out, through the very code that the service runs.

A stage is a module of this package named for it that offers `opened(options) -> Callable[[dict], dict]`; `WITHOUT_MEMORY = True` there
allows `--jobs`. The answer to a line that cannot be handled is `{"id": …, "rejected": "<named reason>"}`.
"""

from __future__ import annotations

import importlib
import json
import pkgutil
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Annotated, Any, Protocol, cast

import typer

app = typer.Typer(add_completion=False)
Line = dict[str, Any]
Answering = Callable[[Line], Line]


class LineRejected(Exception):  # noqa: N818 - the word that the answer carries
    """A line that a stage refuses; the text is the named reason."""


@dataclass(frozen=True)
class Options:
    """What the command line says; each stage takes what it knows."""

    explain: bool = False
    gated: bool = False
    model: Path | None = None
    rules: Path | None = None
    channel: str | None = None


class Stage(Protocol):
    """What a stage's module offers."""

    WITHOUT_MEMORY: bool

    def opened(self, options: Options) -> Answering:
        """The function that answers one line after the other; state, if any, lives in it."""
        ...


def stages() -> list[str]:
    """The stages that can be tried: the modules of this package."""
    return sorted(module.name for module in pkgutil.iter_modules(__path__))


@app.command()
def try_stage(
    stage: Annotated[
        str, typer.Argument(help="feed, robots, extraction, deduplication, tagging, tracking, rules or alert")
    ],
    jobs: Annotated[int, typer.Option(min=1, help="processes, for stages without memory")] = 1,
    explain: Annotated[bool, typer.Option(help="tagging: the reason of each slot")] = False,
    gated: Annotated[bool, typer.Option(help="tagging: seek entities only where the service does")] = False,
    model: Annotated[Path | None, typer.Option(help="tagging: weights to use")] = None,
    rules: Annotated[Path | None, typer.Option(help="rules: the file of rules")] = None,
    channel: Annotated[str | None, typer.Option(help="alert: the channel to render for")] = None,
) -> None:
    """Read JSON lines from standard input and write one JSON line for each, in order."""
    if stage not in stages():
        raise typer.BadParameter(f"{stage!r} is no stage: choose one of {', '.join(stages())}")
    options = Options(explain=explain, gated=gated, model=model, rules=rules, channel=channel)
    for answer in _answers(stage, options, jobs):
        sys.stdout.write(json.dumps(answer, ensure_ascii=False) + "\n")
    sys.stdout.flush()


def _answers(stage: str, options: Options, jobs: int) -> Iterator[Line]:
    lines = _lines()
    if jobs == 1 or not _stage(stage).WITHOUT_MEMORY:
        yield from map(partial(_answer, _stage(stage).opened(options)), lines)
        return
    with ProcessPoolExecutor(jobs, initializer=_open_in_worker, initargs=(stage, options)) as pool:
        yield from pool.map(_answer_in_worker, lines, chunksize=16)


def _stage(name: str) -> Stage:
    return cast("Stage", importlib.import_module(f"{__name__}.{name}"))


def _lines() -> Iterator[Line]:
    for number, raw in enumerate(sys.stdin.buffer, 1):
        if not raw.strip():
            continue
        try:
            line = _object(raw)
        except ValueError as error:
            sys.stdout.flush()
            sys.stderr.write(f"copytaster try: line {number} is no JSON object: {error}; write one object a line\n")
            raise SystemExit(2) from error
        yield line


def _object(raw: bytes) -> Line:
    line = json.loads(raw)
    if isinstance(line, dict):
        return line
    raise ValueError(f"a {type(line).__name__} stands there")


def _answer(answering: Answering, line: Line) -> Line:
    try:
        return {"id": line.get("id")} | answering(line)
    except LineRejected as rejected:
        return {"id": line.get("id"), "rejected": str(rejected)}


_in_worker: dict[str, Answering] = {}


def _open_in_worker(stage: str, options: Options) -> None:
    _in_worker["answer"] = _stage(stage).opened(options)


def _answer_in_worker(line: Line) -> Line:
    return _answer(_in_worker["answer"], line)

"""Figures of tagging: `train` writes the weights, `leave-out` and `random` score by cross-validation, `aside`, `speed`, `traps`.

    python -m benchmarks.tagging train|leave-out|random|aside|speed|traps

The labelled data are read from the folder that COPYTASTER_DATA names (default: ../shared). Scores are those of its `score_events.py`.
"""

from __future__ import annotations

import importlib.util
import json
import resource
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from types import ModuleType
from typing import Any

from benchmarks import tagging_training as training
from schemas import ids
from services.tagging.model import WEIGHTS, weights_in
from services.tagging.tagging import Story, tag

FOLDS = 5
STREAM = "stream-allsides-article-bias"
SAMPLE = 3_000
TRAPS = Path(__file__).parents[1] / "tests" / "data" / "traps"


def train() -> None:
    """Train on all labelled items but those set aside, and write the weights that the service reads."""
    WEIGHTS.write_text(training.written(training.trained(training.items_of())), "utf-8")


def validate(key: Callable[[training.Item], str]) -> None:
    """Score each item by weights that saw no item of its fold."""
    items, said = training.items_of(), {}
    for fold in training.folds_of(items, key, FOLDS):
        outside = {item.id for item in fold}
        weights = training.trained([item for item in items if item.id not in outside])
        said |= {item.id: training.predicted(item, weights) for item in fold}
    for name in training.LABELLED:
        _show(name, [item.row for item in items if item.file == name], said)
    for family in ("ceasefire", "sanctions"):
        print(f"calibration {family}: {calibration(items, said, family):.3f}")


def calibration(items: Sequence[training.Item], said: dict[str, Any], family: str) -> float:
    """Expected calibration error of the alert's probability, in ten bins."""
    pairs = [(said[i.id]["probability"][family], bool(i.row["alert"][family])) for i in items if i.claims.get(family)]
    bins = [[pair for pair in pairs if min(9, int(pair[0] * 10)) == number] for number in range(10)]
    off = (abs(sum(p for p, _ in b) / len(b) - sum(t for _, t in b) / len(b)) * len(b) for b in bins if b)
    return sum(off) / max(1, len(pairs))


def aside() -> None:
    """Score the items that were set aside by source, with the weights of the service."""
    items = training.items_of(("events-labelled-more",), aside=True)
    weights = weights_in(WEIGHTS)
    _show("aside", [item.row for item in items], {item.id: training.predicted(item, weights) for item in items})


def _show(name: str, rows: list[dict[str, Any]], said: dict[str, Any]) -> None:
    for family, row in _scorer().score(rows, said).items():
        print(f"{name:22}{family:10}", json.dumps(row))


def _scorer() -> ModuleType:
    return _module(training.DATA.parent / "score_events.py")


def _module(path: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location(path.stem, path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def speed() -> None:
    """Articles a second on one core of full-length articles: all, and those that pass the gate; and the memory of the process."""
    rows = training.lines_of(STREAM)[:SAMPLE]
    spent = {True: [0, 0.0], False: [0, 0.0]}
    tag(Story(ids.derive("speed", 0), "A ceasefire", "A ceasefire."))
    for row in rows:
        start = time.process_time()
        found = tag(Story(ids.derive("speed", row["url"]), row["headline"] or "", row["text"] or "", row["date"]))
        spent[bool(found.gate)][0] += 1
        spent[bool(found.gate)][1] += time.process_time() - start
    every = sum(count for count, _ in spent.values()) / sum(seconds for _, seconds in spent.values())
    gated, seconds = spent[True]
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"{len(rows)} articles: {every:.0f}/s, {gated} gated: {gated / seconds:.0f}/s, memory {memory:.0f} MB")


def traps() -> None:
    """The rows of the trap corpus that were written without sight of the rules."""
    judge, total, right, done = _module(TRAPS.parents[1] / "unit" / "tagging" / "rows.py"), 0, 0, 0
    for path in sorted(TRAPS.glob("unseen-*.yaml")):
        for row in judge.rows_of(path.stem):
            faults = list(judge.faults_of(row, judge.tagged(row)))
            total, right, done = total + 1, right + (not faults), done + any(f.startswith("done") for f in faults)
    print(f"{total} rows: {right} right in every slot, {done} told as done though they are not")


COMMANDS: dict[str, Callable[[], None]] = {
    "train": train,
    "leave-out": lambda: validate(lambda item: item.source),
    "random": lambda: validate(lambda item: item.id),
    "aside": aside,
    "speed": speed,
    "traps": traps,
}

if __name__ == "__main__":
    COMMANDS[sys.argv[1]]()

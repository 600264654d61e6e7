"""Tracking alone: the labelled steps of each item as assertions, in time order, and what `score_steps.py` makes of the answer.

usage: python -m benchmarks.tracking [--write FOLDER] [--misses] [--sequences] [--speed]
Roles come from the dossier's entry, particulars from the step (one opaque value of the first particular of its status); a `restates`
line gives those of the step that it tells again. No dossier id is given. `--write` keeps inputs and predictions.
"""

from __future__ import annotations

import argparse
import gzip
import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from console.trying.tracking import Trial
from schemas.families import families

DATA = Path(os.environ.get("COPYTASTER_DATA", "../shared"))
Item = dict[str, Any]


def items() -> list[Item]:
    """The labelled items of the sequences, in their order."""
    with gzip.open(DATA / "data" / "sequences.jsonl.gz", "rt", encoding="utf-8") as handle:
        return [json.loads(line) for line in handle if line.strip()]


def dossiers() -> dict[str, Item]:
    """The labelled dossiers by id."""
    entries = json.loads((DATA / "data" / "sequences-dossiers.json").read_text(encoding="utf-8"))["sequences"]
    return {entry["id"]: entry for entry in (e for each in entries.values() for e in each)}


def lines(labelled: list[Item], known: dict[str, Item]) -> Iterator[Item]:
    """Each item with its labelled steps as assertions."""
    told: dict[tuple[str, str], Item] = {}
    for item in labelled:
        said = [assertion(step, known) for step in item["first"]]
        again = [told.get((step["dossier"], step["status"])) for step in item["restates"]]
        said += [assertion(step, known) for step in again if step]
        told |= {(step["dossier"], step["status"]): step for step in item["first"]}
        yield {name: item[name] for name in ("id", "sequence", "date", "outlet", "headline")} | {"assertions": said}


def assertion(step: Item, known: dict[str, Item]) -> Item:
    """One labelled step as an assertion."""
    status, entry = families()[step["family"]].statuses[step["status"]], known[step["dossier"]]
    names = status.again_when[:1] if step.get("particulars") else ()
    roles = {role: entry.get(role, []) for role in ("parties", "imposer", "target")}
    kept = {name: step[name] for name in ("family", "status", "reality", "polarity", "evidence")}
    return kept | roles | {"particulars": {name: [step["particulars"].lower()] for name in names}}


def main() -> None:
    """Run, score, and say how fast."""
    ask = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ask.add_argument("--write", type=Path, default=Path(".copytaster/bench"))
    asked, passed = ask.parse_known_args()
    trial = Trial(lambda _: {"assertions": []})
    given = list(lines(items(), dossiers()))
    start = time.process_time()
    answers = [{"id": line["id"]} | trial.answer(line) for line in given]
    spent = time.process_time() - start
    asked.write.mkdir(parents=True, exist_ok=True)
    for name, rows in (("tracking-inputs.jsonl", given), ("tracking-alone.jsonl", answers)):
        (asked.write / name).write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    score = [
        DATA / "score_steps.py",
        DATA / "data" / "sequences.jsonl.gz",
        asked.write / "tracking-alone.jsonl",
        *passed,
    ]
    subprocess.run([sys.executable, *map(str, score)], check=True)
    print(f"{len(given)} items, {len(given) / spent:.0f} a CPU second")


if __name__ == "__main__":
    main()

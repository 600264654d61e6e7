"""How fast a step finds its rules: 1,000, 10,000 and 100,000 rules, with the right answers checked; Lucene Monitor beside it.

    python -m benchmarks.rules [--sizes 1000,10000,100000] [--profile newsroom] [--no-peer] [--write]

Rules, steps and right answers come from the generator in the data folder (COPYTASTER_DATA, default ../shared); its clauses are translated
into rule documents, and rule n belongs to person n // 10. A match is timed with the reasons of each rule and grouped by person. The peer
runs in the same run, before and after, when Maven and Java are there. `--write` puts the table into docs/benchmarks.md.
"""

from __future__ import annotations

import argparse
import gc
import json
import os
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psutil

from schemas.rules import Rule
from services.alerting.rules.index import RuleIndex
from services.alerting.rules.matching import Compiled, compiled
from services.alerting.rules.subject import Subject, subject_from

PROJECT = Path(__file__).parents[1]
GROUPS = ("entities", "places", "sources", "languages", "words")


@dataclass(frozen=True)
class Measured:
    """One size: milliseconds of CPU a match (`wall`: of the clock, median), wrong answers, seconds to build, bytes a rule."""

    rules: int
    p50: float
    p99: float
    wall: float
    per_second: float
    wrong: int
    build: float
    bytes_a_rule: float
    matches: float


def document(rule: dict[str, Any]) -> dict[str, Any]:
    """One rule of the generator as a document."""
    body: dict[str, Any] = {name: rule[name] for name in ("family", "status", "tier", *GROUPS) if name in rule}
    body["roles"] = rule.get("roles", {})
    sure = rule.get("certainty", {})
    if "confidence" in sure:
        body["certainty"] = {"confidence": sure["confidence"] / 100}
    if "confirmed_or_origins" in sure:
        body["certainty"] = {"or_origins": sure["confirmed_or_origins"]}
    return body


def subject(event: dict[str, Any]) -> Subject:
    """One event of the generator as what rules are asked about."""
    same = {name: event[name] for name in ("family", "status", "origins", "tier", "confirmed", "text", *GROUPS[:4])}
    return subject_from(same | event["roles"] | {"confidence": event["confidence"] / 100})


def lines(path: Path) -> list[dict[str, Any]]:
    """The objects of a file."""
    with path.open(encoding="utf-8") as file:
        return [json.loads(line) for line in file]


def rules_of(folder: Path, count: int) -> list[Compiled]:
    """The first rules of the generator, ten to a person."""
    found = []
    for number, rule in enumerate(lines(folder / "rules.jsonl")[:count]):
        saved = Rule(rule=rule["id"], person=f"p{number // 10}", version=1, document=document(rule))
        found.append(compiled(saved))
    return found


def measured(folder: Path, count: int, rounds: int) -> Measured:
    """The index at this size."""
    subjects = [(event["id"], subject(event)) for event in lines(folder / "events.jsonl")]
    right = {answer["id"]: answer["rules"] for answer in lines(folder / f"expected-{count}.jsonl")}
    gc.collect()
    before = psutil.Process().memory_info().rss
    rules = rules_of(folder, count)
    began = time.perf_counter()
    index = RuleIndex(rules)
    build = time.perf_counter() - began
    used = psutil.Process().memory_info().rss - before
    wrong = sum(sorted(rule.saved.rule for rule in index.matching(one)) != right[name] for name, one in subjects)
    gc.collect()
    gc.freeze()
    taken = [_timed(index, one) for _ in range(rounds) for _, one in subjects]
    gc.unfreeze()
    ms = sorted(1000 * cpu for cpu, _ in taken)
    wall = 1000 * statistics.median(clock for _, clock in taken)
    return Measured(
        count, statistics.median(ms), ms[int(len(ms) * 0.99)], wall, len(ms) / (sum(ms) / 1000), wrong, build, used / count,
        statistics.mean(len(found) for found in right.values()),
    )  # fmt: skip


def _timed(index: RuleIndex, one: Subject) -> tuple[float, float]:
    """Seconds of CPU of this thread, and of the clock: on a shared machine they differ."""
    began, clock = time.thread_time(), time.perf_counter()
    index.by_person(one)
    return time.thread_time() - began, time.perf_counter() - clock


def generated(folder: Path, sizes: list[int], profile: str) -> None:
    """Have the generator write into this folder."""
    script = Path(os.environ.get("COPYTASTER_DATA", PROJECT.parent / "shared")) / "bench" / "rules" / "make_rules.py"
    if not script.exists():
        raise SystemExit(f"{script} is not there: set COPYTASTER_DATA to the folder that holds bench/rules")
    listed = ",".join(map(str, sizes))
    command = [
        sys.executable,
        str(script),
        str(folder),
        "--profile",
        profile,
        "--sizes",
        listed,
        "--rules",
        str(max(sizes)),
    ]
    subprocess.run(command, check=True)


def peer(folder: Path, sizes: list[int]) -> str:
    """What Lucene Monitor (`tuned`) prints; empty where there is no Maven."""
    source = Path(os.environ.get("COPYTASTER_DATA", PROJECT.parent / "shared")) / "bench" / "rules" / "lucene"
    if shutil.which("mvn") is None or not source.exists():
        return ""
    copied = folder / "lucene"
    if not copied.exists():
        shutil.copytree(source, copied)
    listed = ",".join(map(str, sizes))
    command = ["mvn", "-q", "compile", "exec:java", f"-Dexec.args={folder} {listed} tuned 3"]
    done = subprocess.run(
        command, cwd=copied, env=os.environ | {"MAVEN_OPTS": "-Xmx3g"}, capture_output=True, text=True, check=False
    )
    return done.stdout if done.returncode == 0 else f"the peer failed: {(done.stderr or done.stdout)[-400:]}"


def table(found: list[Measured], said: list[str], profile: str) -> str:
    """The section of docs/benchmarks.md."""
    head = (
        "## Rules\n\n"
        f"Rules matched per step (`python -m benchmarks.rules`, profile {profile}), with the reasons of each rule and grouped by person; "
        "one process, Python.\n\n"
        "| rules | matches a step | p50 ms (CPU) | p99 ms (CPU) | p50 ms (clock) | steps a CPU second | wrong answers | built in s | bytes a rule |\n"
        "|---:|---:|---:|---:|---:|---:|---:|---:|---:|\n"
    )
    rows = [
        f"| {m.rules:,} | {m.matches:.1f} | {m.p50:.2f} | {m.p99:.2f} | {m.wall:.2f} | {m.per_second:,.0f} | {m.wrong} | {m.build:.1f} | {m.bytes_a_rule:,.0f} |"
        for m in found
    ]
    shown = [text.strip() for text in said if text.strip()]
    beside = "".join(f"\nLucene Monitor 9.11.1, `tuned`, in the same run:\n\n```\n{text}\n```\n" for text in shown)
    return head + "\n".join(rows) + "\n" + (beside or "\nLucene Monitor was not run.\n")


def write(section: str) -> None:
    """Put the section into docs/benchmarks.md, in place of the former one."""
    path = PROJECT / "docs" / "benchmarks.md"
    text = path.read_text(encoding="utf-8") if path.exists() else "# Benchmarks\n"
    without = re.sub(r"\n*## Rules\n.*?(?=\n## |\Z)", "\n", text, flags=re.DOTALL)
    path.write_text(f"{without.rstrip()}\n\n{section}", encoding="utf-8")


def main() -> None:
    """Measure, print, and leave with 1 if an answer is wrong."""
    ask = argparse.ArgumentParser(description=__doc__.split("\n")[0] if __doc__ else "")
    ask.add_argument("--sizes", default="1000,10000,100000")
    ask.add_argument("--profile", choices=("newsroom", "watchlist"), default="newsroom")
    ask.add_argument("--rounds", type=int, default=3)
    ask.add_argument("--folder", type=Path, help="a folder that the generator has filled already")
    ask.add_argument("--no-peer", action="store_true")
    ask.add_argument("--write", action="store_true")
    given = ask.parse_args()
    sizes = [int(size) for size in given.sizes.split(",")]
    with tempfile.TemporaryDirectory() as made:
        folder = given.folder or Path(made)
        if given.folder is None:
            generated(folder, sizes, given.profile)
        said = [] if given.no_peer else [peer(folder, sizes)]
        found = [measured(folder, size, given.rounds) for size in sizes]
    section = table(found, said, given.profile)
    sys.stdout.write(section)
    if given.write:
        write(section)
    raise SystemExit(any(each.wrong for each in found))


if __name__ == "__main__":
    main()

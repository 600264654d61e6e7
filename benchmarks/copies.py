"""How fast copies are found, how many are, and what remembering costs, beside the peers in the same run.

    make_articles.py STREAM.jsonl.gz … --articles 3000 | python -m benchmarks.copies            articles with labels on standard input
    python -m benchmarks.copies --remembered 1000000 < articles.jsonl                           decisions over so many made-up sketches

Lines are what `copytaster try deduplication` reads, with `copy_of` and `level`. Milliseconds are of process time; the peers shingle, sketch,
query and insert; ours sketches, decides with exact comparison and story, and folds its own fact.
"""

from __future__ import annotations

import argparse
import base64
import json
import re
import sys
import time
from collections import defaultdict
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import numpy as np
import psutil

from console.trying.deduplication import _extracted
from schemas.articles import CopyDecision, Sketch
from schemas.base import Meta, Position
from schemas.facts import SketchKept
from schemas.sketching import KIND, LEAD_MARKS, MARKS, SKETCH_TERMS, Reading, reading_of, sketch_of
from services.deduplication.deciding import Deduplicating
from services.deduplication.wordings import WordingsInMemory, packed, unpacked

START = datetime(2026, 3, 2, tzinfo=UTC)
Line = dict[str, Any]
Finder = Callable[[Line], str | None]


def ours(decider: Deduplicating, state: Any, took: list[tuple[float, float]], first: int = 0) -> Finder:
    ids: dict[UUID, str] = {}

    def find(line: Line) -> str | None:
        nonlocal state
        position = Position(topic=decider.inbox, partition=0, offset=first + len(ids))
        fact = _extracted(line, position)
        ids[fact.article.version] = line["id"]
        reading_of.cache_clear()
        start, began = time.perf_counter(), time.process_time()
        sketch_of(line["headline"], line["text"])
        answer = decider.decide(state, fact, position)
        kept = answer.outputs[-1].fact
        state = decider.evolve(state, kept)
        took.append((time.perf_counter() - start, time.process_time() - began))
        assert isinstance(kept, SketchKept)
        return ids.get(kept.of) if kept.of else None

    return find


def shingles(line: Line) -> list[bytes]:
    words = re.findall(r"\w+", line["text"].lower())
    return sorted({" ".join(words[i : i + 5]).encode() for i in range(max(1, len(words) - 4))})


def datasketch() -> Finder:
    from datasketch import MinHash, MinHashLSH

    index, held = MinHashLSH(threshold=0.5, num_perm=128), {}

    def find(line: Line) -> str | None:
        sketch = MinHash(num_perm=128)
        sketch.update_batch(shingles(line))
        best = max(((sketch.jaccard(held[other]), other) for other in index.query(sketch)), default=(0.0, None))
        index.insert(line["id"], sketch)
        held[line["id"]] = sketch
        return best[1] if best[0] >= 0.5 else None

    return find


def rensa() -> Finder:
    from rensa import RMinHash, RMinHashLSH

    index, held = RMinHashLSH(threshold=0.5, num_perm=128, num_bands=32), []

    def find(line: Line) -> str | None:
        sketch = RMinHash(num_perm=128, seed=1)
        sketch.update([shingle.decode() for shingle in shingles(line)])
        best = max(((sketch.jaccard(held[n][1]), held[n][0]) for n in index.query(sketch)), default=(0.0, None))
        index.insert(len(held), sketch)
        held.append((line["id"], sketch))
        return best[1] if best[0] >= 0.5 else None

    return find


def measured(name: str, find: Finder, lines: list[Line], took: list[tuple[float, float]] | None = None) -> None:
    family = {line["id"]: line["id"] for line in lines}
    for line in lines:
        family[line["id"]] = family.get(line["copy_of"], line["copy_of"]) or line["id"]
    found: dict[str, list[bool]] = defaultdict(list)
    false, start, spent = 0, time.process_time(), []
    for line in lines:
        began = time.perf_counter()
        of = find(line)
        spent.append(time.perf_counter() - began)
        right = of is not None and family.get(of) == family[line["id"]]
        if line["copy_of"]:
            found[line["level"]].append(right)
        false += of is not None and not right
    each = 1000 * (sum(cpu for _, cpu in took) if took else time.process_time() - start) / len(lines)
    hits = [hit for level in found.values() for hit in level]
    levels = " ".join(f"{level}={sum(hit) / len(hit):.3f}" for level, hit in sorted(found.items()))
    p99 = 1000 * float(np.quantile([wall for wall, _ in took] if took else spent, 0.99))
    print(
        f"{name:12} ms={each:.2f} p99_ms={p99:.1f} recall={sum(hits) / len(hits):.3f} false={false} {levels}",
        flush=True,
    )


class Standing(WordingsInMemory):
    """Made-up versions say what some real article says, so that a candidate among them costs what it would cost."""

    def __init__(self, some: list[Reading]) -> None:
        super().__init__()
        self.some = [packed(reading) for reading in some]

    def read(self, offset: int, version: UUID) -> Reading:
        return unpacked(self.held.get(offset) or self.some[offset % len(self.some)])


def made_up(count: int) -> Any:
    """Facts with random marks, and terms drawn as words are (Zipf)."""
    chance = np.random.default_rng(7)
    words = chance.integers(0, 1 << 32, 300_000, dtype=np.uint64).astype("<u4")
    decision, meta = CopyDecision.original, Meta(trace="t", root_at=START)
    for number in range(count):
        ranks = np.unique(np.minimum(chance.zipf(1.15, 60) + 200, len(words) - 1))[:SKETCH_TERMS]
        marks = chance.integers(0, 1 << 32, MARKS + LEAD_MARKS, dtype=np.uint64).astype("<u4")
        terms = words[ranks].tobytes() + bytes(chance.integers(20, 90, len(ranks), dtype=np.uint8))
        sketch = Sketch.model_construct(
            words=600,
            minhash=base64.b64encode(marks.tobytes()).decode(),
            terms=base64.b64encode(terms).decode(),
            kind=KIND,
        )
        id_ = UUID(int=number * 0x9E3779B97F4A7C15F39CC0605CEDC835 % (1 << 128))
        source = Position.model_construct(topic="articles-extracted", partition=0, offset=number)
        yield SketchKept.model_construct(
            id=id_, meta=meta.model_copy(update={"source": source}), article=id_, version=id_, decision=decision, of=None,
            origin=f"Outlet {number % 300}", outlet=f"Outlet {number % 300}", story=id_, sketch=sketch, merged=None, moved=(),
            seen=START + timedelta(seconds=number * 259_000 / count) - timedelta(days=3),
        )  # fmt: skip


def remembered(count: int, lines: list[Line]) -> None:
    decider = Deduplicating(Standing([reading_of(line["headline"], line["text"]) for line in lines[:200]]))
    state, process, spent = decider.initial(), psutil.Process(), 0.0
    before = process.memory_info().rss
    for fact in made_up(count):
        start = time.process_time()
        state = decider.evolve(state, fact)
        spent += time.process_time() - start
    held = (process.memory_info().rss - before) / count
    print(
        f"{count} remembered: {held:.0f} bytes each, folded in {spent:.1f} s of process time without decoding",
        flush=True,
    )
    took: list[tuple[float, float]] = []
    measured("ours", ours(decider, state, took, count), lines, took)


def main() -> None:
    ask = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ask.add_argument("--remembered", type=int, default=0)
    count = ask.parse_args().remembered
    lines = [json.loads(line) for line in sys.stdin]
    if count:
        remembered(count, lines)
        return
    took: list[tuple[float, float]] = []
    decider = Deduplicating(WordingsInMemory())
    measured("ours", ours(decider, decider.initial(), took), lines, took)
    measured("datasketch", datasketch(), lines)
    measured("rensa", rensa(), lines)


if __name__ == "__main__":
    main()

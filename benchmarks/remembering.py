"""What a long memory costs: resident bytes an article, the fold at a start, and decisions over so many remembered versions.

    python -m benchmarks.remembering [--remembered 1000000,3000000] [--minutes 15]

The sketches are made up: random marks, terms drawn as words are (Zipf), a window of 72 hours. They are decoded and folded as at a start. Then labelled articles of the shared streams are decided over them; candidates among the made-up
ones say what some real article says. Making up and decoding cost more than folding: only the first 50,000 go through bytes. Each size is a process of its own, which stops by itself when its minutes are over, and says how far it came.
"""

from __future__ import annotations

import argparse
import base64
import gc
import json
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import numpy as np
import psutil

from benchmarks.copies import Ours, articles, compared
from runtime.memory import Memory
from schemas.articles import CopyDecision, Sketch
from schemas.base import Meta, Position
from schemas.codec import decode, encode
from schemas.facts import SketchKept
from schemas.sketching import KIND, LEAD_MARKS, MARKS, SKETCH_TERMS, Reading, reading_of
from services.deduplication.deciding import Deduplicating
from services.deduplication.window import _ROW, CHUNK, Window, milliseconds
from services.deduplication.wordings import WordingsInMemory, packed, unpacked

END = datetime(2020, 1, 1, tzinfo=UTC)
"""No article of the streams is older than the window before it."""
BLOCK, DECODED, FILLED = 10_000, 50_000, 1 << 13


class Standing(WordingsInMemory):
    """Made-up versions say what some real article says, so that a candidate among them costs what it would cost."""

    def __init__(self, some: list[Reading]) -> None:
        super().__init__()
        self.some = [packed(reading) for reading in some]

    def read(self, offset: int, version: UUID) -> Reading:
        return unpacked(self.held.get(offset) or self.some[offset % len(self.some)])


def made_up(count: int) -> Iterator[SketchKept]:
    """Facts as deduplication writes them."""
    chance = np.random.default_rng(7)
    words = chance.integers(0, 1 << 32, 300_000, dtype=np.uint64).astype("<u4")
    for begin in range(0, count, BLOCK):
        ranks = np.minimum(chance.zipf(1.15, (BLOCK, SKETCH_TERMS)) + 200, len(words) - 1)
        marks = chance.integers(0, 1 << 32, (BLOCK, MARKS + LEAD_MARKS), dtype=np.uint64).astype("<u4")
        weights = chance.integers(20, 90, (BLOCK, SKETCH_TERMS), dtype=np.uint8)
        for at in range(min(BLOCK, count - begin)):
            each = np.unique(ranks[at])
            terms = words[each].tobytes() + weights[at][: len(each)].tobytes()
            yield fact_of(begin + at, count, marks[at].tobytes(), terms)


def fact_of(number: int, count: int, marks: bytes, terms: bytes) -> SketchKept:
    id_ = UUID(int=number * 0x9E3779B97F4A7C15F39CC0605CEDC835 % (1 << 128))
    source = Position.model_construct(topic="articles-extracted", partition=0, offset=number)
    return SketchKept.model_construct(
        id=id_, meta=Meta.model_construct(cause=id_, trace=id_.hex, root_at=END, source=source, late=False),
        article=id_, version=id_, decision=CopyDecision.original, of=None, origin=f"Outlet {number % 300}",
        outlet=f"Outlet {number % 300}", story=id_, merged=None, moved=(), seen=seen_at(number, count),
        sketch=Sketch.model_construct(
            words=600, minhash=base64.b64encode(marks).decode(), terms=base64.b64encode(terms).decode(), kind=KIND
        ),
    )  # fmt: skip


def filled(state: Window, count: int) -> None:
    """Put so many made-up versions into the columns without making facts of them: for memory and decisions alone."""
    chance = np.random.default_rng(7)
    words = chance.integers(0, 1 << 32, 300_000, dtype=np.uint64).astype("<u4")
    for begin in range(0, count, FILLED):
        some = min(FILLED, count - begin)
        ids = np.frombuffer(chance.bytes(16 * some), dtype="V16")
        marks = chance.integers(0, 1 << 32, (some, 1 + MARKS + LEAD_MARKS), dtype=np.uint64).astype("<u4")
        marks[:, 0] = ids.view("u1").reshape(some, 16)[:, 3::-1].copy().view("<u4")[:, 0]
        terms = words[np.minimum(chance.zipf(1.15, (some, SKETCH_TERMS)) + 200, len(words) - 1)]
        weights = np.zeros((some, marks.shape[1] + SKETCH_TERMS), dtype="u1")
        weights[:, marks.shape[1] :] = chance.integers(20, 90, (some, SKETCH_TERMS), dtype=np.uint8)
        place, at = divmod(begin, CHUNK)
        rows = state._chunks.setdefault(place, np.zeros(CHUNK, dtype=_ROW))
        state._seen[place] = rows["seen"]
        part = rows[at : at + some]
        part["version"] = part["article"] = part["story"] = ids
        part["seen"] = [milliseconds(seen_at(begin + n, count)) for n in range(some)]
        part["offset"] = np.arange(begin, begin + some)
        keys = np.concatenate([marks, terms], axis=1)
        state.index.add(np.full(some, keys.shape[1]), keys.ravel(), weights.ravel())
        state._count += some
    state._said("Outlet")
    state.newest = milliseconds(END)


def seen_at(number: int, count: int) -> datetime:
    return END - timedelta(seconds=259_000 * (1 - number / count))


def remembered(count: int, minutes: float, lines: list[dict[str, Any]], directly: bool) -> None:
    for at, line in enumerate(lines):
        line["published"] = (END + timedelta(seconds=at / 12)).isoformat()
    wordings = Standing([reading_of(line["headline"], line["text"]) for line in lines[:200]])
    memory, process, until = Memory(Deduplicating(wordings)), psutil.Process(), time.monotonic() + 60 * minutes
    gc.collect()
    before, decoding, folding, done = process.memory_info().rss, 0.0, 0.0, 0
    if directly:
        filled(memory.state, count)
        done = count
    for fact in () if directly else made_up(count):
        if done < DECODED:
            raw, start = encode(fact), time.process_time()
            decode(raw)
            decoding += time.process_time() - start
        start = time.process_time()
        memory.fold(fact)
        folding += time.process_time() - start
        done += 1
        if time.monotonic() > until:
            break
    gc.collect()
    held = (process.memory_info().rss - before) / done
    print(f"{done} of {count} remembered: {held:.0f} resident bytes each", flush=True)
    if not directly:
        decoded, folded = decoding / min(done, DECODED), folding / done
        start = (decoded + folded) * done
        print(
            f"process time of one: decoded in {1e6 * decoded:.0f} µs, folded in {1e6 * folded:.0f} µs; a start {start:.0f} s"
        )
    compared([Ours(Deduplicating(wordings), memory.state, count)], lines)


def main() -> None:
    ask = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ask.add_argument("--remembered", default="1000000,3000000")
    ask.add_argument("--minutes", type=float, default=15)
    ask.add_argument("--directly", action="store_true", help="fill the columns without facts: the fold is not timed")
    ask.add_argument("file", nargs="?", help="`-`: articles on standard input")
    ask.add_argument("--articles", type=int, default=1000)
    asked_for = ask.parse_args()
    sizes = [int(size) for size in asked_for.remembered.split(",")]
    if len(sizes) == 1:
        lines = [json.loads(line) for line in sys.stdin] if asked_for.file == "-" else articles(asked_for.articles)
        remembered(sizes[0], asked_for.minutes, lines, asked_for.directly)
        return
    for size in sizes:
        here = [sys.executable, "-m", "benchmarks.remembering", "--remembered", str(size)]
        rest = ["--minutes", str(asked_for.minutes), "--articles", str(asked_for.articles)]
        subprocess.run([*here, *rest], check=True, timeout=120 * asked_for.minutes)


if __name__ == "__main__":
    main()

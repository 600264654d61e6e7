"""How fast copies are found and how many are, beside the peers in the same run, article by article.

    python -m benchmarks.copies                                                        3,000 articles of the shared streams
    make_articles.py STREAM.jsonl.gz … --articles 6000 | python -m benchmarks.copies -   articles with labels on standard input

Lines are what `copytaster try deduplication` reads, with `copy_of` and `level`. Milliseconds are of process time. The peers shingle, sketch, query and
insert; ours reads and sketches, finds copies by exact comparison (`copies alone`), and besides finds the story, says what differs, answers with facts and
folds its own (`whole decision`).
"""

from __future__ import annotations

import argparse
import json
import os
import re
import subprocess
import sys
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from uuid import UUID

import numpy as np

from console.trying.deduplication import _extracted
from schemas import sketching
from schemas.base import Position
from schemas.facts import SketchKept
from schemas.sketching import reading_of, sketch_of
from schemas.words import Vocabulary, vocabulary
from services.deduplication.copies import alike, asked, copy_of, revision_of
from services.deduplication.deciding import CAP, Deduplicating
from services.deduplication.origins import outlet_of
from services.deduplication.wordings import WordingsInMemory

STREAMS = ("finescoop-2020", "allsides-article-bias", "bbc-2005")
Line = dict[str, Any]


class Finder:
    """One way to find copies; `parts` are seconds of process time by kind of work, `each` and `spent` seconds on the
    wall and of process time by article."""

    name = ""

    def __init__(self) -> None:
        self.parts: dict[str, float] = defaultdict(float)
        self.each: list[float] = []
        self.spent: list[float] = []
        self.found: dict[str, list[bool]] = defaultdict(list)
        self.false = 0

    def find(self, line: Line) -> str | None:
        raise NotImplementedError

    @contextmanager
    def part(self, name: str) -> Iterator[None]:
        start = time.process_time()
        yield
        self.parts[name] += time.process_time() - start

    def report(self) -> str:
        hits = [hit for level in self.found.values() for hit in level]
        whole = 1000 * sum(self.parts.values()) / len(self.each)
        parts = " ".join(f"{name}={1000 * spent / len(self.each):.2f}" for name, spent in self.parts.items())
        levels = " ".join(f"{level}={sum(hit) / len(hit):.3f}" for level, hit in sorted(self.found.items()))
        p99, cpu99 = (1000 * float(np.quantile(took, 0.99)) for took in (self.each, self.spent))
        recall = sum(hits) / max(1, len(hits))
        return f"{self.name:15} ms={whole:.2f} ({parts}) p99_ms={p99:.1f} p99_cpu_ms={cpu99:.1f} recall={recall:.3f} false={self.false} {levels}"


class Ours(Finder):
    name = "whole decision"

    def __init__(self, decider: Deduplicating | None = None, state: Any = None, first: int = 0) -> None:
        super().__init__()
        self.decider = decider or Deduplicating(WordingsInMemory())
        self.state, self.first = state or self.decider.initial(), first
        self.ids: dict[UUID, str] = {}
        self.others = 0.0
        self.words = Vocabulary()

    def extracted(self, line: Line) -> tuple[Any, Position]:
        position = Position(topic=self.decider.inbox, partition=0, offset=self.first + len(self.ids))
        sketching.vocabulary = vocabulary  # what the extractor learns is not known here
        fact = _extracted(line, position)
        sketching.vocabulary = lambda: self.words
        self.ids[fact.article.version] = line["id"]
        reading_of.cache_clear()
        return fact, position

    def find(self, line: Line) -> str | None:
        fact, position = self.extracted(line)
        self.others = time.perf_counter()
        with self.part("read"):
            reading_of(line["headline"], line["text"])
        with self.part("sketch"):
            sketch_of(line["headline"], line["text"])
        with self.part("decide"):
            kept = self.decider.decide(self.state, fact, position).outputs[-1].fact
        with self.part("fold"):
            self.state = self.decider.evolve(self.state, kept)
            self.state.settle()
        assert isinstance(kept, SketchKept)
        return self.ids.get(kept.of) if kept.of else None


class CopiesAlone(Ours):
    name = "copies alone"

    def find(self, line: Line) -> str | None:
        fact, position = self.extracted(line)
        article, wordings = fact.article, self.decider.wordings
        kept = SketchKept(
            id=fact.id, meta=fact.meta.model_copy(update={"source": position}), article=article.article, version=article.version,
            decision="original", origin="", story=article.version, seen=article.fetched, sketch=fact.sketch, outlet=outlet_of(article),
        )  # fmt: skip # what is folded is no work of finding

        def read(number: int) -> Any:
            return wordings.read(int(self.state.row(number)["offset"]), self.state.version(number))

        with self.part("read"):
            reading = reading_of(line["headline"], line["text"])
        with self.part("sketch"):
            sketch_of(line["headline"], line["text"])
        with self.part("find"):
            wordings.keep(position.offset, article.version, reading)
            if earlier := self.state.versions_of(article.article):
                found = revision_of(reading, earlier[-1], read)
            else:
                candidates = alike(self.state, self.state.index.find(asked(reading), CAP))
                found = copy_of(self.state, reading, outlet_of(article), candidates, read)
        with self.part("insert"):
            self.state.add(kept)
            self.state.settle()
        return self.ids.get(self.state.version(found.number)) if found.number is not None else None


def shingles(line: Line) -> list[str]:
    words = re.findall(r"\w+", line["text"].lower())
    return sorted({" ".join(words[i : i + 5]) for i in range(max(1, len(words) - 4))})


class Peer(Finder):
    def __init__(self, index: Any, sketched: Callable[[list[str]], Any]) -> None:
        super().__init__()
        self.index, self.sketched = index, sketched
        self.held: list[tuple[str, Any]] = []

    def find(self, line: Line) -> str | None:
        with self.part("shingle"):
            every = shingles(line)
        with self.part("sketch"):
            sketch = self.sketched(every)
        with self.part("find"):
            near = ((sketch.jaccard(self.held[number][1]), self.held[number][0]) for number in self.index.query(sketch))
            best = max(near, default=(0.0, None))
        with self.part("insert"):
            self.index.insert(len(self.held), sketch)
            self.held.append((line["id"], sketch))
        return best[1] if best[0] >= 0.5 else None


class Datasketch(Peer):
    name = "datasketch"

    def __init__(self) -> None:
        from datasketch import MinHash, MinHashLSH

        def sketched(every: list[str]) -> Any:
            sketch = MinHash(num_perm=128)
            sketch.update_batch([shingle.encode() for shingle in every])
            return sketch

        super().__init__(MinHashLSH(threshold=0.5, num_perm=128), sketched)


class Rensa(Peer):
    name = "rensa"

    def __init__(self) -> None:
        from rensa import RMinHash, RMinHashLSH

        def sketched(every: list[str]) -> Any:
            sketch = RMinHash(num_perm=128, seed=1)
            sketch.update(every)
            return sketch

        super().__init__(RMinHashLSH(threshold=0.5, num_perm=128, num_bands=32), sketched)


def compared(finders: list[Finder], lines: list[Line]) -> None:
    """Every finder on every line, in turn, so that what else the machine does falls on all of them."""
    family = {line["id"]: line["id"] for line in lines}
    for line in lines:
        family[line["id"]] = family.get(line["copy_of"], line["copy_of"]) or line["id"]
        for finder in finders:
            began, before = time.perf_counter(), sum(finder.parts.values())
            of = finder.find(line)
            finder.spent.append(sum(finder.parts.values()) - before)
            finder.each.append(time.perf_counter() - max(began, getattr(finder, "others", 0.0)))
            right = of is not None and family.get(of) == family[line["id"]]
            if line["copy_of"]:
                finder.found[line["level"]].append(right)
            finder.false += of is not None and not right
    for finder in finders:
        print(finder.report(), flush=True)


def articles(count: int) -> list[Line]:
    """Labelled articles made of the shared streams. Ends the run where they are not there."""
    folder = Path(os.environ.get("COPYTASTER_DATA", "../shared"))
    maker = folder / "bench" / "articles" / "make_articles.py"
    if not maker.exists():
        sys.exit(f"no articles to read: {maker} is not there (COPYTASTER_DATA names the folder)")
    streams = [str(folder / "data" / f"stream-{name}.jsonl.gz") for name in STREAMS]
    made = subprocess.run([sys.executable, maker, *streams, "--articles", str(count)], check=True, capture_output=True)
    return [json.loads(line) for line in made.stdout.splitlines()]


def main() -> None:
    ask = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ask.add_argument("file", nargs="?", help="`-`: articles on standard input")
    ask.add_argument("--articles", type=int, default=3000)
    asked_for = ask.parse_args()
    lines = [json.loads(line) for line in sys.stdin] if asked_for.file == "-" else articles(asked_for.articles)
    compared([CopiesAlone(), Ours(), Datasketch(), Rensa()], lines)


if __name__ == "__main__":
    main()

"""Counts how many articles hold each word and writes how telling the common ones are: schemas/word_weights.bin.

    python -m benchmarks.train_word_weights ../shared/data/stream-{allsides-article-bias,bbc-2005,finescoop-2020,reuters-21578,ruwa-2022}.jsonl.gz

These are the streams of whole articles; the same streams give the same bytes, in whatever order they are named. A line holds `headline` and `text`. What is written holds no word and no text: for each word that more than one article
in `RARE` holds, the lowest 32 bits of its hash and its weight in sixteenths of a nat, sorted by hash.
"""

from __future__ import annotations

import gzip
import json
import math
import sys
from collections import Counter
from functools import lru_cache
from pathlib import Path

import numpy as np

from schemas.words import WEIGHTS_FILE, tokens_of, word_of
from schemas.words import word_hash as hashed

RARE = 10_000


def counted(paths: list[str]) -> tuple[int, Counter[str]]:
    held: Counter[str] = Counter()
    articles, words = 0, lru_cache(1 << 18)(word_of)
    for path in paths:
        with gzip.open(path, "rt") as handle:
            for line in handle:
                row = json.loads(line)
                held.update({words(token) for token in tokens_of(f"{row['headline'] or ''}\n{row['text'] or ''}")})
                articles += 1
    return articles, held


def main() -> None:
    articles, held = counted(sys.argv[1:])
    weights = {
        hashed(word) & 0xFFFFFFFF: min(255, round(16 * math.log(articles / count)))
        for word, count in sorted(held.items())  # of two words with one hash the later in the alphabet
        if count * RARE > articles
    }
    rows = np.array(sorted(weights.items()), dtype=np.uint64)
    body = rows[:, 0].astype("<u4").tobytes() + rows[:, 1].astype("u1").tobytes()
    Path(WEIGHTS_FILE).write_bytes(body)
    print(f"{len(rows)} words of {articles} articles, {len(body)} bytes")


if __name__ == "__main__":
    main()

"""How fast pages become articles, beside what the extraction library alone does with them on the same machine in the same run.

    python -m benchmarks.extraction [--pages 200]

Pages are the real ones of COPYTASTER_DATA (default ../shared): data/extraction-newspaper4k-html.tar.gz; without them those of the
demonstration. Prints pages a second of one process, for the library alone and for the whole handler (unpacking, charset, headline, people,
times, language, names, sketch, and the message in and out), and the share that is left. CPU time, the better of two rounds.
"""

from __future__ import annotations

import argparse
import gzip
import hashlib
import os
import tarfile
import time
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from pathlib import Path

import yaml
from trafilatura import bare_extraction

from deploy.demo.publisher import Desk, Morning
from schemas.articles import Outlet
from schemas.base import Meta, Position
from schemas.bodies import pack
from schemas.codec import decode, encode
from schemas.facts import PageFetched
from schemas.ids import page_id, trace_id
from services.extraction.shell import handle, load

PROJECT = Path(__file__).parents[1]


def real_pages(count: int) -> list[bytes]:
    """Pages of the data folder, an empty list where there is none."""
    path = (
        Path(os.environ.get("COPYTASTER_DATA", PROJECT.parent / "shared"))
        / "data"
        / "extraction-newspaper4k-html.tar.gz"
    )
    if not path.exists():
        return []
    found: list[bytes] = []
    with tarfile.open(path) as archive:
        for member in archive:
            if len(found) == count:
                break
            stream = archive.extractfile(member) if ".html" in member.name else None
            if stream:
                raw = stream.read()
                found.append(gzip.decompress(raw) if member.name.endswith(".gz") else raw)
    return found


def demonstration_pages(count: int) -> list[bytes]:
    """The pages of the demonstration's morning."""
    scenario = yaml.safe_load((PROJECT / "deploy/demo/morning.yaml").read_text(encoding="utf-8"))
    morning = Morning(scenario, datetime(2026, 3, 2, 8, tzinfo=UTC), 1.0)
    desk = Desk(morning, "http://127.0.0.1:1", lambda: datetime(2026, 3, 3, tzinfo=UTC))
    answers = (desk.answer(f"/{item.outlet}/{item.slug}") for item in morning.items[:count])
    return [answer[1].encode() for answer in answers if answer]


def fact(number: int, raw: bytes) -> PageFetched:
    """The page as scraping would have sent it."""
    url, digest, at = (
        f"https://harbour.example/{number}",
        hashlib.sha256(raw).hexdigest(),
        datetime(2026, 3, 2, tzinfo=UTC),
    )
    identity = page_id(url, digest, None)
    return PageFetched(
        id=identity, meta=Meta(trace=trace_id(identity), root_at=at), source="bench", outlet=Outlet(source="bench", name="", tier=2),
        url=url, final_url=url, status=200, content_type="text/html", body=pack(raw), body_sha256=digest, fetched=at,
    )  # fmt: skip


def rate(work: Callable[[bytes], object], items: Iterable[bytes]) -> float:
    """Items a CPU second, the better of two rounds."""
    items = list(items)
    spent = []
    for _ in range(2):
        began = time.process_time()
        for item in items:
            work(item)
        spent.append(time.process_time() - began)
    return len(items) / min(spent)


def alone(raw: bytes) -> object:
    """What the extraction library does by itself, with its own metadata."""
    return bare_extraction(raw, fast=True, include_comments=False, with_metadata=True)


def whole(message: bytes) -> bytes:
    """The message in, the message out."""
    answer = handle(decode(message), Position(topic="pages-fetched", partition=0, offset=0))
    return b"".join(encode(output.fact) for output in answer.outputs)


def main() -> None:
    """Print the three figures."""
    ask = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ask.add_argument("--pages", type=int, default=200)
    count = ask.parse_args().pages
    pages = real_pages(count) or demonstration_pages(count)
    load()
    messages = [encode(fact(number, raw)) for number, raw in enumerate(pages)]
    library, ours = rate(alone, pages), rate(whole, messages)
    print(f"{len(pages)} pages, {sum(map(len, pages)) / len(pages) / 1000:.0f} KB on average")
    print(f"library alone {library:6.1f} pages/s")
    print(f"extraction    {ours:6.1f} pages/s")
    print(f"share         {ours / library:6.0%}")


if __name__ == "__main__":
    main()

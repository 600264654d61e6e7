"""The whole flow under load, every service on this machine: fetched-to-delivered times, a drained burst, memory of each process.

    python -m benchmarks.flow [--rate 12] [--seconds 60] [--burst 2000]

The articles are made up: most carry no event, one in twenty reports a step of a dossier of its own that a rule asks for. The share of what the
extraction library does alone on the same cores is measured in the same run.
"""

from __future__ import annotations

import argparse
import base64
import json
import random
import statistics
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import psutil
import yaml

from schemas.facts import ArticleTagged, DeliveryRecorded, MessageSuppressed, PageFetched
from tests.e2e.flow import Flow

STATES = (
    "Armenia",
    "Azerbaijan",
    "Pakistan",
    "Afghanistan",
    "Thailand",
    "Cambodia",
    "Ethiopia",
    "Eritrea",
    "Sudan",
    "Chad",
    "Rwanda",
    "Burundi",
)
WORDS = [
    "harvest",
    "bridge",
    "council",
    "ferry",
    "winter",
    "market",
    "school",
    "railway",
    "clinic",
    "orchard",
    "bakery",
    "museum",
    "library",
    "harbour",
    "valley",
    "engine",
    "lantern",
    "copper",
    "festival",
    "painter",
    "village",
    "district",
    "teacher",
    "gardener",
    "river",
    "station",
    "window",
    "ladder",
    "carpet",
    "violin",
]
EVENT_EVERY = 20


def scenario(count: int, rate: float, chance: random.Random) -> dict[str, Any]:
    """A script of so many articles at so many a second, on six outlets."""
    sources = [
        {
            "id": f"outlet{number}",
            "outlet": f"Outlet {number}",
            "tier": 2,
            "kind": "rss",
            "language": "en",
            "title": f"Outlet {number}",
        }
        for number in range(6)
    ]
    people = [
        {
            "person": "bench",
            "name": "Bench",
            "rules": [{"id": "bench-all", "name": "Any ceasefire", "family": "ceasefire"}],
        }
    ]
    items = [_item(number, rate, chance) for number in range(count)]
    return {"sources": sources, "people": people, "items": items}


def _item(number: int, rate: float, chance: random.Random) -> dict[str, Any]:
    one, other = chance.sample(STATES, 2)
    event = number % EVENT_EVERY == 0
    lines = [" ".join(chance.choices(WORDS, k=22)).capitalize() + f", {number} people said." for _ in range(18)]
    if event:
        lines.insert(
            0,
            f"{one} and {other} have agreed to a ceasefire of {number + 1} days, the two governments said in a joint statement.",
        )
    headline = (
        f"{one} and {other} agree ceasefire of {number + 1} days"
        if event
        else f"{' '.join(chance.choices(WORDS, k=6)).capitalize()} {number}"
    )
    return {
        "id": f"item{number}", "source": f"outlet{number % 6}", "at": 5 + number / rate, "slug": f"story-{number}", "headline": headline,
        "summary": headline, "byline": "A Writer", "dateline": "", "paragraphs": lines,
    }  # fmt: skip


def run(count: int, rate: float, folder: Path, env: dict[str, str]) -> dict[str, Any]:
    """One load: what was measured, times in seconds, memory in MB."""
    script = folder / "scenario.yaml"
    script.write_text(yaml.safe_dump(scenario(count, rate, random.Random(7))), encoding="utf-8")
    with Flow(folder / "run", script, speed=1.0, stepping=False, env=env) as flow:
        began = time.monotonic()
        end = began + count / rate + 180
        done = 0
        while done < count and time.monotonic() < end:
            tagged = {fact.head.url for fact in flow.ear.all(ArticleTagged)}
            done = len(tagged | {fact.url for fact in flow.ear.all(MessageSuppressed)})
            time.sleep(0.2)
        time.sleep(3)
        pages = flow.ear.all(PageFetched)
        seconds = sorted(fact.seconds for fact in flow.ear.all(DeliveryRecorded) if fact.channel == "webhook")
        memory = {name: psutil.Process(pid).memory_info().rss / 1e6 for name, pid in flow.pids().items()}
    drained = (max(f.fetched for f in pages) - min(f.fetched for f in pages)).total_seconds() if pages else 0.0
    return {"articles": done, "seconds": seconds, "memory": memory, "fetching_s": drained, "pages": pages}


def quantile(values: list[float], share: float) -> float:
    """The value below which this share lies."""
    return values[min(len(values) - 1, int(share * len(values)))] if values else float("nan")


def library_alone(pages: list[PageFetched]) -> float:
    """Pages a second that the extraction library alone reads on one core."""
    import trafilatura
    import zstandard

    bodies = [
        zstandard.ZstdDecompressor().decompress(base64.b64decode(page.body), 5_000_000).decode() for page in pages[:150]
    ]
    began = time.process_time()
    for body in bodies:
        trafilatura.bare_extraction(body, fast=True)
    return len(bodies) / (time.process_time() - began)


def main() -> None:
    """Measure and print."""
    ask = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ask.add_argument("--rate", type=float, default=12)
    ask.add_argument("--seconds", type=float, default=60)
    ask.add_argument("--burst", type=int, default=2000)
    said = ask.parse_args()
    with tempfile.TemporaryDirectory() as place:
        steady = (
            run(int(said.rate * said.seconds), said.rate, Path(place) / "steady", {})
            if _made(Path(place) / "steady")
            else {}
        )
        times = steady["seconds"]
        alone = library_alone(steady["pages"])
        report = {
            "at": datetime.now(UTC).isoformat(timespec="seconds"),
            "rate": said.rate,
            "articles": steady["articles"],
            "delivered": len(times),
            "fetched_to_delivered_p50_s": round(statistics.median(times), 3) if times else None,
            "fetched_to_delivered_p99_s": round(quantile(times, 0.99), 3),
            "library_alone_pages_a_second_one_core": round(alone, 1),
            "memory_mb": {name: round(mb) for name, mb in sorted(steady["memory"].items())},
        }
        print(json.dumps(report, indent=1))
        if said.burst and _made(Path(place) / "burst"):
            began = time.monotonic()
            burst = run(said.burst, said.burst / 5, Path(place) / "burst", {"COPYTASTER_NEW_PAGES_AT_ONCE": "500"})
            took = time.monotonic() - began
            rate = burst["articles"] / burst["fetching_s"] if burst["fetching_s"] else float("nan")
            print(
                json.dumps(
                    {
                        "burst": burst["articles"],
                        "whole_s": round(took, 1),
                        "articles_a_second": round(rate, 1),
                        "share_of_library": round(rate / (2 * alone), 2),
                    }
                )
            )


def _made(folder: Path) -> bool:
    folder.mkdir(parents=True)
    return True


if __name__ == "__main__":
    main()

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
import zstandard

from benchmarks.extraction import alone, demonstration_pages, fact, real_pages
from benchmarks.extraction import rate as pages_a_second
from runtime.clock import now as clock
from runtime.handling import Output
from runtime.publish import Publisher
from runtime.settings import ServiceSettings
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
            done = len(answered(flow))
            time.sleep(0.2)
        time.sleep(3)
        seconds = sorted(fact.seconds for fact in flow.ear.all(DeliveryRecorded) if fact.channel == "webhook")
        memory = memory_of(flow.pids())
    return {"articles": done, "seconds": seconds, "memory": memory}


def quantile(values: list[float], share: float) -> float:
    """The value below which this share lies."""
    return values[min(len(values) - 1, int(share * len(values)))] if values else float("nan")


def memory_of(pids: dict[str, int]) -> dict[str, float]:
    """Resident megabytes of each service with the processes of its pool."""
    found = {}
    for name, pid in pids.items():
        one = psutil.Process(pid)
        found[name] = sum(each.memory_info().rss for each in [one, *one.children(recursive=True)]) / 1e6
    return found


def burst(count: int, folder: Path) -> dict[str, Any]:
    """So many pages at once into `pages-fetched`: the seconds until each has been answered by tagging, or dropped before it."""
    script = folder / "scenario.yaml"
    script.write_text(yaml.safe_dump(scenario(1, 1, random.Random(7))), encoding="utf-8")
    pages = real_pages(count) or demonstration_pages(count)
    facts = [fresh(fact(number, pages[number % len(pages)])) for number in range(count)]
    with Flow(folder / "run", script, speed=1.0, stepping=True) as flow:
        began = time.monotonic()
        with Publisher(ServiceSettings(), "scraping") as publisher:
            publisher.put([Output("pages-fetched", page.url, page) for page in facts])
        wanted = {page.url for page in facts}
        while not wanted <= answered(flow):
            if time.monotonic() > began + 900:
                raise SystemExit(f"{len(wanted - answered(flow))} of {count} pages were not answered within 900 s")
            time.sleep(0.2)
        return {"seconds": time.monotonic() - began, "pages": facts, "memory": memory_of(flow.pids())}


def fresh(page: PageFetched) -> PageFetched:
    """The page as fetched now."""
    return page.model_copy(update={"fetched": clock(), "meta": page.meta.model_copy(update={"root_at": clock()})})


def answered(flow: Flow) -> set[str]:
    """Addresses whose page came to its end: tagged, or dropped with a reason."""
    return {fact.head.url for fact in flow.ear.all(ArticleTagged)} | {
        fact.url for fact in flow.ear.all(MessageSuppressed) if fact.url
    }


def library_alone(pages: list[PageFetched]) -> float:
    """Pages a second that the extraction library alone reads on both cores: what one core reads, twice."""
    bodies = [zstandard.ZstdDecompressor().decompress(base64.b64decode(page.body), 5_000_000) for page in pages[:200]]
    return 2 * pages_a_second(alone, bodies)


def main() -> None:
    """Measure and print."""
    ask = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ask.add_argument("--rate", type=float, default=12)
    ask.add_argument("--seconds", type=float, default=60)
    ask.add_argument("--burst", type=int, default=2000)
    said = ask.parse_args()
    with tempfile.TemporaryDirectory() as place:
        steady = run(int(said.rate * said.seconds), said.rate, _made(Path(place) / "steady"), {})
        times = steady["seconds"]
        report = {
            "at": datetime.now(UTC).isoformat(timespec="seconds"),
            "rate": said.rate,
            "articles": steady["articles"],
            "delivered": len(times),
            "fetched_to_delivered_p50_s": round(statistics.median(times), 3) if times else None,
            "fetched_to_delivered_p99_s": round(quantile(times, 0.99), 3),
            "memory_mb": {name: round(mb) for name, mb in sorted(steady["memory"].items())},
        }
        print(json.dumps(report, indent=1))
        if said.burst:
            drained = burst(said.burst, _made(Path(place) / "burst"))
            rate, library = said.burst / drained["seconds"], library_alone(drained["pages"])
            print(
                json.dumps(
                    {
                        "burst": said.burst,
                        "drained_s": round(drained["seconds"], 1),
                        "articles_a_second": round(rate, 1),
                        "library_alone_a_second_both_cores": round(library, 1),
                        "share_of_library": round(rate / library, 2),
                        "memory_mb": {name: round(mb) for name, mb in sorted(drained["memory"].items())},
                    }
                )
            )


def _made(folder: Path) -> Path:
    folder.mkdir(parents=True)
    return folder


if __name__ == "__main__":
    main()

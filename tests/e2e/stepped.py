"""The demonstration morning item by item, each shown when the one before has gone through every stage: as fast as the flow takes it."""

from __future__ import annotations

import json
import time
import urllib.request
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import yaml

from runtime.clock import now as clock
from schemas.facts import AlertRaised
from schemas.generate import ROOT
from tests.e2e.flow import PATIENCE, Flow

MORNING = ROOT / "deploy/demo/morning.yaml"
Disturb = Callable[[Flow, str, datetime], None]


@dataclass(frozen=True)
class Stepped:
    """What the whole morning gave. `of_version` names the item of a version; `received` is what the webhook's receiver lists."""

    alerts: tuple[AlertRaised, ...]
    of_version: Mapping[str, str]
    repeats: int
    received: tuple[Mapping[str, Any], ...]
    dead_letters: tuple[str, ...]


def script() -> dict[str, Any]:
    """The morning's script."""
    read: dict[str, Any] = yaml.safe_load(MORNING.read_text(encoding="utf-8"))
    return read


def stepped(folder: Path, disturb: Disturb = lambda *_: None) -> Stepped:
    """Run the morning in this folder; `disturb` is called with the address of each item (but the first) once it is shown."""
    items = script()["items"]
    at_first = tuple(item["id"] for item in items if item["at"] == 0)
    slugs: dict[str, str] = {}
    of_version: dict[str, str] = {}
    began = clock()
    with Flow(folder, MORNING, at_first=at_first) as flow:
        for item in items:
            slug = slugs[item["id"]] = slugs.get(item.get("revises", ""), item["slug"])
            url, since = f"{flow.told.publisher}/{item['source']}/{slug}", began
            if item["id"] not in at_first:
                since = clock()
                flow.post(item["id"])
                disturb(flow, url, since)
            answer = flow.settled(url, since, item["id"])
            if hasattr(answer, "head"):
                of_version[str(answer.head.version)] = item["id"]
        received = wait_for_the_receiver(flow)
        alerts, repeats, letters = tuple(flow.alerts()), flow.ear.repeats, tuple(flow.dead_letters())
    return Stepped(alerts, of_version, repeats, received, letters)


def wait_for_the_receiver(flow: Flow) -> tuple[Mapping[str, Any], ...]:
    """What the receiver lists, once every alert that was raised is among it."""
    end = time.monotonic() + PATIENCE
    while True:
        rows = received_by(flow)
        there = {(row["data"]["id"], row["data"]["revision"]) for row in rows if "id" in row["data"]}
        missing = {(str(fact.alert.id), fact.alert.revision) for fact in flow.alerts()} - there
        if not missing:
            return rows
        assert time.monotonic() < end, (
            f"{len(missing)} of {len(flow.alerts())} alerts did not reach the receiver: {sorted(missing)[:3]}"
        )
        time.sleep(0.2)


def received_by(flow: Flow) -> tuple[Mapping[str, Any], ...]:
    """Every message that the receiver has, once an id."""
    with urllib.request.urlopen(f"http://127.0.0.1:{flow.told.ports.receiver}/received", timeout=10) as answer:
        return tuple(json.load(answer)["received"])

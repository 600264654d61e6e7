"""How the processes of a running system fare, read from their `/metrics` and `/readyz`."""

from __future__ import annotations

import json
import urllib.error
import urllib.request
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from prometheus_client.parser import text_string_to_metric_families

from schemas.outcomes import Ending, Outcome

OLD_SECONDS = 60


@dataclass(frozen=True)
class Vitals:
    """One process. `last_outcome` is in seconds ago, None if none yet; `lacks` is empty when it can work."""

    service: str
    lacks: str
    oldest_unread: float = 0
    last_outcome: float | None = None
    dead_letters: int = 0

    @property
    def fine(self) -> bool:
        """It is ready, and nothing has waited for a minute."""
        return not self.lacks and self.oldest_unread < OLD_SECONDS


def running_services(record: Path) -> dict[str, int]:
    """Return service → port of its metrics as `copytaster run` recorded them; empty if nothing was recorded."""
    try:
        services: Mapping[str, Any] = json.loads(record.read_text(encoding="utf-8"))["services"]
        return {name: int(entry["metrics_port"]) for name, entry in services.items()}
    except (OSError, ValueError, KeyError, TypeError):
        return {}


def ask_all(ports: Mapping[str, int], ask: Callable[[str], str | None], now: float) -> Iterator[Vitals]:
    """Ask every service; `ask` returns the text at an address, None if nobody answers; `now` is Unix time."""
    for service, port in ports.items():
        text = ask(f"http://127.0.0.1:{port}/metrics")
        if text is None:
            yield Vitals(service, f"nobody answers on port {port}")
            continue
        yield read_vitals(service, text, lacks_of(ask(f"http://127.0.0.1:{port}/readyz")), now)


def read_vitals(service: str, text: str, lacks: str, now: float) -> Vitals:
    """Read what matters out of one page of metrics."""
    samples = [one for family in text_string_to_metric_families(text) for one in family.samples]
    ended = max((one.value for one in samples if one.name == "copytaster_last_outcome_timestamp_seconds"), default=0.0)
    dead = (one.value for one in samples if one.name == "copytaster_messages_ended_total" and _is_dead(one.labels))
    oldest = max((one.value for one in samples if one.name == "copytaster_oldest_unread_seconds"), default=0.0)
    return Vitals(service, lacks, oldest, max(0.0, now - ended) if ended else None, int(sum(dead)))


def lacks_of(answer: str | None) -> str:
    """Return in words what a `/readyz` says is lacking; empty if it is ready."""
    if answer is None:
        return "it does not say whether it is ready"
    try:
        reasons: Mapping[str, str] = json.loads(answer).get("lacks", {})
    except (ValueError, AttributeError):
        return ""
    return "; ".join(f"{name}: {why}" for name, why in reasons.items())


def fetch(address: str) -> str | None:
    """Return the text at an address on this machine, whatever its status; None if nobody answers within 2 s."""
    try:
        with urllib.request.urlopen(address, timeout=2) as answer:  # noqa: S310 - loopback, from our own record
            return str(answer.read().decode())
    except urllib.error.HTTPError as refused:
        return refused.read().decode()
    except OSError:
        return None


def in_words(vitals: Iterable[Vitals]) -> list[str]:
    """One line a process, for a person."""
    return [_line(one) for one in vitals]


def _line(one: Vitals) -> str:
    if one.lacks:
        return f"  NOT READY  {one.service}: {one.lacks}"
    last = "none yet" if one.last_outcome is None else f"{one.last_outcome:.0f} s ago"
    waits = f"oldest unread {one.oldest_unread:.0f} s"
    mark = "ok" if one.fine else "BEHIND"
    return f"  {mark:<9}  {one.service}: {waits}, last outcome {last}, {one.dead_letters} dead letters"


def _is_dead(labels: Mapping[str, str]) -> bool:
    return Outcome(labels["outcome"]).ending == Ending.dead_lettered

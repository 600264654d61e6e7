"""How many messages a second the decider of tracking takes with a thousand open dossiers: decode, decide, encode, fold.

usage: python -m benchmarks.tracking_speed [--dossiers 1000] [--messages 5000]
"""

from __future__ import annotations

import argparse
import random
import time
from datetime import UTC, datetime, timedelta
from typing import Any

from console.trying.tracking import made_of
from schemas.base import Position
from schemas.codec import decode, encode
from services.tracking.deciding import Tracking

LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
STATUSES = ("called_for", "negotiating", "proposed", "agreed", "violated", "rejected")


def line(number: int, matter: int, draw: random.Random) -> dict[str, Any]:
    """One report on one of the matters: now and then without roles, as real ones are."""
    one, two = (LETTERS[matter // 26 % 26] + LETTERS[matter % 26], f"Front {matter}")
    said = {
        "family": "ceasefire",
        "status": draw.choice(STATUSES),
        "parties": [one, two] if draw.random() < 0.9 else [],
    }
    at = datetime(2026, 3, 1, tzinfo=UTC) + timedelta(minutes=number)
    return {
        "id": str(number),
        "published": at.isoformat(),
        "outlet": f"Outlet {number % 50}",
        "story": f"{matter} {number // 500}",
        "assertions": [said | {"particulars": {"day": [str(at.date())]}}],
    }


def main() -> None:
    """Open the dossiers, then measure."""
    ask = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ask.add_argument("--dossiers", type=int, default=1000)
    ask.add_argument("--messages", type=int, default=5000)
    asked, draw, decider = ask.parse_args(), random.Random(7), Tracking()
    matters = [*range(asked.dossiers), *(draw.randrange(asked.dossiers) for _ in range(asked.messages))]
    facts = [encode(made_of(line(n, matter, draw), dict)) for n, matter in enumerate(matters)]
    state, start = decider.initial(), 0.0
    for offset, raw in enumerate(facts):
        if offset == asked.dossiers:
            start = time.process_time()
        answer = decider.decide(state, decode(raw), Position(topic="tracking-inbox", partition=0, offset=offset))
        encode(answer.outputs[0].fact)
        state = decider.evolve(state, answer.outputs[0].fact)
    spent = time.process_time() - start
    print(f"{len(state.dossiers)} dossiers, {asked.messages} messages: {asked.messages / spent:.0f} a CPU second")


if __name__ == "__main__":
    main()

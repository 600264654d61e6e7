"""The linear model: named features times rounded weights, read from JSON; no code is ever loaded from a model."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

WEIGHTS = Path(__file__).with_name("weights.json")
FORM = 1


@dataclass(frozen=True)
class Weights:
    """One family's weights: of the candidates (`main`), of the text (`alert`), and the thresholds of both."""

    main: Mapping[str, float]
    alert: Mapping[str, float]
    main_from: float
    alert_from: float


def probability(weights: Mapping[str, float], features: Mapping[str, float]) -> float:
    """The logistic of the weighted sum; a feature without a weight counts nothing."""
    total = weights.get("bias", 0.0) + sum(weights.get(name, 0.0) * value for name, value in features.items())
    return 1 / (1 + math.exp(-max(-30.0, min(30.0, total))))


@cache
def weights_in(path: Path = WEIGHTS) -> dict[str, Weights]:
    """The weights of every family in this file; a family that it lacks is decided by rules. Raises `ValueError` for another form."""
    if not path.exists():
        return {}
    data = json.loads(path.read_text("utf-8"))
    if data.get("form") != FORM:
        raise ValueError(
            f"{path}: weights of form {data.get('form')!r}; this version reads form {FORM}: train anew with `make train`"
        )
    return {name: Weights(**family) for name, family in data["families"].items()}

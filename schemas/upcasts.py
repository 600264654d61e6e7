"""How an old version of a fact becomes the next: (name, version) -> a function of its JSON. One entry a step."""

from collections.abc import Callable
from typing import Any

UPCASTS: dict[tuple[str, int], Callable[[dict[str, Any]], dict[str, Any]]] = {}

"""Arrows point down, services do not know each other, and what decides touches nothing outside."""

from __future__ import annotations

from collections.abc import Iterator

import grimp
import pytest

from schemas.generate import ROOT
from schemas.stages import SERVICES

LAYERS = ("console", "services", "runtime", "schemas")
DOING = {
    "shell", "settings", "__main__", "fetcher", "poller", "hosts", "channels", "store", "fold", "follow", "live", "pages", "context",
    "queries", "saying", "keeping", "metrics", "ledger", "sending", "writer", "people", "requests",
}  # fmt: skip
"""Files named for doing; everything else in a service decides."""
DOING_MODULES = {
    "services.delivery.background", "services.delivery.reading", "services.delivery.taking_up", "services.delivery.turns",
}  # fmt: skip
"""Those whose names elsewhere belong to files that decide."""
OUTSIDE = ("kafka", "aiokafka", "faust", "httpx2", "httpcore2", "aiosmtplib", "fastapi", "uvicorn", "sqlite3", "socket", "asyncio",
           "prometheus_client", "pydantic_settings", "apprise")  # fmt: skip
RUNTIME_FOR_ALL = {"runtime.handling"}
EXCEPTIONS = {("services.desk", "services.alerting.rules")}
"""The desk's back-test runs the very rules that alert."""


@pytest.fixture(scope="module")
def graph() -> grimp.ImportGraph:
    return grimp.build_graph(*LAYERS, include_external_packages=True, cache_dir=None)


def deciding(graph: grimp.ImportGraph) -> Iterator[str]:
    for module in sorted(graph.modules):
        parts = module.split(".")
        if parts[0] == "services" and len(parts) > 2 and not DOING & set(parts[2:]) and module not in DOING_MODULES:
            yield module


def layer(module: str) -> str:
    return module.split(".", maxsplit=1)[0]


def test_arrows_point_down(graph: grimp.ImportGraph) -> None:
    height = {name: number for number, name in enumerate(reversed(LAYERS))}
    upward = [
        f"{importer} imports {imported}"
        for importer in sorted(graph.modules)
        for imported in sorted(graph.find_modules_directly_imported_by(importer))
        if layer(importer) in height and layer(imported) in height and height[layer(imported)] > height[layer(importer)]
    ]
    assert upward == [], "move what both need down a layer: console → services → runtime → schemas"


def test_services_do_not_import_each_other(graph: grimp.ImportGraph) -> None:
    crossing = [
        f"{importer} imports {imported}"
        for importer in sorted(graph.modules)
        for imported in sorted(graph.find_modules_directly_imported_by(importer))
        if importer.startswith("services.") and imported.startswith("services.")
        if importer.split(".")[1] != imported.split(".")[1]
        if not any(importer.startswith(one) and imported.startswith(other) for one, other in EXCEPTIONS)
    ]
    assert crossing == [], "let them talk over a topic, or move the shared idea to schemas/"


def test_what_decides_touches_nothing_outside(graph: grimp.ImportGraph) -> None:
    touching = []
    for module in deciding(graph):
        for imported in graph.find_modules_directly_imported_by(module):
            if imported in OUTSIDE or (layer(imported) == "runtime" and imported not in RUNTIME_FOR_ALL):
                touching.append(f"{module} imports {imported}")
            if layer(imported) == "services" and DOING & set(imported.split(".")[2:]):
                touching.append(f"{module} imports {imported}, which does things")
    assert touching == [], "pass the value in, or move the doing to shell.py (or another file named for doing)"


def test_what_decides_reads_no_clock(graph: grimp.ImportGraph) -> None:
    calls = ("datetime.now(", "time.time(", "time.monotonic(", "date.today(", "uuid4(", "random.")
    reading = []
    for module in deciding(graph):
        path = ROOT / (module.replace(".", "/") + ".py")
        text = path.read_text(encoding="utf-8") if path.exists() else ""
        reading += [f"{module}: {call}…" for call in calls if call in text]
    assert reading == [], "pass the time in; ids are derived, never random"


def test_every_service_says_in_one_paragraph_what_it_reads_writes_remembers_and_when_it_gives_up() -> None:
    for service in SERVICES:
        text = (ROOT / "services" / service / "__init__.py").read_text(encoding="utf-8").lower()
        for word in ("read", "write", "remember", "give"):
            assert word in text, f"services/{service}/__init__.py does not say what it {word}s"


def test_no_connection_is_made_at_import(graph: grimp.ImportGraph) -> None:
    """A module that is imported binds no port and opens no client: the names of the doing classes are called in functions only."""
    import ast

    clients = {"KafkaConsumer", "KafkaProducer", "AIOKafkaConsumer", "AIOKafkaProducer", "App", "AsyncClient"}
    found = []
    for module in sorted(graph.modules):
        path = ROOT / (module.replace(".", "/") + ".py")
        if not path.exists():
            continue
        for node in ast.parse(path.read_text(encoding="utf-8")).body:
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef | ast.Import | ast.ImportFrom):
                continue
            names = {
                getattr(call.func, "id", getattr(call.func, "attr", ""))
                for call in ast.walk(node)
                if isinstance(call, ast.Call)
            }
            found += [f"{module} calls {name} at import" for name in names & clients]
    assert found == []

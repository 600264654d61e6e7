"""Writes what is generated from the contracts: JSON Schema of every fact, the AsyncAPI document, the README's diagram.

`python -m schemas.generate` writes; `--check` names what is stale and exits with 1.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from schemas.base import FACT_FIELD, VERSION_FIELD, Fact
from schemas.facts import FACTS
from schemas.stages import SERVICES
from schemas.topics import TOPICS, Topic

ROOT = Path(__file__).parent.parent
FOLDER = Path(__file__).parent / "json"
BEGIN, END = "<!-- diagram -->", "<!-- /diagram -->"


def fact_schema(fact: type[Fact]) -> dict[str, Any]:
    """The JSON Schema of a message that carries this fact, its name and version included."""
    schema = fact.model_json_schema(mode="serialization")
    named = {FACT_FIELD: {"const": fact.name()}, VERSION_FIELD: {"const": fact.VERSION}}
    schema["properties"] = named | schema["properties"]
    schema["required"] = [FACT_FIELD, VERSION_FIELD, *schema.get("required", [])]
    return {"$schema": "https://json-schema.org/draft/2020-12/schema"} | schema


def schema_file(fact: type[Fact]) -> str:
    """The name of the file that holds a fact's schema."""
    return f"{fact.name()}.v{fact.VERSION}.json"


def kept(topic: Topic) -> str:
    """How long a topic is kept, in words."""
    if topic.compacted:
        return "the last message of each key"
    if topic.kept_ms is None:
        return "for ever"
    hours = topic.kept_ms // 3_600_000
    return f"{hours // 24} days" if hours % 24 == 0 and hours > 72 else f"{hours} hours"


def asyncapi() -> dict[str, Any]:
    """The AsyncAPI 3.0 document of all topics."""
    channels = {topic.name: _channel(topic) for topic in TOPICS}
    operations = {}
    for topic in TOPICS:
        for action, names in (("send", topic.written_by), ("receive", topic.read_by)):
            for service in names:
                operations[f"{service}-{action}s-{topic.name}"] = {
                    "action": action,
                    "channel": {"$ref": f"#/channels/{topic.name}"},
                    "title": f"{service} {action}s {topic.name}",
                }
    messages = {name: _message(fact) for name, fact in sorted(FACTS.items())}
    return {
        "asyncapi": "3.0.0",
        "info": {"title": "Copytaster", "version": "1", "description": "Every topic, and what it carries."},
        "defaultContentType": "application/json",
        "channels": channels,
        "operations": operations,
        "components": {"messages": messages},
    }


def _channel(topic: Topic) -> dict[str, Any]:
    return {
        "address": topic.name,
        "description": f"{topic.because}; kept: {kept(topic)}; key: {topic.key}; partitions: {topic.partitions}",
        "messages": {fact.name(): {"$ref": f"#/components/messages/{fact.name()}"} for fact in topic.carries},
        "bindings": {"kafka": {"topic": topic.name, "partitions": topic.partitions, "bindingVersion": "0.5.0"}},
    }


def _message(fact: type[Fact]) -> dict[str, Any]:
    return {
        "name": fact.name(),
        "summary": (fact.__doc__ or "").split("\n")[0],
        "payload": {
            "schemaFormat": "application/schema+json;version=draft-07",
            "schema": {"$ref": f"./{schema_file(fact)}"},
        },
    }


def diagram() -> str:
    """The flow as a Mermaid chart: services as boxes, topics as arrows from writer to reader."""
    lines = ["```mermaid", "flowchart LR"]
    lines += [f"  {service}[{service}]" for service in SERVICES]
    arrows = [
        f"  {writer} -- {topic.name} --> {reader}"
        for topic in TOPICS
        for writer in topic.written_by
        for reader in topic.read_by
        if writer in SERVICES and reader in SERVICES and writer != reader and topic.name != "messages-suppressed"
    ]
    return "\n".join([*lines, *arrows, "```"])


def topic_table() -> str:
    """The topics as a Markdown table."""
    head = "| topic | carries | key | partitions | kept | written by | read by |\n|---|---|---|---|---|---|---|"
    rows = [
        f"| `{t.name}` | {', '.join(f.name() for f in t.carries)} | {t.key} | {t.partitions} | {kept(t)} | "
        f"{', '.join(t.written_by)} | {', '.join(t.read_by)} |"
        for t in TOPICS
    ]
    return "\n".join([head, *rows])


def between(text: str, inside: str) -> str:
    """`text` with what stands between the diagram's two markers replaced. Raises `ValueError` without the markers."""
    if BEGIN not in text or END not in text:
        raise ValueError(f"no {BEGIN} … {END} in the text: put both markers where the diagram belongs")
    before, rest = text.split(BEGIN, 1)
    return f"{before}{BEGIN}\n{inside}\n{END}{rest.split(END, 1)[1]}"


def generated() -> dict[Path, str]:
    """Every generated file with what it should hold now."""
    files = {FOLDER / schema_file(fact): _pretty(fact_schema(fact)) for fact in FACTS.values()}
    files[FOLDER / "asyncapi.json"] = _pretty(asyncapi())
    for path, inside in ((ROOT / "README.md", diagram()), (ROOT / "docs" / "architecture.md", topic_table())):
        files[path] = between(path.read_text(encoding="utf-8"), inside)
    return files


def _pretty(document: dict[str, Any]) -> str:
    return json.dumps(document, indent=1, ensure_ascii=False) + "\n"


def stale() -> list[Path]:
    """Generated files that do not hold what they should."""
    return [path for path, text in generated().items() if not path.exists() or path.read_text(encoding="utf-8") != text]


def main() -> None:
    """Write what is stale; with --check only name it."""
    paths = stale()
    if "--check" in sys.argv:
        for path in paths:
            sys.stdout.write(f"{path.relative_to(ROOT)} is stale: run `make contracts` and commit what it writes\n")
        raise SystemExit(bool(paths))
    for path in paths:
        path.write_text(generated()[path], encoding="utf-8")
        sys.stdout.write(f"wrote {path.relative_to(ROOT)}\n")


if __name__ == "__main__":
    main()

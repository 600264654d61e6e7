"""Writes the JSON Schema of a rule's document: `python -m services.alerting.rules.schema`; a test says when it is stale."""

from __future__ import annotations

import json
from pathlib import Path

from services.alerting.rules.document import RuleDocument

PATH = Path(__file__).parents[3] / "schemas" / "json" / "rule.json"


def rule_schema() -> str:
    """The schema as text. Short forms (a list in place of `any: […]`, `statuses`) are read, too; it describes the full form."""
    schema = RuleDocument.model_json_schema()
    whole = {"$schema": "https://json-schema.org/draft/2020-12/schema"} | schema
    return json.dumps(whole, indent=1, ensure_ascii=False) + "\n"


if __name__ == "__main__":
    PATH.write_text(rule_schema(), encoding="utf-8")

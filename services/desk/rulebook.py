"""Rules as the desk takes them in: read, checked and begun from templates by alerting's own rule package."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from services.alerting import rules as alerting_rules
from services.alerting.rules.document import RuleDocument
from services.alerting.rules.reading import RuleError, first_error, read_rules

TEMPLATES = Path(alerting_rules.__file__).parent / "templates"


def rule_problems(document: dict[str, Any]) -> list[str]:
    """What is wrong with a rule's document, one sentence each; empty when nothing is."""
    try:
        RuleDocument.model_validate(document)
    except ValidationError as error:
        return [first_error(error)]
    return []


def state_names() -> dict[str, str]:
    """The names of states by code, as rules know them."""
    found: dict[str, str] = json.loads(
        Path(alerting_rules.__file__).parents[1].joinpath("state_names.json").read_text(encoding="utf-8")
    )
    return found


def read_document(text: str) -> dict[str, Any]:
    """The one rule of a text as a document. Raises `RuleError` with the line, the value and the cure."""
    found = read_rules(text)
    if len(found) != 1:
        raise RuleError(1, f"these are {len(found)} rules: save them one by one")
    return found[0]


def rule_templates() -> dict[str, str]:
    """The templates by name, as YAML."""
    return {path.stem: path.read_text(encoding="utf-8") for path in sorted(TEMPLATES.glob("*.yaml"))}

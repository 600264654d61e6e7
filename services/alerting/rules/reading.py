"""Rules from YAML or JSON: what is wrong stands there with its line, the value and the cure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import yaml
from pydantic import ValidationError

from services.alerting.rules.document import SHORT, NotKnown, RuleDocument


@dataclass(frozen=True)
class RuleError(Exception):
    """A rule that is refused: `line` counts from 1 in the file."""

    line: int
    says: str

    def __str__(self) -> str:
        return f"line {self.line}: {self.says}"


def first_error(error: ValidationError) -> str:
    """The first thing that is wrong: the clause, the rule that it breaks, the value."""
    return _worded(_first(error))


def read_rules(text: str) -> list[dict[str, Any]]:
    """The rules of a file as documents: one rule, a list of them, `rules:` with a list, or `people:` with the rules of each.

    Raises `RuleError` for the first that is wrong.
    """
    node = _composed(text)
    body = yaml.safe_load(text)
    people = _under("people", body, node)
    if people is None:
        return [_checked(one, at) for one, at in _each(body, node)]
    owned = [(one["person"], rule, at) for one, where in people for rule, at in _each({"rules": one["rules"]}, where)]
    return [{"person": person, **_checked(rule, at)} for person, rule, at in owned]


def _under(key: str, body: Any, node: yaml.Node) -> list[tuple[Any, yaml.Node]] | None:
    if not (isinstance(body, dict) and key in body and isinstance(node, yaml.MappingNode)):
        return None
    listed = next(value for named, value in node.value if named.value == key)
    if not isinstance(listed, yaml.SequenceNode):
        raise RuleError(listed.start_mark.line + 1, f"`{key}` is no list: write each after a dash")
    return list(zip(body[key], listed.value, strict=True))


def _composed(text: str) -> yaml.Node:
    try:
        node = yaml.compose(text, Loader=yaml.SafeLoader)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = mark.line + 1 if mark else 1
        raise RuleError(line, f"this is no YAML: {getattr(error, 'problem', error)}; mind the indentation") from error
    if node is None:
        raise RuleError(1, "the file is empty: write at least `family: ceasefire`")
    return node


def _each(body: Any, node: yaml.Node) -> list[tuple[Any, yaml.Node]]:
    if (rules := _under("rules", body, node)) is not None:
        return rules
    if isinstance(body, list) and isinstance(node, yaml.SequenceNode):
        return list(zip(body, node.value, strict=True))
    return [(body, node)]


def _checked(body: Any, node: yaml.Node) -> dict[str, Any]:
    try:
        RuleDocument.model_validate(body)
    except ValidationError as error:
        first = _first(error)
        found = _not_known(first)
        raise RuleError(_line(node, found.place if found else first["loc"]), _worded(first)) from error
    return dict(body)


def _first(error: ValidationError) -> Any:
    return error.errors(include_url=False)[0]


def _not_known(first: Any) -> NotKnown | None:
    """What a check of the whole rule found, which pydantic gives no place to."""
    found = first.get("ctx", {}).get("error")
    return found if isinstance(found, NotKnown) else None


def _worded(first: Any) -> str:
    if found := _not_known(first):
        return str(found)
    place = ".".join(str(part) for part in first["loc"])
    if first["type"] == "extra_forbidden":
        return f"{place!r} is no clause; clauses are {', '.join(_clauses())}"
    said = first["msg"].removeprefix("Value error, ")
    return f"{place or 'the rule'}: {said} (it says {str(first['input'])[:80]!r})"


def _clauses() -> list[str]:
    return [*RuleDocument.model_fields, "party", "imposer", "target", "speaker"]


def _line(node: yaml.Node, place: tuple[int | str, ...]) -> int:
    """The line of the innermost part of the place that stands in the file; the short names of clauses count."""
    line = node.start_mark.line + 1
    for part in place:
        if part == "roles" and isinstance(node, yaml.MappingNode) and part not in _keys(node):
            continue
        found = _inside(node, part)
        if found is None:
            break
        node, line = found
    return line


def _keys(node: yaml.MappingNode) -> list[str]:
    return [key.value for key, _ in node.value]


def _inside(node: yaml.Node, part: int | str) -> tuple[yaml.Node, int] | None:
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            if part in (key.value, SHORT.get(key.value)):
                return value, key.start_mark.line + 1
    if isinstance(node, yaml.SequenceNode) and isinstance(part, int) and part < len(node.value):
        return node.value[part], node.value[part].start_mark.line + 1
    return None

"""A rule as slots of a sentence, and back: what the form of the rule builder shows, and what its answer changes in the document."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from schemas.families import families
from services.alerting.rules.document import ROLES, SHORT, Group, RuleDocument

NAMED = ("imposer", "target", "party")
HAPPENING = {"": "takes any step", "advances": "advances (a higher rung)", "steps_back": "steps back"}
SURE = {
    "": "anything",
    "confirmed": "confirmed by a party or a legal text",
    "two": "confirmed, or from 2 independent origins",
    "origins": "from 2 independent origins",
}
QUEUE_ONLY = ["desk"]


@dataclass(frozen=True)
class Slots:
    """The choices of the sentence; an empty one asks nothing."""

    family: tuple[str, ...] = ()
    status: tuple[str, ...] = ()
    happening: str = ""
    imposer: tuple[str, ...] = ()
    target: tuple[str, ...] = ()
    party: tuple[str, ...] = ()
    sure: str = ""
    not_sources: tuple[str, ...] = ()


def slots_of(document: Mapping[str, Any]) -> Slots:
    """The slots of a document. Raises `ValueError` (of pydantic) for what is no rule."""
    rule = RuleDocument.model_validate(dict(document))
    kinds = {kind.value for kind in rule.kind}
    return Slots(
        family=rule.family,
        status=rule.status,
        happening={frozenset(("new", "advanced")): "advances", frozenset(("stepped_back",)): "steps_back"}.get(
            frozenset(kinds), ""
        ),
        sure=_sure(rule),
        not_sources=rule.sources.none if rule.sources else (),
        **{role: _any(getattr(rule.roles, role)) for role in NAMED},
    )


def _any(group: Group | None) -> tuple[str, ...]:
    return group.any if group else ()


def _sure(rule: RuleDocument) -> str:
    sure = rule.certainty
    if sure and sure.or_origins:
        return "two"
    if sure and sure.confirmed:
        return "confirmed"
    return "origins" if rule.origins == 2 else ""


def answered(form: Mapping[str, Iterable[str]]) -> Slots:
    """The slots as the form sent them: blanks and repeats are left out."""
    many = {name: tuple(dict.fromkeys(value.strip() for value in form.get(name, ()) if value.strip())) for name in MANY}
    one = {name: next(iter(form.get(name, ())), "") for name in ("happening", "sure")}
    return Slots(**many, happening=one["happening"], sure=one["sure"])


MANY = ("family", "status", *NAMED, "not_sources")


def with_slots(document: Mapping[str, Any], before: Slots, after: Slots) -> dict[str, Any]:
    """The document with the slots that changed; all else stays as it was written."""
    body = {SHORT.get(key, key): value for key, value in document.items()}
    for name in ("family", "status"):
        if getattr(before, name) != getattr(after, name):
            _put(body, name, _short(getattr(after, name)))
    if before.happening != after.happening:
        _put(body, "kind", after.happening)
    if before.sure != after.sure:
        _be_sure(body, after.sure)
    for role in NAMED:
        if getattr(before, role) != getattr(after, role):
            _put_role(body, role, getattr(after, role))
    if before.not_sources != after.not_sources:
        sources = (
            {"any": body["sources"]} if isinstance(body.get("sources"), str | list) else dict(body.get("sources") or {})
        )
        _put(sources, "none", list(after.not_sources))
        _put(body, "sources", sources)
    return body


def _put(body: dict[str, Any], name: str, value: Any) -> None:
    if value:
        body[name] = value
    else:
        body.pop(name, None)


def _short(values: tuple[str, ...]) -> str | list[str]:
    return values[0] if len(values) == 1 else list(values)


def _put_role(body: dict[str, Any], role: str, names: tuple[str, ...]) -> None:
    roles = dict(body.pop("roles", None) or {}) | {each: body.pop(each) for each in ROLES if each in body}
    before = roles.get(role)
    _put(roles, role, {**before, "any": list(names)} if isinstance(before, dict) else list(names))
    body.update(roles)


def _be_sure(body: dict[str, Any], sure: str) -> None:
    body.pop("origins", None)
    _put(body, "certainty", {"confirmed": "confirmed", "two": {"confirmed": True, "or_origins": 2}}.get(sure))
    if sure == "origins":
        body["origins"] = 2


def queue_only(document: Mapping[str, Any]) -> dict[str, Any]:
    """The rule so that it reaches the queue of the desk and no other channel."""
    return {**document, "channels": list(QUEUE_ONLY)}


def alerting(document: Mapping[str, Any]) -> dict[str, Any]:
    """The rule with its channels; one that reached the queue alone reaches every channel of its person."""
    body = dict(document)
    if body.get("channels") in (QUEUE_ONLY, QUEUE_ONLY[0]):
        del body["channels"]
    return body


def choices(families_asked: tuple[str, ...]) -> list[tuple[str, str, list[tuple[str, str]]]]:
    """The statuses that can be chosen, by family: name, title, and each status with its words for people."""
    known = families()
    return [
        (name, known[name].title, [(status, status.replace("_", " ")) for status in known[name].statuses])
        for name in (families_asked or tuple(known))
        if name in known
    ]

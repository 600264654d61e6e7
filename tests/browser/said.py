"""Facts for the desk's tests, made from the committed examples: only what a test speaks of differs."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any
from uuid import UUID, uuid5

from schemas.alerts import Alert
from schemas.base import Fact
from schemas.codec import decode
from schemas.facts import AlertRaised, AlertsDecided, ArticleTagged, StepsTaken
from schemas.generate import ROOT

NAMES = UUID("8f0f3a52-7d2b-4d3b-9f0e-0d6f0c9d1a11")
_number = count()


def example(name: str, version: int = 1) -> Fact:
    """The committed example of a fact."""
    return decode((ROOT / f"schemas/examples/{name}/v{version}/whole.json").read_bytes())


def body_of(name: str) -> dict[str, Any]:
    """The example as data that a test can change."""
    body: dict[str, Any] = json.loads(example(name).model_dump_json())
    return body


def named(*parts: object) -> str:
    """The same id for the same words."""
    return str(uuid5(NAMES, " ".join(map(str, parts))))


def now() -> datetime:
    return datetime.now(UTC)


SENTENCES = {
    "ceasefire": (
        "Officials of Arvenia said on Tuesday that both armies had agreed to stop shooting along the river for ten days.",
        "had agreed to stop shooting",
    ),
    "sanctions": (
        "The regulation published this morning adds forty ships and nine banks to the annex and takes effect at midnight.",
        "adds forty ships and nine banks",
    ),
}
LINES = {
    ("ceasefire", "agreed"): "CEASEFIRE AGREED, says Arvenia",
    ("ceasefire", "proposed"): "CEASEFIRE PROPOSED, says Arvenia",
    ("ceasefire", "in_effect"): "CEASEFIRE IN EFFECT",
    ("ceasefire", "violated"): "TRUCE BREACH, says Arvenia",
    ("sanctions", "imposed"): "SANCTIONS IMPOSED",
    ("sanctions", "proposed"): "SANCTIONS PROPOSED, not imposed",
    ("sanctions", "lifted"): "OUTLET SAYS sanctions lifted, one origin",
}


def step(
    title: str,
    *,
    family: str = "ceasefire",
    status: str = "agreed",
    kind: str = "new",
    reality: str = "actual",
    attribution: str = "claimed",
    sentence: str = "",
    marked: str = "",
    **more: Any,
) -> dict[str, Any]:
    """One step of the dossier of that title, as data."""
    body: dict[str, Any] = json.loads(json.dumps(body_of("StepsTaken")["steps"][0]))
    said, words = (sentence, marked) if sentence else SENTENCES[family]
    start = said.find(words)
    roles: dict[str, Any] = {"parties": ["Arvenia", "Karst Front"], "imposer": [], "target": []}
    if family == "sanctions":
        roles = {"parties": [], "imposer": ["EU"], "target": ["Belmora"]}
    body |= {
        "id": named("step", title, next(_number)),
        "family": family,
        "status": status,
        "kind": kind,
        "reality": reality,
    }
    body |= {
        "was": "proposed",
        "held_back": 0,
        "before": [],
        "reason": "a higher rung than any since the dossier was opened",
    }
    body["dossier"] |= {"id": named("dossier", title), "title": title, "family": family} | roles
    body["assertion"] |= {"evidence": said, "end": len(said), "attribution": attribution, "family": family} | roles
    body["assertion"] |= {"status": status, "reality": reality, "speaker": "Arvenia's army"}
    body["assertion"]["marks"] = [[start, start + len(words)]] if words and start >= 0 else []
    return body | more


def told(
    title: str,
    *,
    at: datetime | None = None,
    urgent: bool = False,
    person: str = "desk",
    outlet: str = "Harbour Wire",
    line: str = "",
    words: dict[str, Any] | None = None,
    url: str = "",
    headline: str = "",
    **of_step: Any,
) -> tuple[Fact, ...]:
    """A step with its article, its alert and the decision: what the desk hears of one alert."""
    at = at or now()
    lead = step(title, **of_step)
    lead["dossier"]["opened"] = at.isoformat()
    head = json.loads(json.dumps(body_of("AlertRaised")["alert"]["head"]))
    head |= {"version": named("version", lead["id"]), "article": named("article", lead["id"])}
    head |= {"url": url or f"https://news.example/{lead['id']}", "fetched": at.isoformat()}
    head |= {"published": (at - timedelta(seconds=41)).isoformat(), "headline": headline or f"{title}: what was said"}
    head["outlet"] |= {"name": outlet}
    raised = _raised(lead, head, at, person, urgent=urgent, line=line, words=words)
    return _tagged(head), _taken(lead, head, at), raised, _decided(raised, at)


def _tagged(head: dict[str, Any]) -> Fact:
    body = body_of("ArticleTagged")
    body |= {"id": named("tagged", head["version"]), "head": body["head"] | head}
    return ArticleTagged.model_validate(body)


def _taken(lead: dict[str, Any], head: dict[str, Any], at: datetime) -> Fact:
    body = body_of("StepsTaken")
    body |= {
        "id": named("taken", lead["id"]),
        "steps": [lead],
        "head": body["head"] | head,
        "at": at.isoformat(),
        "asides": [],
    }
    return StepsTaken.model_validate(body)


def _decided(raised: AlertRaised, at: datetime) -> Fact:
    body, alert = body_of("AlertsDecided"), raised.alert
    told = {
        "step": str(alert.lead.id),
        "dossier": str(alert.lead.dossier.id),
        "alert": str(alert.id),
        "person": alert.person,
    }
    told = body["told"][0] | told
    body |= {"id": named("decided", alert.id), "told": [told], "untold": [], "rule": None, "at": at.isoformat()}
    return AlertsDecided.model_validate(body)


def _raised(
    lead: dict[str, Any],
    head: dict[str, Any],
    at: datetime,
    person: str,
    *,
    urgent: bool,
    line: str,
    words: dict[str, Any] | None,
) -> AlertRaised:
    body = body_of("AlertRaised")
    alert = body["alert"]
    title = lead["dossier"]["title"]
    status = line or LINES.get((lead["family"], lead["status"]), lead["status"].upper())
    alert |= {"id": named("alert", lead["id"], person), "person": person, "lead": lead, "head": head, "urgent": urgent}
    alert |= {"raised_for": at.isoformat(), "conversation": named("conversation", title, person)}
    alert["words"] |= {
        "first_line": f"{status} · {title}",
        "second_line": "Claimed by Arvenia · not confirmed by Karst · 1 origin",
    }
    alert["words"] |= words or {}
    return AlertRaised.model_validate(body | {"id": named("raised", lead["id"], person)})


def many(number: int, *, before: str = "Matter", **of_each: Any) -> list[Fact]:
    """So many dossiers with an alert each, a minute apart, the newest last."""
    begin = now() - timedelta(minutes=number)
    return [
        fact
        for each in range(number)
        for fact in told(f"{before} {each:03}", at=begin + timedelta(minutes=each), **of_each)
    ]


def put_right(before: tuple[Fact, ...], kind: str, *, at: datetime | None = None, **of_step: Any) -> tuple[Fact, ...]:
    """The same dossier's claim corrected or retracted."""
    lead = _alert_of(before).lead
    return told(
        lead.dossier.title,
        at=at,
        family=lead.family,
        status=lead.status,
        kind=kind,
        of=str(lead.id),
        stands=False,
        reason="the outlet removed the claim",
        **of_step,
    )


def dossier_of(facts: tuple[Fact, ...]) -> str:
    """The id of the dossier that these facts speak of."""
    return str(_alert_of(facts).lead.dossier.id)


def _alert_of(facts: tuple[Fact, ...]) -> Alert:
    (raised,) = (fact for fact in facts if isinstance(fact, AlertRaised))
    return raised.alert


def again(name: str, body: dict[str, Any]) -> Fact:
    """The example of a fact with another body, under an id of its own."""
    return type(example(name)).model_validate(body | {"id": named(name, next(_number))})


def texts_of(facts: tuple[Fact, ...], *texts: str) -> list[Fact]:
    """The versions of the article that these facts speak of; the last is the one that was told."""
    head = json.loads(facts[0].model_dump_json())["head"]
    made: list[Fact] = []
    for number, text in enumerate(texts):
        body: dict[str, Any] = body_of("ArticleDeduplicated")
        last = number == len(texts) - 1
        version = head["version"] if last else named("earlier", head["version"], number)
        at = (now() - timedelta(minutes=9 - number)).isoformat()
        body["article"] |= {"article": head["article"], "version": version, "text": text, "fetched": at}
        body["article"] |= {"headline": head["headline"], "url": head["url"]}
        made.append(again("ArticleDeduplicated", body))
    return made

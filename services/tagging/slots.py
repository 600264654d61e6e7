"""Slots: duration, dates, conditions, instrument, size and the particulars that make a status count again."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from schemas.assertions import DateSlot
from services.tagging.candidates import Candidate
from services.tagging.dates import WHEN, date_in, published_on

NUMBER = r"(?:\d[\d,.]*|one|two|three|four|five|six|seven|eight|nine|ten|twelve|fourteen|fifteen|twenty|thirty|forty|forty-eight|sixty|seventy-two|ninety)"
DURATION = re.compile(rf"\b({NUMBER})[- –](second|minute|hour|day|week|month|year)s?\b", re.IGNORECASE)
INDEFINITE = re.compile(r"\b(indefinite(?:ly)?|permanent|open-ended)\b", re.IGNORECASE)
CONDITION = re.compile(
    r"\b(?:if|unless|provided(?: that)?|on condition(?: that)?|as long as|in exchange for|in return for|only (?:if|when|after|once)|until) [^,.;”\"]{4,160}",
    re.IGNORECASE,
)
SURE_CONDITION = re.compile(
    r"\b(?:unless|provided(?: that)?|on condition(?: that)?|only (?:if|when|after|once)) [^,.;”\"]{4,160}",
    re.IGNORECASE,
)
"""What is a condition wherever it stands, also behind a refusal."""
START = re.compile(
    r"\b(?:begin|start|commenc|tak\w+ effect|com\w+ into|from|effective|to go into|enter\w* into|as of|on)",
    re.IGNORECASE,
)
END = re.compile(r"\b(?:until|through|expir\w*|ends?|ending|to last|deadline|by)\b[^,.;]{0,50}", re.IGNORECASE)
END_REACH = 22
"""Characters between a word of ending and its date: “until the siege is raised on Friday” names no end."""
INSTRUMENTS = {
    "asset freeze": r"asset[s]? freeze|freez\w+ (?:\w+ ){0,4}(?:assets|funds|accounts)|frozen (?:assets|funds)",
    "travel ban": r"travel ban|visa (?:ban|restriction)|entry ban|barred? from entering|banned? from entering",
    "arms": r"arms embargo|weapons? embargo|arms ban|weapons ban",
    "export": r"export (?:ban|control|curb|restriction)|ban\w* (?:on )?exports",
    "import": r"import (?:ban|restriction)|ban\w* (?:on )?(?:the )?imports?|oil (?:ban|embargo)",
    "price cap": r"price cap",
    "secondary": r"secondary (?:sanction|tariff)",
    "diplomatic": r"expel\w* (?:\w+ ){0,3}diplomats|persona non grata",
    "asset seizure": r"(?:seiz|confiscat)\w+ (?:\w+ ){0,4}assets",
}
PACKAGE = re.compile(
    r"\b(\d{1,2}(?:st|nd|rd|th)|first|second|third|fourth|fifth|sixth|seventh|eighth|ninth|tenth|eleventh|twelfth) (?:sanctions )?(package|round)",
    re.IGNORECASE,
)
ORDINALS = {
    w: str(i)
    for i, w in enumerate(
        [
            "first",
            "second",
            "third",
            "fourth",
            "fifth",
            "sixth",
            "seventh",
            "eighth",
            "ninth",
            "tenth",
            "eleventh",
            "twelfth",
        ],
        1,
    )
}
SIZE = re.compile(
    rf"\b({NUMBER}|dozens|hundreds) (?:more |new |other |additional |\w+ ){{0,3}}(?:people|persons|individuals|entities|companies|firms|banks|vessels|ships|tankers|officials|names|organi[sz]ations|judges|oligarchs|businessmen)",
    re.IGNORECASE,
)
WORDS = {
    w: i for i, w in enumerate(["one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"], 1)
} | {
    "twelve": 12,
    "fourteen": 14,
    "fifteen": 15,
    "twenty": 20,
    "thirty": 30,
}
PLACE_OF = re.compile(r"\b(?:in|near|at|around|along|over|for) (?:the )?([A-Z][\w’'-]+(?: [A-Z][\w’'-]+)?)")
BILL = re.compile(
    r"\b([A-Z][\w-]+(?: [A-Z][\w-]+)* (?:Act|Bill)|H\.?R\.? ?\d+|S\. ?\d+|Resolution \d+|resolution \d+)\b"
)
ROUND = re.compile(r"\b(\w+) round of (?:\w+ )?(?:talks|negotiations)", re.IGNORECASE)
LIMITED = {
    "humanitarian": r"humanitarian|evacuat|aid corridor",
    "energy-only": r"energy (?:infrastructure|facilities|truce|ceasefire)|power (?:grid|plants)",
    "holiday": r"\b(?:easter|christmas|eid|ramadan|new year|holiday|olympic)\b",
    "local": r"\blocal (?:truce|ceasefire|cease-fire)|in the (?:city|town|village) of|sea truce|black sea",
}
ONE_SIDE, BOTH_SIDES = (
    re.compile(r"\bunilateral", re.IGNORECASE),
    re.compile(r"\b(?:bilateral|mutual|both sides|two sides|reciprocal)\b", re.IGNORECASE),
)


def slots_of(candidate: Candidate, date: str | None) -> dict[str, Any]:
    """Every slot beyond status and roles that the sentence fills, by its field's name."""
    text = candidate.read.sentence.text
    near = _near(candidate, text)
    ahead = candidate.verdict.reality in {"scheduled", "conditional"}
    slots: dict[str, Any] = {
        "duration": _duration(near),
        "conditions": tuple(match[0].strip() for match in _conditions(candidate.conditional).finditer(text))[:2],
        "effective_from": _effective(near, date, ahead),
        "ends_at": _ends(near, date),
        "programme": None,
        "list_size": None,
    }
    if candidate.family == "sanctions" or ("imposer" in candidate.roles.__dict__ and candidate.roles.imposer):
        slots["instrument"] = tuple(
            name for name, pattern in INSTRUMENTS.items() if re.search(pattern, text, re.IGNORECASE)
        )
        slots["list_size"] = _size(near)
    else:
        slots["limited"] = next(
            (name for name, pattern in LIMITED.items() if re.search(pattern, near, re.IGNORECASE)), None
        )
        slots["sidedness"] = "unilateral" if ONE_SIDE.search(text) else "bilateral" if BOTH_SIDES.search(text) else None
    return {name: value for name, value in slots.items() if value not in (None, ())}


def _conditions(conditional: bool) -> re.Pattern[str]:
    return CONDITION if conditional else SURE_CONDITION


def _near(candidate: Candidate, text: str) -> str:
    words, claim = candidate.read.words, candidate.claim
    first, last = words[max(0, claim.first - 12)].start, words[min(len(words) - 1, claim.last + 14)].end
    return text[first:last]


def _duration(text: str) -> str | None:
    if match := DURATION.search(text):
        return f"{match[1].lower()} {match[2].lower()}{'' if match[1].lower() in {'one', '1'} else 's'}"
    match = INDEFINITE.search(text)
    return "indefinite" if match and match[1].lower() != "permanent" else "permanent" if match else None


def _effective(text: str, date: str | None, ahead: bool) -> DateSlot | None:
    for match in re.finditer(
        r"\b(?:begin|start|commenc|tak\w+ effect|com\w+ into|effective|go\w* into|enter\w* into|as of|from)\w*\b[^.;]{0,60}",
        text,
        re.IGNORECASE,
    ):
        if slot := date_in(match[0], published_on(date), ahead):
            return slot
    return None


def _ends(text: str, date: str | None) -> DateSlot | None:
    for match in END.finditer(text):
        when = WHEN.search(match[0])
        if when and when.start() <= END_REACH and (slot := date_in(match[0], published_on(date), ahead=True)):
            return slot
    return None


def _size(text: str) -> int | None:
    if not (match := SIZE.search(text)):
        return None
    number = match[1].lower().replace(",", "").rstrip(".")
    return int(number) if number.isdigit() else WORDS.get(number)


def particulars_of(
    candidate: Candidate, names: Iterable[str], slots: dict[str, Any], date: str | None
) -> dict[str, tuple[str, ...]]:
    """The particulars of these names that the sentence states, each normalised to lower case, codes and ISO dates."""
    found = {name: _particular(name, candidate, slots, date) for name in names}
    return {name: values for name, values in found.items() if values}


ACTING = frozenset({"speaker", "side", "proposer", "refuser", "body", "contributor"})


def _particular(name: str, candidate: Candidate, slots: dict[str, Any], date: str | None) -> tuple[str, ...]:
    text = candidate.read.sentence.text
    if name in ACTING:
        return _acting(name, candidate)
    if name in {"day", "deadline", "end", "occasion"}:
        return _dated(name, candidate, slots, date)
    if name in {"package", "round"}:
        match = PACKAGE.search(text) if name == "package" else ROUND.search(text)
        return (ORDINALS.get(match[1].lower(), re.sub(r"\D", "", match[1]) or match[1].lower()),) if match else ()
    if name in {"bill", "proposal", "plan", "act"}:
        match = BILL.search(text)
        return (match[1].lower(),) if match else ()
    if name in {"place", "venue"}:
        return tuple(place.lower() for place in slots.get("place", ()))[:1]
    if name == "entries":
        return (str(slots["list_size"]),) if "list_size" in slots else ()
    if name == "condition":
        return tuple(condition.lower()[:80] for condition in slots.get("conditions", ())[:1])
    return ()


def _acting(name: str, candidate: Candidate) -> tuple[str, ...]:
    subject = candidate.roles.subject
    if name == "side" and candidate.verdict.status == "agreed":
        parties = [
            a.label
            for a in candidate.read.actors
            if a.end <= candidate.mood.outer_verb and a.label in candidate.roles.parties
        ]
        return tuple(dict.fromkeys(label.lower() for label in parties))
    return ((subject.state or subject.label).lower(),) if subject else ()


def _dated(name: str, candidate: Candidate, slots: dict[str, Any], date: str | None) -> tuple[str, ...]:
    if name == "end":
        slot = slots.get("ends_at")
        return (slot.iso[:10],) if slot else (slots["duration"],) if "duration" in slots else ()
    slot = date_in(candidate.read.sentence.text, published_on(date), ahead=name == "deadline")
    return (slot.iso[:10],) if slot else ()

"""An alert as text and as HTML, from the same parts in the same order. The article's words are data: escaped, never markup."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from html import escape

from schemas.alerts import Alert
from services.delivery.message import Message


@dataclass(frozen=True)
class Part:
    """One block: a label (may be empty) and its lines; `quote` has the claim's words marked."""

    label: str
    lines: tuple[str, ...]
    quote: bool = False
    marks: tuple[tuple[int, int], ...] = ()


def plain_text(message: Message) -> str:
    """The whole message as plain text."""
    blocks = (_text_of(part) for part in _message_parts(message) if part.lines)
    return safe("\n\n".join(blocks)) + "\n"


def html_text(message: Message) -> str:
    """The whole message as one HTML page without scripts, pictures or outside parts."""
    body = "\n".join(_html_of(part) for part in _message_parts(message) if part.lines)
    return f'<!doctype html>\n<html lang="en"><head><meta charset="utf-8"><title>{escape(safe(message.subject))}</title></head>\n<body>\n{body}\n</body></html>\n'


def safe(text: str) -> str:
    """The text without control characters, which could order a terminal or a mail reader about; line ends stay."""
    return "".join(char for char in text if char == "\n" or unicodedata.category(char) not in ("Cc", "Cf", "Zl", "Zp"))


def one_line(text: str) -> str:
    """The text on one line, for a header or a subject."""
    return " ".join(safe(text).split())


def short_parts(message: Message) -> Iterator[str]:
    """The lines of a short message under its subject; of several alerts the first line of each."""
    if message.possible_repeat:
        yield "Possible repeat: it is unknown whether this was delivered before."
    if len(message.alerts) > 1 or message.kind in ("digest", "storm"):
        yield from (one_line(alert.words.first_line) for alert in message.alerts)
        yield _link(message.desk_url)
        return
    alert = message.alert
    yield one_line(alert.words.second_line)
    if message.missed:
        yield _missed(message.missed)
    if alert.lead.assertion is not None:
        yield f"“{one_line(alert.lead.assertion.evidence)}”"
    yield from (f"also: {one_line(line)}" for line in alert.words.also)
    yield from _links(alert, message.desk_url)


def _missed(number: int) -> str:
    plural = "s" if number != 1 else ""
    return f"{number} step{plural} of this while this channel was down or quiet: only the latest is sent"


def _message_parts(message: Message) -> Iterator[Part]:
    if message.possible_repeat:
        yield Part("", ("Possible repeat: it is unknown whether this was delivered before.",))
    if message.kind == "storm":
        yield Part(
            "", (message.subject, *(alert.words.first_line for alert in message.alerts), _link(message.desk_url))
        )
        return
    for alert in message.alerts:
        yield from parts(alert, message)


def parts(alert: Alert, message: Message) -> Iterator[Part]:
    """The parts of one alert in the order in which a person needs them."""
    words, said = alert.words, alert.lead.assertion
    yield Part("", (words.first_line, words.second_line))
    if message.missed:
        yield Part("", (_missed(message.missed),))
    if said is not None:
        yield Part("", (said.evidence,), quote=True, marks=said.marks)
        yield Part("", (_seen(alert),))
        yield Part("Stated", words.slots)
    if words.contradicts:
        yield Part("Contradicted", (words.contradicts,))
    if words.also:
        yield Part("Also in this report", words.also)
    yield Part(
        "Why you got it",
        tuple(f"{rule.title or rule.rule} (version {rule.version}): {'; '.join(rule.because)}" for rule in alert.rules),
    )
    yield Part("Why now", tuple(filter(None, (words.why_now, words.held_back))))
    if alert.lead.before:
        yield Part(
            "Before", tuple(f"{past.at:%d %b %H:%M} UTC: {past.status.replace('_', ' ')}" for past in alert.lead.before)
        )
    yield Part("Links", tuple(_links(alert, message.desk_url)))
    yield Part("Identity", (f"alert {alert.id}, revision {alert.revision}, detector {alert.detector}",))


def _seen(alert: Alert) -> str:
    head = alert.head
    if head is None:
        return "no article: said by the desk or by the clock"
    language = f", in {head.language}" if head.language else ""
    if head.published is None:
        return f"{head.outlet.name}{language}, seen {head.fetched:%d %b %H:%M} UTC, publication time not stated"
    lag = (head.fetched - head.published).total_seconds()
    return f"{head.outlet.name}{language}, published {head.published:%d %b %H:%M} → seen {head.fetched:%H:%M} UTC, {_span(lag)}"


def _span(seconds: float) -> str:
    return (
        f"{seconds:.0f} s"
        if seconds < 600
        else f"{seconds / 60:.0f} min"
        if seconds < 7200
        else f"{seconds / 3600:.0f} h"
    )


def _links(alert: Alert, desk_url: str) -> Iterator[str]:
    if alert.head is not None and alert.head.url.startswith(("http://", "https://")):
        yield f"Article: {alert.head.url}"
    if desk_url:
        yield f"Dossier: {desk_url}/dossiers/{alert.lead.dossier.id}"
        yield f"Confirm, wrong, mute, follow, acknowledge: {desk_url}/alerts/{alert.id}"


def _link(desk_url: str) -> str:
    return f"Desk: {desk_url}/queue" if desk_url else "Open the desk"


def _text_of(part: Part) -> str:
    lines = [_marked(part, "»", "«", str)] if part.quote else list(part.lines)
    body = "\n".join(f"> {line}" for line in lines) if part.quote else "\n".join(lines)
    return f"{part.label}:\n{body}" if part.label else body


def _html_of(part: Part) -> str:
    if part.quote:
        return f"<blockquote>{_marked(part, '<mark>', '</mark>', lambda text: escape(safe(text)))}</blockquote>"
    label = f"<strong>{escape(part.label)}</strong><br>\n" if part.label else ""
    lines = "<br>\n".join(escape(safe(line)) for line in part.lines)
    return f"<p>{label}{lines}</p>"


def _marked(part: Part, begin: str, end: str, escaped: Callable[[str], str]) -> str:
    text, place, out = part.lines[0], 0, []
    for first, last in sorted(part.marks):
        if first >= place:
            out += [escaped(text[place:first]), begin, escaped(text[first:last]), end]
            place = last
    return "".join([*out, escaped(text[place:])])

"""The alerts of one rule as an Atom feed (RFC 4287)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import NAMESPACE_URL, uuid5
from xml.etree import ElementTree as ET

from schemas.alerts import Alert

ATOM = "http://www.w3.org/2005/Atom"


def atom(title: str, address: str, alerts: Sequence[Alert], now: datetime) -> bytes:
    """The feed; `address` is the desk's own. Newest first, each entry under its alert's id and the time it was raised for."""
    feed = ET.Element("feed", xmlns=ATOM)
    _put(feed, "id", f"urn:uuid:{uuid5(NAMESPACE_URL, title)}")
    _put(feed, "title", title)
    _put(feed, "updated", (alerts[0].raised_for if alerts else now).isoformat())
    ET.SubElement(feed, "link", href=f"{address}/rules")
    for alert in alerts:
        feed.append(_entry(alert, address))
    return bytes(ET.tostring(feed, encoding="utf-8", xml_declaration=True))


def _entry(alert: Alert, address: str) -> ET.Element:
    entry, said = ET.Element("entry"), alert.lead.assertion
    _put(entry, "id", f"urn:uuid:{alert.id}")
    _put(entry, "title", alert.words.first_line)
    _put(entry, "updated", alert.raised_for.isoformat())
    author = ET.SubElement(entry, "author")
    _put(author, "name", (alert.head.outlet.name or alert.head.outlet.source) if alert.head else "Copytaster")
    _put(entry, "summary", f"{alert.words.second_line}\n{said.evidence if said else ''}".strip())
    ET.SubElement(entry, "link", href=f"{address}/dossiers/{alert.lead.dossier.id}")
    if alert.head:
        ET.SubElement(entry, "link", rel="via", href=alert.head.url)
    return entry


def _put(parent: ET.Element, name: str, text: str) -> None:
    child = ET.SubElement(parent, name)
    child.text = "".join(sign for sign in text if sign >= " " or sign in "\t\n")

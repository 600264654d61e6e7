"""Copy for the wire: two lines that can be pasted, with attribution and link."""

from __future__ import annotations

from schemas.alerts import Alert
from services.desk.house import HouseStyle


def wire_copy(alert: Alert, style: HouseStyle) -> str:
    """What happened and who says so; then the sentence word for word, with its outlet and address. The quote keeps its own spelling."""
    words, head, said = alert.words, alert.head, alert.lead.assertion
    first = style.of(f"{words.first_line}. {words.second_line}")
    outlet = (head.outlet.name or head.outlet.source) if head else ""
    quote = f"“{' '.join(said.evidence.split())}”" if said else ""
    return f"{first}\n{' '.join(part for part in (f'{outlet}:' if outlet else '', quote, head.url if head else '') if part)}"

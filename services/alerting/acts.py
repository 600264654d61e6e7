"""What people do that alerting remembers: mute, follow, acknowledge, and taking these back."""

from __future__ import annotations

from schemas.acts import Act, ActKind
from services.alerting.state import Memory, Values

Changes = dict[str, Values]


def changes_of(memory: Memory, act: Act) -> Changes:
    """What is remembered from this act on, by name; an empty value forgets. Acts that are not alerting's change nothing."""
    if act.kind is ActKind.undo:
        return _undone(memory, act)
    name, values = _named(act)
    if not name:
        return {}
    kind, _, rest = name.partition(":")
    before = memory.recall(kind, rest)
    return {name: values, f"act:{act.act}": (name, *before)}


def _named(act: Act) -> tuple[str, Values]:
    """The name under which an act is remembered, and what; `until` empty means without an end."""
    until = act.until.isoformat() if act.until else ""
    but = ("but_tell_if_status_changes",) if act.but_tell_if_status_changes else ()
    about = f"{act.dossier}:{act.person}"
    if act.dossier is not None:
        match act.kind:
            case ActKind.mute:
                return f"mute:{about}", (until, *but)
            case ActKind.follow:
                return f"follow:{about}", (until,)
            case ActKind.unmute:
                return f"mute:{about}", ()
            case ActKind.unfollow:
                return f"follow:{about}", ()
            case _:
                pass
    if act.kind in (ActKind.acknowledge, ActKind.claim) and act.alert is not None:
        return f"seen:{act.alert}", (act.person, act.at.isoformat())
    return "", ()


def _undone(memory: Memory, act: Act) -> Changes:
    known = memory.recall("act", str(act.undoes)) if act.undoes else ()
    if not known:
        return {}
    name, *before = known
    return {name: tuple(before), f"act:{act.undoes}": ()}

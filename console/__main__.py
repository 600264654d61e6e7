"""The `copytaster` command. Each group lives in a module of its own, imported only when it is asked for."""

from __future__ import annotations

import importlib
import importlib.util
import sys

GROUPS: dict[str, tuple[str, str]] = {
    "run": ("console.run", "Start everything on this machine and show where it is."),
    "try": ("console.trying", "Put JSON lines through one stage, without a broker."),
    "trace": ("console.trace", "Where did this story go: every stage, decision and reason."),
    "sources": ("console.sources", "List, add, pause and remove sources."),
    "rules": ("console.rules", "List, add and remove rules."),
    "feedback": ("console.feedback", "Give, list and export acts of people and feedback."),
    "delivery": ("console.delivery", "Pause, resume, resend, test; the delivery log."),
    "rebuild": ("console.rebuild", "Run the same decisions again over what is kept."),
    "replay": ("console.replay", "Run kept pages into a shadow namespace, which cannot send."),
    "compare": ("console.compare", "Two versions of a detector or of rules on the same articles."),
    "topics": ("console.topics", "Create, describe and check the topics."),
    "broker": ("console.broker", "Start and stop the development broker."),
    "dead-letters": ("console.dead_letters", "List, show and replay dead letters."),
    "doctor": ("console.doctor", "What is missing here, and the cure."),
}


def usage() -> str:
    """The list of groups, as `copytaster --help` shows it."""
    known = [(name, says) for name, (module, says) in GROUPS.items() if importlib.util.find_spec(module)]
    lines = "\n".join(f"  {name:<14}{says}" for name, says in known)
    return f"Usage: copytaster GROUP ...   (copytaster GROUP --help says more)\n\n{__doc__}\n\n{lines}\n"


def main(arguments: list[str] | None = None) -> None:
    """Call the group that the first argument names; its module is imported only now, so that help is quick."""
    group, *rest = (sys.argv[1:] if arguments is None else arguments) or ["--help"]
    if group in ("--help", "-h", "help"):
        sys.stdout.write(usage())
        return
    if group not in GROUPS:
        sys.stderr.write(f"copytaster: {group!r} is no group; it is one of {', '.join(GROUPS)}\n")
        raise SystemExit(2)
    importlib.import_module(GROUPS[group][0]).app(args=rest, prog_name=f"copytaster {group}")


if __name__ == "__main__":
    main()

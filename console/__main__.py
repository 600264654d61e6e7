"""The `copytaster` command. Each group lives in a module of its own, imported only when it is asked for."""

from __future__ import annotations

import importlib
from typing import Any

import click
import typer

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


class _LazyGroup(click.Group):
    """A group whose commands are imported when they are called, so that `--help` is quick."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return [name for name, (module, _) in GROUPS.items() if importlib.util.find_spec(module)]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in GROUPS:
            return None
        app: Any = importlib.import_module(GROUPS[cmd_name][0]).app
        command = typer.main.get_command(app)
        command.name = cmd_name
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl([(name, GROUPS[name][1]) for name in self.list_commands(ctx)])


@click.group(cls=_LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
def main() -> None:
    """Copytaster: ceasefires and sanctions, told once, with the sentence that proves it."""


if __name__ == "__main__":
    main(prog_name="copytaster")

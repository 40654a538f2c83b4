"""The ``qualipolis`` command. Each subcommand lives in its own module and is imported only when it is called.

To add a command, write a module here with a function whose parameters are ``typer`` options (help texts marked with
``msg("...")``), and name it in :data:`COMMANDS`. A command with commands of its own exposes a ``typer.Typer`` instead.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from importlib import import_module
from types import MethodType

import typer
from typer._click import Command, Context
from typer.core import TyperCommand, TyperGroup, TyperOption

from qualipolis.cli.words import Translate, asked_for, language, translator
from qualipolis.methods.problems import msg


@dataclass(frozen=True)
class Entry:
    """Where a command lives: module below this package, name in it, one line of help."""

    module: str
    name: str
    help: str


COMMANDS = {
    "demo": Entry("demo", "demo", msg("Build the synthetic city and open it in a browser.")),
    "init": Entry("init", "init", msg("Start a real city: empty, with its own units and codes.")),
    "serve": Entry("serve", "serve", msg("Serve the city's pages.")),
    "assess": Entry("assess", "assess", msg("Assess units from two tables: scores, ranks with intervals, report.")),
    "draw": Entry("draw", "draw", msg("Draw a sample that anyone can check.")),
    "import": Entry("import_", "import_", msg("Import tables into the city.")),
    "export": Entry("export", "export", msg("Export tables from the city.")),
    "verify": Entry("verify", "app", msg("Check that a release or the ledger still holds.")),
    "rerun": Entry("rerun", "rerun", msg("Run an audit document again and compare every number.")),
    "plan": Entry("plan", "app", msg("Find, draw or look up an acceptance plan.")),
    "estimate": Entry("estimate", "estimate", msg("Estimate from a sample: every domain with its interval.")),
    "examine": Entry("examine", "examine", msg("Examine a factory's measurements: findings, report, charts.")),
    "signal": Entry("signal", "signal", msg("Listen to reports: what is unusual this week, where, how sure.")),
    "triage": Entry("triage", "triage", msg("Sort texts into classes: lines of JSON in, lines of JSON out.")),
    "tick": Entry("tick", "tick", msg("Do what is due now: deadlines, reminders, checkpoints.")),
    "doctor": Entry("doctor", "doctor", msg("Look for what is wrong with this installation.")),
    "backup": Entry("backup", "backup", msg("Save the whole city to one file.")),
    "restore": Entry("backup", "restore", msg("Bring a city back from a backup file.")),
}


class LazyGroup(TyperGroup):
    """A group of commands: names and help from :data:`COMMANDS`, a module imported only when its command is called."""

    def list_commands(self, ctx: Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: Context, cmd_name: str) -> TyperCommand | None:
        entry = COMMANDS.get(cmd_name)
        return TyperCommand(cmd_name, help=spoken()(entry.help)) if entry else None

    def resolve_command(self, ctx: Context, args: list[str]) -> tuple[str | None, Command | None, list[str]]:
        name, found, rest = super().resolve_command(ctx, args)
        return name, load(str(name)) if found else None, rest


def spoken() -> Translate:
    """Return the translator for this call: ``--lang`` wherever it stands, else the environment."""
    return translator(language(asked_for()))


def load(name: str) -> Command:
    """Import the command ``name`` and give its help texts in the language of this call."""
    entry = COMMANDS[name]
    target = getattr(import_module(f"qualipolis.cli.{entry.module}"), entry.name)
    if not isinstance(target, typer.Typer):
        alone = typer.Typer(add_completion=False)
        alone.command(name)(target)
        target = alone
    command = typer.main.get_command(target)
    command.name, command.help = name, entry.help
    return in_words(command, spoken())


def in_words(command: Command, translate: Translate) -> Command:
    """Return ``command`` with its help, and that of its options and commands, translated in place."""
    command.help = translate(command.help or "")
    command.get_help_option = MethodType(partial(help_option, translate=translate), command)
    for param in command.params:
        if getattr(param, "help", None):
            param.help = translate(param.help)
    for inner in getattr(command, "commands", {}).values():
        in_words(inner, translate)
    return command


def help_option(command: Command, ctx: Context, translate: Translate) -> TyperOption | None:
    """Return the option ``--help`` of a command with its words translated."""
    option = type(command).get_help_option(command, ctx)
    if option is not None:
        option.help = translate(msg("Show this message and exit."))
    return option


def frame_in_words(translate: Translate) -> None:
    """Translate the headings that typer itself prints around a help page."""
    from typer import rich_utils

    rich_utils.ARGUMENTS_PANEL_TITLE = translate(msg("Arguments"))
    rich_utils.OPTIONS_PANEL_TITLE = translate(msg("Options"))
    rich_utils.COMMANDS_PANEL_TITLE = translate(msg("Commands"))
    rich_utils.DEFAULT_STRING = translate(msg("[default: {}]"))
    rich_utils.REQUIRED_LONG_STRING = translate(msg("[required]"))


USUAL = {"--sensitivity": "1024"}


def filled(words: Sequence[str]) -> list[str]:
    """Return the words of a call with the usual value after an option that may stand without one.

    >>> filled(["assess", "--sensitivity", "--audit"]), filled(["--sensitivity", "64"])
    (['assess', '--sensitivity', '1024', '--audit'], ['--sensitivity', '64'])
    """
    found: list[str] = []
    for word, after in zip(words, [*words[1:], ""], strict=True):
        found.append(word)
        if word in USUAL and not after.lstrip("-").isdigit():
            found.append(USUAL[word])
    return found


HELP = msg("Qualipolis: the quality system of a city, from measurement to honour.")
app = LazyGroup(name="qualipolis", help=HELP, no_args_is_help=True)


def main(args: Sequence[str] | None = None) -> None:
    """Run the command line."""
    given = filled(sys.argv[1:] if args is None else args)
    if not given or "--help" in given:
        frame_in_words(spoken())
    app.help = HELP
    in_words(app, spoken())
    app.main(args=given, prog_name="qualipolis")

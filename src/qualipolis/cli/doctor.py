"""``qualipolis doctor``: what is wrong with this installation, and what to do about it."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from qualipolis.cli.console import say
from qualipolis.cli.homes import HOME_HELP, choose_home, is_made, open_home
from qualipolis.methods.problems import msg

MARKS = {"ok": "✓", "warn": "!", "bad": "✗"}


def doctor(
    home: Annotated[Path | None, typer.Option(help=HOME_HELP)] = None,
) -> None:
    """Look for what is wrong with this installation; exit with 1 when something is."""
    from qualipolis.cli import examinations

    folder = choose_home(home)
    found = [*examinations.machine(folder)]
    if is_made(folder):
        open_home(folder)
        found += examinations.city(folder)
    else:
        found.append(examinations.Finding("warn", msg("There is no city in %(home)s."), {"home": folder}))
    for one in found:
        typer.echo(f"{MARKS[one.state]} ", nl=False)
        say(one.text, **one.params)
        if one.remedy:
            typer.echo("  → ", nl=False)
            say(one.remedy, **one.params)
    if any(one.state == "bad" for one in found):
        raise typer.Exit(1)

"""How the commands speak: sentences in the language of the caller, bars for what takes long, plain refusals."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import NoReturn

import typer
from rich.console import Console
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn

from qualipolis.cli.showing import say_problems
from qualipolis.cli.words import asked_for, language, translator
from qualipolis.methods.problems import InputError, msg

Tell = Callable[[str, float], None]


def say(text: str, *, error: bool = False, **params: object) -> None:
    """Print a message id in the language of the caller."""
    typer.echo(in_words(text, params), err=error)


def in_words(text: str, params: dict[str, object] | None = None) -> str:
    """Return a message id with its places filled, in the language of the caller."""
    words = translator(language(asked_for()))(text)
    return words % params if params else words


def refuse(text: str, **params: object) -> NoReturn:
    """Say what is wrong and end with exit status 1."""
    say(text, error=True, **params)
    raise typer.Exit(1)


def refuse_input(error: InputError) -> NoReturn:
    """Say everything that is wrong with an input and end with exit status 1."""
    say_problems(error.problems, translator(language(asked_for())))
    say(msg("Nothing was changed."), error=True)
    raise typer.Exit(1)


@contextmanager
def bar(title: str) -> Iterator[Tell]:
    """Show a bar on a terminal, a line each two seconds elsewhere; ``tell(message id, share)`` moves it."""
    if not sys.stderr.isatty():
        yield _lines()
        return
    columns = (TextColumn("{task.description}"), BarColumn(), TaskProgressColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task(in_words(title), total=1.0)
        yield lambda text, share: progress.update(task, description=in_words(text), completed=share)


def _lines() -> Tell:
    last = [time.monotonic()]

    def tell(text: str, share: float) -> None:
        if time.monotonic() - last[0] >= 2:
            last[0] = time.monotonic()
            typer.echo(f"{share:4.0%} {in_words(text)}", err=True)

    return tell

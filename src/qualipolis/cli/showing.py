"""What the command line prints: problems, and progress on work that takes more than two seconds."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from threading import Timer

from qualipolis.cli.words import Translate
from qualipolis.methods.problems import Problem, msg

PATIENCE = 2.0
LISTED = 100


def say_problems(problems: Sequence[Problem], translate: Translate, *, error: bool = True) -> None:
    """Print problems on standard error: where, what is wrong, what to do; in colour on a terminal."""
    colour, bold, dim, plain = ("\033[31m" if error else "\033[33m", "\033[1m", "\033[2m", "\033[0m")
    if not sys.stderr.isatty() or os.environ.get("NO_COLOR"):
        colour = bold = dim = plain = ""
    for problem in problems[:LISTED]:
        place = printable(place_in(problem, translate))
        head = f"{bold}{place}{plain}{translate(msg(': '))}" if place else ""
        what = printable(words_in(problem.what, problem.params, translate))
        say(f"{colour}•{plain} {head}{what}", error=True)
        if problem.remedy:
            say(f"  {dim}→ {printable(words_in(problem.remedy, problem.params, translate))}{plain}", error=True)
    if len(problems) > LISTED:
        say(translate(msg("… and %(count)s more.")) % {"count": len(problems) - LISTED}, error=True)


def printable(text: str) -> str:
    """Return ``text`` without what could move the cursor or colour the terminal: it came from a stranger's file.

    >>> printable("a\x1b[31mb")
    'a?[31mb'
    """
    return "".join(sign if sign.isprintable() else "?" for sign in text)


def place_in(problem: Problem, translate: Translate) -> str:
    """Return the place of a problem in the language of ``translate``."""
    told = getattr(problem.place, "text", None)
    return told(translate) if told else problem.place


def words_in(text: str, params: Mapping[str, object], translate: Translate) -> str:
    """Return a sentence with its places filled; a kind or reason that is itself a message is translated too."""
    said = {
        key: translate(value) if key in ("kind", "why") and isinstance(value, str) else value
        for key, value in params.items()
    }
    return translate(text) % said


def say(text: str = "", *, error: bool = False) -> None:
    """Print one line as it is."""
    print(text, file=sys.stderr if error else sys.stdout)


class Progress:
    """Named parts of a piece of work; they are shown only when it takes longer than people like to wait."""

    def __init__(self, parts: Mapping[str, str], translate: Translate) -> None:
        self.parts = {name: translate(text) for name, text in parts.items()}
        self.done = -1
        self.bar = None
        self.timer = Timer(PATIENCE, self.show)
        self.timer.daemon = True

    def __call__(self, name: str) -> None:
        """Note that the part called ``name`` begins."""
        self.done = list(self.parts).index(name) if name in self.parts else self.done
        if self.bar is not None:
            self.update()

    def show(self) -> None:
        """Begin to draw."""
        from rich.console import Console
        from rich.progress import BarColumn, TextColumn, TimeElapsedColumn
        from rich.progress import Progress as Bar

        bar = Bar(TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn(), console=Console(stderr=True))
        self.task = bar.add_task("", total=len(self.parts))
        bar.start()
        self.bar = bar
        self.update()

    def update(self) -> None:
        names = list(self.parts.values())
        description = names[self.done] if self.done >= 0 else ""
        self.bar.update(self.task, completed=max(self.done, 0), description=description)

    def close(self) -> None:
        """Stop drawing."""
        self.timer.cancel()
        if self.timer.is_alive():
            self.timer.join()
        if self.bar is not None:
            self.bar.update(self.task, completed=len(self.parts))
            self.bar.stop()


@contextmanager
def progress(parts: Mapping[str, str], translate: Translate) -> Iterator[Progress]:
    """Show progress over ``parts`` (name -> message id) once it has taken two seconds."""
    shown = Progress(parts, translate)
    if sys.stderr.isatty():
        shown.timer.start()
    try:
        yield shown
    finally:
        shown.close()

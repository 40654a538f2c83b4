"""``qualipolis verify certificate``: is this certificate genuine and valid? With the issuer's public key, no network."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from pathlib import Path
from typing import Annotated

import typer

from qualipolis.cli.showing import say, say_problems
from qualipolis.cli.words import language, translator
from qualipolis.methods.exams.certificate import Register, Verdict, check, keys_in, read_register
from qualipolis.methods.problems import InputError, Problem, msg

GENUINE_NOT_VALID, NOT_GENUINE, NOT_CHECKED = 3, 1, 2
LARGEST = 64 * 1024
SAID = (
    ("no", msg("Number: %(value)s")),
    ("holder", msg("Holder: %(value)s")),
    ("course_zh", msg("Course: %(value)s")),
    ("issued_on", msg("Issued on: %(value)s")),
    ("valid_to", msg("Valid until: %(value)s")),
)


def verify_certificate(
    file: Annotated[Path, typer.Argument(metavar="FILE", help=msg("Text of the certificate, as its QR code holds it."))],
    key: Annotated[Path, typer.Option(metavar="PUB", help=msg("Public keys of the issuer, hex or PEM."))],
    register: Annotated[Path | None, typer.Option(metavar="FILE", help=msg("Signed register of the issuer; without it revocations are not known."))] = None,
    on: Annotated[str | None, typer.Option(metavar="DATE", help=msg("Day on which it should hold; today unless given."))] = None,
    quiet: Annotated[bool, typer.Option("--quiet", help=msg("Say nothing; the exit code tells: 0 good, 1 not genuine, 3 genuine but not valid, 2 not checked."))] = False,
    lang: Annotated[str | None, typer.Option(metavar="zh|en", help=msg("Language of messages."))] = None,
) -> None:  # fmt: skip
    translate = translator(language(lang))
    try:
        found = _checked(file, key, register, on)
    except InputError as error:
        say_problems(error.problems, translate)
        raise typer.Exit(NOT_CHECKED) from None
    if not quiet:
        _tell(found, translate)
    if found.kind != "good":
        raise typer.Exit(GENUINE_NOT_VALID if found.genuine else NOT_GENUINE)


def _checked(file: Path, key: Path, register: Path | None, on: str | None) -> Verdict:
    keys = keys_in(_text(key, LARGEST))
    if not keys:
        what = msg("There is no public key in %(file)s.")
        raise InputError([Problem("no_key", what, "", {"file": key})])
    known: Register | None = read_register(_text(register, None), keys) if register else None
    return check(_text(file, LARGEST), keys, _day(on), known)


def _text(path: Path, most: int | None) -> str:
    try:
        with path.open(encoding="utf-8", errors="replace") as source:
            return source.read() if most is None else source.read(most)
    except OSError:
        raise InputError([Problem("no_file", msg("The file %(file)s cannot be read."), "", {"file": path})]) from None


def _day(on: str | None) -> dt.date:
    try:
        return dt.date.fromisoformat(on) if on else dt.date.today()
    except ValueError:
        raise InputError([Problem("bad_day", msg("Give the day as 2026-05-06."), place="--on")]) from None


def _tell(found: Verdict, translate: Callable[[str], str]) -> None:
    mark = "✓" if found.kind == "good" else "✗"
    say(f"{mark} {translate(found.words)}", error=found.kind != "good")
    for name, words in SAID:
        if found.genuine and found.said.get(name):
            say(translate(words) % {"value": found.said[name]})
    if found.entry is not None and found.entry.state != "issued":
        say(translate(msg("Since: %(day)s")) % {"day": found.entry.on})
    for note in found.notes:
        say(translate(note))

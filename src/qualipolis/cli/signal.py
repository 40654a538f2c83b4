"""``qualipolis signal``: from a table of reports to what is unusual this week, where, why and how sure."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Annotated

import typer

from qualipolis.cli.showing import printable, progress, say, say_problems
from qualipolis.cli.words import Translate, language, translator
from qualipolis.methods.problems import InputError, Problem, msg

DATA_HELP = msg("Table of reports, csv or xlsx: one row for each, with day, product, hazard, place.")
CONFIG_HELP = msg("Names of the columns and what counts as a signal; see examples/signal.toml.")
PARTS = {
    "read": msg("Reading the reports"),
    "listen": msg("Listening to every product, hazard and place"),
    "write": msg("Writing"),
}
TOLD = 12
ALL = (msg("all products"), msg("all hazards"), "")


def signal(
    data: Annotated[Path, typer.Option(metavar="FILE", help=DATA_HELP)],
    config: Annotated[Path, typer.Option(metavar="CONF.toml", help=CONFIG_HELP)],
    out: Annotated[Path, typer.Option(metavar="DIR", help=msg("Folder for tables, page and run record."))],
    lang: Annotated[
        str | None, typer.Option(metavar="zh|en", help=msg("Language of messages and of the report."))
    ] = None,
) -> None:
    spoken = language(lang)
    translate = translator(spoken)
    try:
        _carried_out(data, config, out, spoken, translate)
    except InputError as error:
        say(translate(msg("Nothing was written. Please mend:")), error=True)
        say_problems(error.problems, translate)
        raise typer.Exit(2) from None
    except BrokenPipeError:  # whoever reads what is told has seen enough; the files are written
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    except OSError as error:
        what = msg("A file cannot be read or written: %(why)s.")
        place = str(error.filename or out)
        say_problems([Problem("no_file", what, "", {"why": error.strerror or str(error)}, place=place)], translate)
        raise typer.Exit(2) from None


def _carried_out(data: Path, config: Path, out: Path, lang: str, translate: Translate) -> None:
    from qualipolis.lake.signals import listen, read_config, read_places, read_reports, write

    with progress(PARTS, translate) as part:
        part("read")
        sources = {config.name: config.read_bytes()}
        asked = read_config(sources[config.name], config.name)
        sources[data.name] = data.read_bytes()
        reports = read_reports(sources[data.name], asked, name=data.name)
        places = None
        if asked.space.file:
            file = config.parent / asked.space.file
            sources[file.name] = file.read_bytes()
            places = read_places(sources[file.name], asked, name=file.name)
        part("listen")
        heard = listen(reports, asked, places)
        part("write")
        written = write(heard, out, sources, lang)
    tell(heard, translate)
    say(translate(msg("Written to %(directory)s: %(files)s")) % {"directory": out, "files": ", ".join(written)})


def tell(heard: object, translate: Translate) -> None:
    """Print the week in short: how much was judged, every signal with its reason, what to know."""
    from qualipolis.lake.signals.listening import Heard
    from qualipolis.lake.signals.notes import NAMES, notes_on

    assert isinstance(heard, Heard)
    found = heard.latest.verdicts(("signal",))
    head = msg("Week from %(week)s: %(signals)s signals, %(watch)s to watch, of %(tests)s judged.")
    watch = int((heard.latest.level == "watch").sum())
    counts = {"week": heard.weeks[-1], "signals": len(found), "watch": watch, "tests": heard.latest.tests}
    say(translate(head) % counts)
    for one in found[:TOLD]:
        parts = zip(one.key, ALL, strict=True)  # type: ignore[call-overload]
        key = " · ".join(part or translate(every) for part, every in parts if part or every)
        say(printable(f"! {key}: {one.why(translate, NAMES)}"))
    if len(found) > TOLD:
        say(translate(msg("… and %(count)s more.")) % {"count": len(found) - TOLD})
    for note in notes_on(heard):
        say(printable(f"· {note.said(translate)}"))

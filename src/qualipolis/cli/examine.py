"""``qualipolis examine``: from a factory's file to findings, as JSON, as a report and as charts."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from qualipolis.cli.showing import printable, say, say_problems
from qualipolis.cli.words import Translate, language, translator
from qualipolis.methods.problems import InputError, Problem, msg

FILE_HELP = msg("Measurements: csv, txt, xlsx, Q-DAS (dfq, dfd with dfx), QIF.")
SPEC_HELP = msg("Limits LOWER:UPPER or LOWER:UPPER:TARGET, one side may be empty; NAME=… for one characteristic.")
INSTRUMENT_HELP = msg("auto, or a chart: individuals, xbar_r, xbar_s, ewma, cusum, trend, p, np, c, u, g, t …")
PHASE_HELP = msg("First point of a phase and its name, POINT or POINT:NAME; may be given more than once.")


def examine(
    file: Annotated[Path, typer.Argument(metavar="FILE", help=FILE_HELP)],
    out: Annotated[Path, typer.Option(metavar="DIR", help=msg("Folder for findings.json, report.pdf and charts."))],
    spec: Annotated[list[str] | None, typer.Option(metavar="LOWER:UPPER", help=SPEC_HELP)] = None,
    instrument: Annotated[str, typer.Option(metavar="auto|NAME", help=INSTRUMENT_HELP)] = "auto",
    characteristic: Annotated[str, typer.Option(metavar="NAME", help=msg("Examine only this one."))] = "",
    phase: Annotated[list[str] | None, typer.Option(metavar="POINT:NAME", help=PHASE_HELP)] = None,
    rules: Annotated[str, typer.Option(help=msg("nelson, western_electric, minitab or limits."))] = "nelson",
    lang: Annotated[
        str | None, typer.Option(metavar="zh|en", help=msg("Language of messages and of the report."))
    ] = None,
) -> None:
    spoken = language(lang)
    translate = translator(spoken)
    try:
        _carried_out(file, out, spec or [], instrument, characteristic, phase or [], rules, spoken, translate)
    except InputError as error:
        say(translate(msg("Nothing was written. Please mend:")), error=True)
        say_problems(error.problems, translate)
        raise typer.Exit(2) from None
    except OSError as error:
        what = msg("A file cannot be read or written: %(why)s.")
        place = str(error.filename or out)
        say_problems([Problem("no_file", what, "", {"why": error.strerror or str(error)}, place=place)], translate)
        raise typer.Exit(2) from None


def _carried_out(
    file: Path, out: Path, spec: list[str], instrument: str, characteristic: str, phase: list[str], rules: str,
    lang: str, translate: Translate,
) -> None:  # fmt: skip
    from qualipolis.cli.examine_options import phases_of, specifications_of
    from qualipolis.cli.examine_output import tell, write
    from qualipolis.lake.factory import read_measurements
    from qualipolis.lake.factory.examining import examine as examined

    limits, phases = specifications_of(spec), phases_of(phase)
    measured = read_measurements(file, languages=(lang, "en"))
    found = examined(
        measured,
        characteristic=characteristic,
        specifications=limits,
        instrument=instrument,
        rules=rules,
        phases=phases,
    )
    written = write(measured, found, out, lang, translate)
    for note in measured.preview(translate).splitlines():
        say(printable(note))
    tell(found, translate)
    say(translate(msg("Written to %(directory)s: %(files)s")) % {"directory": out, "files": ", ".join(written)})

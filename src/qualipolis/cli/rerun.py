"""``qualipolis rerun``: run an audit document again, and say whether every number comes out as it stands in it."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from qualipolis.cli.showing import Progress, printable, progress, say, say_problems
from qualipolis.cli.words import Translate, language, translator
from qualipolis.methods.problems import InputError, Problem, msg

PARTS = {
    "hashes": msg("Checking the document"),
    "read": msg("Reading the tables"),
    "score": msg("Computing scores"),
    "replicate": msg("Drawing rank intervals"),
    "sensitivity": msg("Testing the assumptions"),
    "compare": msg("Comparing the numbers"),
}


def rerun(
    file: Annotated[Path, typer.Argument(metavar="FILE.html", help=msg("Audit document of a release."))],
    out: Annotated[
        Path | None, typer.Option(metavar="DIR", help=msg("Also write what is computed again; new or empty."))
    ] = None,
    quiet: Annotated[bool, typer.Option("--quiet", help=msg("Say only what does not hold."))] = False,
    lang: Annotated[str | None, typer.Option(metavar="zh|en", help=msg("Language of messages."))] = None,
) -> None:
    translate = translator(language(lang))
    try:
        with progress(PARTS, translate) as step:
            made = carried_out(file, out, step)
    except InputError as error:
        say(translate(msg("It cannot be run again:")), error=True)
        say_problems(error.problems, translate)
        raise typer.Exit(2) from None
    except OSError as error:
        what = Problem("unwritable", msg("It cannot be written: %(why)s."), "", {"why": error.strerror or str(error)})
        say_problems([what], translate)
        raise typer.Exit(2) from None
    tell(made, out, translate, quiet=quiet)
    if not made.found.ok:
        raise typer.Exit(1)


def carried_out(file: Path, out: Path | None, step: Progress) -> Any:
    """Run the document again, and write what came out where that was asked for."""
    from qualipolis.lake.audit import rerun_file
    from qualipolis.lake.release import refuse_occupied, write_release

    if out is not None:
        refuse_occupied(out, force=False)
    made = rerun_file(file, step)
    if out is not None and made.assessment is not None:
        write_release(out, made.about(), made.assessment)
    return made


def tell(made: Any, out: Path | None, translate: Translate, *, quiet: bool) -> None:
    """Say what holds, then everything that does not, and what is of another version here."""
    failed = [check.detail for check in made.found.steps if not check.ok and check.detail]
    notes = [check.detail for check in made.found.steps if check.ok and check.detail]
    for check in made.found.steps:
        if check.ok and not quiet:
            say(printable(f"✓ {check.text(translate)}"))
    if failed:
        say(translate(msg("The document does not hold:")), error=True)
        say_problems(failed, translate)
        if notes:
            say(translate(msg("What is different on this machine and may be the cause:")), error=True)
    if notes and not (quiet and not failed):
        say_problems(notes, translate, error=False)
    if not failed and not quiet:
        text = msg("Every number comes out as it stands in the document. Content hash: %(hash)s")
        say(printable(translate(text) % {"hash": made.found.content_hash}))
    if out is not None and made.assessment is not None and not quiet:
        say(translate(msg("Computed again into %(directory)s")) % {"directory": out})

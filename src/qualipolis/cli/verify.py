"""``qualipolis verify``: does a release, or the ledger, still hold?"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from qualipolis.cli.showing import progress, say, say_problems
from qualipolis.cli.words import language, translator
from qualipolis.methods.problems import msg

app = typer.Typer(add_completion=False, no_args_is_help=True)
PARTS = {
    "hashes": msg("Checking the files"),
    "read": msg("Reading the tables"),
    "score": msg("Computing scores"),
    "replicate": msg("Drawing rank intervals"),
    "compare": msg("Comparing the numbers"),
}


@app.command("release", help=msg("Check a release: every file, and every number computed again."))
def release(
    directory: Annotated[Path, typer.Argument(metavar="DIR", help=msg("Folder of the release."))],
    quiet: Annotated[bool, typer.Option("--quiet", help=msg("Say only what does not hold."))] = False,
    lang: Annotated[str | None, typer.Option(metavar="zh|en", help=msg("Language of messages."))] = None,
) -> None:
    from qualipolis.lake.release import verify_release

    translate = translator(language(lang))
    with progress(PARTS, translate) as step:
        found = verify_release(directory, step)
    for check in found.steps:
        if check.ok and not quiet:
            say(f"✓ {check.text(translate)}")
            if check.detail is not None:
                say_problems([check.detail], translate, error=False)
    if found.first_problem is not None:
        say(translate(msg("The release does not hold:")), error=True)
        say_problems([found.first_problem], translate)
        raise typer.Exit(1)
    say(translate(msg("The release holds: %(hash)s")) % {"hash": found.release_hash})


@app.callback()
def verify() -> None:
    """Keep ``release`` a command of its own."""

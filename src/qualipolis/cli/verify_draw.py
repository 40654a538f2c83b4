"""``qualipolis verify draw``: is this draw the one its frame, plan and randomness lead to?"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from qualipolis.cli.showing import say, say_problems
from qualipolis.cli.words import language, translator
from qualipolis.methods.problems import msg

PROVES = msg(
    "This shows that the sample follows from frame, plan and randomness. That they stood before the randomness did, only "
    "the date shows on which the hash of promise.json was published: %(hash)s"
)


def verify_draw(
    directory: Annotated[Path, typer.Argument(metavar="DIR", help=msg("Folder of the draw."))],
    quiet: Annotated[bool, typer.Option("--quiet", help=msg("Say only what does not hold."))] = False,
    lang: Annotated[str | None, typer.Option(metavar="zh|en", help=msg("Language of messages."))] = None,
) -> None:
    from qualipolis.cli.draw_checks import checks
    from qualipolis.cli.draw_files import PROMISE, hash_of

    translate = translator(language(lang))
    for what, problem in checks(directory):
        if problem is not None:
            say(translate(msg("The draw does not hold:")), error=True)
            say_problems([problem], translate)
            raise typer.Exit(1)
        if not quiet:
            say(f"✓ {translate(what)}")
    if not quiet:
        say(translate(PROVES) % {"hash": hash_of(directory / PROMISE)})

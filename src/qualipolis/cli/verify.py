"""``qualipolis verify``: does a release, or the ledger, still hold?"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Any

import typer

from qualipolis.cli.console import bar
from qualipolis.cli.homes import HOME_HELP, choose_home, is_made, open_home
from qualipolis.cli.rerun import rerun
from qualipolis.cli.showing import progress, say, say_problems
from qualipolis.cli.verify_certificate import verify_certificate
from qualipolis.cli.verify_draw import verify_draw
from qualipolis.cli.words import language, translator
from qualipolis.methods.problems import msg

HOME_OF_RELEASE = msg("Also compare with the register and the ledger of the city in this folder.")
PROVES = msg(
    "This shows that the bundle is whole and that its numbers follow from its inputs. Whether the city published it, "
    "only a comparison of the first hash with the city's register shows."
)
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
    home: Annotated[Path | None, typer.Option(help=HOME_OF_RELEASE)] = None,
    quiet: Annotated[bool, typer.Option("--quiet", help=msg("Say only what does not hold."))] = False,
    lang: Annotated[str | None, typer.Option(metavar="zh|en", help=msg("Language of messages."))] = None,
) -> None:
    from qualipolis.lake.release import verify_release

    translate = translator(language(lang))
    with progress(PARTS, translate) as step:
        found = verify_release(directory, step)
    own = home or _home_around(directory)
    if own is not None:
        found = _with_register(found, own, translate)
    for check in found.steps:
        if check.ok and not quiet:
            say(f"✓ {check.text(translate)}")
            if check.detail is not None:
                say_problems([check.detail], translate, error=False)
    if found.first_problem is not None:
        say(translate(msg("The release does not hold:")), error=True)
        say_problems([found.first_problem], translate)
        raise typer.Exit(1)
    if not quiet:
        say(translate(msg("The release holds: %(hash)s")) % {"hash": found.release_hash})
        say(translate(msg("Hash printed in the report: %(hash)s")) % {"hash": found.content_hash})
        if own is None:
            say(translate(PROVES))


app.command("audit", help=msg("Check an audit document: every hash, and every number computed again."))(rerun)
app.command("draw", help=msg("Check a draw: frame, plan and randomness, and the sample drawn again."))(verify_draw)
app.command(
    "certificate",
    help=msg("Check a certificate with the issuer's public key: forged, changed, revoked, run out, or good."),
)(verify_certificate)


def _home_around(directory: Path) -> Path | None:
    """Return the home of the city that keeps ``directory`` among its releases, if one does."""
    folder = directory.resolve()
    around = folder.parent.parent
    return around if folder.parent.name == "releases" and is_made(around) and (around / "keys").is_dir() else None


def _with_register(found: Any, home: Path, translate: Callable[[str], str]) -> Any:
    """Compare with what the city's own register and ledger say of the release with this number."""
    if not is_made(home):
        say(translate(msg("There is no city in %(home)s.")) % {"home": home}, error=True)
        raise typer.Exit(1)
    open_home(home)
    from qualipolis.city.assess.releases import register_checks

    return register_checks(found)


@app.command("ledger", help=msg("Check the ledger: every event, and every signed checkpoint."))
def ledger(
    home: Annotated[Path | None, typer.Option(help=HOME_HELP)] = None,
    quiet: Annotated[bool, typer.Option("--quiet", help=msg("Say only what does not hold."))] = False,
    lang: Annotated[str | None, typer.Option(metavar="zh|en", help=msg("Language of messages."))] = None,
) -> None:
    translate = translator(language(lang))
    folder = choose_home(home)
    if not is_made(folder):
        say(translate(msg("There is no city in %(home)s.")) % {"home": folder}, error=True)
        raise typer.Exit(1)
    open_home(folder)
    from qualipolis.city.core.verification import verify_ledger

    with bar(msg("Reading the ledger")) as tell:
        found = verify_ledger(lambda read, total: tell(msg("Reading the ledger"), read / max(total, 1)))
    if found.finding is not None:
        say(translate(msg("The ledger does not hold:")), error=True)
        say(found.finding.text(translate), error=True)
        raise typer.Exit(1)
    if not quiet:
        counts = {"events": found.events, "checkpoints": found.checkpoints}
        say(translate(msg("The ledger holds: %(events)s events, %(checkpoints)s signed checkpoints.")) % counts)
        say(found.last_hash)

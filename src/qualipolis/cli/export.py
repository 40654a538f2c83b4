"""``qualipolis export``: a list of the city as xlsx, csv or PDF, the same as the page hands out."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from qualipolis.cli.console import refuse, refuse_input, say
from qualipolis.cli.homes import HOME_HELP, choose_home, is_made, open_home
from qualipolis.methods.problems import InputError, msg


def export(
    name: Annotated[str, typer.Argument(help=msg("The list, for example enterprises; a wrong name lists them all."))],
    out: Annotated[Path, typer.Argument(help=msg("The file to write; its ending (xlsx, csv, pdf) is its form."))],
    where: Annotated[
        list[str] | None, typer.Option("--where", help=msg("A filter, for example unit=441900119; repeatable."))
    ] = None,
    home: Annotated[Path | None, typer.Option(help=HOME_HELP)] = None,
) -> None:
    """Export tables from the city."""
    folder = choose_home(home)
    if not is_made(folder):
        refuse(msg("There is no city in %(home)s."), home=folder)
    open_home(folder)
    from qualipolis.city.core.listings import LISTINGS
    from qualipolis.city.core.policy import System
    from qualipolis.faces.report.downloads import MEDIA, written

    form = out.suffix.lstrip(".").lower()
    if name not in LISTINGS:
        refuse(msg("There is no list %(name)s. The lists are: %(known)s."), name=name, known=", ".join(LISTINGS))
    if form not in MEDIA:
        refuse(msg("%(file)s must end in .xlsx, .csv or .pdf."), file=out)
    if not out.resolve().parent.is_dir():
        refuse(msg("%(file)s cannot be written: name a file in a folder that exists."), file=out)
    try:
        rows, data = written(LISTINGS[name], form, System("export"), _filters(where or []))
    except InputError as error:
        refuse_input(error)
    partial = out.with_name(f".{out.name}.part")
    partial.write_bytes(data)
    partial.replace(out)
    say(msg("%(n)s rows written to %(file)s."), n=rows, file=out)


def _filters(where: list[str]) -> dict[str, str]:
    found = {}
    for text in where:
        key, sign, value = text.partition("=")
        if not sign or not key:
            refuse(msg("%(text)s is no filter; write name=value."), text=text)
        found[key] = value
    return found

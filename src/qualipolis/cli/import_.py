"""``qualipolis import``: a table into the city's registry, whole or not at all."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from qualipolis.cli.console import bar, refuse, refuse_input, say
from qualipolis.cli.homes import HOME_HELP, choose_home, is_made, open_home
from qualipolis.cli.locks import held
from qualipolis.methods.problems import InputError, msg

MAP = "map"


def import_(
    table: Annotated[
        str,
        typer.Argument(
            help=msg("The table, for example enterprises, or map for a GeoJSON file; a wrong name lists them all.")
        ),
    ],
    file: Annotated[Path, typer.Argument(help=msg("The file: xlsx, csv in UTF-8 or GB18030, or GeoJSON for the map."))],
    sheet: Annotated[str | None, typer.Option(help=msg("The sheet of the workbook."))] = None,
    skip_bad_rows: Annotated[
        bool, typer.Option("--skip-bad-rows", help=msg("Take the good rows and leave the bad ones out."))
    ] = False,
    home: Annotated[Path | None, typer.Option(help=HOME_HELP)] = None,
) -> None:
    """Import tables into the city."""
    folder = choose_home(home)
    if not is_made(folder):
        refuse(msg("There is no city in %(home)s."), home=folder)
    if not file.is_file():
        refuse(msg("There is no file %(file)s."), file=file)
    open_home(folder)
    if table == MAP:
        _map(file)
        return
    with held(folder, alone=False):
        counts = _table(table, file, sheet, skip_bad_rows)
    say(msg("%(made)s new, %(changed)s updated, %(left_out)s left out."), **counts)


def _table(table: str, file: Path, sheet: str | None, skip_bad_rows: bool) -> dict[str, int]:
    """Take one table of the registry."""
    from qualipolis.city.core.policy import System
    from qualipolis.city.registry import service
    from qualipolis.city.registry.tables import TABLES
    from qualipolis.lake.encodings import Limits

    if table not in TABLES:
        refuse(
            msg("There is no table %(table)s. The tables are: %(known)s."), table=table, known=", ".join([*TABLES, MAP])
        )
    if file.stat().st_size > Limits().bytes:
        refuse(msg("%(file)s is over the limit of 50 MB. Split it and import the parts."), file=file)
    with bar(msg("Importing")) as tell:
        try:
            return service.import_table(
                System("import"),
                None,
                table,
                file.read_bytes(),
                file.name,
                sheet=sheet,
                skip_bad_rows=skip_bad_rows,
                progress=lambda done, total: tell(msg("Importing"), done / max(total, 1)),
            )
        except InputError as error:
            refuse_input(error)


def _map(file: Path) -> None:
    """Take a GeoJSON file of the units."""
    from qualipolis.city.core.policy import System
    from qualipolis.city.registry import service
    from qualipolis.city.registry.geography import LARGEST

    if file.stat().st_size > LARGEST:
        refuse(msg("%(file)s is over the limit of 50 MB. Split it and import the parts."), file=file)
    try:
        counts = service.import_map(System("import"), None, file.read_bytes(), file.name)
    except InputError as error:
        refuse_input(error)
    say(msg("%(placed)s units have a place on the map, %(without_place)s assessed ones have none."), **counts)

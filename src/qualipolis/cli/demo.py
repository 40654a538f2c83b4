"""``qualipolis demo``: a synthetic city with known truth, at a local address, choose a role and you are in."""

from __future__ import annotations

import hashlib
import os
import shutil
from pathlib import Path
from typing import Annotated

import typer

from qualipolis import __version__
from qualipolis.cli.console import bar, refuse, say
from qualipolis.cli.homes import HOME_HELP, open_home
from qualipolis.cli.locks import held
from qualipolis.cli.serve import migrate, port_is_free, run
from qualipolis.methods.problems import msg

HOST = "127.0.0.1"
MARK = "this-is-a-demo"
SCALES = ("city", "province")


def demo(
    serve: Annotated[bool, typer.Option("--serve/--no-serve", help=msg("Serve the pages when it is built."))] = True,
    home: Annotated[Path | None, typer.Option(help=HOME_HELP)] = None,
    seed: Annotated[int, typer.Option(min=0, help=msg("The same seed gives the same city."))] = 2022,
    scale: Annotated[str, typer.Option(help=msg("city (33 units) or province (21 cities)."))] = "city",
    port: Annotated[int, typer.Option(min=1, max=65535, help=msg("The port; the next free one if taken."))] = 8000,
) -> None:
    """Build the synthetic city and open it in a browser."""
    if scale not in SCALES:
        refuse(msg("The scale is city or province."))
    folder = (home or Path("var/demo" if scale == "city" else "var/demo-province")).resolve()
    os.environ.pop("DATABASE_URL", None)
    make(folder, seed, scale)
    if not serve:
        say(msg("The demo city is ready in %(home)s."), home=folder)
        return
    free = next((p for p in range(port, min(port + 50, 65536)) if port_is_free(HOST, p)), None)
    if free is None:
        refuse(msg("No free port from %(port)s on. Choose another with --port."), port=port)
    with held(folder, alone=False):
        run(HOST, free, ready=lambda: told(free))


def told(port: int) -> None:
    """Say where the demo is."""
    say(msg("The demo city is at http://localhost:%(port)s/  (all names and figures are invented)"), port=port)
    say(msg("Stop with Ctrl+C."))


def make(folder: Path, seed: int, scale: str) -> None:
    """Leave the city of ``seed`` and ``scale`` in ``folder``, building only what is not there."""
    if finished(folder):
        open_home(folder, demo=True)
        if is_built(seed, scale):
            return
    with held(folder, alone=True):
        prepare(folder)
        open_home(folder, demo=True)
        migrate()
        if not is_built(seed, scale):
            build(folder, seed, scale)


def finished(folder: Path) -> bool:
    """Whether a demo was built here to its end."""
    mark = folder / MARK
    return mark.exists() and mark.read_text() == "built"


def version() -> str:
    """Return what the demo is built with: another version, catalogue or set of tables builds it anew."""
    from django.db.migrations.loader import MigrationLoader

    from qualipolis.city.measure.catalogue import CATALOGUE_VERSION

    tables = sorted(".".join(name) for name in MigrationLoader(None).graph.leaf_nodes())
    return f"{__version__}/{CATALOGUE_VERSION}/{hashlib.sha256(repr(tables).encode()).hexdigest()[:8]}"


def prepare(folder: Path) -> None:
    """Refuse a folder that is not a demo; begin anew in one whose building was cut short."""
    if folder.exists() and any(folder.iterdir()) and not (folder / MARK).exists():
        refuse(msg("%(home)s holds something that is not a demo. Choose another folder with --home."), home=folder)
    if (folder / MARK).exists() and not finished(folder):
        shutil.rmtree(folder)
    if not folder.exists() or not (folder / MARK).exists():
        folder.mkdir(parents=True, exist_ok=True)
        (folder / MARK).write_text("building")


def is_built(seed: int, scale: str) -> bool:
    """Whether the database holds the city of this seed, scale and version, with the tables of this version."""
    from django.db import DatabaseError

    from qualipolis.city.core.queries import city

    try:
        served = city()
    except DatabaseError:
        return False
    return served is not None and (served.seed, served.scale, served.built_with) == (seed, scale, version())


def build(folder: Path, seed: int, scale: str) -> None:
    """Fill the home with a new synthetic city; what another seed left is thrown away first."""
    from django.db import connection

    from qualipolis.city.core.checkpoints import make_checkpoint
    from qualipolis.city.core.models import City
    from qualipolis.city.core.policy import System
    from qualipolis.demo import build_city

    if City.objects.exists():
        connection.close()
        empty(folder)
        migrate()
    (folder / MARK).write_text("building")
    with bar(msg("Building the demo city")) as tell:
        build_city(folder, seed=seed, scale=scale, progress=tell)
    City.objects.update(seed=seed, scale=scale, built_with=version())
    make_checkpoint(System("demo"))
    (folder / MARK).write_text("built")


def empty(folder: Path) -> None:
    """Remove everything in a demo's home but its mark and its secret key, which this process already uses."""
    for entry in folder.iterdir():
        if entry.name == MARK:
            continue
        if entry.is_dir() and entry.name != "keys":
            shutil.rmtree(entry)
        elif entry.is_file():
            entry.unlink()
    (folder / "keys" / "ledger.pub").unlink(missing_ok=True)
    (folder / "keys" / "ledger.key").unlink(missing_ok=True)

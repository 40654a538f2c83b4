"""``qualipolis backup`` and ``qualipolis restore``: the whole city in one file, and back."""

from __future__ import annotations

import shutil
import tempfile
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any

import typer

from qualipolis import __version__
from qualipolis.cli import archive, snapshots
from qualipolis.cli.console import bar, refuse, refuse_input, say
from qualipolis.cli.homes import HOME_HELP, choose_home, is_made, open_home
from qualipolis.cli.locks import held
from qualipolis.cli.serve import migrate
from qualipolis.methods.problems import InputError, msg

RECOMPUTED = {"lake", "static", "jobs"}


def backup(
    file: Annotated[Path, typer.Argument(help=msg("The file to write, for example city-2022-06-10.tar.gz."))],
    home: Annotated[Path | None, typer.Option(help=HOME_HELP)] = None,
    with_keys: Annotated[bool, typer.Option(help=msg("Also the private keys; keep such a file locked away."))] = False,
) -> None:
    """Save the whole city to one file."""
    folder = choose_home(home)
    if not is_made(folder):
        refuse(msg("There is no city in %(home)s."), home=folder)
    if file.is_dir() or not file.resolve().parent.is_dir():
        refuse(msg("%(file)s cannot be written: name a file in a folder that exists."), file=file)
    open_home(folder)
    with held(folder, alone=False), tempfile.TemporaryDirectory(dir=file.resolve().parent) as staging:
        manifest = _save(file, folder, Path(staging), with_keys)
    say(msg("Saved %(n)s files to %(file)s."), n=len(manifest.files), file=file)
    if not with_keys:
        say(msg("The private keys are not in it: after restoring, everyone signs in again and new keys are made."))


def _save(file: Path, folder: Path, staging: Path, with_keys: bool) -> archive.Manifest:
    """Take the rows first and the files then: a row never names a file that the backup lacks."""
    database = staging / "database"
    database.mkdir()
    engine = snapshots.take(database)
    about = {"engine": engine, "version": __version__, "made_at": datetime.now(UTC).isoformat(timespec="seconds")}
    about |= {"migrations": snapshots.migrations(), "with_keys": with_keys, "home": folder.name}
    sources = {f"database/{path.name}": path for path in database.iterdir()}
    sources |= {f"home/{name}": path for name, path in _files(folder, staging, with_keys)}
    with bar(msg("Writing the backup")) as tell:
        return archive.write(
            file, about, sources, lambda done, size: tell(msg("Writing the backup"), done / max(size, 1))
        )


def _files(folder: Path, staging: Path, with_keys: bool) -> list[tuple[str, Path]]:
    """Return the files of the home that cannot be computed again; those that grow are copied first."""
    found = []
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder)
        private = path.suffix == ".key" and not with_keys
        database = len(name.parts) == 1 and name.name.startswith(snapshots.SQLITE_FILE)
        if not path.is_file() or path.is_symlink() or name.parts[0] in RECOMPUTED or private or database:
            continue
        if name.parts[0] in ("checkpoints", "keys"):
            copy = staging / f"{len(found)}.copy"
            shutil.copyfile(path, copy)
            path = copy
        found.append((name.as_posix(), path))
    return found


def restore(
    file: Annotated[Path, typer.Argument(help=msg("The backup file."))],
    home: Annotated[Path | None, typer.Option(help=HOME_HELP)] = None,
    force: Annotated[bool, typer.Option("--force", help=msg("Put it in place of what is there."))] = False,
) -> None:
    """Bring a city back from a backup file."""
    folder = choose_home(home)
    if not file.is_file():
        refuse(msg("There is no file %(file)s."), file=file)
    if folder.exists() and any(folder.iterdir()) and not force:
        refuse(msg("%(home)s is not empty. Choose another folder, or say --force."), home=folder)
    folder.parent.mkdir(parents=True, exist_ok=True)
    with held(folder, alone=True), tempfile.TemporaryDirectory(dir=folder.parent, prefix=".restoring-") as place:
        try:
            old = _bring(file, folder, Path(place), force)
        except InputError as error:
            refuse_input(error)
    say(msg("The city is back in %(home)s, and its ledger holds."), home=folder)
    if old:
        say(msg("What was there before is now in %(old)s."), old=old)


def _bring(file: Path, folder: Path, place: Path, force: bool) -> Path | None:
    """Unpack, check everything in a folder beside, and only then put it in its place."""
    unpacked = place / "unpacked"
    unpacked.mkdir()
    with bar(msg("Reading the backup")) as tell:
        manifest = archive.unpack(
            file, unpacked, lambda done, size: tell(msg("Reading the backup"), done / max(size, 1))
        )
    fresh = unpacked / "home"
    fresh.mkdir(exist_ok=True)
    engine = manifest.about.get("engine")
    if (engine == "postgresql") != bool(snapshots.database_url()):
        raise archive.refused(
            msg("The backup holds rows of %(engine)s; set or unset DATABASE_URL to match."), engine=engine
        )
    if engine == "sqlite":
        (unpacked / "database" / snapshots.SQLITE_FILE).rename(fresh / snapshots.SQLITE_FILE)
    open_home(fresh)
    _rows(unpacked / "database", manifest.about, force)
    return _swap(fresh, folder)


def _rows(database: Path, about: Any, force: bool) -> None:
    """Bring the rows to the tables of this version and read the ledger; a fault leaves everything as it was."""
    from django.db import connection
    from django.utils.translation import gettext

    from qualipolis.city.core.verification import verify_ledger

    if about.get("engine") == "postgresql":
        if not force and not snapshots.is_empty():
            raise archive.refused(msg("The database is not empty. Say --force to replace its rows."))
        snapshots.bring_back(database, about.get("migrations", {}), force=force)
    migrate()
    found = verify_ledger()
    connection.close()
    if found.finding:
        raise archive.refused(msg("The ledger in the backup does not hold: %(why)s"), why=found.finding.text(gettext))


def _swap(fresh: Path, folder: Path) -> Path | None:
    """Put ``fresh`` where ``folder`` is; what was there is kept beside it."""
    old = None
    if folder.exists() and any(folder.iterdir()):
        old = folder.with_name(f"{folder.name}.before-{datetime.now():%Y%m%d-%H%M%S}")
        folder.rename(old)
    elif folder.exists():
        folder.rmdir()
    fresh.rename(folder)
    return old

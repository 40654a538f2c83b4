"""What the doctor looks at, one small function for each."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, requires, version
from pathlib import Path

from qualipolis.methods.problems import msg

PACKAGE = Path(__file__).resolve().parent.parent
GIB = 2**30


@dataclass(frozen=True)
class Finding:
    """One thing looked at: ``ok``, ``warn`` or ``bad``, in words, with what to do."""

    state: str
    text: str
    params: dict[str, object] = field(default_factory=dict)
    remedy: str = ""


def machine(home: Path) -> Iterator[Finding]:
    """Yield what can be seen without a city."""
    found = sys.version_info >= (3, 12)
    yield Finding("ok" if found else "bad", msg("Python %(version)s"), {"version": sys.version.split()[0]})
    yield _dependencies()
    yield _there("faces/static/dist/main.css", msg("Styles and scripts of the pages"), msg("Run: make setup"))
    yield _there("faces/report/fonts/NotoSansSC-Regular.ttf", msg("Fonts of the reports"), msg("Run: make setup"))
    yield _there("faces/desk/locale/zh_Hans/LC_MESSAGES/django.mo", msg("Chinese words"), msg("Run: make setup"))
    yield _disk(home)
    yield _clock()


def _dependencies() -> Finding:
    try:
        names = [line.split(";")[0] for line in requires("qualipolis") or [] if "extra ==" not in line]
    except PackageNotFoundError:
        return Finding("warn", msg("The package is not installed; its dependencies were not checked."))
    missing = [name for name in map(_bare, names) if not _installed(name)]
    if missing:
        what = msg("Missing packages: %(names)s")
        return Finding("bad", what, {"names": ", ".join(missing)}, msg("Run: make setup"))
    return Finding("ok", msg("%(n)s packages installed"), {"n": len(names)})


def _bare(requirement: str) -> str:
    return requirement.strip().split("[")[0].split(">")[0].split("=")[0].split("<")[0].strip()


def _installed(name: str) -> bool:
    try:
        version(name)
    except PackageNotFoundError:
        return False
    return True


def _there(path: str, text: str, remedy: str) -> Finding:
    here = (PACKAGE / path).exists()
    return Finding("ok" if here else "bad", text, {}, "" if here else remedy)


def _disk(home: Path) -> Finding:
    place = next(folder for folder in (home, *home.parents) if folder.exists())
    free = shutil.disk_usage(place).free / GIB
    state = "ok" if free > 2 else "warn" if free > 0.5 else "bad"
    remedy = "" if state == "ok" else msg("Make room before the next import.")
    return Finding(state, msg("%(free)s GiB free on the disk"), {"free": f"{free:.1f}"}, remedy)


def _clock() -> Finding:
    """The package was built in the past; a clock before that is wrong, and deadlines with it."""
    built = datetime.fromtimestamp((PACKAGE / "__init__.py").stat().st_mtime, UTC)
    right = datetime.now(UTC) >= built
    remedy = "" if right else msg("Set the clock of this machine; deadlines and signatures depend on it.")
    return Finding(
        "ok" if right else "bad", msg("Clock: %(now)s"), {"now": f"{datetime.now().astimezone():%F %T %Z}"}, remedy
    )


def city(home: Path) -> list[Finding]:
    """Return what can be seen of the city in ``home``; one examination that fails is a finding, not a crash."""
    return [_safely(look, home) for look in (_migrations, _database, _rights, _hosts, _ledger, _lake)]


def _safely(look: Callable[[Path], Finding], home: Path) -> Finding:
    try:
        return look(home)
    except Exception as error:
        return Finding(
            "bad", msg("%(what)s could not be examined: %(why)s"), {"what": look.__name__.strip("_"), "why": error}
        )


def _migrations(home: Path) -> Finding:
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    executor = MigrationExecutor(connection)
    waiting = len(executor.migration_plan(executor.loader.graph.leaf_nodes()))
    if waiting:
        return Finding(
            "warn", msg("%(n)s changes of the tables are waiting"), {"n": waiting}, msg("Run: qualipolis serve")
        )
    return Finding("ok", msg("The tables are those of this version"))


def _database(home: Path) -> Finding:
    from django.db import connection

    with connection.cursor() as cursor:
        if connection.vendor != "sqlite":
            cursor.execute("SHOW server_version")
            return Finding("ok", msg("PostgreSQL %(version)s"), {"version": cursor.fetchone()[0]})
        cursor.execute("PRAGMA journal_mode")
        mode = cursor.fetchone()[0]
        cursor.execute("PRAGMA quick_check(1)")
        sound = cursor.fetchone()[0]
    state = "ok" if (mode, sound) == ("wal", "ok") else "bad"
    remedy = "" if state == "ok" else msg("Restore the latest backup into a new home.")
    return Finding(state, msg("SQLite: journal %(mode)s, check %(sound)s"), {"mode": mode, "sound": sound}, remedy)


def _rights(home: Path) -> Finding:
    loose = [path.name for path in (home / "keys").glob("*.key") if path.stat().st_mode & 0o077]
    remedy = msg("Run: chmod 600 on these files in the folder keys") if loose else ""
    text = msg("Keys others can read: %(names)s") if loose else msg("Keys can be read by their owner alone")
    return Finding("bad" if loose else "ok", text, {"names": ", ".join(loose)}, remedy)


def _hosts(home: Path) -> Finding:
    from django.conf import settings

    open_wide = "*" in settings.ALLOWED_HOSTS
    remedy = msg("Name the hosts in QUALIPOLIS_HOSTS.") if open_wide else ""
    https = msg("Served at: %(hosts)s, HTTPS on") if settings.HTTPS else msg("Served at: %(hosts)s, HTTPS off")
    params: dict[str, object] = {"hosts": ", ".join(settings.ALLOWED_HOSTS)}
    return Finding("bad" if open_wide else "ok", https, params, remedy)


def _ledger(home: Path) -> Finding:
    from django.utils.translation import gettext

    from qualipolis.city.core.verification import verify_ledger

    found = verify_ledger()
    if found.finding:
        params: dict[str, object] = {"why": found.finding.text(gettext)}
        return Finding("bad", msg("The ledger does not hold: %(why)s"), params, msg("Keep the database as it is."))
    counts: dict[str, object] = {"events": found.events, "checkpoints": found.checkpoints}
    return Finding("ok", msg("The ledger holds: %(events)s events, %(checkpoints)s signed checkpoints."), counts)


def _lake(home: Path) -> Finding:
    import duckdb

    duckdb.sql("SELECT 1").fetchall()
    lake = home / "lake"
    files = sum(1 for _ in lake.rglob("*.parquet")) if lake.exists() else 0
    writable = os.access(lake if lake.exists() else home, os.W_OK)
    state = "ok" if writable else "bad"
    remedy = "" if writable else msg("Let the user of the server write there.")
    return Finding(
        state, msg("Lake: DuckDB %(version)s, %(n)s files"), {"version": duckdb.__version__, "n": files}, remedy
    )

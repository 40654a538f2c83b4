"""The rows of a city out of the database and into one, as they were at one moment."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

SQLITE_FILE = "city.sqlite3"
LEFT_OUT = ("django_session",)  # who is signed in now: with it a stolen backup would open their sessions


def take(folder: Path) -> str:
    """Write a consistent snapshot of the database into ``folder``; return the engine's name."""
    from django.db import connection

    if connection.vendor == "sqlite":
        source = Path(str(connection.settings_dict["NAME"]))
        with closing(sqlite3.connect(source)) as here, closing(sqlite3.connect(folder / SQLITE_FILE)) as there:
            here.backup(there)
            there.execute("PRAGMA journal_mode=DELETE")
            there.execute("PRAGMA secure_delete=ON")
            for table in LEFT_OUT:
                there.execute(f"DELETE FROM {table}")  # noqa: S608 - a constant
            there.commit()
        return "sqlite"
    _copy_out(folder)
    return "postgresql"


def migrations() -> dict[str, list[str]]:
    """Return the migrations the database has, by app."""
    from django.db import connection
    from django.db.migrations.recorder import MigrationRecorder

    done: dict[str, list[str]] = {}
    for app, name in sorted(MigrationRecorder(connection).applied_migrations()):
        done.setdefault(app, []).append(name)
    return done


def _copy_out(folder: Path) -> None:
    """COPY every table inside one transaction that sees one moment."""
    from django.db import connection, transaction

    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
        for table in sorted(_tables()):
            with (folder / f"{table}.copy").open("wb") as file, cursor.copy(f"COPY {_q(table)} TO STDOUT") as out:
                for part in out:
                    file.write(part)


def _tables() -> Iterator[str]:
    from django.db import connection

    with connection.cursor() as cursor:
        names = [info.name for info in connection.introspection.get_table_list(cursor) if info.type == "t"]
    yield from (name for name in names if name not in ("django_migrations", *LEFT_OUT))


def _q(name: str) -> str:
    from django.db import connection

    return str(connection.ops.quote_name(name))


def is_empty() -> bool:
    """Whether the PostgreSQL database has no tables."""
    return not list(_tables())


def bring_back(folder: Path, applied: dict[str, list[str]], *, force: bool) -> None:
    """Fill the PostgreSQL database with the rows of a backup, in one transaction."""
    from django.db import connection

    if force:
        with connection.cursor() as cursor:
            cursor.execute("DROP SCHEMA public CASCADE")
            cursor.execute("CREATE SCHEMA public")
    _migrate_to(applied)
    _copy_in(folder)


def _migrate_to(applied: dict[str, list[str]]) -> None:
    """Make the tables as they were when the backup was made; what came later is migrated after the rows are in."""
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    executor = MigrationExecutor(connection)
    known = set(executor.loader.graph.nodes)
    wanted = [(app, name) for app, names in applied.items() for name in names if (app, name) in known]
    executor.migrate([node for node in wanted if not _has_child(executor, node, set(wanted))])


def _has_child(executor: Any, node: tuple[str, str], wanted: set[tuple[str, str]]) -> bool:
    children = {child.key for child in executor.loader.graph.node_map[node].children}
    return any(child in wanted and child[0] == node[0] for child in children)


def _copy_in(folder: Path) -> None:
    from django.db import connection, transaction

    tables = sorted(path.stem for path in folder.glob("*.copy"))
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")
        cursor.execute("TRUNCATE " + ", ".join(_q(table) for table in tables) + " RESTART IDENTITY CASCADE")
        for table in tables:
            with (folder / f"{table}.copy").open("rb") as file, cursor.copy(f"COPY {_q(table)} FROM STDIN") as into:
                while part := file.read(2**20):
                    into.write(part)
        _set_sequences(cursor, tables)


def _set_sequences(cursor: Any, tables: list[str]) -> None:
    """Let each sequence go on after the highest number in its table."""
    from django.db import connection

    for table in tables:
        for sequence in connection.introspection.get_sequences(cursor, table):
            column = _q(sequence["column"])
            cursor.execute(
                "SELECT setval(pg_get_serial_sequence(%s, %s), "  # noqa: S608 - names come from the database itself
                f"COALESCE((SELECT MAX({column}) FROM {_q(table)}), 1), (SELECT COUNT(*) > 0 FROM {_q(table)}))",
                [_q(table), sequence["column"]],
            )


def database_url() -> str:
    """Return where the rows are, or nothing for SQLite in the home."""
    return os.environ.get("DATABASE_URL", "")

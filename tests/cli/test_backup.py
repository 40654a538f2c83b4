"""Back up, wipe, restore: the ledger verifies and the pages are the same."""

from __future__ import annotations

import io
import json
import shutil
import sqlite3
import tarfile
from contextlib import closing
from pathlib import Path

import pytest
from tests.cli.commands import dongguan, qualipolis

from qualipolis.cli import archive
from qualipolis.methods.problems import InputError

PAGES = """
import os, sys, re
os.environ.update(QUALIPOLIS_HOME=sys.argv[1], DJANGO_SETTINGS_MODULE="qualipolis.site.settings")
import django; django.setup()
from django.test import Client
from qualipolis.city.core.models import Person
Person.objects.update(must_change_password=False)
client = Client(headers={"Host": "localhost"})
client.force_login(Person.objects.get(), backend="django.contrib.auth.backends.ModelBackend")
for path in ("/ledger/", "/ledger/3/", "/people/", "/people/1/", "/stage/assess/", "/desk/stage/assess/"):
    text = client.get(path).content.decode()
    print(path, re.sub(r'(csrfmiddlewaretoken" value|csrf-token" content)="[^"]*"', "", text))
"""


def pages(home: Path) -> str:
    import subprocess
    import sys

    from tests.cli.commands import environment

    run = subprocess.run(
        [sys.executable, "-c", PAGES, str(home)], env=environment(), capture_output=True, text=True, check=False
    )
    assert run.returncode == 0, run.stderr
    return run.stdout


@pytest.fixture(scope="module")
def city(tmp_path_factory) -> Path:
    home = shutil.copytree(dongguan(), tmp_path_factory.mktemp("city") / "home")
    (home / "files" / "ab").mkdir(parents=True)
    (home / "files" / "ab" / ("ab" * 32)).write_bytes(b"%PDF-evidence")
    (home / "lake").mkdir()
    (home / "lake" / "facts.parquet").write_bytes(b"computed again")
    return home


@pytest.fixture(scope="module")
def saved(city) -> Path:
    file = city.parent / "city.tar.gz"
    answer = qualipolis("backup", file, "--home", city)
    assert answer.returncode == 0, answer.stderr
    return file


def test_back_up_wipe_restore(city, saved, tmp_path) -> None:
    home = tmp_path / "home"
    answer = qualipolis("restore", saved, "--home", home)
    assert answer.returncode == 0, answer.stderr
    assert "its ledger holds" in answer.stdout
    assert pages(home) == pages(shutil.copytree(city, tmp_path / "before"))
    assert (home / "files" / "ab" / ("ab" * 32)).read_bytes() == b"%PDF-evidence"


def names(file: Path) -> list[str]:
    with tarfile.open(file) as packed_file:
        return packed_file.getnames()


def test_a_backup_is_its_owners_alone_and_holds_no_keys_unless_asked(saved, city) -> None:
    assert saved.stat().st_mode & 0o077 == 0
    kept = names(saved)
    assert kept[0] == "manifest.json"
    assert not [name for name in kept if name.endswith(".key") or "lake" in name]
    assert "home/keys/ledger.pub" in kept
    with_keys = saved.with_name("keys.tar.gz")
    qualipolis("backup", with_keys, "--home", city, "--with-keys")
    assert "home/keys/ledger.key" in names(with_keys)


def test_it_refuses_a_home_that_is_not_empty_unless_forced_and_keeps_what_was_there(saved, tmp_path) -> None:
    home = tmp_path / "home"
    home.mkdir()
    (home / "precious").write_text("mine")
    assert qualipolis("restore", saved, "--home", home).returncode == 1
    assert (home / "precious").read_text() == "mine"
    assert qualipolis("restore", saved, "--home", home, "--force").returncode == 0
    assert not (home / "precious").exists()
    assert [(old / "precious").read_text() for old in tmp_path.glob("home.before-*")] == ["mine"]


def test_a_backup_whose_ledger_was_changed_is_not_put_in_place(saved, tmp_path) -> None:
    parts, home = tmp_path / "parts", tmp_path / "home"
    parts.mkdir()
    manifest = archive.unpack(saved, parts, lambda done, size: None)
    with closing(sqlite3.connect(parts / "database" / "city.sqlite3")) as database:
        database.execute("DROP TRIGGER core_event_never_changed")
        database.execute("UPDATE core_event SET payload = '{}' WHERE seq = 2")
        database.commit()
    sources = {name: parts / name for name in manifest.files}
    archive.write(tmp_path / "bad.tar.gz", manifest.about, sources, lambda done, size: None)
    answer = qualipolis("restore", tmp_path / "bad.tar.gz", "--home", home)
    assert answer.returncode == 1
    assert "event 2 was changed" in answer.stderr
    assert not home.exists()


def packed(path: Path, members: list[tuple[tarfile.TarInfo, bytes]], files: dict[str, object] | None) -> Path:
    """Write a hostile backup by hand."""
    with tarfile.open(path, "w:gz") as out:
        if files is not None:
            head = json.dumps({"format": archive.FORMAT, "about": {}, "files": files}).encode()
            members = [(member("manifest.json", len(head)), head), *members]
        for info, content in members:
            out.addfile(info, io.BytesIO(content))
    return path


def member(name: str, size: int = 0, kind: bytes = tarfile.REGTYPE) -> tarfile.TarInfo:
    info = tarfile.TarInfo(name)
    info.size, info.type, info.linkname = size, kind, "/etc/passwd"
    return info


GOOD = {"size": 2, "sha256": "8f434346648f6b96df89dda901c5176b10a6d83961dd3c1ac88b59b2dc327aa4"}


@pytest.mark.parametrize(
    ("files", "members"),
    [
        ({"../evil": GOOD}, [(member("../evil", 2), b"hi")]),
        ({"/etc/evil": GOOD}, [(member("/etc/evil", 2), b"hi")]),
        ({"home/../../evil": GOOD}, [(member("home/../../evil", 2), b"hi")]),
        ({"elsewhere/x": GOOD}, [(member("elsewhere/x", 2), b"hi")]),
        ({"home/x": GOOD}, [(member("home/x", 0, tarfile.SYMTYPE), b"")]),
        ({"home/x": GOOD}, [(member("home/x", 2), b"ho")]),
        ({"home/x": GOOD}, [(member("home/x", 2), b"hi"), (member("home/y", 2), b"hi")]),
        ({"home/x": GOOD}, [(member("home/x", 2), b"hi"), (member("home/x", 2), b"hi")]),
        ({"home/x": GOOD}, []),
        ({"home/x": {"size": 2**50, "sha256": ""}}, []),
        ({"home/x": {"size": "two"}}, []),
        (None, [(member("home/x", 2), b"hi")]),
    ],
)
def test_a_hostile_backup_is_refused_and_writes_nothing_outside(tmp_path, files, members) -> None:
    file = packed(tmp_path / "bad.tar.gz", members, files)
    inside = tmp_path / "a" / "b"
    inside.mkdir(parents=True)
    with pytest.raises(InputError):
        archive.unpack(file, inside, lambda done, size: None)
    assert sorted(p.name for p in tmp_path.iterdir()) == ["a", "bad.tar.gz"]
    assert [p.name for p in (tmp_path / "a").iterdir()] == ["b"]


@pytest.mark.parametrize("spoil", [lambda b: b[: len(b) // 2], lambda b: b"not a tar", lambda b: b""])
def test_a_damaged_file_is_refused(saved, tmp_path, spoil) -> None:
    file, inside = tmp_path / "bad.tar.gz", tmp_path / "inside"
    file.write_bytes(spoil(saved.read_bytes()))
    inside.mkdir()
    with pytest.raises(InputError):
        archive.unpack(file, inside, lambda done, size: None)


def test_a_failed_write_leaves_no_half_file(tmp_path) -> None:
    def fail(done: int, size: int) -> None:
        raise OSError("disk full")

    source = tmp_path / "x"
    source.write_text("content")
    with pytest.raises(OSError, match="disk full"):
        archive.write(tmp_path / "out.tar.gz", {}, {"home/x": source}, fail)
    assert [p.name for p in tmp_path.iterdir()] == ["x"]

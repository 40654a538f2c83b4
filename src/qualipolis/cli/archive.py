"""The backup file: a tar.gz whose first member is a manifest with the hash of every other one."""

from __future__ import annotations

import gzip
import hashlib
import io
import json
import os
import shutil
import tarfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import IO, Any

from qualipolis.methods.problems import InputError, Problem, msg

MANIFEST = "manifest.json"
FORMAT = "qualipolis-backup/1"
MANIFEST_LIMIT = 64 * 2**20
MEMBERS_LIMIT = 2_000_000
SIZE_LIMIT = 200 * 2**30
CHUNK = 2**20
Tell = Callable[[int, int], object]


@dataclass(frozen=True)
class Manifest:
    """What a backup says of itself, and its files by name with size and hash."""

    about: Mapping[str, Any]
    files: Mapping[str, Mapping[str, Any]]

    @property
    def size(self) -> int:
        """Bytes of all files together."""
        return sum(int(entry["size"]) for entry in self.files.values())


def refused(text: str, **params: object) -> InputError:
    """Return the error of a backup file that cannot be trusted."""
    return InputError([Problem("backup", text, msg("Take another backup file."), params)])


def write(target: Path, about: Mapping[str, Any], sources: Mapping[str, Path], tell: Tell) -> Manifest:
    """Write ``sources`` (name in the archive to file) to ``target``: whole or not at all, readable by its owner alone."""
    manifest = Manifest(about, {name: _described(path) for name, path in sorted(sources.items())})
    part = target.with_name(f".{target.name}.part")
    part.unlink(missing_ok=True)
    try:
        with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            with gzip.GzipFile(fileobj=file, mode="wb", compresslevel=6, mtime=0) as packed:
                _pack(packed, manifest, sources, tell)
            file.flush()
            os.fsync(file.fileno())
        part.replace(target)
    finally:
        part.unlink(missing_ok=True)
    return manifest


def _described(path: Path) -> dict[str, Any]:
    with path.open("rb") as file:
        return {"size": path.stat().st_size, "sha256": hashlib.file_digest(file, "sha256").hexdigest()}


def _pack(packed: Any, manifest: Manifest, sources: Mapping[str, Path], tell: Tell) -> None:
    head = json.dumps({"format": FORMAT, "about": manifest.about, "files": manifest.files}, ensure_ascii=False).encode()
    with tarfile.open(fileobj=packed, mode="w", format=tarfile.PAX_FORMAT) as archive:
        archive.addfile(_member(MANIFEST, len(head)), io.BytesIO(head))
        done = 0
        for name, entry in manifest.files.items():
            with sources[name].open("rb") as file:
                archive.addfile(_member(name, entry["size"]), file)
            done += entry["size"]
            tell(done, manifest.size)


def _member(name: str, size: int) -> tarfile.TarInfo:
    info = tarfile.TarInfo(name)
    info.size, info.mode = size, 0o600
    return info


def unpack(source: Path, folder: Path, tell: Tell) -> Manifest:
    """Unpack a backup into the empty ``folder``, believing nothing in it; return its manifest.

    Raises
    ------
    InputError
        It is no backup, it is cut short, a name leads elsewhere, or a file is not what the manifest says.
    """
    try:
        with tarfile.open(source, mode="r:gz") as archive:
            members = iter(archive)
            manifest = _manifest(archive, next(members, None), folder)
            done = 0
            for name, file in _expected(archive, members, manifest):
                done += _take(file, folder / name, manifest.files[name], name)
                tell(done, manifest.size)
    except (tarfile.TarError, EOFError, OSError, UnicodeError) as error:
        raise refused(msg("%(file)s cannot be read as a backup."), file=source.name) from error
    return manifest


def _manifest(archive: tarfile.TarFile, first: tarfile.TarInfo | None, folder: Path) -> Manifest:
    if first is None or first.name != MANIFEST or not first.isreg() or first.size > MANIFEST_LIMIT:
        raise refused(msg("The file is not a backup of Qualipolis."))
    try:
        said = json.loads(archive.extractfile(first).read())  # type: ignore[union-attr]
        files = {name: {"size": int(e["size"]), "sha256": str(e["sha256"])} for name, e in said["files"].items()}
        known = said["format"] == FORMAT
        manifest = Manifest(dict(said["about"]), files)
    except (ValueError, KeyError, TypeError, AttributeError, OverflowError, RecursionError) as error:
        raise refused(msg("The manifest of the backup cannot be read.")) from error
    if not known:
        raise refused(msg("The backup is of a form that this version does not know."))
    if len(files) > MEMBERS_LIMIT or manifest.size > SIZE_LIMIT or any(e["size"] < 0 for e in files.values()):
        raise refused(msg("The backup is larger than a backup can be."))
    if manifest.size > shutil.disk_usage(folder).free:
        raise refused(msg("The disk has no room for what is in the backup."))
    for name in files:
        if not _inside(name):
            raise refused(msg("The backup names a file outside its folder: %(name)s"), name=_shown(name))
    return manifest


def _shown(name: str) -> str:
    """Return a name from a stranger as it can be printed: nothing in it moves the terminal."""
    return "".join(char if char.isprintable() else "�" for char in name[:200])


def _inside(name: str) -> bool:
    path = PurePosixPath(name)
    plain = bool(name) and "\\" not in name and name.isprintable() and name == path.as_posix()
    return plain and not path.is_absolute() and ".." not in path.parts and path.parts[0] in ("database", "home")


def _expected(
    archive: tarfile.TarFile, members: Iterator[tarfile.TarInfo], manifest: Manifest
) -> Iterator[tuple[str, IO[bytes]]]:
    """Yield the members the manifest names, each once, plain files only; refuse anything else."""
    missing = set(manifest.files)
    for member in members:
        if member.name not in missing or not member.isreg() or member.size != manifest.files[member.name]["size"]:
            raise refused(
                msg("The backup holds something its manifest does not name: %(name)s"), name=_shown(member.name)
            )
        missing.discard(member.name)
        yield member.name, archive.extractfile(member)  # type: ignore[misc]
    if missing:
        raise refused(msg("The backup lacks the file %(name)s."), name=min(missing))


def _take(file: IO[bytes], target: Path, entry: Mapping[str, Any], name: str) -> int:
    target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    hashed, size = hashlib.sha256(), 0
    with target.open("xb") as out:
        while chunk := file.read(CHUNK):
            size += len(chunk)
            hashed.update(chunk)
            out.write(chunk)
        out.flush()
        os.fsync(out.fileno())
    if size != entry["size"] or hashed.hexdigest() != entry["sha256"]:
        raise refused(msg("The file %(name)s in the backup is damaged."), name=name)
    if target.suffix == ".key":
        target.chmod(0o600)
    return size

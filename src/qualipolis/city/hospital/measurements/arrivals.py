"""Files that have arrived and are looked through before they are kept: on the disk, for an hour, for one person."""

from __future__ import annotations

import secrets
import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from django.conf import settings
from django.core import signing

from qualipolis.city.core.attachments import safe_name
from qualipolis.methods.problems import InputError, Problem, msg

SALT, HOUR = "hospital-measurements", 3600
LIMIT = 256 << 20
MOST_WAITING = 12
PIECE = 1 << 20


class Upload(Protocol):
    """What a form hands over."""

    name: str

    def chunks(self) -> Iterable[bytes]:
        """Yield the content piece by piece."""


@dataclass(frozen=True)
class Arrived:
    """One file that waits to be kept; ``key`` names it on the disk."""

    key: str
    name: str

    @property
    def path(self) -> Path:
        """Where it waits."""
        return _folder() / self.key

    def pieces(self) -> Iterator[bytes]:
        """Yield the content piece by piece."""
        with self.path.open("rb") as file:
            while piece := file.read(PIECE):
                yield piece


def _folder() -> Path:
    return Path(settings.HOME) / "arriving"


def receive(actor: Any, thing: str, uploads: Sequence[Upload]) -> tuple[list[Arrived], str]:
    """Put uploads aside and return them with a token that brings them back to this person for this thing.

    Raises
    ------
    InputError
        A file is empty or larger than :data:`LIMIT`; nothing is put aside then.
    """
    _sweep(actor)
    made: list[Arrived] = []
    try:
        made.extend(_written(actor, upload) for upload in uploads)
    except InputError:
        discard(made)
        raise
    said = {"by": actor.pk, "of": thing, "files": [[one.key, one.name] for one in made]}
    return made, signing.dumps(said, salt=SALT, compress=True)


def waiting(actor: Any, thing: str, token: str) -> list[Arrived]:
    """Return the files of a token; gone, too old or another person's is an error in words."""
    try:
        said = signing.loads(token, salt=SALT, max_age=HOUR)
    except signing.BadSignature:
        said = {}
    found = [Arrived(key, name) for key, name in said.get("files", ())]
    if said.get("by") != actor.pk or said.get("of") != thing or not found or not all(f.path.is_file() for f in found):
        what = msg("The preview is older than an hour or not yours.")
        raise InputError([Problem("preview_gone", what, msg("Send the file again."))])
    return found


def discard(files: Iterable[Arrived]) -> None:
    """Let files go that have been kept or are not wanted."""
    for file in files:
        file.path.unlink(missing_ok=True)


def _written(actor: Any, upload: Upload) -> Arrived:
    folder = _folder()
    folder.mkdir(parents=True, exist_ok=True)
    made = Arrived(f"{actor.pk}-{secrets.token_hex(16)}", safe_name(upload.name or ""))
    size = 0
    try:
        with made.path.open("xb") as file:
            for piece in upload.chunks():
                size += len(piece)
                _bounded(size, made.name)
                file.write(piece)
        if not size:
            raise InputError([Problem("empty", msg("The file %(name)s is empty."), params={"name": made.name})])
    except BaseException:
        made.path.unlink(missing_ok=True)
        raise
    return made


def _bounded(size: int, name: str) -> None:
    if size > LIMIT:
        what, remedy = (
            msg("The file %(name)s is larger than %(limit)s MB."),
            msg("Hand in a smaller file, or split it."),
        )
        raise InputError([Problem("too_large", what, remedy, {"name": name, "limit": LIMIT >> 20})])


def _sweep(actor: Any) -> None:
    """Let go what is older than an hour, and the oldest of a person who has too many waiting."""
    folder = _folder()
    if not folder.is_dir():
        return
    files = sorted(((f.stat().st_mtime, f) for f in folder.iterdir() if f.is_file()), reverse=True)
    mine = 0
    for arrived_at, file in files:
        mine += file.name.startswith(f"{actor.pk}-")
        too_many = mine >= MOST_WAITING and file.name.startswith(f"{actor.pk}-")
        if arrived_at < time.time() - HOUR or too_many:
            file.unlink(missing_ok=True)

"""Signed checkpoints: the ledger had so many events and ended in this hash.

A checkpoint is kept twice, as a row and as a line in a file of the home folder, so that taking the last events and
their checkpoint out of the database is still found. The file's lines can be published as they are.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from datetime import UTC
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from django.conf import settings
from django.db import transaction
from django.utils import timezone

from qualipolis.city.core.ledger import canonical
from qualipolis.city.core.models import Checkpoint, Event


@dataclass(frozen=True)
class Statement:
    """One checkpoint as it is signed and kept."""

    seq: int
    hash: str
    at: str
    public_key: str
    signature: str

    @property
    def signed(self) -> bytes:
        """The bytes under the signature."""
        return canonical({"ledger": "qualipolis", "seq": self.seq, "hash": self.hash, "at": self.at}).encode()

    def holds(self) -> bool:
        """Whether the signature is one of ``public_key`` over these words."""
        try:
            key = Ed25519PublicKey.from_public_bytes(bytes.fromhex(self.public_key))
            key.verify(bytes.fromhex(self.signature), self.signed)
        except (InvalidSignature, ValueError):
            return False
        return True


def keys_folder(home: Path | None = None) -> Path:
    """Return the folder of the keys, made with mode 0700."""
    folder = Path(home or settings.HOME) / "keys"
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    return folder


def private_key() -> Ed25519PrivateKey:
    """Return the signing key of this installation; it is made on first use, readable by its owner alone."""
    path = keys_folder() / "ledger.key"
    if not path.exists():
        key = Ed25519PrivateKey.generate()
        try:
            with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
                file.write(key.private_bytes_raw())
        except FileExistsError:
            return private_key()
        _append(path.with_suffix(".pub"), key.public_key().public_bytes_raw().hex())
    return Ed25519PrivateKey.from_private_bytes(path.read_bytes())


def known_keys() -> set[str]:
    """Return the public keys this installation has signed with, oldest first in the file."""
    path = keys_folder() / "ledger.pub"
    return set(path.read_text().split()) if path.exists() else set()


def statements_file() -> Path:
    """Return the file that holds a copy of every checkpoint."""
    return Path(settings.HOME) / "checkpoints" / "ledger.jsonl"


def make_checkpoint(actor: Any = None) -> Checkpoint | None:
    """Sign the present end of the ledger; nothing when it is empty or already signed.

    No event is recorded for it: a checkpoint speaks about events and would never come to an end.
    """
    with transaction.atomic():
        last = Event.objects.order_by("-seq").first()
        signed = Checkpoint.objects.order_by("-seq", "-pk").first()
        if last is None or (signed and signed.seq == last.seq and signed.hash == last.hash):
            return signed if last else None
        said = _signed(last)
        row = Checkpoint.objects.create(**{**asdict(said), "at": timezone.datetime.fromisoformat(said.at)})
        transaction.on_commit(lambda: _append(statements_file(), canonical(asdict(said))))
    return row


def _signed(last: Event) -> Statement:
    key = private_key()
    at = timezone.now().astimezone(UTC).isoformat(timespec="microseconds")
    bare = Statement(last.seq, last.hash, at, key.public_key().public_bytes_raw().hex(), "")
    return Statement(bare.seq, bare.hash, at, bare.public_key, key.sign(bare.signed).hex())


def _append(path: Path, line: str) -> None:
    """Append a line and wait until it is on the disk."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a", encoding="utf-8") as file:
        file.write(line + "\n")
        file.flush()
        os.fsync(file.fileno())


def statement_of(row: Checkpoint) -> Statement:
    """Return the row as it was signed."""
    at = row.at.astimezone(UTC).isoformat(timespec="microseconds")
    return Statement(row.seq, row.hash, at, row.public_key, row.signature)


def statements_in(lines: Iterable[str]) -> Iterator[Statement | None]:
    """Yield what the lines of a checkpoint file say; None for a line that says nothing."""
    for line in lines:
        try:
            said = json.loads(line)
            yield Statement(
                int(said["seq"]), str(said["hash"]), str(said["at"]), str(said["public_key"]), str(said["signature"])
            )
        except (ValueError, KeyError, TypeError):
            yield None

"""Files people hand in: bounded, typed by content, kept once by the hash of their bytes."""

from __future__ import annotations

import hashlib
import os
import re
import tempfile
import unicodedata
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db.models import Model

from qualipolis.city.core.filetypes import ACCEPTED, media_type
from qualipolis.city.core.ledger import name_of, record
from qualipolis.city.core.models import Attachment
from qualipolis.city.core.parameters import whole
from qualipolis.city.core.policy import person_of, roles_of, visible
from qualipolis.methods.problems import InputError, Problem, msg

LIMIT = 20 * 1024 * 1024
OVERSEERS = {"auditor", "admin", "system"}
Typed = Callable[[Path, str], tuple[str, str] | None]
_READERS: dict[str, Callable[[Any, str], bool]] = {}
_CLOSED: set[str] = set()


def reader(label: str, *, closed: bool = False) -> Callable[[Callable[[Any, str], bool]], Callable[[Any, str], bool]]:
    """Register ``rule(actor, pk) -> bool``: who may read the attachments of things named ``label:pk``.

    What is ``closed`` was given in confidence: overseers do not read it either, and the ledger does not name the file.
    """

    def decorate(rule: Callable[[Any, str], bool]) -> Callable[[Any, str], bool]:
        _READERS[label] = rule
        if closed:
            _CLOSED.add(label)
        return rule

    return decorate


def readable(*models: type[Model], closed: bool = False, label: str = "") -> None:
    """Let whoever sees a row of ``models`` read its files (those kept under ``label``); see :func:`reader` on ``closed``."""
    for model in models:
        reader(label or model._meta.label_lower, closed=closed)(_seen(model))


def _seen(model: type[Model]) -> Callable[[Any, str], bool]:
    return lambda actor, pk: visible(actor, model._default_manager.filter(pk=whole(pk))).exists()


def may_read(actor: Any, attachment: Attachment) -> bool:
    """Whether ``actor`` may read it: who handed it in, who oversees, and whom the thing's own rule lets in."""
    if attachment.uploaded_by_id and attachment.uploaded_by_id == getattr(actor, "pk", None):
        return True
    label, _colon, pk = attachment.thing.partition(":")
    if OVERSEERS & roles_of(actor) and label not in _CLOSED:
        return True
    rule = _READERS.get(label)
    return bool(rule and rule(actor, pk))


def path_of(sha256: str) -> Path:
    """Return where the content with this hash is kept."""
    return Path(settings.HOME) / "files" / sha256[:2] / sha256


def store(
    actor: Any, thing: Any, name: str, chunks: Iterable[bytes], *, limit: int = LIMIT, typed: Typed = media_type
) -> Attachment:
    """Keep a file for ``thing`` inside the caller's verb and record it; ``typed`` tells its type from its content.

    The file is on the disk before the row is: a lost transaction leaves at most an unused file.

    Raises
    ------
    InputError
        The file is empty, larger than ``limit``, or its content is not of a kind we keep.
    """
    clean = safe_name(name)
    folder = Path(settings.HOME) / "files"
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile(dir=folder, delete=False) as file:
        arrived = Path(file.name)
        try:
            size, sha256 = _receive(file, chunks, limit, clean)
            kind = typed(arrived, clean)
            if kind is None:
                raise InputError([_not_kept(clean)])
            _keep(arrived, sha256)
        finally:
            arrived.unlink(missing_ok=True)
    row = Attachment.objects.create(
        sha256=sha256,
        name=_with_ending(clean, kind[1]),
        media_type=kind[0],
        size=size,
        thing=name_of(thing),
        uploaded_by=person_of(actor),
    )
    told = {"name": row.name, "sha256": sha256, "size": size, "type": kind[0]}
    if row.thing.partition(":")[0] in _CLOSED:
        told["name"] = f"{row.pk}.{kind[1]}"
    record(actor, "attachment.store", thing, told)
    return row


def _receive(file: Any, chunks: Iterable[bytes], limit: int, name: str) -> tuple[int, str]:
    size, hashed = 0, hashlib.sha256()
    for chunk in chunks:
        size += len(chunk)
        if size > limit:
            what = msg("The file %(name)s is larger than %(limit)s MB.")
            remedy = msg("Hand in a smaller file, or split it.")
            raise InputError([Problem("too_large", what, remedy, {"name": name, "limit": limit // 2**20})])
        hashed.update(chunk)
        file.write(chunk)
    if not size:
        raise InputError([Problem("empty", msg("The file %(name)s is empty."), params={"name": name})])
    file.flush()
    os.fsync(file.fileno())
    return size, hashed.hexdigest()


def _not_kept(name: str) -> Problem:
    what = msg("The content of %(name)s is not of a kind that is kept here.")
    return Problem("unknown_type", what, ACCEPTED, {"name": name})


def _keep(arrived: Path, sha256: str) -> None:
    target = path_of(sha256)
    target.parent.mkdir(parents=True, exist_ok=True)
    if not target.exists():
        arrived.chmod(0o640)
        arrived.replace(target)


def safe_name(name: str) -> str:
    """Return the last part of ``name`` without control, separator and reserved characters, at most 120 long.

    >>> safe_name("../../etc/pass\\x00wd"), safe_name("报告 (1).pdf"), safe_name("..")
    ('passwd', '报告 (1).pdf', 'file')
    """
    last = re.split(r"[/\\\\]", unicodedata.normalize("NFC", name))[-1]
    kept = "".join(char for char in last if unicodedata.category(char)[0] != "C" and char not in '<>:"|?*')
    kept = kept.strip(" .")
    stem, dot, ending = kept.rpartition(".")
    if len(kept) > 120:
        kept = f"{stem[:100]}{dot}{ending[:15]}" if dot else kept[:120]
    return kept or "file"


def _with_ending(name: str, ending: str) -> str:
    """Return ``name`` with the ending of what the file is."""
    known = {"jpg": {"jpg", "jpeg"}}.get(ending, {ending})
    return name if name.rpartition(".")[2].lower() in known else f"{name}.{ending}"


def files_of(rows: Iterable[Any]) -> dict[int, list[Attachment]]:
    """Return the files of rows of one model by the key of the row; one query."""
    keys = {name_of(row): row.pk for row in rows}
    found: dict[int, list[Attachment]] = {key: [] for key in keys.values()}
    for file in Attachment.objects.filter(thing__in=keys).order_by("uploaded_at", "pk"):
        found[keys[file.thing]].append(file)
    return found

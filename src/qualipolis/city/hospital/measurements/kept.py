"""What was computed from a file, kept on the disk under the hash of everything it depends on, so that it is never stale.

The hash covers the bytes of the file, how it is read and judged, and the source of what reads and judges it: whatever
changes gives another name, and what has no name any more is let go when the folder grows too large.
"""

from __future__ import annotations

import hashlib
import json
import pickle
import secrets
from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from django.conf import settings

from qualipolis import lake, methods

MOST_BYTES = 1 << 30
RUNS = 64


def kept[T](kind: str, depends: Mapping[str, Any], make: Callable[[], T]) -> T:
    """Return what ``make`` gives for these inputs, computed once."""
    path = _path(kind, depends)
    try:
        with path.open("rb") as file:
            found: T = pickle.load(file)  # noqa: S301
            return found
    except (OSError, pickle.UnpicklingError, EOFError, AttributeError, ImportError):
        made = make()
        keep(kind, depends, made)
        return made


def _path(kind: str, depends: Mapping[str, Any]) -> Path:
    said = json.dumps({"source": _source(), **depends}, sort_keys=True, ensure_ascii=False, default=str)
    return Path(settings.HOME) / "computed" / f"{kind}-{hashlib.sha256(said.encode()).hexdigest()}"


@cache
def _source() -> str:
    """Return the hash of the source that reads files and judges values."""
    total = hashlib.sha256()
    for package, folder in ((lake, "factory"), (methods, "spc")):
        root = Path(str(package.__file__)).parent / folder
        for file in sorted(root.rglob("*.py")):
            total.update(file.read_bytes())
    return total.hexdigest()


class _Writer(pickle.Pickler):
    """Limits that are the same for many points are written once."""

    def reducer_override(self, obj: Any) -> Any:
        if type(obj) is np.ndarray and obj.ndim == 1 and obj.size > RUNS and obj.dtype.kind in "fib":
            starts = np.flatnonzero(np.r_[True, obj[1:] != obj[:-1]])
            if len(starts) <= RUNS:
                return np.repeat, (obj[starts].copy(), np.diff(np.r_[starts, obj.size]))
        return NotImplemented


def keep(kind: str, depends: Mapping[str, Any], made: Any) -> None:
    """Keep what was computed for these inputs; what is too large is computed again when it is asked for."""
    path = _path(kind, depends)
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    arriving = path.with_name(f".{secrets.token_hex(8)}")
    try:
        with arriving.open("xb") as file:
            _Writer(file, protocol=pickle.HIGHEST_PROTOCOL).dump(made)
        if arriving.stat().st_size <= MOST_BYTES // 2:
            arriving.replace(path)
    finally:
        arriving.unlink(missing_ok=True)
    _bounded(path.parent)


def _bounded(folder: Path) -> None:
    """Let the longest unused go until the folder is small enough."""
    files = sorted(((f.stat(), f) for f in folder.iterdir() if f.is_file()), key=lambda pair: -pair[0].st_mtime)
    total = 0
    for stat, file in files:
        total += stat.st_size
        if total > MOST_BYTES:
            file.unlink(missing_ok=True)

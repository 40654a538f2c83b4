"""The frame of a draw: units with a real-world key, a stratum and a size, in an order that is the same for everyone."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from hashlib import sha256
from io import StringIO
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from qualipolis.methods.problems import InputError, Problem, msg
from qualipolis.methods.sampling.draws.tickets import canonical

HEADER = ("id", "stratum", "size")


@dataclass(frozen=True, eq=False)
class Frame:
    """N units; ``codes[i]`` is the place of unit i's stratum in ``labels``.

    Parameters
    ----------
    ids : real-world keys (credit code, licence number), anything that can be cut ``ids[i:j]``; never a database number
    codes : (N,) whole numbers
    labels : names of the strata
    sizes : (N,) sizes, at least 0; ones where nothing is said
    """

    ids: Any
    codes: NDArray[np.integer[Any]]
    labels: tuple[str, ...]
    sizes: NDArray[np.float64]

    def __len__(self) -> int:
        return len(self.codes)

    def __repr__(self) -> str:
        return f"Frame({len(self):,} units, {len(self.labels)} strata)"

    def places(self) -> list[NDArray[np.intp]]:
        """Return for each stratum the places of its units, in the order of the frame."""
        codes = self.codes
        if bool((codes[1:] < codes[:-1]).any()):
            short = np.min_scalar_type(len(self.labels))  # numpy sorts one or two bytes by counting
            order = np.argsort(codes.astype(short, copy=False), kind="stable")
            ends = np.concatenate([[0], np.cumsum(np.bincount(codes, minlength=len(self.labels)))])
            return [order[a:b] for a, b in pairwise(ends.tolist())]
        ends = np.searchsorted(codes, np.arange(len(self.labels) + 1))
        return [np.arange(a, b) for a, b in pairwise(ends.tolist())]


def frame_of(ids: Sequence[str], strata: Sequence[str] | None = None, sizes: ArrayLike | None = None) -> Frame:
    """Return a frame in its canonical order: by stratum, then by key, both by their UTF-8 bytes.

    Raises
    ------
    InputError
        keys that are empty, twice there, not NFC, or with spaces or control characters; sizes that are no numbers

    >>> frame = frame_of(["b", "a", "c"], ["Y", "Y", "X"], [1, 2, 3])
    >>> frame.ids, frame.labels, frame.codes.tolist(), frame.sizes.tolist()
    (['c', 'a', 'b'], ('X', 'Y'), [0, 1, 1], [3.0, 2.0, 1.0])
    """
    names = [""] * len(ids) if strata is None else list(strata)
    x = np.ones(len(ids)) if sizes is None else np.asarray(sizes, dtype=np.float64)
    problems = key_problems(ids, names)
    if len(names) != len(ids) or len(x) != len(ids):
        problems.append(
            Problem(
                "ragged",
                msg("Keys, strata and sizes differ in number."),
                msg("Give each unit one of each."),
                place="frame",
            )
        )
    elif not bool(np.isfinite(x).all()) or bool((x < 0).any()):
        what, remedy = msg("A size is missing, negative or infinite."), msg("Give every unit a size of at least 0.")
        problems.append(Problem("bad_size", what, remedy, place="size"))
    if problems:
        raise InputError(problems)
    order = sorted(range(len(ids)), key=lambda i: (names[i].encode(), ids[i].encode()))
    labels = tuple(sorted(set(names), key=str.encode))
    code = {label: k for k, label in enumerate(labels)}
    codes = np.array([code[names[i]] for i in order], dtype=np.int64)
    return Frame([ids[i] for i in order], codes, labels, x[order])


def key_problems(ids: Iterable[str], strata: Iterable[str] = ()) -> list[Problem]:
    """Return what is wrong with keys and names of strata; at most five examples of each."""
    problems: list[Problem] = []
    seen: set[str] = set()
    twice: list[str] = []
    for key in ids:
        if key in seen:
            twice.append(key)
        seen.add(key)
    bad = [key for key in seen if not canonical(key)]
    odd = [name for name in set(strata) if name and not canonical(name)]
    remedy = msg("Use the registered code of the unit, the same that others know it by.")
    for code, what, found in (
        ("bad_key", msg("Keys that are empty or hold spaces at an end or control characters: %(keys)s."), bad),
        ("key_twice", msg("Keys that stand there twice: %(keys)s."), twice),
        ("bad_stratum", msg("Strata with spaces at an end or control characters: %(keys)s."), odd),
    ):
        if found:
            shown = ", ".join(repr(key) for key in sorted(found)[:5])
            problems.append(Problem(code, what, remedy, {"keys": shown}, place="frame"))
    return problems


def frame_bytes(rows: Iterable[Sequence[str]]) -> bytes:
    """Return the canonical bytes of a frame: CSV with the columns id, stratum, size, rows by stratum then id, LF, UTF-8.

    Sizes stay the text that was given; a number formatted anew would not be the number that was published.

    >>> frame_bytes([("b", "Y", "1"), ("a", "Y", "2.50")]).decode()
    'id,stratum,size\\na,Y,2.50\\nb,Y,1\\n'
    """
    text = StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(HEADER)
    listed: list[Sequence[str]] = sorted(rows, key=lambda row: (row[1].encode(), row[0].encode()))
    writer.writerows(listed)
    return text.getvalue().encode()


def digest_of(data: bytes) -> str:
    """Return the SHA-256 of bytes as hexadecimal text.

    >>> digest_of(b"")[:8]
    'e3b0c442'
    """
    return sha256(data).hexdigest()

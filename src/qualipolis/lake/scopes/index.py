"""The index of all scope lines: built offline, mapped into memory, replaced in one step.

Lines that say the same (product, parameter, standard) are one *entry*; an entry has its *posts*: who lists it, under which
certificate, from when to when. A question is scored on the entries, of which a city or a country has some hundred thousand,
and only the posts of the best are looked at, of which there may be tens of millions.
"""

from __future__ import annotations

import datetime
import json
import shutil
import uuid
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from qualipolis.lake.scopes.terms import terms
from qualipolis.lake.scopes.values import (
    Standards,
    Words,
    open_standards,
    open_words,
    standards_of,
    words_of,
)
from qualipolis.methods.problems import InputError, Problem, msg

VERSION = 2
CURRENT = "current"
EPOCH = datetime.date(1970, 1, 1)
OPEN_END = 65_535
Array = NDArray[Any]
ENTRY = ("product", "parameter", "standard", "start")
POST = ("certificate", "line", "begins", "ends")
CERTIFICATE = ("key", "holder", "begins", "ends")
PLACE = ("key", "longitude", "latitude")


@dataclass(frozen=True, eq=False)
class Coded:
    """All scope lines as numbers: the texts once, and for each line their places.

    ``lines`` has the columns product, parameter, standard (places in the texts), certificate (place in
    ``certificates``), line (the row it comes from), begins and ends (days since 1970-01-01; 65535 is an open end).
    ``certificates`` has key, holder (place in ``holders``), begins, ends; ``holders`` has key, longitude, latitude.
    """

    products: Sequence[str]
    parameters: Sequence[str]
    standards: Sequence[str]
    lines: pl.DataFrame
    certificates: pl.DataFrame
    holders: pl.DataFrame


@dataclass(frozen=True)
class Meta:
    """What an index holds and what it was made of."""

    lines: int
    entries: int
    certificates: int
    holders: int
    stamp: str
    version: int = VERSION
    terms: str = ""


@dataclass(frozen=True, eq=False)
class Index:
    """An index opened for reading; made by :func:`open_index`."""

    meta: Meta
    products: Words
    parameters: Words
    standards: Standards
    entry: dict[str, Array]
    post: dict[str, Array]
    certificate: dict[str, Array]
    holder: dict[str, Array]

    def posts(self, entries: Array) -> tuple[Array, Array]:
        """Return the places of all posts of some entries, and for each the place of its entry in ``entries``."""
        starts, stops = self.entry["start"][entries], self.entry["start"][entries + 1]
        counts = stops - starts
        within = np.arange(int(counts.sum())) - np.repeat(np.cumsum(counts) - counts, counts)
        return np.repeat(starts, counts) + within, np.repeat(np.arange(len(entries)), counts)


def day_number(day: datetime.date | None, missing: int = 0) -> int:
    """Return a day as the index keeps it; one that is not known as ``missing``.

    >>> day_number(datetime.date(2026, 1, 1)), day_number(None, OPEN_END)
    (20454, 65535)
    """
    return missing if day is None else min(max((day - EPOCH).days, 0), OPEN_END)


def coded(lines: pl.DataFrame, certificates: pl.DataFrame, holders: pl.DataFrame) -> Coded:
    """Return scope lines as numbers.

    Parameters
    ----------
    lines : product, parameter, standard (texts), certificate (key of ``certificates``), line, begins, ends
    certificates : key, holder (key of ``holders``), begins, ends
    holders : key, longitude, latitude (null where not known)
    """
    found = {name: lines[name].unique().sort() for name in ("product", "parameter", "standard")}
    made = lines.select(
        *(_place(pl.col(name), texts).alias(name) for name, texts in found.items()),
        _place(pl.col("certificate"), certificates["key"]).alias("certificate"),
        *(pl.col(name) for name in ("line", "begins", "ends")),
    )
    held = certificates.with_columns(_place(pl.col("holder"), holders["key"]).alias("holder"))
    return Coded(
        found["product"].to_list(), found["parameter"].to_list(), found["standard"].to_list(), made, held, holders
    )


def _place(values: pl.Expr, known: pl.Series) -> pl.Expr:
    return values.replace_strict(known, pl.int_range(len(known), dtype=pl.Int32, eager=True), return_dtype=pl.Int32)


def build(folder: Path, scopes: Coded, stamp: str = "") -> Meta:
    """Write a new index and put it in the place of the old one in one step; return what it holds."""
    name = f"s-{uuid.uuid4().hex[:12]}"
    place = folder / name
    place.mkdir(parents=True)
    try:
        meta = _write(place, scopes, stamp)
    except BaseException:
        shutil.rmtree(place, ignore_errors=True)
        raise
    beside = folder / f"{CURRENT}.{uuid.uuid4().hex[:8]}"
    beside.write_text(name, "utf-8")
    old = current(folder)
    beside.replace(folder / CURRENT)
    if old:
        shutil.rmtree(folder / old, ignore_errors=True)
    return meta


def _write(place: Path, scopes: Coded, stamp: str) -> Meta:
    words_of(scopes.products, "product").save(place, "product")
    words_of(scopes.parameters, "parameter").save(place, "parameter")
    standards_of(scopes.standards).save(place)
    lines = scopes.lines
    product, parameter, standard = (lines[name].to_numpy().astype(np.int64) for name in ENTRY[:3])
    key = (product * max(len(scopes.parameters), 1) + parameter) * max(len(scopes.standards), 1) + standard
    order = np.argsort(key, kind="stable")
    entries, first = np.unique(key[order], return_index=True)
    picked = order[first]
    entry = {"product": product[picked], "parameter": parameter[picked], "standard": standard[picked]}
    for name, column in entry.items():
        np.save(place / f"entry-{name}.npy", column.astype(np.int32))
    np.save(place / "entry-start.npy", np.append(first, len(order)).astype(np.int64))
    for name, dtype in zip(POST, (np.int32, np.int64, np.uint16, np.uint16), strict=True):
        np.save(place / f"post-{name}.npy", lines[name].to_numpy()[order].astype(dtype))
    for name, dtype in zip(CERTIFICATE, (np.int64, np.int32, np.uint16, np.uint16), strict=True):
        np.save(place / f"certificate-{name}.npy", scopes.certificates[name].to_numpy().astype(dtype))
    for name, dtype in zip(PLACE, (np.int64, np.float32, np.float32), strict=True):
        np.save(place / f"holder-{name}.npy", scopes.holders[name].cast(pl.Float64).to_numpy().astype(dtype))
    meta = Meta(
        len(order), len(entries), len(scopes.certificates), len(scopes.holders), stamp, VERSION, terms().version
    )
    (place / "meta.json").write_text(json.dumps(asdict(meta)), "utf-8")
    return meta


def current(folder: Path) -> str:
    """Return the name of the index that is read, empty where there is none."""
    path = folder / CURRENT
    return path.read_text("utf-8").strip() if path.exists() else ""


def open_index(folder: Path) -> Index:
    """Return the index of ``folder``, mapped and not read.

    Raises
    ------
    InputError
        There is none, or it was made by another version of this program or of its terms.
    """
    place = folder / (name := current(folder))
    meta = Meta(**json.loads((place / "meta.json").read_text("utf-8"))) if name else None
    if meta is None or (meta.version, meta.terms) != (VERSION, terms().version):
        what = msg("There is no index of scopes that this version can read.")
        raise InputError([Problem("no_scope_index", what, msg("Build it again."))])
    return Index(
        meta, open_words(place, "product"), open_words(place, "parameter"), open_standards(place),
        _mapped(place, "entry", ENTRY), _mapped(place, "post", POST), _mapped(place, "certificate", CERTIFICATE),
        _mapped(place, "holder", PLACE),
    )  # fmt: skip


def _mapped(place: Path, table: str, columns: Sequence[str]) -> dict[str, Array]:
    return {name: np.load(place / f"{table}-{name}.npy", mmap_mode="r") for name in columns}

"""Columns of text made numbers: decimal comma or point, missing marks, and values below or above a limit."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from qualipolis.lake.cells import BLANKS, MISSING, number
from qualipolis.lake.factory.measurements import ABOVE, BELOW, EXACT
from qualipolis.methods.problems import InputError

MANY = 50_000
ABSENT = frozenset(
    {m.casefold() for m in MISSING} | {"*", "nan", "null", "none", "n.a.", "#n/a", "--", "---", ".", "空"}
)
_CENSORED = re.compile(r"([<>≤≥]=?|低于|小于|不足|高于|大于|超过)\s*([^\s<>].*)")
_BELOW = ("<", "≤", "低", "小", "不")
_COMMA = re.compile(r"[<>≤≥=\s]*[+-]?\d{1,3}(?:,\d{3})*")


@dataclass(frozen=True, eq=False)
class Figures:
    """Numbers of a column, how each was censored, and the rows that hold something else."""

    value: NDArray[np.float64]
    censored: NDArray[np.int8]
    bad: NDArray[np.intp]


def figure(text: str, decimal: str = ".", exact: bool = False) -> tuple[float, int] | None:
    """Return the number and censoring of one cell, NaN when it is missing, or None when it is neither.

    ``exact`` says that a point is always decimal (numbers from a workbook).

    >>> figure("25,003", ","), figure("<0.05"), figure("* "), figure("＞1,5", ","), figure("ok")
    ((25.003, 0), (0.05, -1), (nan, 0), (1.5, 1), None)
    """
    clean = unicodedata.normalize("NFKC", text[:80]).strip(BLANKS)
    if clean.casefold() in ABSENT:
        return float("nan"), EXACT
    side = EXACT
    if found := _CENSORED.fullmatch(clean):
        side, clean = (BELOW if found[1].startswith(_BELOW) else ABOVE), found[2]
    if decimal == ",":
        if "," not in clean and "." in clean and not exact:
            return None
        if "," in clean:
            clean = clean.replace(".", "").replace(" ", "").replace(",", ".")
    try:
        value = number(clean)
    except InputError:
        return None
    return None if value is None else (value, side)


def _direct(text: pl.Series, decimal: str, exact: bool) -> pl.Series:
    """Return the numbers in their plain form; null for every other cell."""
    if decimal == ",":
        dotted = text.str.contains(".", literal=True).fill_null(False)
        commas = text.str.contains(",", literal=True).fill_null(False)
        swapped = text.str.replace_all(".", "", literal=True).str.replace(",", ".", literal=True)
        unclear = dotted & ~commas & (not exact)
        text = pl.select(pl.when(commas).then(swapped).when(unclear).then(None).otherwise(text)).to_series()
    value = text.cast(pl.Float64, strict=False)
    return value if value.is_finite().fill_null(True).all() else value.set(~value.is_finite().fill_null(True), None)


def figures(column: pl.Series, decimal: str, exact: bool) -> Figures:
    """Return a column as numbers; the usual form at once, each other text only once."""
    text, value = column, _direct(column, decimal, exact)
    if value.null_count() - column.null_count() > MANY:
        text = column.str.strip_chars(BLANKS)
        value = _direct(text, decimal, exact)
    numbers = value.fill_null(np.nan).to_numpy(writable=True)
    censored = np.zeros(len(numbers), dtype=np.int8)
    at = np.flatnonzero((value.is_null() & text.is_not_null()).to_numpy())
    known: dict[str, tuple[float, int] | None] = {}
    bad = []
    for index, cell in zip(at.tolist(), text.gather(at).to_list(), strict=True):
        if cell not in known:
            known[cell] = figure(cell, decimal, exact)
        found = known[cell]
        if found is None:
            bad.append(index)
        else:
            numbers[index], censored[index] = found
    return Figures(numbers, censored, np.array(bad, dtype=np.intp))


def decimal_mark(texts: Iterable[str], semicolons: bool) -> str | None:
    """Return the decimal mark of these cells, or None when it could be either.

    >>> decimal_mark(["25,003", "0,5"], False), decimal_mark(["1,234"], False), decimal_mark(["1,234", "2.5"], False)
    (',', None, '.')
    >>> decimal_mark(["25,003"], True)
    ','
    """
    comma = point = thousands = unclear = False
    for text in texts:
        if "," not in text:
            point = point or "." in text
        elif "." in text:
            comma, thousands = (
                comma or text.rfind(",") > text.rfind("."),
                thousands or text.rfind(".") > text.rfind(","),
            )
        elif text.count(",") > 1:
            thousands = True
        elif _COMMA.fullmatch(text) and not text.lstrip("<>≤≥= +-").startswith("0,"):
            unclear = True
        else:
            comma = True
    if comma or thousands:
        return "," if comma else "."
    if not unclear:
        return "."
    if semicolons:
        return ","
    return "." if point else None

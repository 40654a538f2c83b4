"""Q-DAS AQDEF: a description of parts and characteristics in K-keys, then values (dfq, or dfd with dfx)."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
import polars as pl
from numpy.typing import NDArray

from qualipolis.lake.cells import Place
from qualipolis.lake.factory import aqdef_keys as keys
from qualipolis.lake.factory.aqdef_lines import BETWEEN_FIELDS, LISTED, Lines, Rows, keys_of
from qualipolis.lake.factory.aqdef_notes import notes
from qualipolis.lake.factory.aqdef_tree import groups
from qualipolis.lake.factory.bounds import Bounds
from qualipolis.lake.factory.dates import times_of
from qualipolis.lake.factory.measurements import Characteristic, Labels, Measurements, Origin, Part, Readings
from qualipolis.methods.problems import InputError, Problem, msg

INVALID = "255"
_KINDS = {"1": "attribute", "5": "errors", "6": "errors"}


def read_aqdef(texts: Sequence[tuple[str, str]], origin: Origin, bounds: Bounds) -> Measurements:
    """Return what an AQDEF file says; ``texts`` are the names and texts of one dfq, or of a dfd and its dfx."""
    lines = Lines(texts[0][0], bounds)
    for name, text in texts:
        lines.name = name
        lines.read(text)
    _whole(lines, texts[-1][1])
    tree = groups(lines.structure)
    found = [_characteristic(index, lines, tree) for index in sorted(lines.characteristics)]
    if lines.faults > len(lines.problems):
        more = {"count": lines.faults - len(lines.problems)}
        lines.problems.append(Problem("more", msg("%(count)s more lines have problems."), "", more, Place(lines.name)))
    if any(p.severity == "error" for p in lines.problems):
        raise InputError(lines.problems)
    parts = tuple(_part(index, known, lines.for_all) for index, known in sorted(lines.parts.items()))
    result = tuple(found)
    return Measurements(origin, result, parts, notes(lines, result, parts, origin), tuple(lines.problems))


def _whole(lines: Lines, text: str) -> None:
    """Find what is missing: the description, the values, or the end of the last line."""
    place = Place(lines.name)
    if not lines.characteristics:
        what = msg("The file has values but no description of the characteristics.")
        remedy = msg("Send the description (DFD) together with the values (DFX).")
        raise InputError([Problem("no_description", what, remedy, place=place), *lines.problems])
    for index in sorted(set(lines.values) - set(lines.characteristics))[:5]:
        what = msg("There are values of characteristic %(index)s, which is not described.")
        remedy = msg("Export the file again with its description.")
        line = lines.values[index].lines[0]
        lines.fault("not_described", what, remedy, line, index=index)
    if not lines.count:
        what, remedy = msg("The file describes characteristics but holds no values."), msg("Send the values (DFX) too.")
        lines.problems.append(Problem("no_values", what, remedy, place=place))
    if lines.last_width < lines.widest and text and not text.endswith(("\n", "\r", "\x1a")):
        what = msg("The last line is cut off: %(count)s of %(expected)s characteristics.")
        remedy = msg("Send the file again; it did not arrive whole.")
        params = {"count": lines.last_width, "expected": lines.widest}
        lines.problems.append(Problem("truncated", what, remedy, params, place))
    _announced(lines)


def _announced(lines: Lines) -> None:
    text = lines.file.get("K0100", "")
    if text.isascii() and text.isdigit() and len(text) < 10 and int(text) != len(lines.characteristics):
        what = msg("K0100 announces %(said)s characteristics; %(found)s are described.")
        remedy = msg("Compare with the machine's list; a part of the description may be missing.")
        params = {"said": int(text), "found": len(lines.characteristics)}
        lines.problems.append(Problem("announced", what, remedy, params, Place(lines.name), "warning"))


def _part(index: int, known: dict[str, str], for_all: dict[str, str]) -> Part:
    said: dict[str, str] = {}
    for key, where in keys.PART.items():
        value = known.get(key) or for_all.get(key, "")
        if value:
            said[where] = value if where not in said else f"{said[where]} {value}"
    return Part(key=str(index), **said)


def _characteristic(index: int, lines: Lines, tree: dict[int, str]) -> Characteristic:
    """Give the keys of one characteristic their meaning."""
    given = {**{k: v for k, v in lines.for_all.items() if k[1] in "28"}, **lines.characteristics[index]}
    said = {where: given[key] for key, where in keys.CHARACTERISTIC.items() if given.get(key)}
    number = {k: _number(said[k], k, index, lines) for k in keys.NUMBERS & said.keys()}
    kind = _KINDS.get(said.get("kind", "0"), "variable")
    lower, upper = _limits(number)
    return Characteristic(
        key=str(index),
        name=said.get("name") or said.get("number") or str(index),
        unit=said.get("unit") or said.get("unit_code", ""),
        nominal=number.get("nominal"),
        target=number.get("target"),
        lower=lower,
        upper=upper,
        lower_natural=said.get("lower_kind") == "2",
        upper_natural=said.get("upper_kind") == "2",
        decimals=_whole_number(number.get("decimals")),
        gauge=said.get("gauge_name") or said.get("gauge", ""),
        resolution=number.get("resolution"),
        kind=kind,
        subgroup_size=_whole_number(number.get("subgroup_size")),
        part=str(lines.of_part.get(index, 1)),
        group=tree.get(index, said.get("group", "")),
        details={"number": said.get("number", "")} | {w: given[k] for k, w in keys.DETAILS.items() if given.get(k)},
        readings=_readings(lines.values.get(index) or Rows(), said.get("kind", "0"), lines),
    )


def _limits(number: dict[str, float | None]) -> tuple[float | None, float | None]:
    """Return the limits; where only allowances are given, they count from the nominal value."""
    nominal, found = number.get("nominal"), []
    for side in ("lower", "upper"):
        limit, allowance = number.get(side), number.get(f"{side}_allowance")
        if limit is None and allowance is not None and nominal is not None:
            limit = float(f"{nominal + allowance:.12g}")
        found.append(limit)
    return found[0], found[1]


def _number(text: str, key: str, index: int, lines: Lines) -> float | None:
    try:
        value = float(text.replace(",", "."))
    except ValueError:
        value = math.nan
    if math.isfinite(value):
        return value
    what = msg('"%(text)s" is no number (%(key)s of characteristic %(index)s).')
    names = {where: k for k, where in keys.CHARACTERISTIC.items()}
    params = {"text": text[:40], "key": names[key], "index": index}
    if len(lines.problems) < LISTED:
        lines.problems.append(Problem("not_a_number", what, msg("Mend the line."), params, Place(lines.name)))
    return None


def _whole_number(value: float | None) -> int | None:
    return int(value) if value is not None and value >= 0 and value == int(value) and value < 1e6 else None


def _readings(rows: Rows, kind: str, lines: Lines) -> Readings:
    """Turn the rows of one characteristic into columns."""
    order = keys_of(kind)
    texts = _columns(rows, order)
    size = len(rows)
    attribute = order[0] == "K0020"
    value = _numeric(texts.pop("K0021" if attribute else "K0001", None), rows, lines)
    inspected = _numeric(texts.pop("K0020", None), rows, lines) if attribute else None
    flags = texts.pop("K0002", None)
    flagged = np.zeros(size, dtype=bool) if flags is None else (flags == INVALID).to_numpy()
    time = _times(texts.pop("K0004", None), rows, lines)
    labels = {key: Labels.column(column) for key, column in texts.items()}
    value = np.where(flagged, np.nan, value)
    known = {where: labels.pop(key) for key, where in _PLACES.items() if key in labels and not labels[key].empty}
    return Readings(
        value=value,
        censored=np.zeros(size, dtype=np.int8),
        valid=~flagged & ~np.isnan(value),
        row=np.array(rows.lines, dtype=np.int32),
        time=time,
        inspected=inspected,
        further={key: column for key, column in labels.items() if not column.empty} | _flags(flags),
        **known,
    )


_PLACES = {
    "K0005": "event",
    "K0006": "batch",
    "K0007": "cavity",
    "K0008": "operator",
    "K0010": "machine",
    "K0012": "gauge",
    "K0014": "part",
}


def _flags(flags: pl.Series | None) -> dict[str, Labels]:
    """Keep the attribute (K0002) where it says more than valid or invalid."""
    if flags is None or flags.is_in(["", "0", INVALID]).all():
        return {}
    return {"K0002": Labels.column(flags)}


def _columns(rows: Rows, order: tuple[str, ...]) -> dict[str, pl.Series]:
    """Return the texts by key: the fields of the value lines, and what lines of their own say."""
    columns: dict[str, pl.Series] = {}
    if any(rows.fields):
        raw = pl.Series(rows.fields, dtype=pl.String)
        split = raw.str.split_exact(BETWEEN_FIELDS, len(order) - 1).struct.unnest()
        for key, column in zip(order, split.get_columns(), strict=True):
            if column.null_count() < len(column):
                columns[key] = column.fill_null("").str.strip_chars()
    for key, more in rows.more.items():
        texts = columns[key].to_list() if key in columns else [""] * len(rows)
        for at, text in more.items():
            texts[at] = text
        columns[key] = pl.Series(texts, dtype=pl.String)
    columns.pop("", None)
    for key in keys.CATALOGUED & columns.keys():
        columns[key] = columns[key].replace(dict.fromkeys(keys.NOT_ASSIGNED, ""))
    return columns


def _numeric(texts: pl.Series | None, rows: Rows, lines: Lines) -> NDArray[np.float64]:
    """Return the numbers; a decimal comma is read, anything else is a problem with its line."""
    if texts is None:
        return np.full(len(rows), np.nan)
    column = texts.str.replace(",", ".", literal=True)
    value = np.array(column.cast(pl.Float64, strict=False).fill_null(np.nan).to_numpy(), dtype=np.float64)
    for at in np.flatnonzero(~np.isfinite(value)).tolist():
        if texts[at] not in ("", "*"):
            what, remedy = msg('"%(text)s" is not a number.'), msg("Mend the line or mark the value with K0002 255.")
            lines.fault("not_a_number", what, remedy, rows.lines[at], text=texts[at][:40])
        value[at] = np.nan
    return value


def _times(texts: pl.Series | None, rows: Rows, lines: Lines) -> NDArray[np.datetime64] | None:
    if texts is None or not (texts != "").any():
        return None
    times, wrong = times_of(texts.to_list())
    for at, text in wrong.items():
        what, remedy = msg('"%(text)s" is not a date.'), msg("Write dates as 31.12.2026/23:59:00.")
        lines.fault("not_a_date", what, remedy, rows.lines[at], text=text[:40])
    return times

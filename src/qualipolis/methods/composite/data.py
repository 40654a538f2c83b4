"""The indicator data: units by indicators, with groups and denominators (missing is NaN, never zero)."""

from __future__ import annotations

import contextlib
import hashlib
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import ArrayLike, NDArray

from qualipolis.methods.composite.framework import Framework
from qualipolis.methods.problems import InputError, Problem, msg

if TYPE_CHECKING:
    import polars as pl

Floats = NDArray[np.float64]
LARGEST = 1e60
"""Largest absolute value taken: kurtosis raises deviations to the fourth power, which must stay a number."""


class IndicatorData:
    """Raw values of units (rows) on indicators (columns).

    Parameters
    ----------
    units : unit codes, unique; numbers become text
    codes : indicator codes, unique
    values : (units, codes), missing as NaN, None or masked, none beyond 1e60; a list of rows, an array of any kind of
        number, or the numbers of a data frame of pandas or polars
    names : unit code -> name for people
    groups : group name -> group of each unit (None: in no group)
    denominators : denominator code -> value for each unit

    Raises
    ------
    InputError
        duplicated or empty unit or indicator, wrong shape, a cell that is no number, is infinite or absurdly large,
        nothing at all

    >>> data = IndicatorData(("u1", "u2"), ("a",), [[1.0], [float("nan")]])
    >>> data.values.shape, data.column("a").tolist()
    ((2, 1), [1.0, nan])
    """

    def __init__(
        self,
        units: Sequence[str],
        codes: Sequence[str],
        values: ArrayLike,
        names: Mapping[str, str] | None = None,
        groups: Mapping[str, Sequence[str | None]] | None = None,
        denominators: Mapping[str, ArrayLike] | None = None,
    ) -> None:
        self.units: tuple[str, ...] = tuple(_code(unit) for unit in units)
        self.codes: tuple[str, ...] = tuple(_code(code) for code in codes)
        wrong = [*_not_numbers(values, self.units, self.codes)]
        for name, column in (denominators or {}).items():
            wrong += _not_numbers(column, self.units, (name,))
        if wrong:
            raise InputError(wrong)
        self.values: Floats = _frozen(values)
        self.names: Mapping[str, str] = dict(names or {})
        self.groups: Mapping[str, tuple[str | None, ...]] = {k: tuple(v) for k, v in (groups or {}).items()}
        self.denominators: Mapping[str, Floats] = {k: _frozen(v) for k, v in (denominators or {}).items()}
        errors = [*self._shape_problems(), *self._duplicates()]
        if not errors:
            errors = list(self._infinities())
        if errors:
            raise InputError(errors)

    def column(self, code: str) -> Floats:
        """Return the values of one indicator for all units; InputError when there is none of this code."""
        if code not in self.codes:
            raise InputError([unknown_indicator(code)])
        return self.values[:, self.codes.index(code)]

    def to_frame(self) -> pl.DataFrame:
        """Return a wide table: unit, the groupings, the denominators, and one column for each code, missing as null.

        >>> IndicatorData(("u", "v"), ("a",), [[1.0], [float("nan")]]).to_frame().rows()
        [('u', 1.0), ('v', None)]
        """
        import polars as pl

        columns: dict[str, object] = {"unit": self.units, **self.groups, **self.denominators}
        columns |= {code: self.values[:, at] for at, code in enumerate(self.codes)}
        texts = dict.fromkeys(self.groups, pl.String)
        return pl.DataFrame(columns, schema_overrides=texts).with_columns(pl.selectors.float().fill_nan(None))

    @cached_property
    def hash(self) -> str:
        """SHA-256 of units, codes, values, groups and denominators."""
        digest = hashlib.sha256(repr((self.units, self.codes, sorted(self.groups.items()))).encode())
        digest.update(self.values.tobytes())
        for key in sorted(self.denominators):
            digest.update(key.encode() + b"\0" + self.denominators[key].tobytes())
        return digest.hexdigest()

    def _shape_problems(self) -> Iterator[Problem]:
        expected = (len(self.units), len(self.codes))
        if not self.units or not self.codes:
            yield Problem(
                "empty_data", msg("The data have no units or no indicators."), msg("Give at least one of each.")
            )
        shapes: list[tuple[str, tuple[int, ...], tuple[int, ...]]] = [("values", self.values.shape, expected)]
        shapes += [(k, v.shape, (len(self.units),)) for k, v in self.denominators.items()]
        shapes += [(k, (len(v),), (len(self.units),)) for k, v in self.groups.items()]
        for name, shape, wanted in shapes:
            if shape != wanted:
                yield Problem(
                    "wrong_shape",
                    msg("%(name)s has shape %(shape)s where %(wanted)s is expected."),
                    msg("Give one value for each unit."),
                    {"name": name, "shape": shape, "wanted": wanted},
                    place=f"DATA {name}",
                )

    def _duplicates(self) -> Iterator[Problem]:
        for name in (*self.units, *self.codes):
            if not name.strip():
                yield Problem(
                    "empty_code", msg("A unit or an indicator has no code."), msg("Give each a code."), place="DATA"
                )
        for code, text, remedy, values in (
            ("duplicate_unit", msg("The unit %(name)s appears %(count)s times."), _ONE_ROW, self.units),
            ("duplicate_indicator", msg("The indicator %(name)s appears %(count)s times."), _ONE_COLUMN, self.codes),
        ):
            for name, count in Counter(values).items():
                if count > 1:
                    yield Problem(code, text, remedy, {"name": name, "count": count}, place=f"DATA {name}")

    def _infinities(self) -> Iterator[Problem]:
        for row, column in np.argwhere(np.abs(self.values) > LARGEST):
            yield _too_large(self.units[row], self.codes[column], float(self.values[row, column]))
        for key, values in self.denominators.items():
            for row in np.flatnonzero(np.abs(values) > LARGEST):
                yield _too_large(self.units[row], key, float(values[row]))

    def __repr__(self) -> str:
        missing = int(np.isnan(self.values).sum())
        return f"IndicatorData({len(self.units)} units, {len(self.codes)} indicators, {missing} cells missing)"


_ONE_ROW = msg("Keep one row for each unit.")
_ONE_COLUMN = msg("Keep one column for each indicator.")


def _too_large(unit: str, column: str, value: float) -> Problem:
    infinite = np.isinf(value)
    return Problem(
        "infinite_value" if infinite else "too_large",
        msg("The value is infinite.") if infinite else msg("The value %(value)s is too large to be true."),
        msg("Give a number, or leave the cell empty when it is missing."),
        {} if infinite else {"value": value},
        place=f"DATA {unit}, {column}",
    )


def _code(value: object) -> str:
    """Return a code as plain text: what a table reads as a number is one too; None is none."""
    return "" if value is None or value != value else str(value)


def _not_numbers(values: ArrayLike, units: tuple[str, ...], codes: tuple[str, ...]) -> Iterator[Problem]:
    """Yield each cell that is no number, or that the rows do not have the same length."""
    with contextlib.suppress(TypeError, ValueError):
        if np.asarray(values).dtype.kind not in "cmM":
            np.asarray(values, dtype=np.float64)
            return
    try:
        table = np.array(values, dtype=object)
    except ValueError:
        table = np.empty(0, dtype=object)
    if not table.size or any(isinstance(cell, list | tuple | np.ndarray) for cell in table.ravel()):
        text = msg("The rows of the table do not have the same length.")
        yield Problem("ragged_table", text, msg("Give one value for each unit and indicator."), place="DATA")
        return
    for place, cell in np.ndenumerate(table):
        if not _is_number(cell):
            row = units[place[0]] if place[0] < len(units) else str(place[0] + 1)
            column = codes[place[-1]] if len(place) > 1 and place[-1] < len(codes) else codes[0] if codes else ""
            text, remedy = (
                msg("%(value)s is not a number."),
                msg("Give a number, or leave the cell empty when it is missing."),
            )
            yield Problem("not_a_number", text, remedy, {"value": cell}, place=f"DATA {row}, {column}")


def _is_number(cell: object) -> bool:
    if cell is None:
        return True
    if isinstance(cell, complex | np.datetime64 | np.timedelta64):
        return False
    try:
        float(cell)  # type: ignore[arg-type]
    except (TypeError, ValueError):
        return False
    return True


def unknown_indicator(code: str) -> Problem:
    """Return the problem of an indicator that the data do not have."""
    text = msg("The data have no indicator %(name)s.")
    return Problem("unknown_indicator", text, msg("Use one that is there."), {"name": code})


def _frozen(values: ArrayLike) -> Floats:
    if isinstance(values, np.ma.MaskedArray):
        values = np.ma.filled(values.astype(np.float64), np.nan)
    array = np.array(values, dtype=np.float64)
    array.setflags(write=False)
    return array


@dataclass(frozen=True)
class Match:
    """How a framework and a data table fit: the indicators without data and the data without indicator."""

    without_data: tuple[str, ...]
    without_indicator: tuple[str, ...]

    @property
    def problems(self) -> tuple[Problem, ...]:
        """An indicator without data is an error; a column without indicator a warning (it is not used)."""
        return tuple(
            [
                Problem(
                    "indicator_without_data",
                    msg("The indicator %(code)s has no column in the data."),
                    msg("Add the column or take the indicator out of the framework."),
                    {"code": code},
                    place=f"META {code}",
                )
                for code in self.without_data
            ]
            + [
                Problem(
                    "data_without_indicator",
                    msg("The column %(code)s is no indicator of the framework and is not used."),
                    msg("Add it to the framework if it should count."),
                    {"code": code},
                    place=f"DATA {code}",
                    severity="warning",
                )
                for code in self.without_indicator
            ]
        )


def match(framework: Framework, data: IndicatorData) -> Match:
    """Compare the indicators of the framework with the columns of the data.

    >>> from qualipolis.methods.composite.framework import Node
    >>> fw = Framework((Node("a", parent="X"), Node("X", level=2, kind="aggregate")))
    >>> match(fw, IndicatorData(("u",), ("b",), [[1.0]]))
    Match(without_data=('a',), without_indicator=('b',))
    """
    have, want = set(data.codes), set(framework.indicators)
    return Match(
        tuple(code for code in framework.indicators if code not in have),
        tuple(code for code in data.codes if code not in want),
    )

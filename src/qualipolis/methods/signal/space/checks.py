"""What a scan is given: tables of cases, sizes, places and neighbours, with everything that does not fit."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from qualipolis.methods.problems import InputError, Problem, msg
from qualipolis.methods.signal.space.results import labels_of

Floats = NDArray[np.float64]
Near = Mapping[str, Iterable[str]] | Sequence[Iterable[int]] | NDArray[Any]
MODELS = ("poisson", "binomial", "permutation")


@dataclass(frozen=True, eq=False)
class Map:
    """Cases and sizes (areas by periods), the size that bounds a window, names, places, neighbours.

    ``absolute``: sizes are cases expected, not people or things that they are spread over.
    """

    cases: NDArray[np.int64]
    size: Floats
    bound: Floats
    ids: tuple[str, ...]
    periods: tuple[str, ...]
    coordinates: Floats | None
    near: tuple[frozenset[int], ...] | None
    absolute: bool

    @property
    def total(self) -> int:
        """All cases."""
        return int(self.cases.sum())


def map_of(
    cases: ArrayLike, population: ArrayLike | None, expected: ArrayLike | None, coordinates: ArrayLike | None,
    neighbours: Near | None, model: str, ids: Sequence[object] | None, periods: Sequence[object] | None,
    placed: bool = False,
) -> Map:  # fmt: skip
    """Return the checked map; raise InputError with every problem. ``placed``: its windows are known already."""
    problems: list[Problem] = []
    counts = _numbers(cases, "cases", problems)
    if counts is None or counts.ndim not in (1, 2) or counts.size == 0:
        what = msg("Cases must be a row of counts, one for each area, or a table of areas by periods.")
        raise InputError([*problems, Problem("bad_cases", what, place="cases")])
    table = counts[:, None] if counts.ndim == 1 else counts
    names, when = labels_of(ids, len(table)), labels_of(periods, table.shape[1])
    problems += _names(names, table.shape[0], "ids") + _names(when, table.shape[1], "periods")
    problems += _whole(table, names, "cases")
    sizes = {key: _sized(given, key, table.shape, names, problems) for key, given in
             (("population", population), ("expected", expected))}  # fmt: skip
    places = _places(coordinates, len(table), names, problems)
    near = _near(neighbours, names, problems)
    if (
        not placed
        and places is None
        and near is None
        and not any(p.place in ("coordinates", "neighbours") for p in problems)
    ):
        problems.append(Problem("no_places", msg("Give coordinates or neighbours of the areas."), place="coordinates"))
    size = _basis(table, sizes, model, names, problems)
    if problems or size is None:
        raise InputError(problems)
    bound = sizes["population"] if sizes["population"] is not None else size
    absolute = model == "permutation" or size is sizes["expected"]
    return Map(table.astype(np.int64), size, bound.mean(axis=1), names, when, places, near, absolute)


def _basis(
    table: Floats, sizes: Mapping[str, Floats | None], model: str, names: Sequence[str], problems: list[Problem]
) -> Floats | None:
    """Return what cases are compared with: expected cases, or the things counted, or the margins of the table."""
    if model == "permutation":
        if table.shape[1] < 2:
            what = msg("The permutation model needs areas by periods.")
            problems.append(Problem("no_periods", what, place="cases"))
        total = table.sum()
        return np.asarray(np.outer(table.sum(axis=1), table.sum(axis=0)) / (total if total else 1.0))
    size = sizes["expected"] if model == "poisson" and sizes["expected"] is not None else sizes["population"]
    if size is None:
        if not any(p.place in ("population", "expected") for p in problems):
            what = msg("Give a population or expected cases for every area.")
            problems.append(Problem("no_population", what, place="population"))
        return None
    if model == "binomial":
        problems += _whole(size, names, "population")
        over = np.argwhere(table > size).tolist()
        what = msg("There are more cases than things counted.")
        problems += [Problem("too_many_cases", what, place=_cell(names, i)) for i, _ in over]
        return size
    empty = np.flatnonzero((size.sum(axis=1) == 0) & (table.sum(axis=1) > 0))
    what, remedy = msg("There are cases where none can be expected."), msg("Correct the population of this area.")
    problems += [Problem("nothing_expected", what, remedy, place=_cell(names, i)) for i in empty]
    return size


def _numbers(given: ArrayLike, place: str, problems: list[Problem]) -> Floats | None:
    try:
        return np.array(given, dtype=np.float64)
    except (TypeError, ValueError):
        what = msg("These are no numbers in rows of one length.")
        problems.append(Problem("bad_numbers", what, place=place))
        return None


def _sized(
    given: ArrayLike | None, place: str, shape: tuple[int, ...], names: Sequence[str], problems: list[Problem]
) -> Floats | None:
    """Return sizes as areas by periods: one column stands for every period."""
    if given is None:
        return None
    found = _numbers(given, place, problems)
    if found is None:
        return None
    if found.shape == shape[:1]:
        found = np.repeat(found[:, None], shape[1], axis=1)
        if place == "expected":
            found = found / shape[1]
    if found.shape != tuple(shape):
        what = msg("There are %(found)s numbers where the map has %(wanted)s.")
        params = {"found": found.size, "wanted": shape[0] * shape[1]}
        problems.append(Problem("wrong_length", what, params=params, place=place))
        return None
    bad = np.flatnonzero(~(np.isfinite(found) & (found >= 0)).all(axis=1))
    what, remedy = msg("A number is missing or below 0."), msg("Fill it in, or leave the area out of the scan.")
    problems += [Problem("bad_size", what, remedy, place=f"{place}: {_cell(names, i)}") for i in bad]
    return found


def _whole(table: Floats, names: Sequence[str], place: str) -> list[Problem]:
    with np.errstate(invalid="ignore"):
        good = np.isfinite(table) & (table >= 0) & (table == np.floor(table)) & (table < 2**31)
    what, remedy = msg("A count is missing, below 0 or no whole number."), msg("Fill it in, or leave the area out.")
    bad = np.flatnonzero(~good.all(axis=1))
    return [Problem("bad_count", what, remedy, place=f"{place}: {_cell(names, i)}") for i in bad]


def _names(names: Sequence[str], wanted: int, place: str) -> list[Problem]:
    if len(names) == wanted and len(set(names)) == wanted:
        return []
    what = msg("There must be %(wanted)s different names.")
    return [Problem("bad_names", what, params={"wanted": wanted}, place=place)]


def _places(given: ArrayLike | None, count: int, names: Sequence[str], problems: list[Problem]) -> Floats | None:
    if given is None:
        return None
    found = _numbers(given, "coordinates", problems)
    if found is None:
        return None
    if found.shape != (count, 2):
        what = msg("Coordinates are two numbers for each of %(count)s areas.")
        problems.append(Problem("bad_coordinates", what, params={"count": count}, place="coordinates"))
        return None
    bad = np.flatnonzero(~np.isfinite(found).all(axis=1))
    what, remedy = msg("The place of an area is missing."), msg("Give its coordinates, or leave the area out.")
    problems += [Problem("no_place", what, remedy, place=f"coordinates: {_cell(names, i)}") for i in bad]
    return found


def _near(given: Near | None, names: Sequence[str], problems: list[Problem]) -> tuple[frozenset[int], ...] | None:
    """Return the neighbours of each area by number; being neighbours is mutual."""
    if given is None:
        return None
    number = {name: i for i, name in enumerate(names)}
    pairs: set[tuple[int, int]] = set()
    unknown: set[str] = set()
    for one, others in _listed(given, names):
        for other in (one, *others):
            if other not in number:
                unknown.add(str(other))
            elif one in number and one != other:
                pairs |= {(number[one], number[other]), (number[other], number[one])}
    what, remedy = msg("%(name)s is no area of the map."), msg("Correct the list of neighbours.")
    problems += [
        Problem("unknown_neighbour", what, remedy, {"name": name}, "neighbours") for name in sorted(unknown)[:20]
    ]
    return tuple(frozenset(j for i, j in pairs if i == one) for one in range(len(names)))


def _listed(given: Near, names: Sequence[str]) -> Iterable[tuple[str, list[str]]]:
    if isinstance(given, Mapping):
        return [(str(one), [str(other) for other in others]) for one, others in given.items()]
    rows: list[Any] = list(given)
    square = np.asarray(given).shape == (len(rows), len(rows)) if isinstance(given, np.ndarray) else False
    numbers = [np.flatnonzero(row) if square else row for row in rows]
    called = dict(enumerate(names))
    return [(called.get(i, str(i)), [called.get(int(j), str(int(j))) for j in row]) for i, row in enumerate(numbers)]


def _cell(names: Sequence[str], index: Any) -> str:
    return names[int(index)] if int(index) < len(names) else str(int(index) + 1)

"""The table of places: where towns lie, which touch, how many people or firms they have."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from qualipolis.lake.signals.config import Config
from qualipolis.lake.tables import Table, numbers, read_table
from qualipolis.methods.problems import InputError, Problem, msg


@dataclass(frozen=True, eq=False)
class Places:
    """Names of places as the reports write them, with coordinates, neighbours and population where they are told."""

    name: str
    ids: tuple[str, ...]
    coordinates: NDArray[np.float64] | None
    neighbours: dict[str, list[str]] | None
    population: NDArray[np.float64] | None


def read_places(source: Path | bytes, config: Config, *, name: str = "") -> Places:
    """Return the places of a csv or xlsx table; raise InputError with every problem."""
    table, space = read_table(source, name=name), config.space
    what = msg("The table has no column “%(name)s”.")
    remedy = msg("It has: %(known)s. Write its name under [space].")
    known = ", ".join(table.columns[:20])
    wanted = [space.id, *(one for one in (space.x, space.y, space.neighbours, space.population) if one)]
    problems = [
        Problem("no_column", what, remedy, {"name": one, "known": known}, table.name)
        for one in wanted
        if one not in table.columns
    ]
    if problems:
        raise InputError(problems)
    ids = tuple(one or "" for one in table.frame[space.id].to_list())
    if "" in ids or len(set(ids)) < len(ids):
        what = msg("The names of places must be there and different.")
        problems.append(Problem("bad_names", what, place=table.head(space.id)))
    columns = {column: _numbers(table, column, problems) for column in (space.x, space.y, space.population) if column}
    if problems:
        raise InputError(problems[:200])
    near = _neighbours(table, ids, config) if space.neighbours else None
    strangers = sorted({other for others in (near or {}).values() for other in others} - set(ids))
    if strangers:
        what, remedy = msg("%(name)s is no place of the table."), msg("Correct the list of neighbours.")
        where = table.head(space.neighbours)
        raise InputError([Problem("unknown_neighbour", what, remedy, {"name": one}, where) for one in strangers[:50]])
    both = bool(space.x and space.y)
    coordinates = np.column_stack([columns[space.x], columns[space.y]]) if both else None
    return Places(table.name, ids, coordinates, near, columns.get(space.population))


def _neighbours(table: Table, ids: tuple[str, ...], config: Config) -> dict[str, list[str]]:
    texts = table.frame[config.space.neighbours].to_list()
    sign = config.space.separator
    return {
        one: [part.strip() for part in (text or "").split(sign) if part.strip()]
        for one, text in zip(ids, texts, strict=True)
    }


def _numbers(table: Table, column: str, problems: list[Problem]) -> NDArray[np.float64]:
    found, bad = numbers(table, column)
    problems += bad
    return np.asarray(found.to_numpy().astype(np.float64))

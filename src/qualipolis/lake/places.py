"""From the place a method knows (a code, a unit) to the place a person can open (file, sheet, row, column)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace

from qualipolis.lake.cells import Place
from qualipolis.lake.grids import Grid
from qualipolis.lake.layouts import namespace
from qualipolis.methods.problems import Problem

META_ROW = re.compile(r"META row (\d+)$")


@dataclass(frozen=True)
class Places:
    """Where the codes of a framework and the units and columns of its data stand."""

    meta: Grid
    table: Grid
    codes: Mapping[str, int]
    units: Mapping[str, int]

    def of(self, problem: Problem) -> Problem:
        """Return ``problem`` with its place in the files; one that is in neither table stays as it is."""
        place = self._meta(problem.place) or self._data(problem.place)
        return replace(problem, place=place) if place else problem

    def _meta(self, place: str) -> Place | None:
        if found := META_ROW.match(place):
            return self.meta.place_of(int(found[1]))
        code = place.removeprefix("META ")
        if code in self.codes and code != place:
            return self.meta.place_of(self.codes[code])
        return self.meta.place() if place.startswith("META") else None

    def _data(self, place: str) -> Place | None:
        if not place.startswith("DATA"):
            return None
        rest = place.removeprefix("DATA").strip()
        unit, _, name = rest.rpartition(", ")
        columns = {namespace(header)[1]: at for at, header in enumerate(self.table.headers)}
        row = self.units.get(unit, self.units.get(rest))
        return self.table.place(row, columns.get(name))

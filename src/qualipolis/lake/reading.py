"""A table read field by field, with every mistake kept at its place."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from qualipolis.lake.cells import Place
from qualipolis.lake.grids import Grid
from qualipolis.lake.layouts import Layout, number_of, words_of
from qualipolis.methods.problems import InputError, Problem, msg


class Reading:
    """A grid read field by field; problems are collected, never raised one by one."""

    def __init__(self, grid: Grid, layout: Layout) -> None:
        self.grid = grid
        self.layout = layout
        self.problems: list[Problem] = []

    def has(self, field: str) -> bool:
        return field in self.layout.fields

    def cell(self, row: int, field: str) -> str | None:
        at = self.layout.fields.get(field)
        return None if at is None else self.grid.rows[row][at]

    def place(self, row: int, field: str) -> Place:
        return self.grid.place(row, self.layout.fields.get(field))

    def words(self, row: int, field: str) -> str:
        return words_of(self.cell(row, field))

    def number(self, row: int, field: str) -> float | None:
        at = self.layout.fields.get(field)
        return None if at is None else self.number_at(row, at)

    def number_at(self, row: int, position: int) -> float | None:
        try:
            return number_of(self.grid.rows[row][position], "")
        except InputError as error:
            place = self.grid.place(row, position)
            self.problems += [replace(problem, place=place) for problem in error.problems]
            return None

    def choice(self, row: int, field: str, choices: Mapping[str, object], remedy: str, default: object):
        said = self.words(row, field)
        if not said:
            return default
        if said.lower() not in choices:
            what = {
                "direction": msg("The direction “%(cell)s” is unknown."),
                "kind": msg("The kind “%(cell)s” is unknown."),
            }
            self.problems.append(
                Problem(f"unknown_{field}", what[field], remedy, {"cell": said[:40]}, self.place(row, field))
            )
            return default
        return choices[said.lower()]

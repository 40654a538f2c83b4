"""The sample file and the design file of ``qualipolis estimate``, read with every mistake kept."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from qualipolis.lake.tables import Table, numbers, read_table
from qualipolis.methods.problems import InputError, Problem, msg

TOP = ("weights", "strata", "clusters", "fpc", "probabilities", "pps", "lonely", "purpose_column", "purpose", "level")
EACH = ("statistic", "variable", "denominator", "has", "by", "method", "quantile", "level")
STATISTICS = ("total", "mean", "ratio", "proportion", "quantile")


@dataclass
class Inputs:
    """The table of the sample with the design's words; problems are collected until all is read."""

    table: Table
    words: Mapping[str, Any]
    place: str
    problems: list[Problem] = field(default_factory=list)

    def column(self, name: object) -> str | None:
        """Return the name of a column of the sample, or note that there is none."""
        if isinstance(name, str) and name in self.table.columns:
            return name
        what, remedy = msg("The sample has no column “%(name)s”."), msg("It has: %(known)s.")
        params = {"name": str(name)[:40], "known": ", ".join(self.table.columns[:20])}
        self.problems.append(Problem("no_column", what, remedy, params, place=self.place))
        return None

    def labels(self, name: object) -> np.ndarray | None:
        """Return a column as labels, empty where missing."""
        found = self.column(name)
        return None if found is None else np.array([x or "" for x in self.table.frame[found].to_list()], dtype=str)

    def numbers(self, name: object) -> np.ndarray | None:
        """Return a column as numbers, NaN where missing."""
        found = self.column(name)
        if found is None:
            return None
        values, problems = numbers(self.table, found)
        self.problems += problems[:100]
        return values.cast(float).to_numpy().astype(float)

    def stages(self, key: str, read: str) -> list[np.ndarray | None] | None:
        """Return the columns named under ``key``, one for each stage."""
        named = self.words.get(key)
        if named is None:
            return None
        names = list(named) if isinstance(named, Sequence) and not isinstance(named, str) else [named]
        return [None if name == "" else getattr(self, read)(name) for name in names]

    def choice(self, words: Mapping[str, Any], key: str, usual: Any, kind: type | tuple[type, ...]) -> Any:
        """Return a word of the file, or note that it is of the wrong kind."""
        value = words.get(key, usual)
        if isinstance(value, kind) and not (isinstance(value, bool) and kind is not bool):
            return value
        what, remedy = msg("“%(key)s” has a value of the wrong kind."), msg("See the example file.")
        self.problems.append(Problem("wrong_kind", what, remedy, {"key": key}, place=self.place))
        return usual


def inputs_of(sample: Path, design: Path) -> Inputs:
    """Read both files; refuse words that are not known."""
    from qualipolis.lake.pipelines import read_toml

    table, words = read_table(sample), read_toml(design.read_bytes(), design.name)
    found = Inputs(table, words, design.name)
    asked = words.get("estimates")
    if not isinstance(asked, list) or not asked or not all(isinstance(one, Mapping) for one in asked):
        what, remedy = msg("The design asks for no estimate."), msg("Add a table [[estimates]] for each.")
        raise InputError([Problem("no_estimates", what, remedy, place=design.name)])
    strange = [key for key in words if key not in (*TOP, "estimates")]
    strange += [key for one in asked for key in one if key not in EACH]
    if strange:
        what, remedy = msg("Unknown words: %(words)s."), msg("Known are: %(known)s.")
        params = {"words": ", ".join(strange[:10]), "known": ", ".join((*TOP, *EACH))}
        raise InputError([Problem("unknown_word", what, remedy, params, place=design.name)])
    return found

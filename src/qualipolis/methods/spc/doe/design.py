"""What every maker of experiments returns: coded runs, blocks, a random order, and settings in the units of the plant."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from qualipolis.methods.problems import Problem, msg, refuse
from qualipolis.methods.spc.charts.result import Floats

if TYPE_CHECKING:
    import polars as pl

Ints = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Design:
    """An experiment before it is run.

    Parameters
    ----------
    kind : what it is: ``"full"``, ``"fraction"``, ``"Plackett-Burman"``, ``"definitive"``, ``"central composite"``,
        ``"Box-Behnken"``
    factors : coded settings of each factor, one for each run, in standard order; −1 and 1 are the low and high setting
    blocks : number of the block of each run, from 1; all 1 without blocks
    order : positions from 0 in which the runs are made; the standard order until :meth:`randomised`
    conventions : every choice that changes the design, by name
    """

    kind: str
    factors: Mapping[str, Floats]
    blocks: Ints
    order: Ints
    conventions: Mapping[str, object] = field(default_factory=dict)

    @property
    def runs(self) -> int:
        """Number of runs."""
        return len(self.order)

    def randomised(self, seed: int | np.random.Generator) -> Design:
        """Return the same design in a random order, drawn within each block; the seed is kept to prove it.

        >>> from qualipolis.methods.spc.doe import full_factorial
        >>> full_factorial({"A": 2, "B": 2}).randomised(7).order.tolist()
        [0, 2, 1, 3]
        """
        rng = np.random.default_rng(seed)
        parts = [rng.permutation(np.flatnonzero(self.blocks == b)) for b in np.unique(self.blocks)]
        words = dict(self.conventions) | {"seed": seed if isinstance(seed, int) else "given generator"}
        return replace(self, order=np.concatenate(parts), conventions=words)

    def settings(self, levels: Mapping[str, tuple[float, float]]) -> dict[str, Floats]:
        """Return settings in units of the plant, from the low and high setting of each factor.

        >>> from qualipolis.methods.spc.doe import full_factorial
        >>> full_factorial({"T": 2}).settings({"T": (180, 220)})["T"].tolist()
        [180.0, 220.0]
        """
        what = msg("A factor needs a low and a high setting that differ.")
        refuse([
            Problem("bad_levels", what, place=name)
            for name in self.factors
            if name not in levels or not np.isfinite(levels[name]).all() or levels[name][0] == levels[name][1]
        ])  # fmt: skip
        return {n: (sum(levels[n]) + x * (levels[n][1] - levels[n][0])) / 2 for n, x in self.factors.items()}

    def to_frame(self, levels: Mapping[str, tuple[float, float]] | None = None) -> pl.DataFrame:
        """Return the runs in the order in which they are made: run, standard order, block, and each factor."""
        import polars as pl

        shown = self.factors if levels is None else self.settings(levels)
        found: dict[str, object] = {"run": np.arange(1, self.runs + 1), "standard": self.order + 1}
        found |= {"block": self.blocks[self.order]} | {name: x[self.order] for name, x in shown.items()}
        return pl.DataFrame(found)

    def __repr__(self) -> str:
        return f"Design({self.kind}, {len(self.factors)} factors, {self.runs} runs)"


def made(
    kind: str, names: Sequence[str], runs: Floats, words: Mapping[str, object], blocks: Ints | None = None
) -> Design:
    """Return the design of a matrix with one column for each factor."""
    columns = {name: np.ascontiguousarray(runs[:, i]) for i, name in enumerate(names)}
    numbers = np.ones(len(runs), dtype=np.int64) if blocks is None else blocks
    return Design(kind, columns, numbers, np.arange(len(runs)), words)


def names_of(factors: Sequence[str], least: int, most: int) -> list[str]:
    """Return names of factors, each different, as many as a design can hold."""
    names = list(factors)
    if len(set(names)) < len(names) or not least <= len(names) <= most:
        what = msg("This design has %(least)s to %(most)s factors, each with a name of its own.")
        refuse([Problem("bad_factors", what, "", {"least": least, "most": most}, "factors")])
    return names


def stacked(parts: Sequence[Floats], center: int) -> Floats:
    """Return the parts of a design one after the other, then its centre points."""
    k = parts[0].shape[1]
    return np.concatenate([*parts, np.zeros((center, k))])


def counted(name: str, value: int, least: int = 0) -> None:
    """Refuse a number of points that is not a whole number from ``least`` on."""
    if value != int(value) or value < least:
        what = msg("This is a whole number, %(least)s or more.")
        refuse([Problem("bad_number", what, "", {"least": least}, name)])

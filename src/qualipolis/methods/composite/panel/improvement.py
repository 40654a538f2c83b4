"""Level and improvement: a share for where a unit stands and a share for how far it has come."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from qualipolis.methods.composite.data import Floats
from qualipolis.methods.composite.panel.data import Time
from qualipolis.methods.composite.panel.run import PanelResult
from qualipolis.methods.composite.ranks import SCORE_TIES, rank_descending, ranks_as_floats
from qualipolis.methods.problems import InputError, Problem, msg

if TYPE_CHECKING:
    import polars as pl


@dataclass(frozen=True, eq=False, repr=False)
class LevelAndImprovement:
    """Scores of level and improvement, (times after the first ..., units) as ``times`` says, NaN where there is none.

    Parameters
    ----------
    node, a, posts : what was combined and how
    times, units : axes; each time is compared with the one before it in the panel
    level, change, improvement, score, ranks : (times, units)
    """

    node: str
    a: float
    posts: tuple[float, float]
    times: tuple[Time, ...]
    units: tuple[str, ...]
    level: Floats
    change: Floats
    improvement: Floats
    score: Floats
    ranks: Floats

    def to_frame(self) -> pl.DataFrame:
        """Return time, unit, level, change, improvement, score, rank; null where the unit has no earlier score."""
        import polars as pl

        parts = []
        for t, time in enumerate(self.times):
            names = ("level", "change", "improvement", "score")
            columns = {name: getattr(self, name)[t] for name in names} | {"rank": self.ranks[t]}
            parts.append(pl.DataFrame({"time": [time] * len(self.units), "unit": self.units} | columns))
        frame = pl.concat(parts).with_columns(pl.selectors.float().fill_nan(None))
        return frame.with_columns(pl.col("rank").cast(pl.Int64))

    def __repr__(self) -> str:
        low, high = self.posts
        scored = int((~np.isnan(self.score)).sum())
        return (
            f"{self.node}: {self.a:g} level + {1 - self.a:g} improvement ({low:g} to {high:g} points), {scored} scored"
        )


def level_and_improvement(
    result: PanelResult,
    a: float = 0.7,
    floor: float = 0.0,
    target: float = 10.0,
    node: str | None = None,
    scale: tuple[float, float] = (0.0, 100.0),
) -> LevelAndImprovement:
    r"""Return a score of level and improvement for each time that has one before it.

    .. math:: s_t = a\,x_t + (1 - a)\,I_t, \qquad
              I_t = L + (H - L)\,\mathrm{clamp}\!\left(\frac{(x_t - x_{t-1}) - f}{g - f}, 0, 1\right)

    Parameters
    ----------
    a : share of the level, 0.7 by the rules of the assessment
    floor, target : goalposts f and g of the improvement, in points of score from one time to the next; by default no
        change scores 0 and ten points more score full
    scale : L and H, the ends of the scores' scale

    A unit without a score at the time before has no improvement and no combined score: it is not given 0. Scores must be
    comparable over time. Raises InputError when a is no share, ends are upside down, or there is one time only.

    >>> from qualipolis.methods.composite import CITY_PIPELINE, Framework, Node
    >>> from qualipolis.methods.composite.panel import PanelData, run_panel
    >>> fw = Framework((Node("a", parent="X", floor=0, target=100), Node("X", level=2, kind="aggregate")))
    >>> panel = PanelData((2023, 2024), ("u", "v"), ("a",), [[[80.0], [40.0]], [[80.0], [48.0]]])
    >>> level_and_improvement(run_panel(CITY_PIPELINE, fw, panel)).score.round(6).tolist()
    [[56.0, 57.6]]
    """
    errors = list(_faults(result, a, floor, target, scale))
    if errors:
        raise InputError(errors)
    scores = result.score(top := node or result.framework.roots[0])
    level, change = scores[1:], np.diff(scores, axis=0)
    share = np.clip((change - floor) / (target - floor), 0.0, 1.0)
    improvement = scale[0] + (scale[1] - scale[0]) * share
    score = a * level + (1 - a) * improvement
    times, ranks = result.times[1:], ranks_as_floats(rank_descending(score, SCORE_TIES))
    return LevelAndImprovement(top, a, (floor, target), times, result.units, level, change, improvement, score, ranks)


def _faults(result: PanelResult, a: float, floor: float, target: float, scale: tuple[float, float]) -> list[Problem]:
    found = []
    if not 0 <= a <= 1:
        text, remedy = msg("The share of the level is %(a)s."), msg("Give a share from 0 to 1.")
        found.append(Problem("bad_share", text, remedy, {"a": a}))
    for low, high in ((floor, target), scale):
        if not low < high:
            text = msg("The ends %(low)s and %(high)s are equal or upside down.")
            found.append(Problem("bad_goalposts", text, msg("Give the lower one first."), {"low": low, "high": high}))
    if len(result.times) < 2:
        text = msg("The panel has one time only: there is no change to speak of.")
        found.append(Problem("one_time", text, msg("Add another time.")))
    return found

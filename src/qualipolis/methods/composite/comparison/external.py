"""Links to other measures: does the index go with what it should go with, and who decides that (Handbook step 9)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from qualipolis.methods.composite.comparison.parts import unknown_choice
from qualipolis.methods.composite.comparison.removal import remove_elements
from qualipolis.methods.composite.comparison.versions import correlation
from qualipolis.methods.composite.data import Floats
from qualipolis.methods.composite.result import CompositeResult
from qualipolis.methods.problems import InputError, Problem, msg

METHODS = ("pearson", "spearman")


@dataclass(frozen=True, eq=False, repr=False)
class Link:
    """The correlation of a node's score with an outside measure.

    Parameters
    ----------
    node, name, method : what was correlated and how
    n : units with both; ``unmatched`` are those of the outside table that have no score
    correlation, p_value : two-sided p by the t distribution with n - 2 degrees of freedom
    low, high, level : interval by Fisher's z; with Spearman the variance of Bonett and Wright (2000)
    slope, intercept : least squares of the measure on the score
    units, without_unit : correlation with each unit left out, (n,)
    indicators, without_indicator : correlation with each indicator left out of the score, (indicators,)
    """

    node: str
    name: str
    method: str
    n: int
    unmatched: tuple[str, ...]
    correlation: float
    p_value: float
    low: float
    high: float
    level: float
    slope: float
    intercept: float
    units: tuple[str, ...]
    without_unit: Floats
    indicators: tuple[str, ...]
    without_indicator: Floats

    @property
    def unit_range(self) -> tuple[float, float]:
        """Lowest and highest correlation with one unit left out."""
        return _range(self.without_unit)

    @property
    def indicator_range(self) -> tuple[float, float]:
        """Lowest and highest correlation with one indicator left out: a link that hangs on one says little of the index."""
        return _range(self.without_indicator)

    def __repr__(self) -> str:
        low, high = self.unit_range
        first, last = self.indicator_range
        return (
            f"{self.node} and {self.name}: {self.method} {self.correlation:.3f}, n = {self.n}, "
            f"{self.level:.0%} {self.low:.3f} to {self.high:.3f}, p = {self.p_value:.3g}\n"
            f"without one unit {low:.3f} to {high:.3f}, without one indicator {first:.3f} to {last:.3f}"
        )


def link_to_external(
    result: CompositeResult,
    external: Mapping[str, float | None],
    node: str | None = None,
    name: str = "external",
    method: str = "pearson",
    level: float = 0.95,
) -> Link:
    r"""Correlate a node's score with an outside measure joined by unit code.

    .. math:: z = \operatorname{artanh} r, \quad r \in \tanh\left(z \pm \frac{z_{1-\alpha/2}}{\sqrt{n-3}}\right)

    (Spearman: the standard error times :math:`\sqrt{1 + r^2/2}`.) Source: OECD/JRC Handbook (2008), step 9; Fisher
    (1921); Bonett and Wright (2000), Psychometrika 65. A correlation is no proof of a cause, and an outside measure that
    is itself an indicator of the index is correlated with it by construction.

    Raises InputError with fewer than 4 units in common, an unknown method, or a level outside 0 .. 1.

    >>> from qualipolis.methods.composite import DEFAULT_PIPELINE, Framework, IndicatorData, Node
    >>> fw = Framework((Node("a", parent="X"), Node("b", parent="X"), Node("X", level=2, kind="aggregate")))
    >>> data = IndicatorData(tuple("uvwxy"), ("a", "b"), [[1, 5], [2, 3], [3, 4], [4, 1], [6, 2]])
    >>> link = link_to_external(DEFAULT_PIPELINE.run(fw, data), {"u": 2.0, "v": 1.0, "w": 3.0, "x": 0.0, "q": 9.0})
    >>> link.n, link.unmatched, round(link.correlation, 3)
    (4, ('q',), 0.983)
    """
    top = result.framework.roots[0] if node is None else node
    known = {unit: float(value) for unit, value in external.items() if value is not None and np.isfinite(value)}
    score = result.score(top)
    rows = [k for k, unit in enumerate(result.units) if unit in known and not np.isnan(score[k])]
    errors = [unknown_choice("method", method, METHODS)] * (method not in METHODS)
    errors += [_bad_level(level)] * (not 0 < level < 1) + [_too_few(len(rows))] * (len(rows) < 4)
    if errors:
        raise InputError(errors)
    return _link(result, (top, name, method, level), rows, known)


def _link(
    result: CompositeResult, what: tuple[str, str, str, float], rows: list[int], known: Mapping[str, float]
) -> Link:
    node, name, method, level = what
    units = tuple(result.units[k] for k in rows)
    x, y = result.score(node)[rows], np.array([known[unit] for unit in units])
    r = correlation(x, y, method)
    p_value, low, high = _inference(r, len(rows), level, method)
    slope = float(np.cov(x, y)[0, 1] / np.var(x, ddof=1)) if np.ptp(x) > 0 else float("nan")
    others = [np.delete(np.arange(len(x)), k) for k in range(len(x))]
    removed = remove_elements(result, 1, node)
    return Link(
        node=node,
        name=name,
        method=method,
        n=len(rows),
        unmatched=tuple(unit for unit in known if unit not in units),
        correlation=r,
        p_value=p_value,
        low=low,
        high=high,
        level=level,
        slope=slope,
        intercept=float(y.mean() - slope * x.mean()),
        units=units,
        without_unit=np.array([correlation(x[at], y[at], method) for at in others]),
        indicators=removed.elements,
        without_indicator=np.array([_present(one[rows], y, method) for one in removed.scores]),
    )


def _present(x: Floats, y: Floats, method: str) -> float:
    there = ~np.isnan(x)
    return correlation(x[there], y[there], method)


def _inference(r: float, n: int, level: float, method: str) -> tuple[float, float, float]:
    from scipy.special import ndtri, stdtr

    if not np.isfinite(r):
        return float("nan"), float("nan"), float("nan")
    if abs(r) >= 1:
        return 0.0, r, r
    t = r * np.sqrt((n - 2) / (1 - r * r))
    spread = float(ndtri((1 + level) / 2)) / np.sqrt(n - 3)
    spread *= np.sqrt(1 + r * r / 2) if method == "spearman" else 1.0
    z = np.arctanh(r)
    return float(2 * stdtr(n - 2, -abs(t))), float(np.tanh(z - spread)), float(np.tanh(z + spread))


def _range(values: Floats) -> tuple[float, float]:
    there = values[~np.isnan(values)]
    return (float(there.min()), float(there.max())) if there.size else (float("nan"), float("nan"))


def _too_few(n: int) -> Problem:
    return Problem(
        "too_few_units",
        msg("Only %(n)s units have both a score and a value of the other measure."),
        msg("At least 4 are needed; check that the unit codes agree."),
        {"n": n},
    )


def _bad_level(level: float) -> Problem:
    return Problem(
        "bad_level",
        msg("The level of the interval is %(level)s."),
        msg("Give a share between 0 and 1."),
        {"level": level},
    )

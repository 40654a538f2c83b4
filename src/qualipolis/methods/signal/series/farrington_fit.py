"""Quasi-Poisson regressions by the thousand: one level for each season group, and a line in time if wanted.

Every row is one regression ``log μ = a[group] + b·time (+ log exposure)`` over the same design. With one level for each
group the normal equations of a step of iteratively reweighted least squares are an arrow: the levels are eliminated and
one number, the slope, is left. Without a slope a regression needs only the sums of its groups. No loop runs over rows.

Starts, stopping rule (relative change of deviance below 1e-8, 25 steps) and the weights that the standard errors rest
on (those the last step began with) are those of ``glm`` in R, because detectors built on it are compared to the digit.

Source: P. McCullagh, J. Nelder (1989), Generalized Linear Models, 2nd ed., section 2.5 and chapter 9.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from qualipolis.methods.signal.series.counts import Bools, Floats
from qualipolis.methods.signal.series.farrington_design import Design

EPSILON, STEPS = 1e-8, 25


@dataclass(frozen=True)
class Rows:
    """Regressions to be fitted, one a row.

    ``y`` (rows, n) counts, 0 where missing, with what is needed of them again and again: ``log_start`` log(y + 0.1),
    ``entropy`` y·log y and ``two_thirds`` y^⅔. ``there`` tells the weeks that were reported (``None``: all), ``weight``
    the prior weights (``None``: 1), ``log_exposure`` the log of what the counts are in proportion to (``None``: 0).
    """

    y: Floats
    log_start: Floats
    entropy: Floats
    two_thirds: Floats
    there: Bools | None = None
    weight: Floats | None = None
    log_exposure: Floats | None = None

    def take(self, rows: Bools) -> Rows:
        """The regressions that ``rows`` chooses."""
        parts = {name: None if (part := getattr(self, name)) is None else part[rows] for name in PARTS}
        return Rows(**parts)  # type: ignore[arg-type]

    def weeks(self) -> Floats:
        """Number of weeks that were reported, for each regression."""
        if self.there is None:
            return np.full(len(self.y), float(self.y.shape[1]))
        return self.there.sum(axis=1).astype(np.float64)

    def weighed(self, part: Floats) -> Floats:
        """``part`` times the prior weights."""
        return part if self.weight is None else part * self.weight

    def total(self, part: Floats) -> Floats:
        """Sum of ``part`` times the prior weights over the weeks."""
        if self.weight is None:
            return np.asarray(part.sum(axis=1))
        return np.asarray(np.einsum("ij,ij->i", part, self.weight))


PARTS = ("y", "log_start", "entropy", "two_thirds", "there", "weight", "log_exposure")


def rows_of(y: Floats) -> Rows:
    """Rows of counts where ``nan`` is missing.

    >>> rows_of(np.array([[1.0, np.nan]])).y
    array([[1., 0.]])
    """
    gaps = np.isnan(y)
    counts = np.where(gaps, 0.0, y)
    entropy = counts * np.log(np.where(counts > 0, counts, 1.0))
    some = bool(gaps.any())
    there = ~gaps if some else None
    weight = there.astype(np.float64) if there is not None else None
    return Rows(counts, np.log(counts + 0.1), entropy, np.cbrt(counts * counts), there, weight)


@dataclass(frozen=True)
class Levels:
    """A fitted set: levels ``a`` (rows, groups), slope ``b`` (rows,), both as of the last and the last but one step.

    ``mass`` (rows, groups) and ``middle`` are the sum of working weights of a group and their mean time, ``spread``
    (rows,) the pooled sum of squares of time within groups: of the weights the last step began with.
    """

    a: Floats
    b: Floats
    a_before: Floats
    b_before: Floats
    mass: Floats
    middle: Floats
    spread: Floats
    converged: Bools
    sloped: bool


@dataclass
class _State:
    """What the loop holds: sums over groups of the working weights, of weight x time, of weight x time²."""

    a: Floats
    b: Floats
    mass: Floats
    moment: Floats
    square: Floats


class _Sums:
    """The sums a regression needs; those of the counts do not change from step to step."""

    def __init__(self, rows: Rows, design: Design, sloped: bool) -> None:
        self.sloped = sloped
        self.time = design.time - design.time.mean()
        g = design.indicator
        self.g = g
        self.all = np.hstack([g, g * self.time[:, None], g * self.time[:, None] ** 2]) if sloped else g
        self.groups = g.shape[1]
        shown = None if rows.log_exposure is None else np.exp(rows.log_exposure)
        self.exposed = rows.weight if shown is None else rows.weighed(shown)
        weighted = rows.weighed(rows.y)
        self.counts = weighted @ g
        self.counts_time = weighted @ self.time if sloped else np.zeros(len(rows.y))
        self.flat = None if sloped else self._flat(len(rows.y))
        saturated = rows.entropy - rows.y
        if rows.log_exposure is not None:
            saturated = saturated - rows.y * rows.log_exposure
        self.constant = 2 * rows.total(saturated)  # what of the deviance the coefficients do not change

    def _flat(self, rows: int) -> Floats:
        if self.exposed is None:
            return np.broadcast_to(self.g.sum(axis=0), (rows, self.groups))
        return np.asarray(self.exposed @ self.g)

    def keep(self, rows: Bools) -> None:
        """Go on with some of the regressions."""
        if rows.all():
            return
        self.exposed = None if self.exposed is None else self.exposed[rows]
        self.counts, self.counts_time, self.constant = self.counts[rows], self.counts_time[rows], self.constant[rows]
        self.flat = None if self.flat is None else self.flat[rows]

    def at(self, a: Floats, b: Floats) -> _State:
        """Working weights (= means x prior weights) at the coefficients, summed over groups."""
        height = np.exp(a)
        if self.flat is not None:
            none = np.zeros_like(height)
            return _State(a, b, height * self.flat, none, none)
        curve = np.multiply.outer(b, self.time)
        np.exp(curve, out=curve)
        if self.exposed is not None:
            curve *= self.exposed
        return self.split(a, b, curve @ self.all, height)

    def split(self, a: Floats, b: Floats, sums: Floats, height: Floats | float = 1.0) -> _State:
        """Sums of the columns of ``all`` by what they are."""
        one, two = self.groups, 2 * self.groups
        return _State(a, b, sums[:, :one] * height, sums[:, one:two] * height, sums[:, two:] * height)

    def deviance(self, state: _State) -> Floats:
        """Twice the log likelihood ratio to the saturated model."""
        fitted = (self.counts * state.a).sum(axis=1) + state.b * self.counts_time - state.mass.sum(axis=1)
        return np.asarray(self.constant - 2 * fitted)


def _arrow(state: _State) -> tuple[Floats, Floats, Floats]:
    """Groups that have weight, their mean time, and the pooled sum of squares of time within them."""
    mass = np.where(state.mass > 0, state.mass, np.nan)
    middle = state.moment / mass
    return mass, middle, np.nansum(state.square - state.moment * middle, axis=1)


def _first(rows: Rows, sums: _Sums) -> tuple[Floats, Floats, _State, Floats]:
    """The first step, from μ = y + 0.1, with its weights and the deviance there."""
    start = rows.y + 0.1
    deviance = 2 * rows.total(rows.entropy - rows.y * rows.log_start + 0.1)
    response = rows.log_start * start - 0.1  # weight x z
    if rows.log_exposure is not None:
        response -= start * rows.log_exposure
    weight, response = rows.weighed(start), rows.weighed(response)
    nothing = np.zeros(len(rows.y))
    if not sums.sloped:
        mass = weight @ sums.g
        none = np.zeros_like(mass)
        state = _State(none, nothing, mass, none, none)
        return (response @ sums.g) / np.where(mass > 0, mass, np.nan), nothing, state, deviance
    state = sums.split(np.zeros_like(sums.counts), nothing, weight @ sums.all)
    mass, middle, spread = _arrow(state)
    level = response @ sums.g
    slope = (response @ sums.time - np.nansum(middle * level, axis=1)) / spread
    return level / mass - middle * slope[:, None], slope, state, deviance


def fit(rows: Rows, design: Design, sloped: bool) -> Levels:
    """Fit every row; a group without any week has level ``nan`` and takes no part."""
    with np.errstate(all="ignore"):
        return _fit(rows, design, sloped)


def _fit(rows: Rows, design: Design, sloped: bool) -> Levels:
    sums = _Sums(rows, design, sloped)
    a, b, before, deviance = _first(rows, sums)
    final = _Final(a, b, sums.groups, sloped)
    alive = np.arange(len(rows.y))
    for step in range(STEPS):
        state = sums.at(np.where(np.isnan(a), 0.0, a), b)
        state.mass = np.where(np.isnan(a), 0.0, state.mass)
        now = sums.deviance(state)
        done = np.abs(now - deviance) / (np.abs(now) + 0.1) < EPSILON
        stop = done | ~np.isfinite(now) | (step == STEPS - 1)
        if stop.any():
            final.put(alive[stop], a[stop], b[stop], _rows_of(before, stop), done[stop])
        if stop.all():
            break
        go = ~stop
        alive, deviance = alive[go], now[go]
        sums.keep(go)
        before = _rows_of(state, go)
        before.a = a[go]
        a, b = _step(before, sums)
    return final.levels(design)


def _rows_of(state: _State, rows: Bools) -> _State:
    return _State(state.a[rows], state.b[rows], state.mass[rows], state.moment[rows], state.square[rows])


def _step(state: _State, sums: _Sums) -> tuple[Floats, Floats]:
    """One step of iteratively reweighted least squares."""
    mass, middle, spread = _arrow(state)
    short = sums.counts - np.nan_to_num(mass)
    if not sums.sloped:
        return state.a + short / mass, state.b
    tilt = sums.counts_time - state.moment.sum(axis=1) - np.nansum(middle * short, axis=1)
    slope = tilt / spread
    return state.a + short / mass - middle * slope[:, None], state.b + slope


class _Final:
    """Where finished rows are put."""

    def __init__(self, a: Floats, b: Floats, groups: int, sloped: bool) -> None:
        rows = len(b)
        self.a, self.b, self.a_before, self.b_before = a.copy(), b.copy(), a.copy(), b.copy()
        self.mass, self.middle = np.full((rows, groups), np.nan), np.full((rows, groups), np.nan)
        self.spread, self.converged, self.sloped = np.full(rows, np.nan), np.zeros(rows, dtype=bool), sloped

    def put(self, rows: np.ndarray, a: Floats, b: Floats, before: _State, done: Bools) -> None:
        """Keep what the last step gave and what it began with."""
        self.a[rows], self.b[rows], self.a_before[rows], self.b_before[rows] = a, b, before.a, before.b
        self.mass[rows], self.middle[rows], self.spread[rows] = _arrow(before)
        self.converged[rows] = done

    def levels(self, design: Design) -> Levels:
        """Time counted from the week that is judged."""
        shift = -design.time.mean()  # the loop's time is centred: time + shift
        move, move_before = (self.b * shift)[:, None], (self.b_before * shift)[:, None]
        return Levels(
            self.a + move,
            self.b,
            self.a_before + move_before,
            self.b_before,
            self.mass,
            self.middle - shift if self.sloped else self.middle,
            self.spread,
            self.converged,
            self.sloped,
        )

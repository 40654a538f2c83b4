"""The scan statistic: where, and since when, are there more cases than chance explains?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from qualipolis.methods.problems import Problem, msg, refuse
from qualipolis.methods.signal.space import checks, simulate
from qualipolis.methods.signal.space.likelihood import DIRECTIONS, Binomial, Likelihood, Poisson
from qualipolis.methods.signal.space.results import Cluster, Scan, exact_ratio, gumbel_tail
from qualipolis.methods.signal.space.zones import Zones, connected, discs, distances

Floats = NDArray[np.float64]
MOST_SIMULATIONS = 999_999


@dataclass(frozen=True)
class Options:
    """How a scan is run; see :func:`scan`."""

    model: str = "poisson"
    direction: str = "high"
    share: float = 0.5
    radius: float = np.inf
    largest: int | None = None
    distance: str = "euclidean"
    ties: str = "together"
    windows: str = "prospective"
    longest: int | None = None
    simulations: int = 9999
    most: int = 10

    def __post_init__(self) -> None:
        what, remedy = msg("“%(given)s” is no known choice."), msg("Use one of: %(known)s.")
        choices = {"model": checks.MODELS, "direction": DIRECTIONS, "distance": ("euclidean", "great_circle"),
                   "ties": ("together", "one_by_one"), "windows": ("prospective", "retrospective")}  # fmt: skip
        problems = [
            Problem("unknown_option", what, remedy, {"given": getattr(self, key), "known": ", ".join(known)}, key)
            for key, known in choices.items()
            if getattr(self, key) not in known
        ]
        bounds = {"share": (0, 1), "simulations": (1, MOST_SIMULATIONS), "most": (1, 1000)}
        positive = {"radius": self.radius, "largest": self.largest, "longest": self.longest}
        what = msg("%(given)s is out of bounds; it must be above 0 and at most %(high)s.")
        for key, (_, high) in bounds.items():
            if not 0 < getattr(self, key) <= high:
                problems.append(Problem("out_of_bounds", what, "", {"given": getattr(self, key), "high": high}, key))
        for key, given in positive.items():
            if given is not None and not given > 0:
                problems.append(Problem("out_of_bounds", what, "", {"given": given, "high": "∞"}, key))
        what, remedy = msg("%(name)s is %(value)s."), msg("Give a whole number.")
        whole = {key: getattr(self, key) for key in ("largest", "longest", "simulations", "most")}
        problems += [
            Problem("no_whole_number", what, remedy, {"name": key, "value": given}, key)
            for key, given in whole.items()
            if given is not None and not float(given).is_integer()
        ]
        refuse(problems)


def scan(
    cases: ArrayLike,
    population: ArrayLike | None = None,
    coordinates: ArrayLike | None = None,
    *,
    expected: ArrayLike | None = None,
    neighbours: checks.Near | None = None,
    ids: Sequence[object] | None = None,
    periods: Sequence[object] | None = None,
    zones: Zones | None = None,
    seed: int | np.random.Generator = 0,
    **options: Any,
) -> Scan:
    """Scan a map for windows with a rate of their own and tell how often chance shows one as strong.

    Every window (a closed disc around an area, or a connected set of neighbours; with periods also a stretch of time)
    is compared by its likelihood ratio with the rest; the largest ratio is compared with the largest on maps that keep
    the total and spread it by chance, so the p-value pays for the number of windows. ``p = (1 + b) / (1 + B)`` where
    ``b`` of ``B`` simulated maps show a ratio at least as large; its Monte Carlo error is ``√(p(1-p)/(B+1))``.

    Parameters
    ----------
    cases : whole numbers, one for each area, or areas by periods
    population : people, firms or things counted in each area (areas by periods, or one column for all periods)
    coordinates : two numbers for each area: windows are discs; ignored for windows when ``neighbours`` are given
    expected : cases expected in each area, for the Poisson model; then ``population`` only bounds the windows
    neighbours : areas that touch: by name, as lists of row numbers, or a square table of 0 and 1
    ids, periods : names of areas and periods, 1, 2, 3 … without
    zones : windows in space made beforehand (:func:`discs`, :func:`connected`), for many scans of one map
    seed : whole number or generator; the same seed gives the same p-values on any number of cores
    model : ``"poisson"`` (counts against a population), ``"binomial"`` (cases among things counted; marked at random),
        ``"permutation"`` (areas by periods, nothing but cases: area and period independent)
    direction : ``"high"``, ``"low"`` or ``"both"``
    share : most of the population that a window may hold
    radius, largest : longest radius of a disc; most areas of a connected set (without: as many as give 20,000 sets)
    distance : ``"euclidean"`` or ``"great_circle"`` (degrees of longitude and latitude; km)
    ties : areas at one distance enter a disc ``"together"`` or ``"one_by_one"``
    windows, longest : with periods: ``"prospective"`` windows last until the last period, ``"retrospective"`` ones end
        anywhere; ``longest`` periods at most (half of all without)
    simulations, most : number of simulated maps; most clusters returned

    Raises
    ------
    InputError
        whatever does not fit together, all of it

    References
    ----------
    M. Kulldorff (1997), Communications in Statistics 26, 1481-1496; T. Tango, K. Takahashi (2005), Int. J. Health
    Geographics 4:11; M. Kulldorff and others (2005), PLoS Medicine 2:e59 (permutation); A. M. Abrams, K. Kleinman,
    M. Kulldorff (2010), Int. J. Health Geographics 9:61 (Gumbel).

    >>> found = scan([9, 1, 2, 1], [100, 100, 120, 80], [[0, 0], [1, 0], [2, 0], [3, 0]], simulations=999)
    >>> found.most_likely.ids, round(found.most_likely.llr, 4)
    (('1',), 5.6032)
    """
    asked = Options(**options)
    given = checks.map_of(
        cases, population, expected, coordinates, neighbours, asked.model, ids, periods, zones is not None
    )
    made, between = zones_of(given, asked, zones)
    space = simulate.Space(made, windows_of(given, asked), given.size, _likelihood(given, asked))
    rng = np.random.default_rng(seed)
    observed = _ratios(space, given.cases)
    maxima = np.zeros(asked.simulations)
    if given.total and len(made) and float(observed.max(initial=0)) > 0:
        maxima = simulate.largest_ratios(space, _draw(given, asked), asked.simulations, rng)
    clusters = _clusters(space, given, asked, observed, np.sort(maxima), between)
    windows = len(space.windows)
    return Scan(
        asked.model, made.shape, asked.direction, len(given.ids), len(given.periods), given.total,
        made.closed * windows, len(made) * windows, made.largest, asked.share, asked.simulations, clusters, maxima,
    )  # fmt: skip


def zones_of(given: checks.Map, asked: Options, made: Zones | None = None) -> tuple[Zones, Floats | None]:
    """Return the windows in space and the distances between areas."""
    between = distances(given.coordinates, asked.distance) if given.coordinates is not None else None
    if made is not None:
        if int(made.area.max(initial=-1)) >= len(given.ids):
            refuse([Problem("other_zones", msg("The windows were made for a map with more areas."), place="zones")])
        return made, between
    size = given.bound if given.bound.sum() > 0 else np.ones(len(given.ids))
    if given.near is not None:
        return connected(given.near, size, asked.share, asked.largest), between
    assert between is not None
    return discs(between, size, asked.share, asked.radius, asked.ties), between


def windows_of(given: checks.Map, asked: Options) -> list[tuple[int, int]]:
    """Return stretches of periods as first and one past the last."""
    count = len(given.periods)
    if count == 1:
        return [(0, 1)]
    longest = min(asked.longest or count // 2, count)
    if asked.windows == "prospective":
        return [(count - length, count) for length in range(1, longest + 1)]
    return [(end - length, end) for end in range(1, count + 1) for length in range(1, min(longest, end) + 1)]


def _likelihood(given: checks.Map, asked: Options) -> Likelihood:
    kind = Binomial if asked.model == "binomial" else Poisson
    return kind(given.total, asked.direction)


def _draw(given: checks.Map, asked: Options) -> simulate.Draw:
    if asked.model == "permutation":
        return simulate.permuted(given.cases)
    if asked.model == "binomial" and float(given.size.sum()) < simulate.MOST_THINGS:
        return simulate.hypergeometric(given.size, given.total)
    return simulate.multinomial(given.size, given.total)


def _ratios(space: simulate.Space, cases: NDArray[np.int64]) -> Floats:
    """Return the ratio of every window by step of the zones; 0 for steps that are no zone."""
    found = np.zeros((len(space.windows), len(space.zones.area)))
    for row, ((start, end), size) in enumerate(space.window_sizes()):
        counts = space.zones.sums(cases[:, start:end].sum(axis=1))
        found[row] = np.where(space.zones.kept, space.likelihood.ratios(counts, size, space.whole), 0.0)
    return found


def _clusters(
    space: simulate.Space, given: checks.Map, asked: Options, ratios: Floats, maxima: Floats, between: Floats | None
) -> tuple[Cluster, ...]:
    """Take the largest ratio, set aside every window that shares an area with it, and go on."""
    found: list[Cluster] = []
    left = ratios.copy()
    while len(found) < asked.most and left.size:
        row, step = divmod(int(left.argmax()), left.shape[1])
        if left[row, step] <= 1e-12:
            break
        one = _cluster(space, given, asked, (space.windows[row], step), float(left[row, step]), maxima, between)
        found.append(one)
        taken = np.zeros(len(given.ids), dtype=np.int64)
        taken[list(one.index)] = 1
        left[:, space.zones.sums(taken) > 0] = 0.0
    return tuple(found)


def _cluster(
    space: simulate.Space, given: checks.Map, asked: Options, window: tuple[tuple[int, int], int], llr: float,
    maxima: Floats, between: Floats | None,
) -> Cluster:  # fmt: skip
    (start, end), step = window
    index = space.zones.members(step)
    held = list(index)
    observed, size = int(given.cases[held, start:end].sum()), float(given.size[held, start:end].sum())
    scaled = float(space.likelihood.expected(np.array(size), space.whole))
    expected = size if given.absolute else scaled
    above = int(len(maxima) - np.searchsorted(maxima, llr * (1 - 1e-6)))
    p = (1 + above) / (1 + len(maxima))
    out = (given.total - observed) / (given.total - scaled) if given.total > scaled else 0.0
    prospective = len(given.periods) > 1 and asked.windows == "prospective"
    return Cluster(
        tuple(given.ids[i] for i in index), index, given.ids[index[0]],
        float(between[index[0], held].max()) if between is not None else float("nan"),
        (given.periods[start], given.periods[end - 1]) if len(given.periods) > 1 else None,
        observed, expected, float(given.bound[held].sum()), observed / expected, *exact_ratio(observed, expected),
        (observed / scaled) / out if out > 0 else float("inf"), llr, above + 1, p,
        float(np.sqrt(p * (1 - p) / (1 + len(maxima)))), gumbel_tail(llr, maxima),
        1 / p if prospective else float("nan"),
    )  # fmt: skip

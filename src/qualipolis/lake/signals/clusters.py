"""Places in which one hazard of one product gathers: a scan for each pair that has enough recent reports."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from qualipolis.lake.signals.config import Config
from qualipolis.lake.signals.places import Places
from qualipolis.methods.problems import InputError, Problem, msg
from qualipolis.methods.signal.space import Cluster, Zones, connected, discs, distances, scan

Floats = NDArray[np.float64]
Key = tuple[str, str, str]


@dataclass(frozen=True, eq=False)
class Clusters:
    """P-values by key (NaN: not scanned) and the clusters found, as (product, hazard, cluster).

    A place inside a cluster has that cluster's p-value, one outside p = 1: it was looked at. ``left`` pairs had enough
    reports and were left out, because more than ``space.scans`` had.
    """

    p: Floats
    found: tuple[tuple[str, str, Cluster], ...]
    scanned: int
    left: int
    unknown: tuple[str, ...]


def clusters_of(
    keys: tuple[Key, ...], counts: Floats, weeks: NDArray[np.datetime64], config: Config, places: Places | None
) -> Clusters:
    """Scan the places for every pair with enough reports in the latest weeks; those with most reports first."""
    p = np.full(len(keys), np.nan)
    if places is None or "space" not in config.signals.voices or not config.columns.place:
        return Clusters(p, (), 0, 0, ())
    space = config.space
    number = {name: i for i, name in enumerate(places.ids)}
    unknown = tuple(sorted({key[2] for key in keys if key[2] and key[2] not in number}))
    rows: dict[tuple[str, str], list[int]] = {}
    for row, key in enumerate(keys):
        if key[2] in number:
            rows.setdefault(key[:2], []).append(row)
    latest = counts[:, -space.longest :].sum(axis=1)
    wanted = [pair for pair, held in rows.items() if latest[held].sum() >= space.least]
    wanted.sort(key=lambda pair: (-latest[rows[pair]].sum(), pair))
    city = {key[:2]: row for row, key in enumerate(keys) if not key[2]}
    found: list[tuple[str, str, Cluster]] = []
    zones = _zones(places, config)
    for pair in wanted[: space.scans]:
        table = np.zeros((len(number), min(space.weeks, counts.shape[1])))
        for row in rows[pair]:
            table[number[keys[row][2]]] = counts[row, -table.shape[1] :]
        clusters = _scanned(table, weeks, config, places, zones)
        found += [(*pair, one) for one in clusters if tail(one, config) <= config.signals.alpha]
        _spread(p, keys, rows[pair], city.get(pair), clusters, config)
    scanned = min(len(wanted), space.scans)
    return Clusters(p, tuple(found), scanned, len(wanted) - scanned, unknown)


def _zones(places: Places, config: Config) -> Zones:
    """Return the windows in space, the same for every pair: at most ``share`` of the places, or of their population."""
    space = config.space
    size = places.population if places.population is not None else np.ones(len(places.ids))
    if places.neighbours is not None:
        number = {name: i for i, name in enumerate(places.ids)}
        near: list[set[int]] = [set() for _ in places.ids]
        for one, others in places.neighbours.items():
            for other in others:
                near[number[one]].add(number[other])
                near[number[other]].add(number[one])
        return connected([frozenset(one) for one in near], size, space.share, space.largest)
    if places.coordinates is None:
        what = msg("The table of places tells neither coordinates nor neighbours.")
        raise InputError([Problem("no_places", what, msg("Name x and y, or neighbours."), place="space")])
    return discs(distances(places.coordinates, space.distance), size, space.share)


def _scanned(
    table: Floats, weeks: NDArray[np.datetime64], config: Config, places: Places, zones: Zones
) -> tuple[Cluster, ...]:
    space = config.space
    if space.model == "poisson" and places.population is None:
        what, remedy = (
            msg("The Poisson model needs the population of each place."),
            msg("Name its column under [space]."),
        )
        raise InputError([Problem("no_population", what, remedy, place="space.population")])
    periods = [str(one) for one in weeks[-table.shape[1] :]]
    poisson = space.model == "poisson"
    return scan(
        table, places.population if poisson else None, places.coordinates, zones=zones, ids=places.ids,
        periods=periods, model=space.model, distance=space.distance, share=space.share,
        longest=min(space.longest, table.shape[1]), simulations=space.simulations, seed=config.seed, most=3,
    ).clusters  # fmt: skip


def tail(one: Cluster, config: Config) -> float:
    """Return the p-value: the share of simulated maps or, where at most ten are as strong, the extreme-value curve."""
    if config.space.tail == "exact" or one.rank > 10 or not np.isfinite(one.p_gumbel):
        return one.p
    return max(min(one.p_gumbel, one.p), 1e-12)


def _spread(
    p: Floats, keys: tuple[Key, ...], rows: list[int], city: int | None, clusters: tuple[Cluster, ...], config: Config
) -> None:
    """Give the p-values of the clusters to the keys of their places and of the city."""
    inside = {name: tail(one, config) for one in reversed(clusters) for name in one.ids}
    for row in rows:
        p[row] = inside.get(keys[row][2], 1.0)
    if city is not None:
        p[city] = tail(clusters[0], config) if clusters else 1.0

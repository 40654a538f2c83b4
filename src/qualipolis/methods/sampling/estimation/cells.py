"""Sums by cluster and domain, and the variance of every domain from them in one pass."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from qualipolis.methods.sampling.estimation.codes import Floats, Ints
from qualipolis.methods.sampling.estimation.stages import Stage

ROOM = 4
LEAST = 2_000_000


@dataclass(frozen=True)
class Cells:
    """The pairs of cluster and domain that occur in one stage.

    Parameters
    ----------
    cluster, domain : (cells,) codes
    sums : one (cells,) array for each value summed
    domains : number of domains
    """

    cluster: Ints
    domain: Ints
    sums: tuple[Floats, ...]
    domains: int


def cells_of(stage: Stage, domain: Ints | None, domains: int, values: tuple[Floats, ...]) -> Cells:
    """Sum weighted ``values`` (rows,) by cluster and domain; a ``domain`` of None is one domain of all rows."""
    if domain is None:
        everything = np.arange(stage.clusters)
        return Cells(everything, np.zeros_like(everything), tuple(stage.totals(v) for v in values), 1)
    if stage.whole_rows:
        return Cells(stage.cluster, domain, values, domains)
    key = stage.cluster * np.intp(domains) + domain
    if stage.clusters * domains <= ROOM * key.size + LEAST:
        return _dense(stage, key, domains, values)
    found, codes = np.unique(key, return_inverse=True)
    sums = tuple(np.bincount(codes, v, found.size) for v in values)
    return Cells(found // domains, found % domains, sums, domains)


def _dense(stage: Stage, key: Ints, domains: int, values: tuple[Floats, ...]) -> Cells:
    """A table of all pairs, then only those that occur."""
    size = stage.clusters * domains
    seen = np.zeros(size, dtype=np.bool_)
    seen[key] = True
    found = np.flatnonzero(seen)
    sums = tuple(np.bincount(key, v, size)[found] for v in values)
    return Cells(found // domains, found % domains, sums, domains)


def variances(stage: Stage, cells: Cells, scores: Floats) -> Floats:
    """(domains,) contribution of one stage to the variance of the sum of ``scores`` (cells,) in each domain.

    Clusters without a row of the domain count as zeros: the domain's own size is random, and the design keeps its n.
    """
    size = stage.groups * cells.domains
    place = stage.group[cells.cluster] * np.intp(cells.domains) + cells.domain
    means = np.bincount(place, scores, size) / np.repeat(stage.sampled, cells.domains)
    if stage.lonely == "adjust" and (stage.sampled == 1).any():
        middle = np.bincount(cells.domain, scores, cells.domains) / stage.clusters
        means.reshape(stage.groups, cells.domains)[stage.sampled == 1] = middle
    factor = stage.scale[cells.cluster]
    gap = scores - means[place]
    found = np.bincount(cells.domain, factor * gap * gap, cells.domains)
    whole = np.bincount(stage.group, stage.scale, stage.groups)
    absent = np.repeat(whole, cells.domains) - np.bincount(place, factor, size)
    beside = (np.maximum(absent, 0) * means * means).reshape(stage.groups, cells.domains).sum(axis=0)
    return np.asarray(stage.stretch * (found + beside))


def reach(stage: Stage, cells: Cells) -> tuple[Ints, Ints]:
    """Return for each domain the number of clusters and of groups that hold a row of it."""
    clusters = np.bincount(cells.domain, minlength=cells.domains)
    place = stage.group[cells.cluster] * np.intp(cells.domains) + cells.domain
    held = np.zeros(stage.groups * cells.domains, dtype=np.bool_)
    held[place] = True
    return clusters, held.reshape(stage.groups, cells.domains).sum(axis=0)

"""Sums by cluster and domain, and the variance of every domain from them in one pass."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from qualipolis.methods.sampling.estimation.codes import Floats, Ints, coded, dot
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
    found, codes = coded(stage.cluster * np.intp(domains) + domain)[::-1]
    keys = found.astype(np.intp)
    sums = tuple(np.bincount(codes, v, keys.size) for v in values)
    return Cells(keys // domains, keys % domains, sums, domains)


def spread(stage: Stage, domain: Ints | None, domains: int, scores: Floats) -> tuple[Floats, Ints]:
    """Return for each domain one stage's part of the variance of the sum of weighted ``scores`` (rows,), and its
    degrees of freedom: clusters less groups that hold a row of it.

    Clusters without a row of the domain count as zeros: the domain's own size is random, and the design keeps its n.
    """
    if domain is None:
        gap = stage.totals(scores)
        gap = gap - _centres(stage, np.bincount(stage.group, gap, stage.groups)[:, None])[:, 0][stage.group]
        return np.array([stage.stretch * dot(gap * gap, stage.scale)]), np.array([stage.clusters - stage.groups])
    if not stage.whole_rows and stage.clusters * domains <= ROOM * domain.size + LEAST:
        return _dense(stage, domain, domains, scores)
    cells = cells_of(stage, domain, domains, (scores,))
    clusters, groups = reach(stage, cells)
    return variances(stage, cells, cells.sums[0]), clusters - groups


def contributors(stage: Stage, domain: Ints | None, domains: int, scores: Floats) -> Floats:
    """Return for each domain how many clusters of even weight would make up its variance: ``(sum d)^2 / sum d^2``.

    d is the part of one cluster, ``scale (z - mean)^2``. Few failing enterprises make a variance that is itself unsure;
    twice this number is what Satterthwaite's rule leaves of its degrees of freedom.
    """
    cells = cells_of(stage, domain, domains, (scores,))
    size = stage.groups * domains
    place = stage.group[cells.cluster] * np.intp(domains) + cells.domain
    means = _centres(stage, np.bincount(place, cells.sums[0], size).reshape(stage.groups, domains)).reshape(-1)
    factor = stage.scale[cells.cluster]
    part = factor * (cells.sums[0] - means[place]) ** 2
    sums = []
    for power in (1, 2):
        whole = np.repeat(np.bincount(stage.group, stage.scale**power, stage.groups), domains)
        absent = np.maximum(whole - np.bincount(place, factor**power, size), 0) * means ** (2 * power)
        beside = absent.reshape(stage.groups, domains).sum(axis=0)
        sums.append(np.bincount(cells.domain, part**power, domains) + beside)
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.asarray(sums[0] ** 2 / sums[1])


def _centres(stage: Stage, sums: Floats) -> Floats:
    """(groups, domains) mean of the cluster totals of a group, from their sums; all clusters' mean for lonely ones."""
    means = sums / stage.sampled[:, None]
    if stage.lonely == "adjust":
        means[stage.sampled == 1] = sums.sum(axis=0) / stage.clusters
    return np.asarray(means)


def _dense(stage: Stage, domain: Ints, domains: int, scores: Floats) -> tuple[Floats, Ints]:
    """A whole table of clusters by domains; clusters stand in the order of their groups."""
    key = stage.cluster * np.intp(domains)
    key += domain
    shape = (stage.clusters, domains)
    seen = np.zeros(shape, dtype=np.bool_)
    seen.reshape(-1)[key] = True
    table = np.bincount(key, scores, stage.clusters * domains).reshape(shape)
    starts = np.searchsorted(stage.group, np.arange(stage.groups))
    table -= _centres(stage, np.add.reduceat(table, starts, axis=0))[stage.group]
    table *= table
    clusters, groups = seen.sum(axis=0), np.logical_or.reduceat(seen, starts, axis=0).sum(axis=0)
    return stage.stretch * np.einsum("c,cd->d", stage.scale, table), clusters - groups


def variances(stage: Stage, cells: Cells, scores: Floats) -> Floats:
    """(domains,) the same from the pairs that occur: those that do not are added as zeros."""
    size = stage.groups * cells.domains
    place = stage.group[cells.cluster] * np.intp(cells.domains) + cells.domain
    means = _centres(stage, np.bincount(place, scores, size).reshape(stage.groups, cells.domains)).reshape(-1)
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

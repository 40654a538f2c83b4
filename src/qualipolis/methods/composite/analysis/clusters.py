"""Hierarchical clusters: an order for heat maps, and groups of indicators or units that are alike."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np

from qualipolis.methods.composite.analysis.correlation import correlation_matrix
from qualipolis.methods.composite.analysis.selection import Columns, Source, columns, varying
from qualipolis.methods.composite.data import Floats
from qualipolis.methods.composite.steps import choice_problem
from qualipolis.methods.problems import InputError, Problem, msg

if TYPE_CHECKING:
    import polars as pl

LINKAGES = ("average", "complete", "single")
Linkage = Literal["average", "complete", "single"]


@dataclass(frozen=True, eq=False, repr=False)
class Clusters:
    """What the clustering returns: ``members`` with a ``cluster`` (from 1) each, ``order`` for a heat map, and the tree
    as a ``linkage`` (members - 1, 4) in SciPy's form."""

    members: tuple[str, ...]
    cluster: tuple[int, ...]
    order: tuple[str, ...]
    linkage: Floats
    problems: tuple[Problem, ...] = ()

    def to_frame(self) -> pl.DataFrame:
        """Return one line for each member, in the order of the heat map: member, cluster."""
        import polars as pl

        group = dict(zip(self.members, self.cluster, strict=True))
        return pl.DataFrame({"member": self.order, "cluster": [group[one] for one in self.order]})

    def __repr__(self) -> str:
        return f"Clusters({len(self.members)} members, {len(set(self.cluster))} clusters)"


def cluster_indicators(
    source: Source,
    stage: str | None = None,
    level: int | None = None,
    under: str | None = None,
    *,
    groups: int = 4,
    signed: bool = True,
    method: str = "pearson",
    linkage: Linkage = "average",
) -> Clusters:
    r"""Return clusters of columns by their correlations, pairwise complete.

    The distance is :math:`1 - r`, or :math:`1 - |r|` with ``signed=False``; a correlation that is undefined counts as 0.
    Columns with one value are left out, with a warning. The order puts like beside like (optimal leaf order).

    Source: Bar-Joseph, Gifford and Jaakkola (2001), Bioinformatics 17; OECD/JRC (2008) Handbook, step 4.

    Raises InputError for what :func:`.columns` finds: an unknown stage or node, or a table that is none.

    >>> rows = [[1.0, 2.1, 4.0], [2.0, 3.9, 1.0], [3.0, 6.2, 3.0], [4.0, 7.9, 2.0]]
    >>> found = cluster_indicators(rows, groups=2)
    >>> found.cluster[0] == found.cluster[1] != found.cluster[2]
    True
    """
    found, problems = varying(columns(source, stage, level, under))
    _check(len(found.codes), groups, linkage)
    r = np.nan_to_num(correlation_matrix(found, method).r, nan=0.0)
    distance = 1 - (r if signed else np.abs(r))
    return _clusters(found.codes, distance, groups, linkage, problems)


def cluster_units(
    source: Source,
    stage: str | None = None,
    level: int | None = None,
    under: str | None = None,
    *,
    groups: int = 4,
    linkage: Linkage = "average",
) -> Clusters:
    """Return clusters of units by the Euclidean distance of their standardised values.

    A pair that misses some columns is compared on those both have, scaled up to all; a pair with none in common stands at
    the largest distance found. Clusters describe these data; they are no peer groups by themselves.

    Raises InputError for what :func:`.columns` finds: an unknown stage or node, or a table that is none.

    >>> found = cluster_units([[1.0, 2.0], [1.1, 2.1], [9.0, 8.0], [9.1, 8.2]], groups=2)
    >>> found.cluster[0] == found.cluster[1] != found.cluster[2] == found.cluster[3]
    True
    """
    found, problems = varying(columns(source, stage, level, under))
    _check(len(found.units), groups, linkage)
    return _clusters(found.units, _distances(found), groups, linkage, problems)


def _distances(found: Columns) -> Floats:
    present = ~np.isnan(found.values)
    count = np.maximum(present.sum(axis=0), 1)
    mean = np.where(present, found.values, 0.0).sum(axis=0) / count
    centred = np.where(present, found.values - mean, 0.0)
    x = centred / np.sqrt(np.maximum((centred**2).sum(axis=0) / np.maximum(count - 1, 1), 1e-300))
    m = present.astype(np.float64)
    shared = m @ m.T
    square = (x * x) @ m.T
    total = np.maximum(square + square.T - 2 * x @ x.T, 0.0)
    with np.errstate(invalid="ignore", divide="ignore"):
        distance = np.sqrt(total * found.values.shape[1] / shared)
    found_any = distance[np.isfinite(distance)]
    return np.where(np.isfinite(distance), distance, found_any.max() if found_any.size else 1.0)


def _clusters(
    members: tuple[str, ...], distance: Floats, groups: int, linkage: Linkage, problems: list[Problem]
) -> Clusters:
    from scipy.cluster import hierarchy
    from scipy.spatial.distance import squareform

    distance = np.maximum((distance + distance.T) / 2, 0.0)
    np.fill_diagonal(distance, 0.0)
    short = squareform(distance, checks=False)
    tree = hierarchy.linkage(short, linkage)
    if len(members) <= 500:
        tree = hierarchy.optimal_leaf_ordering(tree, short)
    order = tuple(members[i] for i in hierarchy.leaves_list(tree))
    labels = dict(zip(members, hierarchy.fcluster(tree, groups, "maxclust").tolist(), strict=True))
    number: dict[int, int] = {}
    for one in order:
        number.setdefault(labels[one], len(number) + 1)
    cluster = tuple(number[labels[one]] for one in members)
    return Clusters(members, cluster, order, np.asarray(tree, dtype=np.float64), tuple(problems))


def _check(members: int, groups: int, linkage: Linkage) -> None:
    errors = [] if linkage in LINKAGES else [choice_problem("clusters", "linkage", linkage, LINKAGES)]
    if members < 2 or not 1 <= groups <= members:
        errors.append(
            Problem(
                "bad_group_count",
                msg("%(members)s members that vary cannot be put into %(groups)s groups."),
                msg("Give at least two members, and a number of groups from 1 to their number."),
                {"members": members, "groups": groups},
            )
        )
    if errors:
        raise InputError(errors)

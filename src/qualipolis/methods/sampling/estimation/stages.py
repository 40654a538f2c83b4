"""Stages of a sample and the variance of a total: between clusters within their group, stage after stage."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from qualipolis.methods.sampling.estimation.codes import Floats, Ints

if TYPE_CHECKING:
    from numpy.typing import NDArray

LONELY = ("fail", "remove", "certainty", "adjust", "average")


@dataclass(frozen=True)
class Stage:
    """One stage: clusters (of rows) within groups (strata of the stage within one cluster of the stage before).

    Parameters
    ----------
    cluster : (rows,) code of the cluster of each row; codes ascend with the group
    group : (clusters,) code of the group of each cluster
    sampled : (groups,) number of clusters sampled, n
    rest : (clusters,) one minus the sampling fraction
    share : (groups,) product of the sampling fractions of the earlier stages
    lonely : what a group with one cluster contributes
    whole_rows : every row is a cluster of its own, in order
    """

    cluster: Ints
    group: Ints
    sampled: Ints
    rest: Floats
    share: Floats
    lonely: str = "fail"
    whole_rows: bool = False

    @cached_property
    def scale(self) -> Floats:
        """(clusters,) factor of the squared deviation: share (1 - f) n/(n - 1)."""
        n = self.sampled[self.group].astype(np.float64)
        factor = np.where(n > 1, n / np.maximum(n - 1, 1), self._alone)
        return np.asarray(self.share[self.group] * self.rest * factor)

    @property
    def _alone(self) -> float:
        return 1.0 if self.lonely == "adjust" else 0.0

    @cached_property
    def lonely_groups(self) -> NDArray[np.bool_]:
        """(groups,) one cluster sampled where the frame had more."""
        open_groups = np.bincount(self.group, self.rest, self.sampled.size) > 1e-7
        return np.asarray((self.sampled == 1) & open_groups)

    @cached_property
    def stretch(self) -> float:
        """How much the sum over groups grows when lonely ones stand at the average of the others."""
        if self.lonely != "average" or not self.lonely_groups.any():
            return 1.0
        kept = int((~self.lonely_groups).sum())
        return self.sampled.size / kept if kept else float("nan")

    @property
    def clusters(self) -> int:
        return int(self.group.size)

    @property
    def groups(self) -> int:
        return int(self.sampled.size)

    def totals(self, values: Floats) -> Floats:
        """(clusters,) sum of ``values`` (rows,) by cluster."""
        if self.whole_rows:
            return values
        if self.starts is not None:
            return np.asarray(np.add.reduceat(values, self.starts))
        return np.bincount(self.cluster, values, self.clusters)

    @cached_property
    def starts(self) -> Ints | None:
        """(clusters,) first row of each where the rows stand in the order of the clusters, else None."""
        if (self.cluster[1:] < self.cluster[:-1]).any():
            return None
        return np.searchsorted(self.cluster, np.arange(self.clusters))

    def covariance(self, sums: Floats) -> Floats:
        """(k, k) contribution of this stage from cluster totals (clusters, k)."""
        means = np.stack([np.bincount(self.group, column, self.groups) for column in sums.T], axis=1)
        means = means / self.sampled[:, None]
        if self.lonely == "adjust":
            means[self.sampled == 1] = sums.sum(axis=0) / self.clusters
        gap = sums - means[self.group]
        return np.asarray(self.stretch * (gap.T @ (gap * self.scale[:, None])))


def covariance(stages: tuple[Stage, ...], scores: Floats) -> Floats:
    """Return the (k, k) design covariance of the column sums of weighted ``scores`` (rows, k).

    ``V = sum over stages, groups: share (1 - f) n/(n - 1) sum (z - mean z)(z - mean z)'`` with z the cluster totals.
    """
    return np.asarray(
        sum(
            stage.covariance(scores if stage.whole_rows else np.stack([stage.totals(c) for c in scores.T], axis=1))
            for stage in stages
        )
    )

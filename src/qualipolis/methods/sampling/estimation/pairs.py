"""Pairs of clusters under unequal probabilities without replacement: exact or approximate joint inclusion."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from qualipolis.methods.problems import InputError, Problem, msg
from qualipolis.methods.sampling.estimation.codes import Floats
from qualipolis.methods.sampling.estimation.stages import Stage

PPS = ("overton", "hartley_rao")
FORMS = ("horvitz_thompson", "yates_grundy")


@dataclass(frozen=True)
class Pairs:
    """The matrix ``(pi_ij - pi_i pi_j) / pi_ij`` of the sampled clusters and the form of the variance.

    ``horvitz_thompson``: V = sum_ij D_ij z_i z_j; ``yates_grundy``: V = -1/2 sum_ij D_ij (z_i - z_j)^2, with z the
    weighted cluster totals (D. G. Horvitz, D. J. Thompson 1952, JASA 47; F. Yates, P. M. Grundy 1953, JRSS B 15).
    """

    delta: Floats
    form: str = "horvitz_thompson"

    def covariance(self, sums: Floats) -> Floats:
        """(k, k) covariance from weighted cluster totals (clusters, k)."""
        product = sums.T @ self.delta @ sums
        if self.form == "horvitz_thompson":
            return np.asarray(product)
        return np.asarray(product - (sums * self.delta.sum(axis=1)[:, None]).T @ sums)


def joint_pairs(joint: Floats, stage: Stage, form: str) -> Pairs:
    """Return the pairs from exact joint inclusion probabilities, clusters in the order of their codes."""
    n = stage.clusters
    if joint.shape != (n, n) or not (joint > 0).all() or not np.allclose(joint, joint.T):
        raise InputError(
            [
                Problem(
                    "bad_joint",
                    msg("The joint probabilities are no symmetric table above 0 of %(n)s by %(n)s clusters."),
                    msg("Give one row and one column for each sampled cluster; a pair of probability 0 gives none."),
                    {"n": n},
                    place="joint",
                )
            ]
        )
    alone = np.diag(joint)
    return Pairs((joint - np.outer(alone, alone)) / joint, form)


def pairs_of(pps: str, chance: Floats, stage: Stage, squares: float | None, form: str) -> Pairs:
    """Return approximate pairs from the inclusion probabilities of the clusters.

    With ``s = pi_i + pi_j`` within one stratum of n clusters::

        overton      1 - (n - s/2)/(n - 1)
        hartley_rao  1 - (n - s + q)/(n - 1),  q = sum over the frame of pi^2 / n

    (W. S. Overton, S. V. Stehman 1995, Am. Stat. 49; H. O. Hartley, J. N. K. Rao 1962, Ann. Math. Stat. 33). Pairs of
    different strata are independent.
    """
    n = stage.sampled[stage.group].astype(np.float64)[:, None]
    both = chance[:, None] + chance[None, :]
    if pps == "overton":
        delta = 1 - (n - both / 2) / np.maximum(n - 1, 1)
    else:
        mean = np.bincount(stage.group, chance, stage.groups) / stage.sampled
        q = np.full(stage.groups, squares) if squares is not None else mean
        delta = 1 - (n - both + q[stage.group][:, None]) / np.maximum(n - 1, 1)
    delta[stage.group[:, None] != stage.group[None, :]] = 0.0
    np.fill_diagonal(delta, 1 - chance)
    return Pairs(np.asarray(delta), form)

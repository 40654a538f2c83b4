"""Replicates made from a design: jackknife, balanced half-samples, bootstrap."""

from __future__ import annotations

import numpy as np

from qualipolis.methods.problems import InputError, Problem, msg
from qualipolis.methods.sampling.estimation.codes import Floats
from qualipolis.methods.sampling.estimation.design import SurveyDesign
from qualipolis.methods.sampling.estimation.replicate_design import ReplicateDesign

MOST_CLUSTERS = 5000


def jackknife(design: SurveyDesign, *, centre: str = "mean") -> ReplicateDesign:
    """Leave out one cluster of the first stage at a time: JK1 with one stratum, JKn with more.

    The others of its stratum weigh n/(n - 1); ``V = sum_h (1 - f_h)(n_h - 1)/n_h sum_i (theta_hi - centre)^2``.

    Parameters
    ----------
    design : a design with at least two clusters in each stratum, at most 5000 clusters
    centre : ``mean`` of the replicates or full-sample ``estimate``

    Raises
    ------
    InputError
        lonely strata, too many clusters, calibrated weights

    References
    ----------
    K. Wolter (2007), Introduction to Variance Estimation, 4.

    >>> from qualipolis.methods.sampling.estimation import mean, survey_design
    >>> float(mean(jackknife(survey_design([1, 1, 1])), [1, 2, 3]).se[0].round(4))
    0.5774
    """
    stage = design.stages[0]
    _refuse(design, 2, None)
    n = stage.sampled[stage.group].astype(np.float64)
    factors = np.where(stage.group[:, None] == stage.group[None, :], (n / (n - 1))[:, None], 1.0)
    np.fill_diagonal(factors, 0.0)
    each = (n - 1) / n * stage.rest
    if stage.groups == 1:
        return _made(design, factors, float(each[0]), np.ones(stage.clusters), centre, "jk1")
    return _made(design, factors, 1.0, each, centre, "jkn")


def half_samples(design: SurveyDesign, *, rho: float = 0.0, centre: str = "mean") -> ReplicateDesign:
    """Balanced half-samples (BRR) of strata of two clusters, with Fay's factor ``rho``.

    Half of the clusters weigh 2 - rho, the others rho, balanced by a Hadamard matrix of the next power of two above
    the number of strata; ``V = sum (theta_r - centre)^2 / (R (1 - rho)^2)``.

    Raises
    ------
    InputError
        a stratum without exactly two clusters, rho outside [0, 1)

    References
    ----------
    P. J. McCarthy (1969), Review of the ISI 37; R. E. Fay, in D. R. Judkins (1990), Journal of Official Statistics 6.

    >>> from qualipolis.methods.sampling.estimation import survey_design, total
    >>> d = survey_design(np.ones(4), strata=["a", "a", "b", "b"])
    >>> float(total(half_samples(d), [1, 2, 3, 5]).se[0].round(6)) == round(5 ** 0.5, 6)
    True
    """
    stage = design.stages[0]
    _refuse(design, 2, 2)
    if not 0 <= rho < 1:
        what = msg("Fay's factor %(rho)s is not at least 0 and below 1.")
        raise InputError([Problem("bad_rho", what, msg("Use 0.3, for example."), {"rho": rho}, place="rho")])
    signs = np.ones((1, 1))
    while signs.shape[0] <= stage.groups:
        signs = np.block([[signs, signs], [signs, -signs]])
    order = np.argsort(stage.group, kind="stable")
    second = np.zeros(stage.clusters, dtype=np.bool_)
    second[order[1::2]] = True
    chosen = signs[:, 1 : stage.groups + 1].T[stage.group] * np.where(second, -1.0, 1.0)[:, None]
    factors, size = 1 + (1 - rho) * chosen, signs.shape[0]
    kind = "fay" if rho else "brr"
    return _made(design, factors, 1 / (size * (1 - rho) ** 2), np.ones(size), centre, kind)


def bootstrap(
    design: SurveyDesign, replicates: int, rng: np.random.Generator, *, centre: str = "mean"
) -> ReplicateDesign:
    """Draw n - 1 of the n clusters of each stratum with replacement, weight n/(n - 1) for each time drawn.

    ``V = sum (theta_r - centre)^2 / (R - 1)``; sampling without replacement is not accounted for.

    Parameters
    ----------
    replicates : how many, at least 2
    rng : source of randomness

    References
    ----------
    J. N. K. Rao, C. F. J. Wu (1988), JASA 83, 231-241.

    >>> from qualipolis.methods.sampling.estimation import survey_design
    >>> bootstrap(survey_design(np.ones(6)), 50, np.random.default_rng(1))
    ReplicateDesign(6 rows, 50 replicates, bootstrap, df 5)
    """
    stage = design.stages[0]
    _refuse(design, 2, None)
    factors = np.zeros((stage.clusters, max(2, replicates)))
    for group in range(stage.groups):
        held = np.flatnonzero(stage.group == group)
        counts = rng.multinomial(held.size - 1, np.full(held.size, 1 / held.size), size=factors.shape[1])
        factors[held] = counts.T * (held.size / (held.size - 1))
    size = factors.shape[1]
    return _made(design, factors, 1 / (size - 1), np.ones(size), centre, "bootstrap")


def _made(
    design: SurveyDesign, factors: Floats, scale: float, rscales: Floats, centre: str, kind: str
) -> ReplicateDesign:
    cluster = design.stages[0].cluster
    return ReplicateDesign(design.weights, cluster, factors, scale, rscales, centre, design.df, kind)


def _refuse(design: SurveyDesign, least: int, most: int | None) -> None:
    stage, problems = design.stages[0], []
    wrong = (stage.sampled < least) | (stage.sampled > (most or stage.sampled.max()))
    if wrong.any():
        names = ", ".join(design.strata[i] for i in np.flatnonzero(wrong)[:8])
        what = msg("These strata do not have the clusters the replicates need: %(names)s.")
        remedy = msg("At least two in each; exactly two for half-samples. Join strata first.")
        problems.append(Problem("wrong_clusters", what, remedy, {"names": names}, place="strata"))
    if stage.clusters > MOST_CLUSTERS:
        what = msg("%(count)s clusters are too many for replicates.")
        remedy = msg("Use linearisation: it gives the same variance here.")
        problems.append(Problem("too_many", what, remedy, {"count": stage.clusters}, place="clusters"))
    if design.adjustments or design.pairs is not None:
        what = msg("Replicates are made from the design weights, before calibration, without joint probabilities.")
        problems.append(Problem("adjusted", what, msg("Make the replicates first.")))
    if problems:
        raise InputError(problems)

"""A sampling design as estimation needs it: weights, stages with their fractions, pairs under unequal probabilities.

Parameters of :func:`survey_design`
-----------------------------------
weights : (rows,) weights; left out, they are 1/probabilities, or follow from ``fpc``
strata : (rows,) labels, or one such array for each stage
clusters : (rows,) labels, or one array for each stage; left out, each row is a cluster. A label counts within its stratum
    and its cluster of the stage before, so numbering may begin again in each
fpc : (rows,) or one for each stage: population sizes (above 1) or sampling rates (all at most 1) of the row's stratum.
    Without it the stage counts as drawn with replacement, and the stages below add nothing
probabilities : (rows,) inclusion probabilities
pps : for unequal probabilities without replacement, how pairs are reckoned: ``brewer``, ``overton``, ``hartley_rao``;
    empty for sampling with replacement
joint : (clusters, clusters) exact joint inclusion probabilities, instead of ``pps``
population_squares : for ``hartley_rao``: sum of the squared probabilities of the whole frame over n; left out, the mean
    of the sample's probabilities estimates it
form : ``horvitz_thompson`` or ``yates_grundy``
lonely : a stratum of one cluster: ``fail`` refuses with the strata's names; ``remove`` and ``certainty`` take it for fully
    known; ``adjust`` centres it at the mean of all clusters; ``average`` gives it the mean variance of the others
purposes : (rows,) why each row was sampled, for example ``random`` and ``targeted``
purpose : the one to estimate from; rows of another are left out. Several without a choice are refused

References
----------
C.-E. Särndal, B. Swensson, J. Wretman (1992), Model Assisted Survey Sampling, 4.3; T. Lumley (2010), Complex Surveys, 2-3.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from qualipolis.methods.problems import InputError
from qualipolis.methods.sampling.estimation import design_checks as checks
from qualipolis.methods.sampling.estimation.adjustments import Adjustment
from qualipolis.methods.sampling.estimation.codes import Floats, Ints, coded, crossed
from qualipolis.methods.sampling.estimation.pairs import PPS, Pairs, joint_pairs, pairs_of
from qualipolis.methods.sampling.estimation.purposes import told
from qualipolis.methods.sampling.estimation.stages import Stage, covariance

Columns = tuple[NDArray[Any] | None, ...]


@dataclass(frozen=True, eq=False)
class SurveyDesign:
    """What an estimate needs to know of how the rows came into the sample; see :func:`survey_design`.

    Parameters
    ----------
    weights : (rows,) how many units of the population each row stands for
    stages : stages of sampling, the first one first; those below a stage without a population size are left out
    pairs : joint inclusion of the first stage's clusters, for unequal probabilities without replacement
    adjustments : calibrations the weights went through, in order
    strata : names of the first stage's strata
    purpose : why the rows were sampled, where that is known
    kept : of all rows given, those of that purpose; None: all
    """

    weights: Floats
    stages: tuple[Stage, ...]
    pairs: Pairs | None = None
    adjustments: tuple[Adjustment, ...] = ()
    strata: tuple[str, ...] = ()
    purpose: str = ""
    kept: NDArray[np.bool_] | None = None
    cache: dict[str, Any] = field(default_factory=dict, repr=False)

    @property
    def rows(self) -> int:
        return int(self.weights.size)

    @cached_property
    def df(self) -> int:
        """Degrees of freedom: clusters of the first stage less its strata, counting rows with a weight."""
        first = self.stages[0]
        clusters = np.unique(first.cluster[self.weights != 0])
        return int(clusters.size - np.unique(first.group[clusters]).size)

    @property
    def simple(self) -> bool:
        """The variance of a domain follows from cluster totals alone."""
        return self.pairs is None and not self.adjustments

    def covariance(self, scores: Floats) -> Floats:
        """Return the (k, k) covariance of the totals of weighted ``scores`` (rows, k), after calibration."""
        for adjustment in self.adjustments:
            scores = adjustment.residuals(scores)
        if self.pairs is not None:
            sums = np.stack([self.stages[0].totals(column) for column in scores.T], axis=1)
            return self.pairs.covariance(sums)
        return covariance(self.stages, scores)

    def with_weights(self, weights: Floats, adjustment: Adjustment) -> SurveyDesign:
        """Return the design after a calibration."""
        return replace(self, weights=weights, adjustments=(*self.adjustments, adjustment), cache={})

    def __repr__(self) -> str:
        first = self.stages[0]
        text = f"SurveyDesign({self.rows} rows, {len(self.stages)} stage(s), {first.groups} strata, "
        return f"{text}{first.clusters} clusters, df {self.df})"


def survey_design(
    weights: ArrayLike | None = None,
    *,
    strata: ArrayLike | Sequence[ArrayLike | None] | None = None,
    clusters: ArrayLike | Sequence[ArrayLike] | None = None,
    fpc: ArrayLike | Sequence[ArrayLike | None] | None = None,
    probabilities: ArrayLike | None = None,
    pps: str = "",
    joint: ArrayLike | None = None,
    population_squares: float | None = None,
    form: str = "horvitz_thompson",
    lonely: str = "fail",
    purposes: ArrayLike | None = None,
    purpose: str = "",
) -> SurveyDesign:
    """Describe how a sample was drawn; the parameters are those of the module.

    Raises
    ------
    InputError
        all that is wrong: lengths, missing labels, weights below 0, fractions above 1, lonely strata, unknown names,
        mixed purposes

    >>> survey_design([2, 2, 3, 3], strata=["a", "a", "b", "b"], fpc=[4, 4, 6, 6])
    SurveyDesign(4 rows, 1 stage(s), 2 strata, 4 clusters, df 2)
    """
    parts = checks.Parts(columns(clusters), columns(strata), columns(fpc))
    choice = _Choice(pps, form, lonely, joint, population_squares)
    given = None if weights is None else np.asarray(weights, dtype=np.float64)
    chance = None if probabilities is None else np.asarray(probabilities, dtype=np.float64)
    checks.refuse_names(pps, form, lonely)
    rows = checks.rows_of(given, chance, parts)
    kept = None if purposes is None else checks.kept_rows(purposes, purpose, rows)
    if kept is not None:
        parts, given, chance = parts.only(kept), _only(given, kept), _only(chance, kept)
    design = _built(parts, int(kept.sum()) if kept is not None else rows, given, chance, choice)
    return replace(design, purpose=told(purposes, purpose), kept=kept)


@dataclass(frozen=True)
class _Choice:
    """The options of a design."""

    pps: str
    form: str
    lonely: str
    joint: ArrayLike | None
    squares: float | None


def _only(values: Floats | None, kept: NDArray[np.bool_]) -> Floats | None:
    return None if values is None else values[kept]


def _built(
    parts: checks.Parts, rows: int, weights: Floats | None, chance: Floats | None, choice: _Choice
) -> SurveyDesign:
    checks.refuse_columns(parts, chance)
    if choice.pps == "brewer" and not parts.fpc and chance is not None:
        parts = replace(parts, fpc=(chance,))
    stages, names, factors = _stages(parts, rows, choice.lonely, choice.pps == "brewer")
    given = checks.weights_of(weights, chance, factors)
    pairs = _pairs(stages[0], chance, choice)
    if pairs is None:
        checks.refuse_lonely(stages, names, choice.lonely)
    return SurveyDesign(given, stages, pairs, (), names)


def columns(given: object) -> Columns:
    """Return one array for each stage."""
    if given is None:
        return ()
    if isinstance(given, list | tuple) and given and all(x is None or np.ndim(x) == 1 for x in given):
        return tuple(None if x is None else np.asarray(x) for x in given)
    return (np.asarray(given),)


def _stages(
    parts: checks.Parts, rows: int, lonely: str, varying: bool
) -> tuple[tuple[Stage, ...], tuple[str, ...], Floats | None]:
    """Build the stages, the names of the first strata, and the weights that the fractions imply (None: unknown)."""
    stages: list[Stage] = []
    names: tuple[str, ...] = ("all",)
    parent, parents, share = np.zeros(rows, dtype=np.intp), 1, np.ones(1)
    factors: Floats | None = np.ones(rows)
    for level in range(max(1, len(parts.clusters))):
        group, owner, labels = _groups(parent, parents, parts.at("strata", level), level)
        names = labels if level == 0 else names
        cluster, home = _clusters(group, owner.size, parts.at("clusters", level), rows)
        sampled = np.bincount(home, minlength=owner.size)
        size = parts.at("fpc", level)
        known = checks.fractions(size, group, cluster, home, sampled, level, varying)
        rest = np.ones(home.size) if known is None else 1 - known
        alone = home.size == rows and bool((cluster == np.arange(rows)).all())
        stages.append(Stage(cluster, home, sampled, rest, share[owner], lonely, alone))
        if known is None:
            factors = None
            break
        factors = None if factors is None else factors / known[cluster]
        share, parent, parents = share[owner][home] * known, cluster, int(home.size)
    return tuple(stages), names, factors if len(stages) == max(1, len(parts.clusters)) else None


def _groups(parent: Ints, parents: int, strata: NDArray[Any] | None, level: int) -> tuple[Ints, Ints, tuple[str, ...]]:
    """Return the group of each row, the parent cluster of each group, and the strata's names at the first stage."""
    if strata is None:
        return parent, np.arange(parents), ("all",)
    codes, names = coded(strata)
    if level == 0:
        return codes, np.zeros(names.size, dtype=np.intp), tuple(str(name) for name in names)
    group, owner, _ = crossed(parent, codes, (parents, names.size))
    return group, owner, ()


def _clusters(group: Ints, groups: int, labels: NDArray[Any] | None, rows: int) -> tuple[Ints, Ints]:
    """Return the cluster of each row and the group of each cluster."""
    if labels is None:
        return np.arange(rows), group
    codes, names = coded(labels)
    cluster, home, _ = crossed(group, codes, (groups, names.size))
    if home.size == rows:
        return np.arange(rows), group
    return cluster, home


def _pairs(stage: Stage, chance: Floats | None, choice: _Choice) -> Pairs | None:
    if choice.joint is not None:
        return joint_pairs(np.asarray(choice.joint, dtype=np.float64), stage, choice.form)
    if choice.pps not in PPS:
        return None
    if chance is None:
        raise InputError([checks.no_probabilities(choice.pps)])
    first = np.empty(stage.clusters)
    first[stage.cluster] = chance
    return pairs_of(choice.pps, first, stage, choice.squares, choice.form)

"""Missing cells as an uncertain factor: multiple imputation carried into the ranks (Handbook step 3 and 7)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from qualipolis.methods.composite.data import Floats, IndicatorData
from qualipolis.methods.composite.impute import Impute
from qualipolis.methods.composite.pipeline import Pipeline
from qualipolis.methods.composite.steps import State
from qualipolis.methods.problems import Problem, msg

METHODS = ("mean", "median", "group_mean", "group_median", "regression")


@dataclass(frozen=True)
class Imputation:
    """Every replicate draws every missing cell from its predictive distribution: multiple imputation.

    A single imputed value treats a guess as a measurement; its uncertainty then vanishes from the ranks. Here a cell is
    drawn anew in every replicate, and the spread of the ranks shows what is owed to the gaps.

    Parameters
    ----------
    method : ``regression``: each column on all others; ``mean``, ``median``, ``group_mean``, ``group_median``: around the
        centre of the column, or of the unit's group; see :func:`.impute_model.predictive`
    group : name of the grouping for the group methods; with ``regression`` the groups are further predictors

    The draws stand in for the pipeline's own ``impute`` step, where it stands; without one they come right after the
    denominators. The predictive distribution is that of the plain run's data. Cells that nothing predicts stay missing.

    Sources: Rubin (1987), *Multiple Imputation for Nonresponse in Surveys*; Little and Rubin (2019), 3rd ed.

    >>> Imputation("regression").method
    'regression'
    """

    method: str = "regression"
    group: str | None = None

    def problems(self, data: IndicatorData) -> Iterator[Problem]:
        """Yield an unknown method and a group that is not there."""
        if self.method not in METHODS:
            yield Problem(
                "unknown_choice",
                msg("Missing cells cannot be drawn by %(method)s."),
                msg("Use one of: %(known)s."),
                {"method": self.method, "known": ", ".join(METHODS)},
                place="FACTORS",
            )
        if self.group is not None and self.group not in data.groups:
            yield Problem(
                "unknown_group",
                msg("The data have no grouping %(group)s."),
                msg("Add the column or name another grouping."),
                {"group": self.group},
                place="FACTORS",
            )
        if self.method.startswith("group") and self.group is None:
            yield Problem(
                "group_needed",
                msg("The method %(method)s needs a group."),
                msg("Name the grouping."),
                {"method": self.method},
                place="FACTORS",
            )

    def place(self, pipeline: Pipeline) -> tuple[int, int]:
        """Return the first step that the draws stand in for, and the step after them."""
        for position, step in enumerate(pipeline.steps):
            if isinstance(step, Impute):
                return position, position + 1
        first = sum(step.phase is not None and step.phase <= 1 for step in pipeline.steps)
        return first, first

    def source(self, state: State, entropy: tuple[int, ...]) -> CellSource:
        """Return where the missing cells of a state, before any batch, come from."""
        values = state.values
        from qualipolis.methods.composite.impute_model import predictive

        members = None
        if self.group is not None:
            labels = [state.data.groups[self.group][row] for row in state.rows]
            members = [np.array([label == one for label in labels]) for one in dict.fromkeys(labels) if one is not None]
        means, sds = predictive(values, self.method, members)
        fills = np.isnan(values) & ~np.isnan(means)
        return CellSource(fills, means[fills], np.nan_to_num(sds[fills], nan=0.0), entropy)


@dataclass(frozen=True, eq=False)
class CellSource:
    """Predictive means and standard deviations of the cells in ``fills`` (units, indicators)."""

    fills: NDArray[np.bool_]
    means: Floats
    sds: Floats
    entropy: tuple[int, ...]

    def draw(self, stream: int) -> Floats:
        """Return one imputation of the cells; each stream has its own numbers, whoever draws it when."""
        rng = np.random.default_rng((*self.entropy, stream))
        return np.asarray(self.means + self.sds * rng.standard_normal(len(self.means)), dtype=np.float64)

"""The crossed mixed model finds what R's lme4 finds, to 1e-6: frozen figures, and lme4 itself where R is installed."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from tests.golden.rating.data import TERMS, factors_of, lme4, round_of
from tests.golden.rating.frozen import FROZEN

from qualipolis.methods.rating import CrossedFit, crossed_reml

ROUNDS = {
    "all": (11, TERMS),
    "three": (12, TERMS[:3]),
    "halo": (13, ("applicant", "item", "reviewer", "applicant:reviewer")),
}


def agrees(fit: CrossedFit, said: dict[str, Any]) -> None:
    near = pytest.approx
    assert fit.mean == near(said["mean"], abs=1e-6) and fit.mean_se == near(said["se"], abs=1e-6)
    assert fit.criterion == near(said["criterion"], abs=1e-6)
    variances = dict(fit.variances) | {"Residual": fit.residual}
    assert variances == near(said["variances"], abs=1e-6)
    effects = fit.effects["reviewer"]
    assert dict(zip(effects.levels, effects.values, strict=True)) == near(said["effects"], abs=1e-6)
    assert dict(zip(effects.levels, effects.sd, strict=True)) == near(said["sd"], abs=1e-6)
    assert fit.leverage.sum() == near(said["leverage"], abs=1e-6)


def fitted(name: str) -> CrossedFit:
    seed, terms = ROUNDS[name]
    rows = round_of(seed)
    return crossed_reml([row[3] for row in rows], factors_of(rows, terms), keep="reviewer")


@pytest.mark.parametrize("name", ROUNDS)
def test_it_agrees_with_the_frozen_figures_of_lme4(name: str) -> None:
    agrees(fitted(name), FROZEN[name])


@pytest.mark.parametrize("name", ["all"])
def test_it_agrees_with_lme4_run_here(name: str, tmp_path: Path) -> None:
    seed, terms = ROUNDS[name]
    said = lme4(round_of(seed), tmp_path, terms)
    if said is None:
        pytest.skip("R with lme4 is not installed: the frozen figures above hold the line")
    agrees(fitted(name), said)

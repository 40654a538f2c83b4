"""Recorded lifetimes fitted again; a recorded fit without a check fails.

WeibullR stops its maximisation early (β 1.72205 against 1.720797): its value is compared loosely.
"""

from __future__ import annotations

import numpy as np
import pytest
from tests.golden.spc.reading import FOLDER, case, cases, column, rows

from qualipolis.methods.spc.reliability import fit_life, kaplan_meier, lifetimes, log_rank, rank_regression

pytestmark = pytest.mark.skipif(not FOLDER.is_dir(), reason="the folder ../shared with the reference values is absent")
LAWS = {"weibull", "lognormal", "loglogistic", "exponential"}


def life_of(path):
    if "interval" not in path:
        return lifetimes(column(path, "time"), column(path, "event"))
    known = [
        [float(line[k]) if line[k] not in ("NA", "") else np.nan for k in ("left", "right")] for line in rows(path)
    ]
    low, high = np.array(known).T
    return lifetimes(low, upper=high)


@pytest.mark.parametrize(
    "name", [n for n in cases("reliability") if n not in ("ovarian_logrank", "nist_apr412_rankregression")]
)
def test_a_recorded_fit_comes_out_again(name):
    found = case("reliability", name)
    life, output = life_of(found["input"]), found["output"]
    assert len(life) == found["params"]["n"]
    for law in LAWS:
        same_fit(fit_life(life, law), output[law])
    if "km" in output:
        same_survival(kaplan_meier(life), output["km"])
    assert set(output) <= LAWS | {"km"}


def same_fit(fit, recorded):
    assert (fit.location, fit.scale) == pytest.approx((recorded["mu"], recorded["sigma"]), rel=2e-7)
    assert fit.likelihood == pytest.approx(recorded["loglik"], rel=1e-9)
    covariance = np.atleast_1d(recorded["vcov_mu_logsigma"])
    ours = fit.covariance.ravel() if covariance.size == 4 else fit.covariance[0, :1]
    np.testing.assert_allclose(ours, covariance.ravel(), rtol=2e-4, atol=1e-7)
    for place, share in enumerate(recorded["B"]["p"]):
        wanted = [recorded["B"][key][place] for key in ("t", "lo95", "hi95")]
        np.testing.assert_allclose(fit.life_at(share), wanted, rtol=1e-5)
    if "shape" in recorded:
        assert (fit.shape, fit.characteristic) == pytest.approx((recorded["shape"], recorded["scale"]), rel=2e-7)
        np.testing.assert_allclose(fit.shape_limits(), recorded["shape_ci95_logwald"], rtol=1e-5)
        np.testing.assert_allclose(fit.characteristic_limits(), recorded["scale_ci95_logwald"], rtol=1e-5)
    if "rate" in recorded:
        assert 1 / fit.characteristic == pytest.approx(recorded["rate"], rel=1e-7)


def same_survival(ours, recorded):
    for key, values in (
        ("time", ours.time),
        ("n_risk", ours.at_risk),
        ("n_event", ours.failures),
        ("surv", ours.alive),
    ):
        np.testing.assert_allclose(values, recorded[key], rtol=1e-9, atol=1e-12)
    theirs = np.array([np.nan if v is None or isinstance(v, str) else v for v in recorded["std_err"]], dtype=float)
    both = ~np.isnan(theirs) & ~np.isnan(ours.error)
    np.testing.assert_allclose((ours.error / np.maximum(ours.alive, 1e-300))[both], theirs[both], rtol=1e-6)


def test_the_recorded_comparison_of_groups():
    found = case("reliability", "ovarian_logrank")
    lines, output = rows(found["input"]), found["output"]
    groups = [
        lifetimes(
            [float(v["futime"]) for v in lines if v["rx"] == g], [float(v["fustat"]) for v in lines if v["rx"] == g]
        )
        for g in ("1", "2")
    ]
    test = log_rank(groups)
    assert (test.statistic, test.p) == pytest.approx((output["chisq"], output["p"]), rel=1e-9)
    assert (list(test.observed), list(test.expected)) == (output["obs"], pytest.approx(output["exp"], rel=1e-9))


def test_the_recorded_fit_by_ranks():
    found = case("reliability", "nist_apr412_rankregression")
    output, life = found["output"], life_of(found["input"])
    ranks = rank_regression(life)
    assert (ranks.shape, ranks.characteristic) == pytest.approx((output["rr"]["beta"], output["rr"]["eta"]), rel=1e-7)
    assert ranks.r2 == pytest.approx(output["rr"]["r2"], rel=1e-7)
    assert fit_life(life).shape == pytest.approx(output["mle"]["beta"], rel=1e-3)

"""Capability beyond the normal law: limits hold what they say, models are recognised, counts are exact."""

from __future__ import annotations

import numpy as np
import pytest

from qualipolis.methods.problems import InputError
from qualipolis.methods.spc.capability import (
    capability,
    defective_capability,
    defects_capability,
    nonnormal_capability,
    time_model,
    time_model_capability,
    transformed_capability,
)
from qualipolis.methods.spc.tolerance_skewed import gamma_tolerance, weibull_tolerance


@pytest.mark.parametrize("method", ["percentile", "z"])
def test_a_normal_law_gives_the_normal_indices(method):
    x = np.random.default_rng(1).normal(10, 1, 200)
    ours = nonnormal_capability(x, lower=6, upper=15, family="normal", method=method)
    normal = capability(x, lower=6, upper=15, sigma="sd")
    factor = np.sqrt(199 / 200)  # the likelihood divides by n
    for name in ("Pp", "Ppu", "Ppl", "Ppk"):
        assert ours[name].value * factor == pytest.approx(normal[name].value, rel=1e-9)
        assert ours[name].low == pytest.approx(normal[name].low, abs=0.03)


@pytest.mark.parametrize("name", ["weibull", "lognormal"])
@pytest.mark.parametrize("method", ["percentile", "z"])
def test_its_limits_hold_the_true_index(name, method):
    rng, held, far = np.random.default_rng(2), 0, 0
    draw = (lambda: rng.weibull(1.7, 100)) if name == "weibull" else (lambda: np.exp(rng.normal(0, 0.4, 100)))
    upper = (-np.log(5e-4)) ** (1 / 1.7) if name == "weibull" else np.exp(0.4 * 3.2905)
    p = np.array([0.5, 1.3498980316300957e-3])
    middle, high = (-np.log(p)) ** (1 / 1.7) if name == "weibull" else np.exp([0, 1.2])
    truth = (upper - middle) / (high - middle) if method == "percentile" else 3.2905 / 3
    for _ in range(400):
        study = nonnormal_capability(draw(), upper=upper, family=name, method=method)
        held += study["Ppk"].low <= truth <= study["Ppk"].high
        far += study.above.low <= 5e-4 <= study.above.high
    assert held / 400 == pytest.approx(0.95, abs=0.035)
    assert far / 400 == pytest.approx(0.95, abs=0.035)


def test_delta_and_bootstrap_agree():
    x = 5 * np.random.default_rng(3).weibull(2, 200)
    one, two = (
        nonnormal_capability(x, lower=0, upper=16, boundary="lower", family="weibull", limits=way, draws=300)
        for way in ("delta", "bootstrap")
    )
    assert one["Ppk"].value == two["Ppk"].value
    assert (one["Ppk"].low, one["Ppk"].high) == pytest.approx((two["Ppk"].low, two["Ppk"].high), abs=0.1)


def test_a_natural_boundary_is_no_limit_to_miss():
    x = 5 * np.random.default_rng(4).weibull(2, 200)
    study = nonnormal_capability(x, lower=0, upper=16, boundary="lower")
    assert set(study.indices) == {"Ppu", "Ppk"} and study.below is None
    assert study.choice.reason and study.choice.order[0] == "folded_normal"
    with pytest.raises(InputError):
        nonnormal_capability([*x, -1.0], lower=0, upper=16, boundary="lower")


def test_values_of_two_populations_have_no_index():
    rng = np.random.default_rng(5)
    with pytest.raises(InputError) as refused:
        nonnormal_capability(np.concatenate([rng.normal(0, 1, 99), rng.normal(7, 1, 99)]), upper=12)
    assert refused.value.problems[0].code == "no_distribution"


def test_a_limit_outside_the_transformation_must_be_a_boundary():
    x = np.exp(np.random.default_rng(6).normal(0, 0.4, (20, 5)))
    with pytest.raises(InputError):
        transformed_capability(x, lower=0, upper=5, power=0.0)
    study, _ = transformed_capability(x, lower=0, upper=5, boundary="lower", power=0.0)
    assert set(study.indices) == {"Cpu", "Cpk", "Ppu", "Ppk"}


def processes(rng):
    z, i = rng.normal(0, 1, (40, 5)), np.arange(40)[:, None]
    return {
        "A1": z, "A2": rng.weibull(1.2, (40, 5)), "B": z * np.exp(0.8 * rng.normal(0, 1, (40, 1))),
        "C1": z + rng.normal(0, 1, (40, 1)), "C2": z + 3 * rng.exponential(1, (40, 1)), "C3": z + i / 15,
        "C4": z + i / 15 + rng.normal(0, 1, (40, 1)),
        "D": (z + rng.normal(0, 2, (40, 1))) * np.exp(0.8 * rng.normal(0, 1, (40, 1))),
    }  # fmt: skip


def test_time_models_are_recognised():
    rng = np.random.default_rng(7)
    seen = [(name, time_model(x, alpha=0.01).model) for _ in range(5) for name, x in processes(rng).items()]
    for name in ("A1", "A2", "B", "C1", "C2", "C3", "C4", "D"):
        assert sum(found == name for true, found in seen if true == name) >= 3


def test_a_process_in_control_is_rarely_called_anything_else():
    rng = np.random.default_rng(8)
    for size in (2, 3, 4, 5, 1):
        wrong = sum(time_model(rng.normal(0, 1, (50, size))).model != "A1" for _ in range(15))
        assert wrong <= 4


def test_each_model_has_its_study():
    rng = np.random.default_rng(9)
    found = {name: time_model_capability(x, lower=-12, upper=15) for name, x in processes(rng).items()}
    assert "Cpk" in found["A1"].study.indices
    assert found["C3"].model.index == "P" and found["A2"].model.index == "C"
    for study in (found["C1"].study, found["A2"].study):
        assert set(study.indices) == {"Pp", "Ppl", "Ppu", "Ppk"}


def test_counts_have_exact_limits():
    study = defective_capability([0, 0, 0], [100, 100, 100])
    assert study.defective.value == 0 and study.z.value == np.inf
    assert study.defective.bound == pytest.approx(1 - 0.05 ** (1 / 300))
    from scipy.stats import binom, poisson

    study = defective_capability(7, 200)
    assert binom.cdf(7, 200, study.defective.high) == pytest.approx(0.025)
    assert binom.sf(6, 200, study.defective.low) == pytest.approx(0.025)
    study = defects_capability([3, 4], [10, 10], opportunities=5)
    assert poisson.cdf(7, 20 * study.rate.high) == pytest.approx(0.025)
    assert study.per_million.value == pytest.approx(7e6 / 100) and study.z.low < study.z.value < study.z.high
    assert defective_capability([1, 30], [100, 100]).dispersion < 1e-4


def test_bad_counts_are_refused_together():
    with pytest.raises(InputError) as refused:
        defective_capability([1.5, 2], [0, 10], confidence=2)
    assert {p.place for p in refused.value.problems} == {"found", "units", "confidence"}


def test_tolerance_limits_of_skewed_values_hold_their_share():
    rng, weibull, gamma = np.random.default_rng(10), 0, 0
    for _ in range(400):
        found = weibull_tolerance(rng.weibull(1.5, 30), share=0.9, confidence=0.9, sides="upper")
        weibull += 1 - np.exp(-(found.high**1.5)) >= 0.9
        found = gamma_tolerance(rng.gamma(3, 1, 30), share=0.9, confidence=0.9, sides="upper")
        gamma += found.high >= 5.32232
    assert weibull / 400 == pytest.approx(0.9, abs=0.045)
    assert gamma / 400 == pytest.approx(0.9, abs=0.045)

"""Recorded comparisons computed again; a recorded one without a check fails.

The recorded ``wilson1`` of two shares is no interval of a share: it repeats the Wald limits of the difference. It is
compared with those. R loses to rounding the tie of the two values beside the median of an even group, which moves its
Fligner-Killeen statistic in the fifth digit; ours keeps the tie.
Its rank test was run with the normal approximation, where ours would be exact unless told.
"""

from __future__ import annotations

import numpy as np
import pytest
from tests.golden.spc.reading import FOLDER, case, cases, rows

from qualipolis.methods.sampling.estimation.binomial import binomial_interval
from qualipolis.methods.spc import comparison as c

pytestmark = pytest.mark.skipif(not FOLDER.is_dir(), reason="the folder ../shared with the reference values is absent")
SPREADS = {"levene_bf": ("brown_forsythe", "f"), "bartlett": ("bartlett", "k2"), "fligner": ("fligner", "chi2")}


@pytest.mark.parametrize("name", cases("before_after"))
def test_a_recorded_comparison_comes_out_again(name):
    found = case("before_after", name)
    params, output = found["params"], found["output"]
    if "before" in params:
        two_shares(params, output)
    elif "groups" in params:
        two_samples(*(part(found["input"], params["y"], *group.split("=")) for group in params["groups"]), output)
    else:
        many_groups(by_group(found["input"], params["y"], params["group"]), output)


def number(text):
    return float(text) if text not in ("", "NA") else np.nan


def part(path, y, name, value):
    return np.array([number(row[y]) for row in rows(path) if row[name] == value])


def by_group(path, y, name):
    lines = rows(path)
    return {g: part(path, y, name, g) for g in sorted({row[name] for row in lines})}


def two_samples(x, y, recorded):
    for key, equal in (("welch", False), ("pooled", True)):
        test, want = c.mean_difference(x, y, equal_variances=equal), recorded[key]
        got = (test.statistic, test.freedom[0], test.p, test.effect.low, test.effect.high)
        assert got == pytest.approx((want["t"], want["df"], want["p"], *want["ci"]), rel=1e-9)
    ratio, want = c.variance_ratio(x, y, method="F"), recorded["f_test"]
    got = (ratio.statistic, ratio.p, ratio.effect.low, ratio.effect.high)
    assert got == pytest.approx((want["f"], want["p"], *want["ci"]), rel=1e-9)
    for key, (method, name) in SPREADS.items():
        test, want = c.compare_spreads({"x": x, "y": y}, method=method), recorded[key]
        rel = 2e-4 if method == "fligner" else 1e-9
        assert (test.statistic, test.p) == pytest.approx((want[name], want["p"]), rel=rel)
    ranks, distance = c.rank_shift(x, y, exact=False), c.distribution_distance(x, y)
    assert (ranks.statistic, ranks.p) == pytest.approx((recorded["wilcoxon"]["w"], recorded["wilcoxon"]["p"]), rel=1e-9)
    assert (distance.statistic, distance.p) == pytest.approx((recorded["ks"]["d"], recorded["ks"]["p"]), rel=1e-9)


def many_groups(groups, recorded):
    plain, welch = c.compare_means(groups, equal_variances=True), c.compare_means(groups)
    assert plain.freedom == tuple(recorded["df"])
    assert (*plain.squares, plain.f, plain.p) == pytest.approx(
        (*recorded["ss"], recorded["f"], recorded["p"]), rel=1e-9
    )
    want = recorded["welch"]
    assert (welch.f, *welch.freedom, welch.p) == pytest.approx((want["f"], *want["df"], want["p"]), rel=1e-9)
    ranks = c.compare_ranks(groups)
    assert (ranks.statistic, ranks.p) == pytest.approx((recorded["kruskal"]["h"], recorded["kruskal"]["p"]), rel=1e-9)
    pairs = {f"{p.second}-{p.first}": p for p in c.compare_pairs(groups, equal_variances=True)}
    assert set(pairs) == set(recorded["tukey_pairs"])
    for name, want in zip(recorded["tukey_pairs"], recorded["tukey"], strict=True):
        got = pairs[name]
        # R integrates the studentized range to about 1e-7
        assert (got.effect.value, got.effect.low, got.effect.high, got.p) == pytest.approx(want, rel=1e-6, abs=1e-7)


def two_shares(params, recorded):
    one, two = (tuple(params[key]) for key in ("before", "after"))
    fisher, want = c.fisher_exact(one, two), recorded["fisher"]
    got = (fisher.effect.value, fisher.p, fisher.effect.low, fisher.effect.high)
    # R solves for the conditional estimate to about 1e-5
    assert got == pytest.approx((want["or"], want["p"], *want["ci"]), rel=1e-4)
    for key, method in (("prop_cc", "wald_corrected"), ("prop", "wald")):
        test, want = c.share_difference(one, two, method=method), recorded[key]
        got = (test.statistic, test.p, test.effect.low, test.effect.high)
        assert got == pytest.approx((want["chi2"], want["p"], *want["ci"]), rel=1e-9)
    rate, want = c.rate_ratio(one, two), recorded["poisson"]
    got = (rate.effect.value, rate.p, rate.effect.low, rate.effect.high)
    assert got == pytest.approx((want["rr"], want["p"], *want["ci"]), rel=1e-9)
    assert [float(v) for v in binomial_interval(*one)] == pytest.approx(recorded["clopper1"], rel=1e-9)
    assert recorded["wilson1"] == recorded["prop"]["ci"]

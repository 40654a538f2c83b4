"""Every recorded control chart computed again; a recorded case without a check fails.

The reference (qcc 3.0) takes d2 from a table with three decimals: what rests on it is compared to 5 parts in 10,000,
everything else to 1e-9. Its run rules hold a whole window against the limits of its last point, so rules are compared
where the limits are constant, and with the independent oracle where they are not.
"""

from __future__ import annotations

from collections.abc import Callable
from fnmatch import fnmatch
from typing import Any

import numpy as np
import pytest
from tests.golden.spc.reading import FOLDER, case, cases, column, rings, rows, trial

from qualipolis.methods.spc.charts import (
    c_chart,
    cusum_chart,
    deviation_chart,
    dispersion,
    ewma_chart,
    g_chart,
    individuals_chart,
    moving_range_chart,
    np_chart,
    p_chart,
    range_chart,
    t2_chart,
    u_chart,
    xbar_chart,
)
from qualipolis.methods.spc.rules import judge
from qualipolis.methods.spc.run_length import xbar_oc

Check = Callable[[str, dict[str, Any]], None]
CHECKS: list[tuple[str, Check]] = []
FIRST = np.arange(25)
LOOSE, TIGHT = 5e-4, 1e-9
MEASURES = {"UWAVER": "rbar", "MVLUER": "rbar_mvlue", "UWAVESD": "sbar", "MVLUESD": "sbar_mvlue", "RMSDF": "pooled_c4"}


def check(*patterns: str) -> Callable[[Check], Check]:
    def decorate(function: Check) -> Check:
        CHECKS.extend((pattern, function) for pattern in patterns)
        return function

    return decorate


@pytest.mark.skipif(not FOLDER.is_dir(), reason="the folder ../shared with the reference values is absent")
@pytest.mark.parametrize("name", cases("charts"))
def test_a_recorded_chart_comes_out_again(name):
    found = [function for pattern, function in CHECKS if fnmatch(name, pattern)]
    assert found, f"no check for {name}"
    found[0](name, case("charts", name))


def same(chart, output, rtol=TIGHT, *, rules=True, sigma=True):
    """Hold points, centre, limits, sigma and the flags of constant limits against the record."""
    there = ~np.isnan(chart.values)
    recorded = np.asarray(output["statistics"], dtype=float)
    m = min(len(recorded), int(there.sum()))
    np.testing.assert_allclose(chart.values[there][:m], recorded[:m], rtol=TIGHT, atol=1e-11)
    for ours, key in ((chart.center, "center"), (chart.lower, "lcl"), (chart.upper, "ucl")):
        theirs = np.atleast_1d(np.asarray(output[key], dtype=float))
        ours = np.broadcast_to(ours, chart.values.shape)[there][: len(theirs)]
        np.testing.assert_allclose(ours, theirs, rtol=rtol, atol=1e-11)
    if sigma and chart.process_sigma is not None:
        np.testing.assert_allclose(chart.process_sigma, output["std_dev"], rtol=rtol)
    if rules:
        flags_as_recorded(chart, output, m)


def flags_as_recorded(chart, output, m):
    for profile, key, start in (("western_electric", "western_electric", "we"), ("nelson", "nelson", "nelson")):
        signals = chart.signals(profile)
        for number, points in output[key].items():
            found = [p + 1 for p in signals.points(f"{start}{number}") if p < m]
            assert found == points, (profile, number)


@check("pistonrings_xbar_conf*")
def xbar_confidence(name, found):
    chart = xbar_chart(rings()[:25], confidence=found["params"]["confidence_level"])
    same(chart, found["output"], LOOSE, rules=False)


@check("pistonrings_xbar_*")
def xbar(name, found):
    measure = MEASURES[name.rpartition("_")[2]]
    same(xbar_chart(rings(), sigma=measure, calibration=FIRST), found["output"], LOOSE)


@check("pistonrings_R*", "pistonrings_S*")
def spread(name, found):
    make = range_chart if name.startswith("pistonrings_R") else deviation_chart
    if (level := found["params"].get("confidence_level")) is None:
        return same(make(rings(), calibration=FIRST), found["output"], LOOSE)
    return same(make(rings()[:25], confidence=level), found["output"], LOOSE, rules=False)


@check("pistonrings_oc_xbar")
def operating_characteristic(name, found):
    output = found["output"]
    for n, betas in zip(output["n"], np.transpose(output["beta"]), strict=True):
        np.testing.assert_allclose(xbar_oc(output["shift"], n), betas, atol=1e-12)


@check("viscosity_I", "viscosity_I_sd", "ss_pb1_I", "nist_pmc322_I", "rules_series_I")
def individuals(name, found):
    path, params = found["input"], found["params"]
    values = column(path, list(rows(path)[0])[-1]) if "viscosity" not in path else column(path, "viscosity")
    given = {"center": params["center"], "std": params["std_dev"]} if "center" in params else {}
    used = trial(path) if "calibration" in params else None
    measure = "sd_c4" if params.get("sd_method") == "SD" else "mr"
    same(individuals_chart(values, sigma=measure, calibration=used, **given), found["output"], LOOSE)
    if published := params.get("published"):
        chart = individuals_chart(values)
        assert float(chart.upper[0]) == pytest.approx(published["ucl"], rel=LOOSE)


@check("viscosity_MR")
def moving_range(name, found):
    path = found["input"]
    chart = moving_range_chart(column(path, "viscosity"), calibration=trial(path))
    same(chart, found["output"], LOOSE, rules=False, sigma=False)


@check("orangejuice_od", "circuit_od")
def overdispersed(name, found):
    path, output = found["input"], found["output"]
    law, counted = ("binomial", "D") if name.startswith("orange") else ("poisson", "x")
    test = dispersion(column(path, counted), column(path, "size"), law)
    assert test.ratio == pytest.approx(output["obs_theor_ratio"], rel=TIGHT)
    assert test.statistic == pytest.approx(output["statistic"], rel=TIGHT)
    assert test.p_over == pytest.approx(output["p_value"], abs=5e-9)


@check("orangejuice_p_conf")
def probability_limits_where_the_reference_fails(name, found):
    assert "dims" in str(found["output"]["error"])
    path = found["input"]
    counts, size = column(path, "D"), column(path, "size")
    chart = p_chart(counts, size, confidence=found["params"]["confidence_level"])
    assert np.all(chart.lower < chart.center) and np.all(chart.upper > chart.center)
    np.testing.assert_allclose(chart.upper * size, np.round(chart.upper * size), atol=1e-9)


@check("*_p", "*_np", "*_u", "*_c")
def counts(name, found):
    path, kind = found["input"], name.rpartition("_")[2]
    names = list(rows(path)[0])
    counted = next(n for n in ("D", "x", "stockouts", "defectives", names[-1]) if n in names)
    used = trial(path) if "calibration" in found["params"] else None
    chart = _count_chart(kind, path, counted, names, used)
    constant = np.all(chart.lower == chart.lower[..., :1]) and np.all(chart.upper == chart.upper[..., :1])
    same(chart, found["output"], rules=bool(constant), sigma=False)


def _count_chart(kind, path, counted, names, used):
    if kind == "c":
        return c_chart(column(path, counted), calibration=used)
    sizes = next((n for n in ("size", "orders") if n in names), None)
    size = column(path, sizes) if sizes else 50
    make = {"p": p_chart, "np": np_chart, "u": u_chart}[kind]
    return make(column(path, counted), size, calibration=used)


@check("cabg_g", "cabg_g_3sigma")
def rare(name, found):
    values = column(found["input"], list(rows(found["input"])[0])[-1])
    exact = case("charts_exact", "cabg_g")["output"]
    three, likely = g_chart(values), g_chart(values, confidence=0.9973)
    assert float(three.upper[0]) == pytest.approx(exact["ucl3"], rel=TIGHT)
    assert (float(likely.lower[0]), float(likely.upper[0])) == (exact["lcl_prob"], exact["ucl_prob"])
    assert [p + 1 for p in three.signals().points("nelson1")] == exact["beyond"]
    np.testing.assert_allclose(three.values, found["output"]["statistics"])


@check("*cusum*")
def cusum(name, found):
    params, output, path = found["params"], found["output"], found["input"]
    data, grouped, used = _plotted(path, params)
    if "center" not in params:
        own = cusum_chart(data, subgroups=grouped, calibration=used).base
        assert float(own.process_sigma) == pytest.approx(output["std_dev"], rel=LOOSE)
    chart = cusum_chart(
        data, subgroups=grouped, reference=params["se_shift"] / 2, decision=params["h"],
        head_start=params.get("head_start", 0), center=output["center"], std=output["std_dev"],
    )  # fmt: skip
    np.testing.assert_allclose(chart.upper, output["pos"], rtol=TIGHT, atol=1e-9)
    np.testing.assert_allclose(-chart.lower, output["neg"], rtol=TIGHT, atol=1e-9)
    assert (np.flatnonzero(chart.upper > chart.decision) + 1).tolist() == output["violations_upper"]
    assert (np.flatnonzero(chart.lower > chart.decision) + 1).tolist() == output["violations_lower"]


@check("*ewma*")
def ewma(name, found):
    params, output = found["params"], found["output"]
    given = {"center": params["center"], "std": params["std_dev"]} if "center" in params else {}
    data, grouped, used = _plotted(found["input"], params)
    chart = ewma_chart(
        data, subgroups=grouped, weight=params["lambda"], sigmas=params.get("nsigmas", 3), calibration=used, **given
    )
    np.testing.assert_allclose(chart.values, output["ewma"], rtol=TIGHT)
    np.testing.assert_allclose(chart.upper, output["ucl"], rtol=LOOSE)
    assert (np.flatnonzero(chart.beyond) + 1).tolist() == output["violations"]
    if published := params.get("published"):
        steady = ewma_chart(data, weight=params["lambda"], steady=True, **given)
        assert float(steady.upper.max()) == pytest.approx(published["asymptotic_ucl"], abs=6e-5)


def _plotted(path, params):
    if "pistonrings" in path:
        return rings(), True, FIRST
    names = list(rows(path)[0])
    return column(path, "viscosity" if "viscosity" in names else names[-1]), False, None


@check("*_T2*")
def hotelling(name, found):
    table = np.array([[float(v) for v in row.values()] for row in rows(found["input"])])
    if name.startswith("Ryan"):
        table = table.reshape(-1, 2, 4).transpose(0, 2, 1)
    output = found["output"]
    chart = t2_chart(table, confidence=found["params"].get("confidence_level"))
    np.testing.assert_allclose(chart.values, output["statistics"], rtol=TIGHT)
    np.testing.assert_allclose(chart.covariance, output["cov"], rtol=TIGHT, atol=1e-10)
    assert chart.limit == pytest.approx(output["limits"][1], rel=TIGHT)
    assert chart.prediction == pytest.approx(output["pred_limits"][1], rel=TIGHT)


ORACLE = {
    "n1": "nelson1", "n2_9same": "nelson2", "n3_6trend": "nelson3", "n4_14alt": "nelson4", "n5_2of3": "nelson5",
    "n6_4of5": "nelson6", "n7_15within": "nelson7", "n8_8outside_bothsides_nelson_qcc": "nelson8",
}  # fmt: skip


@pytest.mark.skipif(not FOLDER.is_dir(), reason="the folder ../shared with the reference values is absent")
@pytest.mark.parametrize("name", cases("rules_oracle"))
def test_rules_mark_what_an_independent_reading_of_them_marks(name):
    found = case("rules_oracle", name)
    path, wanted = found["input"], found["output"]["rules"]
    if name == "rules_series":
        z = column(path, "z")
    elif name == "pistonrings_xbar":
        z = xbar_chart(rings(), calibration=FIRST).z
    elif name == "orangejuice_p":
        z = p_chart(column(path, "D"), column(path, "size")).z
    else:
        assert name == "dyedcloth_u"
        z = u_chart(column(path, "x"), column(path, "size")).z
    nelson, either, western = judge(z, "nelson"), judge(z, "minitab"), judge(z, "western_electric")
    for key, code in ORACLE.items():
        assert [p + 1 for p in nelson.points(code)] == wanted[key], key
    assert [p + 1 for p in either.points("nelson8")] == wanted["n8_8outside_anyside_minitab"]
    assert [p + 1 for p in western.points("we4")] == wanted["we4_8same"]


@pytest.mark.skipif(not FOLDER.is_dir(), reason="the folder ../shared with the reference values is absent")
@pytest.mark.parametrize("name", cases("charts_exact"))
def test_limits_with_exact_constants(name):
    found = case("charts_exact", name)
    path, output = found["input"], found["output"]
    if name == "pistonrings_exact":
        return _exact_rings(output)
    if name == "cabg_g":
        return rare(name, case("charts", "cabg_g"))
    kind = {"dyedcloth_laney_u": (u_chart, "x"), "orangejuice_laney_p": (p_chart, "D")}[name]
    chart = kind[0](column(path, kind[1]), column(path, "size"), prime=True)
    np.testing.assert_allclose(chart.upper, output["ucl"], rtol=TIGHT)
    np.testing.assert_allclose(chart.lower, output["lcl"], rtol=TIGHT, atol=1e-12)
    assert chart.conventions["sigma_z"] == pytest.approx(output["sigma_z"], rel=TIGHT)
    assert (np.flatnonzero(chart.beyond) + 1).tolist() == output["beyond"]
    return None


def _exact_rings(output):
    by_range, by_deviation = (xbar_chart(rings(), sigma=s, calibration=FIRST) for s in ("rbar", "sbar"))
    ranges, deviations = (make(rings(), calibration=FIRST) for make in (range_chart, deviation_chart))
    assert float(by_range.process_sigma) == pytest.approx(output["sigma_R"], rel=TIGHT)
    assert float(by_deviation.process_sigma) == pytest.approx(output["sigma_S"], rel=TIGHT)
    pairs = ((by_range, "xbar_R"), (by_deviation, "xbar_S"), (ranges, "R"), (deviations, "S"))
    for chart, key in pairs:
        assert [float(chart.lower[0]), float(chart.upper[0])] == pytest.approx(output[key], rel=TIGHT)

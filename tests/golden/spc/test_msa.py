"""Recorded gauge studies and agreements computed again; a recorded one without a check fails."""

from __future__ import annotations

import numpy as np
import pytest
from tests.golden.spc.reading import FOLDER, case, cases, column, rows

from qualipolis.methods.spc.msa import cohen_kappa, fleiss_kappa, gauge_rr, range_study

pytestmark = pytest.mark.skipif(not FOLDER.is_dir(), reason="the folder ../shared with the reference values is absent")
SOURCES = {"part": "part", "operator": "operator", "part:operator": "interaction", "repeatability": "repeatability"}
REML = {"p:o": "interaction", "p": "part", "o": "operator", "Residual": "repeatability"}


def columns_of(found):
    path, params = found["input"], found["params"]
    lines = rows(path)
    names = (params.get("part", "part"), params.get("operator", "operator"))
    return column(path, params.get("y", "y")), *([line[name] for line in lines] for name in names)


@pytest.mark.parametrize("name", [n for n in cases("msa") if n != "aiag_range_method"])
def test_a_recorded_gauge_study_comes_out_again(name):
    found = case("msa", name)
    data, params, output = columns_of(found), found["params"], found["output"]
    given = {"tolerance": params["tolerance"], "multiplier": params["k"]}
    whole, reduced = gauge_rr(*data, pool_above=1, **given), gauge_rr(*data, pool_above=0, **given)
    assert whole.sizes == (params["parts"], params["operators"], params["replicates"])
    same_table(whole.table, output["anova"], output["anova"]["source"])
    same_table(reduced.table, output["anova_reduced"], ["part", "operator", "repeatability"])
    same_measures(whole, output["with_interaction"])
    same_measures(reduced, output["without_interaction"])
    reml = gauge_rr(*data, pool_above=1, constrained=True)
    for key, source in REML.items():
        assert reml.variance[source] == pytest.approx(output["reml"][key], rel=2e-4, abs=1e-6 * reml.variance["total"])


def same_table(table, recorded, sources):
    for place, source in enumerate(sources):
        line = next(one for one in table if one.source == SOURCES[source])
        assert line.freedom == recorded["df"][place]
        assert (line.squares, line.mean) == pytest.approx((recorded["ss"][place], recorded["ms"][place]), rel=1e-9)
        if place < len(recorded["f"]):
            assert (line.f, line.p) == pytest.approx((recorded["f"][place], recorded["p"][place]), rel=1e-7)


def same_measures(study, recorded):
    for source, value in recorded["varcomp"].items():
        assert study.variance[source] == pytest.approx(value, rel=1e-9, abs=1e-12)
        assert study.sd(source) == pytest.approx(recorded["sd"][source], rel=1e-9, abs=1e-9)
        assert study.percent_contribution[source] == pytest.approx(recorded["pct_contribution"][source], abs=1e-7)
        assert study.percent_study[source] == pytest.approx(recorded["pct_study"][source], abs=1e-7)
        if recorded["pct_tolerance"]:
            assert study.percent_tolerance[source] == pytest.approx(recorded["pct_tolerance"][source], abs=1e-7)
    assert study.percent_tolerance is not None or recorded["pct_tolerance"] is None
    assert study.distinct == pytest.approx(recorded["ndc_sqrt2"], rel=1e-9) and study.ndc == recorded["ndc"]


def test_the_study_by_ranges_comes_out_with_exact_constants():
    found = case("msa", "aiag_range_method")
    study, exact = range_study(*columns_of(found)), found["output"]["exact_d2star"]
    np.testing.assert_allclose(study.factors, exact["K"], rtol=1e-9)
    sds = (study.repeatability, study.reproducibility, study.grr, study.part, study.total)
    np.testing.assert_allclose(sds, [exact[k] for k in ("EV", "AV", "GRR", "PV", "TV")], rtol=1e-9)
    np.testing.assert_allclose(list(study.percent.values()), exact["pct"], rtol=1e-9)
    printed = found["output"]["aiag_printed"]
    assert study.ndc == exact["ndc"] == printed["ndc"] and study.grr == pytest.approx(printed["GRR"], rel=5e-4)


@pytest.mark.parametrize("name", cases("attribute"))
def test_a_recorded_agreement_comes_out_again(name):
    found = case("attribute", name)
    table, output = found["params"]["table"], found["output"]
    if "kappa_by_category" in output:
        many = fleiss_kappa(table)
        assert (many.kappa, many.error, many.z) == pytest.approx(
            (output["kappa"], output["se0"], output["z"]), rel=1e-9
        )
        np.testing.assert_allclose(many.by_category, output["kappa_by_category"], rtol=1e-9)
        return
    two = cohen_kappa(table)
    assert (two.observed, two.chance) == pytest.approx((output["po"], output["pe"]))
    assert two.kappa == pytest.approx(output["kappa"], rel=1e-12)
    assert two.error**2 == pytest.approx(output["var_kappa"], rel=1e-6)
    assert [two.low, two.kappa, two.high] == pytest.approx(output["ci"], rel=1e-6)
    assert cohen_kappa(table, weights="quadratic").kappa == pytest.approx(output["weighted_quadratic"], rel=1e-12)

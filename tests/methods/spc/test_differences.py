"""Notes on other programs stand beside every kind of result whose numbers they give otherwise."""

from __future__ import annotations

import numpy as np
import pytest

from qualipolis.methods.spc import charts, doe
from qualipolis.methods.spc.capability import capability, nonnormal_capability
from qualipolis.methods.spc.comparison import before_after_defectives
from qualipolis.methods.spc.differences import why_this_differs
from qualipolis.methods.spc.msa import gauge_rr, linearity_study, type1_study
from qualipolis.methods.spc.reliability import fit_life, lifetimes
from qualipolis.methods.spc.tolerance import normal_tolerance

RNG = np.random.default_rng(1)
X, GROUPS = RNG.normal(10, 1, 60), RNG.normal(10, 1, (20, 5))
PARTS, PEOPLE = np.repeat(np.arange(5), 6).tolist(), ([0, 0, 1, 1, 2, 2] * 5)
RESULTS = {
    "individuals": lambda: charts.individuals_chart(X),
    "mean": lambda: charts.xbar_chart(GROUPS),
    "range": lambda: charts.range_chart(GROUPS),
    "share": lambda: charts.p_chart([4, 6, 5], 50),
    "rate": lambda: charts.u_chart([4, 6, 5], [1, 2, 1]),
    "rare": lambda: charts.t_chart([4.0, 6, 5]),
    "ewma": lambda: charts.ewma_chart(X),
    "cusum": lambda: charts.cusum_chart(X),
    "mewma": lambda: charts.mewma_chart(GROUPS, limit=18.0),
    "short runs": lambda: charts.nominal_chart(X, ["a"] * 60, {"a": 10}),
    "dependence": lambda: charts.residual_chart(X),
    "trend": lambda: charts.trend_chart(X),
    "capability": lambda: capability(GROUPS, lower=6, upper=14),
    "percentiles": lambda: nonnormal_capability(np.exp(X / 5), upper=40.0),
    "gauge": lambda: gauge_rr(RNG.normal(0, 1, 5)[PARTS] + RNG.normal(0, 0.1, 30), PARTS, PEOPLE, draws=0),
    "type 1": lambda: type1_study(X, 10, 20),
    "linearity": lambda: linearity_study([2.1, 2.2, 4.0, 4.3], [2, 2, 4, 4]),
    "life": lambda: fit_life(lifetimes(RNG.weibull(2, 20))),
    "tolerance": lambda: normal_tolerance(X),
    "proof": lambda: before_after_defectives([9, 8] * 10, 99, [2, 3] * 10, 99),
    "experiment": lambda: doe.experiment({"a": [-1, 1, -1, 1], "b": [-1, -1, 1, 1]}, [1.0, 2, 3, 5]),
}


@pytest.mark.parametrize("name", RESULTS)
def test_each_result_names_who_differs_and_why(name):
    notes = why_this_differs(RESULTS[name]())
    assert notes
    for note in notes:
        assert note.software.split(",")[0] in note.text() and len(note.words) > 20


def test_a_note_speaks_the_language_of_the_reader():
    (note, *_) = why_this_differs(RESULTS["type 1"]())
    assert note.text(lambda words: "另一种语言") == "Minitab: 另一种语言"


def test_what_has_no_known_difference_has_no_note():
    assert why_this_differs(charts.t2_chart(GROUPS[:, :2])) == why_this_differs(3) == ()

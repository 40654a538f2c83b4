"""One gauge, many masters, people who sort, uncertainty: known truth comes back, bad input is named."""

from __future__ import annotations

from math import inf, sqrt

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from qualipolis.methods.problems import InputError
from qualipolis.methods.spc import msa


def codes(call, *args, **more):
    with pytest.raises(InputError) as error:
        call(*args, **more)
    return {(p.code, p.place) for p in error.value.problems}


def test_limits_of_cg_and_of_the_bias_hold_their_truth():
    rng, hits = np.random.default_rng(1), []
    for _ in range(600):
        found = msa.type1_study(rng.normal(10.02, 0.05, 25), 10, 2)
        hits.append([found.cg.low <= 0.4 / 0.3 <= found.cg.high, found.cgk.low <= 0.18 / 0.15 <= found.cgk.high])
        hits[-1].append(found.bias.effect.low <= 0.02 <= found.bias.effect.high)
    assert np.all(np.abs(np.mean(hits, axis=0) - 0.95) < 0.03)


@given(st.integers(0, 2**32 - 1), st.floats(0.01, 100), st.floats(-10, 10))
def test_unit_and_zero_point_of_a_gauge_do_not_matter(seed, scale, shift):
    x = np.random.default_rng(seed).normal(5, 0.1, 20)
    one = msa.type1_study(x, 5, 1)
    two = msa.type1_study(scale * x + shift, scale * 5 + shift, scale)
    assert (two.cg.value, two.cgk.value) == pytest.approx((one.cg.value, one.cgk.value), rel=1e-6)
    assert one.cgk.value <= one.cg.value


def test_another_width_of_the_gauge_moves_the_index_and_not_its_certainty():
    x = np.random.default_rng(2).normal(5, 0.1, 20)
    six, four = msa.type1_study(x, 5, 2), msa.type1_study(x, 5, 2, multiplier=4)
    assert four.cgk.value == pytest.approx(1.5 * six.cgk.value)
    assert four.cgk.low / four.cgk.value == pytest.approx(six.cgk.low / six.cgk.value)


def test_a_gauge_that_reads_wrong_with_size_is_found_and_a_true_one_is_not():
    rng, masters = np.random.default_rng(3), np.repeat([2.0, 4, 6, 8, 10], 10)
    found = msa.linearity_study(masters * 0.98 + 0.1 + rng.normal(0, 0.02, 50), masters, process_variation=6)
    assert found.slope.effect.low <= -0.02 <= found.slope.effect.high and found.joint_p < 1e-6
    assert found.percent_linearity == pytest.approx(2, abs=0.3) and found.bias_at(5) == pytest.approx(0, abs=0.02)
    p = [msa.linearity_study(masters + rng.normal(0, 1, 50), masters).joint_p for _ in range(300)]
    assert stats.kstest(p, "uniform").pvalue > 0.01


def test_a_gauge_without_operators_keeps_its_components_with_unequal_readings():
    rng, found = np.random.default_rng(4), []
    for _ in range(80):
        part = np.repeat(np.arange(20), rng.integers(2, 5, 20))
        y = rng.normal(0, 2, 20)[part] + rng.normal(0, 0.5, len(part))
        study = msa.gauge_without_operators(y, part, draws=2)
        found.append([study.variance["part"], study.variance["grr"]])
    assert np.mean(found, axis=0) == pytest.approx([4, 0.25], rel=0.12)


def test_a_known_process_replaces_the_parts_that_happened_to_be_chosen():
    rng = np.random.default_rng(5)
    part, operator = np.repeat(np.arange(5), 6), np.tile(np.repeat([0, 1, 2], 2), 5)
    y = rng.normal(0, 1, 5)[part] + rng.normal(0, 0.2, 30)
    study = msa.gauge_rr(y, part.tolist(), operator.tolist(), process_sd=3.0, draws=500)
    assert study.variance["total"] == pytest.approx(9)
    assert study.percent_study["grr"] == pytest.approx(100 * study.sd("grr") / 3)


def judged(rng, right, miss, alarm, trials=2, people=3):
    """Return columns of an attribute study with known error rates."""
    rows = []
    for person in range(people):
        for item, truth in enumerate(right):
            for _ in range(trials):
                wrong = rng.random() < (miss if truth == "bad" else alarm)
                rows.append((item, f"P{person}", {"bad": "good", "good": "bad"}[truth] if wrong else truth, truth))
    return [list(column) for column in zip(*rows, strict=True)]


def test_rates_of_sorters_come_back_and_order_of_rows_does_not_matter():
    rng = np.random.default_rng(6)
    right = ["bad"] * 150 + ["good"] * 150
    columns = judged(rng, right, 0.1, 0.05)
    study = msa.attribute_study(*columns, bad="bad")
    for one in study.appraisers.values():
        assert one.miss.low <= 0.1 <= one.miss.high and one.false_alarm.low <= 0.05 <= one.false_alarm.high
        assert one.effectiveness.value == pytest.approx(0.5 * (0.9**2 + 0.95**2), abs=0.07)
    order = rng.permutation(len(columns[0]))
    again = msa.attribute_study(*([column[i] for i in order] for column in columns), bad="bad")
    assert again.between == study.between and again.fleiss_between == pytest.approx(study.fleiss_between)


def test_perfect_sorters_agree_perfectly():
    study = msa.attribute_study(*judged(np.random.default_rng(7), ["bad", "good"] * 6, 0, 0), bad="bad")
    assert study.between.value == study.all_standard.value == study.fleiss_between == 1
    assert study.cohen_standard == 1 and study.between.low == pytest.approx(0.025 ** (1 / 12))


def test_order_of_grades_agrees_with_other_formulas():
    rng = np.random.default_rng(8)
    x = rng.normal(0, 1, (12, 1)) + rng.normal(0, 0.7, (12, 4))
    w = msa.concordance(x)
    friedman = stats.friedmanchisquare(*x)  # blocks and treatments change places
    assert w.statistic == pytest.approx(friedman.statistic / (4 * 11)) and w.p == pytest.approx(friedman.pvalue)
    rho = np.mean([stats.spearmanr(x[:, i], x[:, j]).statistic for i in range(4) for j in range(i)])
    assert w.statistic == pytest.approx((3 * rho + 1) / 4)
    tied = np.round(x)
    assert 0 <= msa.concordance(tied).statistic <= 1
    assert msa.concordance(np.repeat(tied[:, :1], 3, axis=1)).statistic == pytest.approx(1)


def test_the_budget_of_the_guide_comes_out():
    # JCGM 100:2008, H.1: end gauge, standard uncertainties in nm with their degrees of freedom
    sources = [
        msa.Source("standard", 25, freedom=18), msa.Source("difference", 9.7, freedom=25.6),
        msa.Source("expansion", 2.9, freedom=50), msa.Source("temperature", 16.6, freedom=2),
    ]  # fmt: skip
    found = msa.uncertainty_budget(sources, coverage=0.99)
    assert found.standard == pytest.approx(31.7, abs=0.1) and int(found.freedom) == 16
    assert found.factor == pytest.approx(2.92, abs=0.005) and found.expanded == pytest.approx(92.6, abs=0.4)
    one, two = msa.Source("a", 3.0), msa.Source("b", 3.0, sensitivity=-1)
    assert msa.uncertainty_budget([one, two], correlation={("a", "b"): 1.0}, factor=2).expanded == pytest.approx(0)
    assert msa.Source("step", 1, "rectangular").contribution == pytest.approx(1 / sqrt(3))


def test_resolution_and_repeatability_are_not_counted_twice():
    coarse = msa.measurement_capability(1, resolution=0.1, repeatability=0.01)
    assert coarse.repeatability == "RE" and coarse.system.standard == pytest.approx(0.1 / sqrt(12))
    process = msa.measurement_capability(
        1, resolution=0.01, repeatability=0.01, process_repeatability=0.05, operators=0.02
    )
    assert process.repeatability == "EVO" and process.q_process == pytest.approx(400 * sqrt(0.05**2 + 0.02**2))
    assert not process.process_fit if process.q_process > 30 else process.process_fit


def test_what_is_no_study_is_named():
    assert codes(msa.type1_study, [1, 1, 1], 1, 0) == {("not_positive", "tolerance")}
    assert codes(msa.type1_study, [1, 1, 1], 1, 2) == {("no_spread", "values")}
    assert codes(msa.linearity_study, [1, 2, 3, 4], [1, 1, 1, 1]) == {("few_masters", "references")}
    assert codes(msa.retest_study, [[1, 1], [2, 2]]) == {("no_scatter", "readings")}
    assert codes(msa.attribute_study, [1, 1], ["A", "A"], ["x", ""]) == {("missing_value", "judgement")}
    assert codes(msa.attribute_study, [1, 1, 2], ["A", "A", "A"], ["x", "y", "x"]) == {("unbalanced", "item")}
    assert codes(msa.attribute_study, [1, 1], ["A", "B"], ["x", "x"], ["x", "y"]) == {("two_standards", "standard")}
    assert codes(msa.concordance, [[1, 1], [2, 1], [3, 1]]) == {("one_category", "grades")}
    sources = [msa.Source("a", -1.0), msa.Source("a", inf)]
    assert codes(msa.uncertainty_budget, sources) == {("bad_source", "a"), ("bad_sources", "sources")}

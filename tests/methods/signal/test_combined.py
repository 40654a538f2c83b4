"""Verdicts from many voices, and the share of false discoveries they keep."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import combine_pvalues, false_discovery_control

from qualipolis.methods.problems import InputError
from qualipolis.methods.signal.combined import combine, joined_p
from qualipolis.methods.signal.discoveries import GAMMA, Watch, adjust, watch

# Benjamini and Hochberg 1995, section 4.2: fifteen tests of heart treatments, four discoveries at 0.05
HEART = [0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344, 0.0459, 0.3240, 0.4262, 0.5719, 0.6528,
         0.7590, 1.0]  # fmt: skip


def test_it_repeats_the_example_of_benjamini_and_hochberg() -> None:
    assert int((adjust(HEART, "bh") <= 0.05).sum()) == 4
    assert int((adjust(HEART, "by") <= 0.05).sum()) == 3


@given(st.lists(st.floats(0, 1), min_size=1, max_size=40))
def test_it_adjusts_as_scipy_does(p: list[float]) -> None:
    for method in ("bh", "by"):
        assert adjust(p, method) == pytest.approx(false_discovery_control(p, method=method))


def test_what_was_not_looked_at_pays_nothing() -> None:
    nan = float("nan")
    assert adjust([0.01, nan, 0.04], "bh")[[0, 2]].tolist() == adjust([0.01, 0.04], "bh").tolist()
    assert np.isnan(adjust([nan, nan])).all()
    assert adjust([]).tolist() == []


def test_it_joins_as_the_references_do() -> None:
    p = [0.02, 0.3, 0.6]
    assert joined_p([p], "fisher")[0] == pytest.approx(combine_pvalues(p).pvalue)
    assert joined_p([p])[0] == pytest.approx(0.06)
    wanted = 0.5 - np.arctan(np.mean(np.tan((0.5 - np.array(p)) * np.pi))) / np.pi
    assert joined_p([p], "cauchy")[0] == pytest.approx(wanted)
    assert joined_p([[1e-30, 0.5]], "cauchy")[0] == pytest.approx(2e-30)
    assert joined_p([[0.0, 1.0]], "cauchy")[0] < 1e-250


def test_it_says_who_spoke_and_how_sure() -> None:
    nan = float("nan")
    found = combine(
        ["toy", "kettle", "lamp", "rice"],
        {"series": [1e-6, 0.04, nan, 0.8], "space": [1e-4, 0.9, nan, nan], "reports": [0.2, nan, nan, 0.6]},
    )
    assert found.level.tolist() == ["signal", "quiet", "unknown", "quiet"]
    assert found.tests == 3
    toy = found.verdict(0)
    assert (toy.sure, toy.rank) == ("strong", 1)
    assert [name for name, _ in toy.spoke] == ["series", "space"]
    assert "2 of 3 methods" in toy.why()
    assert found.verdict(2).silent == ("series", "space", "reports")
    assert found.verdict(2).why().startswith("unknown")
    assert found.to_frame()["q"].null_count() == 1
    assert [one.key for one in found.verdicts()] == ["toy"]


def test_it_names_everything_that_does_not_fit() -> None:
    with pytest.raises(InputError) as caught:
        combine(["a", "a"], {"x": [0.1], "y": [2, 0.1]}, alpha=0, within="sum", across="none")
    codes = {problem.code for problem in caught.value.problems}
    assert codes == {"unknown_option", "bad_alpha", "repeated_keys", "wrong_length", "bad_p"}
    with pytest.raises(InputError, match="no known choice"):
        Watch("forever")
    with pytest.raises(InputError, match="between 0 and 1"):
        Watch().week([2.0])


def test_it_never_spends_more_than_it_has() -> None:
    assert sum(GAMMA(week) for week in range(1, 5000)) <= 1
    quiet = watch([[0.9, 0.8]] * 30, "batch_bh")
    assert sum(week.level for week in quiet) <= 0.05
    assert all(week.level > 0 for week in quiet)


def test_discoveries_earn_level_for_later_weeks() -> None:
    busy = watch([[1e-9] * 5 + [0.9] * 5] * 10, "batch_bh")
    quiet = watch([[0.9] * 10] * 10, "batch_bh")
    assert busy[-1].level > 2 * quiet[-1].level


def test_a_week_in_which_nothing_was_looked_at_spends_nothing() -> None:
    found = watch([[0.5], [float("nan")], [1e-9]], "batch_bh")
    assert found[1].level == 0
    assert found[2].found.all()


def test_a_method_that_is_sure_of_nothing_does_not_silence_the_others() -> None:
    joined = joined_p([[1e-12, 1.0], [1.0, 1.0], [0.2, 1.0, 0.5][:2]], "cauchy")
    np.testing.assert_allclose(joined, [2e-12, 1.0, 0.4])


def test_words_are_no_p_values() -> None:
    with pytest.raises(InputError, match="one for each key"):
        combine(["a"], {"x": ["often"]})

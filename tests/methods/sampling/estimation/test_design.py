"""What a design refuses, and what follows from it."""

from __future__ import annotations

import numpy as np
import pytest

from qualipolis.methods.problems import InputError
from qualipolis.methods.sampling import estimation as est


def codes(refused) -> set[str]:
    return {problem.code for problem in refused.value.problems}


@pytest.mark.parametrize(
    ("code", "given"),
    [
        ("no_rows", {}),
        ("different_lengths", {"weights": [1, 2], "strata": ["a"]}),
        ("missing_label", {"weights": [1, 2], "clusters": ["a", ""]}),
        ("bad_weights", {"weights": [1, -2]}),
        ("bad_weights", {"weights": [0, 0]}),
        ("no_weights", {"strata": ["a", "a"]}),
        ("bad_probability", {"probabilities": [0.5, 0]}),
        ("mixed_fpc", {"fpc": [0.5, 20]}),
        ("fpc_varies", {"weights": [1, 1], "fpc": [10, 20]}),
        ("over_sampled", {"weights": [1, 1, 1], "fpc": [2, 2, 2]}),
        ("unknown_option", {"weights": [1, 1], "lonely": "ignore"}),
        ("no_probabilities", {"weights": [1, 1], "pps": "overton"}),
        ("bad_joint", {"probabilities": [0.5, 0.5], "joint": [[0.5, 0.0], [0.0, 0.5]]}),
        ("mixed_purposes", {"weights": [1, 1], "purposes": ["random", "targeted"]}),
        ("unknown_purpose", {"weights": [1, 1], "purposes": ["random", "random"], "purpose": "aimed"}),
        ("no_purpose", {"weights": [1, 1], "purposes": ["random", ""]}),
    ],
)
def test_it_refuses_what_is_no_design(code, given):
    with pytest.raises(InputError) as refused:
        est.survey_design(**given)
    assert codes(refused) == {code}


def test_it_refuses_a_lonely_stratum_by_name_unless_told():
    given = {"weights": [1, 1, 1], "strata": ["east", "east", "west"]}
    with pytest.raises(InputError, match="west") as refused:
        est.survey_design(**given)
    assert codes(refused) == {"lonely_stratum"}
    assert est.survey_design(**given, lonely="remove").df == 1


def test_it_takes_a_stratum_taken_whole_for_known():
    design = est.survey_design(strata=["a", "b", "b"], fpc=[1, 4, 4])
    found = est.total(design, [5, 1, 3])
    alone = est.total(est.survey_design(fpc=[4, 4]), [1, 3])
    assert found.se[0] == pytest.approx(alone.se[0])


def test_it_counts_a_cluster_label_within_its_stratum():
    strata, numbers = ["a", "a", "b", "b"], [1, 2, 1, 2]
    again = est.survey_design([1] * 4, strata=strata, clusters=numbers)
    apart = est.survey_design([1] * 4, strata=strata, clusters=[1, 2, 3, 4])
    assert again.stages[0].clusters == 4
    y = [1, 5, 2, 4]
    assert est.mean(again, y).se[0] == pytest.approx(est.mean(apart, y).se[0])


def test_it_leaves_out_rows_of_another_purpose_and_says_so():
    purposes = np.array(["random", "targeted", "random", "random"])
    y = np.array([1.0, 99.0, 2.0, 3.0])
    design = est.survey_design([2, 1, 2, 2], purposes=purposes, purpose="random")
    assert est.mean(design, y).estimate[0] == pytest.approx(2.0)
    assert est.mean(design, y).n[0] == 3


def test_it_says_that_targeted_samples_do_not_speak_of_the_population():
    design = est.survey_design(np.ones(40), purposes=["targeted"] * 40)
    found = est.proportion(design, np.arange(40) % 2)
    assert found.purpose == "targeted"
    assert "not_random" in found.reasons[0]
    assert found.flags != ("reliable",)


def test_a_census_has_no_error():
    design = est.survey_design(fpc=np.full(50, 50))
    found = est.proportion(design, np.r_[np.ones(2), np.zeros(48)])
    assert (found.low[0], found.estimate[0], found.high[0]) == (0.04, 0.04, 0.04)


def test_it_does_not_change_what_it_is_given():
    weights, y = np.array([1.0, 2.0, 3.0]), np.array([1.0, np.nan, 2.0])
    kept = weights.copy(), y.copy()
    design = est.survey_design(weights)
    est.mean(design, y, by=["a", "b", "a"])
    np.testing.assert_array_equal(weights, kept[0])
    np.testing.assert_array_equal(y, kept[1])

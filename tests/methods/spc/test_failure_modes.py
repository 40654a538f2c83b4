"""Failure modes, 8D and control plan: worse ratings never lower the priority, and what is missing is named."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qualipolis.methods.problems import InputError
from qualipolis.methods.spc.eight_d import DISCIPLINES, ControlPlanRow, missing
from qualipolis.methods.spc.failure_modes import FailureMode, action_priority, ranked

rating = st.integers(1, 10)


@given(st.tuples(rating, rating, rating), st.tuples(rating, rating, rating))
def test_worse_ratings_never_lower_the_priority(a, b):
    high = tuple(map(max, zip(a, b, strict=True)))
    assert "LMH".index(action_priority(*high)) >= "LMH".index(action_priority(*a))


def test_good_detection_does_not_hide_a_grave_and_frequent_effect():
    assert action_priority(10, 8, 1) == "H"
    order = ranked([FailureMode("", "often", "", "", 4, 8, 3), FailureMode("", "grave", "", "", 10, 5, 3)])
    assert [mode.failure for mode in order] == ["grave", "often"]


def test_every_bad_rating_is_named():
    with pytest.raises(InputError) as caught:
        action_priority(0, 11, 2.5)  # type: ignore[arg-type]
    assert [problem.place for problem in caught.value.problems] == ["severity", "occurrence", "detection"]


def test_a_whole_report_lacks_nothing_and_an_empty_one_everything():
    parts = [name for discipline in DISCIPLINES for name in discipline.holds]
    assert missing(dict.fromkeys(parts, "done")) == []
    assert [problem.place for problem in missing({})] == parts
    assert missing(dict.fromkeys(parts, "done") | {"proof": "  "})[0].params["discipline"] == "D6"


def test_a_control_plan_row_needs_a_reaction_and_a_usable_gauge():
    row = ["turning", "", "diameter", "", "10 ± 0.1", "micrometer", "5", "hourly", "mean chart"]
    assert ControlPlanRow(*row, "stop and sort", grr=12.0).problems() == []
    assert [p.place for p in ControlPlanRow(*row, "", grr=38.0).problems()] == ["reaction_plan", "grr"]

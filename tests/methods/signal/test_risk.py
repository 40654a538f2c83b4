"""The risk level: the matrix of the rules, the worked example, one step on each input, the highest scenario."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qualipolis.methods.problems import InputError
from qualipolis.methods.signal.risk import LEVELS, Factor, Scenario, assess_risk, fraction, risk_level

TABLE = {  # as the rules print it: probability just above the bound, then severity 1 to 4
    "0.51": "HSSS", "0.11": "MSSS", "0.011": "MSSS", "0.0011": "LHSS", "0.00011": "LMHS", "0.000011": "LLMH",
    "0.0000011": "LLLM", "0.000001": "LLLL",
}  # fmt: skip
NAMES = {"L": "low", "M": "medium", "H": "high", "S": "serious"}


@pytest.mark.parametrize(("chance", "row"), TABLE.items())
def test_it_reads_the_matrix_of_the_rules(chance: str, row: str) -> None:
    assert [risk_level(chance, severity) for severity in (1, 2, 3, 4)] == [NAMES[letter] for letter in row]


def test_a_class_is_open_below() -> None:
    assert risk_level("1/2", 1) == "medium"
    assert risk_level(0.1 * 0.01, 2) == risk_level("1/1000", 2) == "medium"
    assert risk_level("1/999", 2) == "high"


def scenario(name: str, severity: int, *chances: str) -> Scenario:
    return Scenario(name, severity, tuple(Factor(f"step {i + 1}", one) for i, one in enumerate(chances)))


def test_it_works_the_example_of_the_rules() -> None:
    found = assess_risk([scenario("burn", 1, "1", "1/50", "1/10")])
    one = found.scenarios[0]
    assert (one.probability, one.probability_class, found.level) == (Fraction(1, 500), "> 1/1 000", "low")
    assert {(flip.what, flip.upwards, flip.level) for flip in one.flips} == {
        ("step 2", True, "medium"), ("step 3", True, "medium"), ("severity", True, "high"),
    }  # fmt: skip
    assert (found.highest, found.lowest, found.robust) == ("high", "low", False)


def test_the_highest_scenario_counts_and_holds_the_level_when_another_falls() -> None:
    found = assess_risk([scenario("cut", 2, "1/500"), scenario("choking", 4, "1/5000"), scenario("noise", 1, "1/9")])
    assert (found.level, found.deciding) == ("serious", "choking")
    assert found.lowest == "high"
    assert ("choking", "severity") in found.uncertain
    assert not any(name == "noise" for name, _ in found.uncertain)
    assert assess_risk([scenario("a", 4, "1"), scenario("b", 4, "1/9")]).uncertain == ()


def test_it_uses_the_values_held_possible() -> None:
    factor = Factor("it breaks", "1/500", low="1/900", high="1/110")
    found = assess_risk([Scenario("cut", 2, (factor,), severities=(2, 2))])
    assert [(one.what, one.upwards) for one in found.scenarios[0].changes] == [
        ("it breaks", True),
        ("it breaks", False),
    ]
    assert found.robust


def test_no_step_rises_above_certain() -> None:
    found = assess_risk([scenario("fall", 3, "1/3", "1")])
    assert max(one.value for one in found.scenarios[0].changes if one.factor >= 0) == 1


def test_it_names_everything_that_cannot_be_read() -> None:
    bad = Scenario("cut", 5, (Factor("a", "1/0"), Factor("b", "2"), Factor("c", "0.1", low="0.2")))
    with pytest.raises(InputError) as caught:
        assess_risk([bad, Scenario("empty", 1, ())])
    codes = [problem.code for problem in caught.value.problems]
    assert sorted(codes) == ["bad_order", "bad_probability", "bad_probability", "bad_severity", "no_steps"]
    with pytest.raises(InputError, match="at least one way"):
        assess_risk([])
    assert fraction("9" * 50) is None


@given(st.fractions(0, 1), st.fractions(0, 1), st.integers(1, 3))
def test_more_likely_or_more_severe_is_never_a_lower_level(first: Fraction, second: Fraction, severity: int) -> None:
    low, high = sorted((first, second))
    assert LEVELS.index(risk_level(low, severity)) <= LEVELS.index(risk_level(high, severity))
    assert LEVELS.index(risk_level(high, severity)) <= LEVELS.index(risk_level(high, severity + 1))

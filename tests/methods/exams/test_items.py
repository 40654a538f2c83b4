"""The figures of questions and papers against published examples and against R."""

from __future__ import annotations

import shutil
import subprocess

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from qualipolis.methods.exams.items import _feldt, error_of_mark, item_figures, kr20, nested_reliability
from qualipolis.methods.problems import InputError

# K. L. Wuensch, "The Kuder-Richardson 20" (East Carolina University): ten students, ten questions
QUIZ = [
    "1111110110", "1011011101", "1111011001", "0010001000", "0000010010",
    "1110111111", "1101110111", "1111111101", "0101111101", "1101101110",
]  # fmt: skip
MARKS = np.array([[float(char) for char in row] for row in QUIZ])
# the second example: KR-20 printed as 0.42 (a worked sheet on KR-20 and KR-21, ten pupils)
SHEET = [
    "1100110011", "0010110100", "1111001111", "0101101101", "1100111011",
    "1111111011", "1000011001", "1100111101", "1101100001", "0000110001",
]  # fmt: skip


def test_it_gives_the_published_figures_of_a_quiz() -> None:
    found = kr20(MARKS)
    assert MARKS.mean(axis=0).round(1).tolist() == [0.7, 0.7, 0.6, 0.7, 0.6, 0.8, 0.7, 0.7, 0.5, 0.6]
    assert MARKS.sum(axis=1).var() == pytest.approx(5.84)
    assert found.estimate == pytest.approx(10 / 9 * (1 - 2.18 / 5.84)) and found.method == "KR-20"


def test_it_gives_the_printed_coefficient_of_a_worked_sheet() -> None:
    assert kr20([[float(char) for char in row] for row in SHEET]).estimate == pytest.approx(0.42, abs=0.005)


def test_the_interval_is_that_of_feldt() -> None:
    low, high = _feldt(0.85, 89, 88 * 6, 0.95)  # statpsych prints 0.797 to 0.893 by its approximation
    assert (low, high) == (pytest.approx(0.797, abs=0.004), pytest.approx(0.893, abs=0.004))


@pytest.mark.skipif(shutil.which("Rscript") is None, reason="R is not installed")
def test_it_agrees_with_analysis_of_variance_in_r() -> None:
    script = """
x <- as.matrix(read.table(file("stdin"))); n <- nrow(x); k <- ncol(x)
d <- data.frame(y=c(x), p=factor(rep(1:n, k)), i=factor(rep(1:k, each=n)))
two <- summary(aov(y ~ p + i, d))[[1]][["Mean Sq"]]; one <- summary(aov(y ~ p, d))[[1]][["Mean Sq"]]
a <- 1 - two[3]/two[1]; b <- 1 - one[2]/one[1]
cat(sprintf("%.12f", c(a, 1-(1-a)*qf(.975,n-1,(n-1)*(k-1)), 1-(1-a)*qf(.025,n-1,(n-1)*(k-1)), b)),
    sapply(1:k, function(j) sprintf("%.12f", cor(x[,j], rowMeans(x[,-j])))))
"""
    told = "\n".join(" ".join(row) for row in QUIZ)
    done = subprocess.run(["Rscript", "-e", script], input=told, capture_output=True, text=True, check=True, timeout=60)
    values = [float(one) for one in done.stdout.split()]
    found = kr20(MARKS)
    assert [found.estimate, found.low, found.high] == pytest.approx(values[:3], abs=1e-10)
    assert nested_reliability(list(MARKS)).estimate == pytest.approx(values[3], abs=1e-10)
    figures = item_figures(MARKS, [str(n) for n in range(10)])
    assert [one.discrimination for one in figures] == pytest.approx(values[4:], abs=1e-10)


def test_a_question_that_was_not_asked_counts_neither_as_right_nor_as_wrong() -> None:
    marks = MARKS.copy()
    marks[3:, 0] = np.nan
    first = item_figures(marks, [str(n) for n in range(10)])[0]
    assert first.n == 3 and first.difficulty.estimate == 1.0 and first.discrimination is None
    everyone = marks.copy()
    everyone[:, 0] = np.nan
    assert [one.code for one in item_figures(everyone, [str(n) for n in range(10)])] == [str(n) for n in range(1, 10)]


def test_flags_wait_for_enough_answers() -> None:
    few = item_figures([[1.0, 1.0], [1.0, 0.0]], ["a", "b"])[0]
    assert few.difficulty.estimate == 1.0 and "too_easy" not in few.flags
    many = item_figures([[1.0, float(n % 2)] for n in range(200)], ["a", "b"])[0]
    assert many.flags == ("too_easy",)


def test_a_question_that_the_weak_solve_and_the_strong_do_not_is_flagged() -> None:
    ability = np.linspace(0, 1, 40)
    easy = np.column_stack([(ability > cut).astype(float) for cut in (0.2, 0.4, 0.6, 0.8)])
    turned = (ability < 0.5).astype(float)
    found = item_figures(np.column_stack([easy, turned]), list("abcde"))
    assert "against_the_rest" in found[-1].flags and found[-1].upper_lower == -1.0
    assert all("against_the_rest" not in one.flags for one in found[:-1])


@pytest.mark.parametrize(
    ("marks", "code"),
    [
        ([[1.0, 0.0]], "too_small"),
        ([[1.0, np.nan], [0.0, 1.0]], "missing"),
        ([[1.0, 0.0], [0.0, 1.0]], "no_spread"),
    ],
)
def test_it_refuses_what_has_no_reliability(marks: list[list[float]], code: str) -> None:
    with pytest.raises(InputError) as refusal:
        kr20(marks)
    assert refusal.value.problems[0].code == code


def test_papers_of_different_length_have_no_common_reliability() -> None:
    with pytest.raises(InputError):
        nested_reliability([[1.0, 0.0], [1.0]])


@given(arrays(np.float64, (12, 6), elements=st.sampled_from([0.0, 1.0])))
def test_reliability_lies_in_its_interval_and_never_above_one(marks: np.ndarray) -> None:
    if np.ptp(marks.sum(axis=1)) == 0:
        return
    for found in (kr20(marks), nested_reliability(list(marks))):
        assert found.low <= found.estimate <= found.high <= 1.0
    assert kr20(marks).estimate == pytest.approx(kr20(marks[::-1, ::-1]).estimate)
    assert error_of_mark(kr20(marks), marks.sum(axis=1)) >= 0


def test_drawing_anew_for_each_candidate_lowers_reliability_by_the_luck_of_the_draw() -> None:
    """A simulated bank with known truth: the coefficient meets the correlation of marks with a second drawn paper."""
    rng = np.random.default_rng(20260506)
    ability, hard = rng.normal(size=4000), rng.normal(size=300)

    def sat() -> np.ndarray:
        drawn = rng.integers(0, 300, size=(4000, 25))
        return (rng.random((4000, 25)) < 1 / (1 + np.exp(hard[drawn] - ability[:, None]))).astype(float)

    first, second = sat(), sat()
    truth = float(np.corrcoef(first.sum(axis=1), second.sum(axis=1))[0, 1])
    assert nested_reliability(list(first)).estimate == pytest.approx(truth, abs=0.02)

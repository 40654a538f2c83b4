"""Spread, consensus, agreement, panels, and the severity of reviewers where the truth is known."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.golden.rating.data import factors_of, round_of

from qualipolis.law.talent.excellence import POINTS
from qualipolis.methods.problems import InputError
from qualipolis.methods.rating import agreement, crossed_reml, panels, severity, tally
from qualipolis.methods.rating.equations import design_of, solve

STEPS = st.integers(0, 20).map(lambda n: 5 * n)


@given(st.lists(st.fixed_dictionaries(dict.fromkeys(POINTS, STEPS)), min_size=1, max_size=5))
def test_a_tally_never_leaves_what_was_scored(sheets: list[dict[str, int]]) -> None:
    named = {str(n): sheet for n, sheet in enumerate(sheets)}
    found = tally(named, POINTS)
    for one in found.items:
        scores = [sheet[one.item] for sheet in sheets]
        assert one.low == min(scores) and one.high == max(scores) and one.spread == max(scores) - min(scores)
        assert (one.source == "open") is (one.spread > 20)
        assert one.final is None or min(scores) - 1e-9 <= one.final <= max(scores) + 1e-9
    assert (found.total is None) is bool(found.open_items)
    assert found.total is None or found.total == pytest.approx(found.mean_total)


def test_it_names_every_bad_score_at_once() -> None:
    with pytest.raises(InputError) as found:
        tally({"A": {"x": 42, "y": 105, "z": 50}}, {"x": 1, "y": 1})
    assert [p.code for p in found.value.problems] == ["bad_score", "bad_score", "unknown_item"]


def test_without_sheets_nothing_is_zero() -> None:
    found = tally({}, {"x": 1000})
    assert (found.total, found.mean_total, found.items[0].source) == (None, None, "none")


def test_panels_are_joined_by_common_applicants_only() -> None:
    pairs = [("A", "1"), ("B", "1"), ("C", "2"), ("D", "2"), ("B", "3"), ("C", "3"), ("E", "9")]
    assert panels(pairs) == (("A", "B", "C", "D"), ("E",))
    assert panels([]) == ()


def test_agreement_of_nobody_is_not_zero() -> None:
    assert agreement(["a"], ["x"], ["A"], [50]).mean_distance is None


def test_a_strict_reviewer_is_found_and_the_scores_stay() -> None:
    rows = [(a, i, r, s - 25 * (r == "R3")) for a, i, r, s in round_of(5, applicants=14, team=5)]
    rows = [(a, i, r, max(s, 0.0)) for a, i, r, s in rows]
    before = [row[3] for row in rows]
    found = severity(*zip(*rows, strict=True))
    first = found.reviewers[0]
    assert (first.reviewer, first.leaning) == ("R3", "strict") and first.high < -8
    assert [row[3] for row in rows] == before
    assert found.p_no_difference < 1e-4
    raw = {a: np.mean([s for x, _i, _r, s in rows if x == a]) for a in {row[0] for row in rows}}
    assert {one.applicant: one.raw for one in found.applicants} == pytest.approx(raw)
    seen = {a for a, _i, r, _s in rows if r == "R3"}
    assert all(one.shift > 0 for one in found.applicants if one.applicant in seen)


def test_effects_are_told_against_the_mean_of_the_reviewers() -> None:
    found = severity(*zip(*round_of(11), strict=True))
    assert sum(one.effect for one in found.reviewers) == pytest.approx(0, abs=1e-9)
    assert list(found.reviewers) == sorted(found.reviewers, key=lambda one: one.effect)
    shares = [value for _k, value in found.reliability]
    assert shares == sorted(shares) and 0 < shares[0] < shares[-1] < 1


def test_an_erratic_reviewer_is_found_by_the_size_of_the_residuals() -> None:
    drawn = round_of(6, applicants=14, team=5)
    swing = {(a, i): 25 * (-1) ** k for k, (a, i) in enumerate(sorted({(a, i) for a, i, _r, _s in drawn}))}
    rows = [(a, i, r, float(np.clip(s + swing[a, i] * (r == "R2"), 0, 100))) for a, i, r, s in drawn]
    found = {one.reviewer: one for one in severity(*zip(*rows, strict=True)).reviewers}
    assert found["R2"].noise == "erratic"
    assert not [one.reviewer for one in found.values() if one.noise == "erratic" and one.reviewer != "R2"]


def test_all_is_mirrored_when_the_scores_are() -> None:
    rows = round_of(11)
    mirrored = [(a, i, r, 100 - s) for a, i, r, s in rows]
    one, other = severity(*zip(*rows, strict=True)), severity(*zip(*mirrored, strict=True))
    effects = {r.reviewer: r.effect for r in one.reviewers}
    assert {r.reviewer: -r.effect for r in other.reviewers} == pytest.approx(effects, abs=1e-6)


def test_the_exact_derivative_is_that_of_the_deviance() -> None:
    rows = round_of(12, applicants=4, items=4, team=3)
    design = design_of(np.array([row[3] for row in rows]), factors_of(rows), "reviewer")
    theta = np.linspace(0.3, 1.4, len(design.names))
    found = solve(design, theta).gradient
    for k in range(len(theta)):
        width = np.zeros_like(theta)
        width[k] = 1e-5
        slope = (solve(design, theta + width).deviance - solve(design, theta - width).deviance) / 2e-5
        assert found[k] == pytest.approx(slope, rel=1e-5, abs=1e-5)


def test_the_conditional_sd_is_that_of_the_whole_inverse() -> None:
    rows = round_of(12, applicants=4, items=4, reviewers=5, team=3)
    y, factors = np.array([row[3] for row in rows]), factors_of(rows, ("applicant", "item", "reviewer"))
    fit = crossed_reml(y, factors, keep="reviewer")
    blocks = [np.array([[v == level for level in fit.effects[k].levels] for v in factors[k]], float) for k in factors]
    x = np.column_stack([np.ones(len(y)), *blocks])
    ridge = [fit.residual / fit.variances[k] for k in factors for _level in fit.effects[k].levels]
    whole = fit.residual * np.linalg.inv(x.T @ x + np.diag([0, *ridge]))
    tail = len(fit.effects["reviewer"].levels)
    assert fit.covariance == pytest.approx(whole[-tail:, -tail:], abs=1e-8)
    assert fit.mean_se**2 == pytest.approx(whole[0, 0])


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (lambda rows: rows[:1] * 2 + rows[1:], "repeated"),
        (lambda rows: [row for row in rows if row[2] in ("R0", "R1")], "too_few"),
        (lambda rows: [(a, i, r, float("nan")) for a, i, r, _s in rows], "missing_score"),
        (lambda rows: [(a, i, r, 50.0) for a, i, r, _s in rows], "no_variation"),
    ],
)
def test_what_cannot_be_modelled_is_refused_in_words(change: object, code: str) -> None:
    rows = change(round_of(11))  # type: ignore[operator]
    with pytest.raises(InputError) as found:
        severity(*zip(*rows, strict=True))
    assert code in {p.code for p in found.value.problems} and str(found.value)


def test_reviewers_who_do_not_differ_have_an_effect_of_nothing() -> None:
    rng = np.random.default_rng(0)
    rows = [
        (f"A{a}", f"I{i}", f"R{r}", 50 + 9 * a + 3 * i + rng.normal(0, 5))
        for a in range(5)
        for i in range(5)
        for r in range(3)
    ]
    rows = [(a, i, r, s - np.mean([t for _a, _i, q, t in rows if q == r])) for a, i, r, s in rows]
    found = severity(*zip(*rows, strict=True))
    assert found.variances["reviewer"] == 0 and found.p_no_difference == 1
    assert all(one.effect == 0 and one.leaning == "" and one.p == 1 for one in found.reviewers)

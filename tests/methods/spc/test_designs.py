"""Designs: balanced, orthogonal, as clear as the books say, and run in an order that a seed proves."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from qualipolis.methods.problems import InputError
from qualipolis.methods.spc import doe
from qualipolis.methods.spc.doe.screening import FRACTIONS, RESIDUES

LETTERS = "ABCDEFGHJKLMNOPQ"


def matrix(design):
    return np.stack(list(design.factors.values()), axis=1)


def word_lengths(design):
    """Lengths of the words of the defining relation, counted from the runs themselves."""
    x, names = matrix(design), range(len(design.factors))
    return [
        s for s in (3, 4, 5) for word in combinations(names, s) if abs(x[:, list(word)].prod(axis=1).sum()) == len(x)
    ]


# words of length 3, 4 and 5 of the published fractions of least aberration
PUBLISHED = {
    (6, 16): (0, 3, 0), (7, 16): (0, 7, 0), (9, 16): (4, 14, 8), (10, 16): (8, 18, 16), (7, 32): (0, 1, 2),
    (8, 32): (0, 3, 4), (9, 32): (0, 6, 8), (10, 32): (0, 10, 16), (11, 32): (0, 25, 0), (8, 64): (0, 0, 2),
    (9, 64): (0, 1, 4), (10, 64): (0, 2, 8), (11, 64): (0, 4, 14), (9, 128): (0, 0, 0), (10, 128): (0, 0, 3),
}  # fmt: skip


@pytest.mark.parametrize(("factors", "runs"), PUBLISHED)
def test_fractions_are_those_of_least_aberration(factors, runs):
    lengths = word_lengths(doe.fractional_factorial(LETTERS[:factors], runs))
    assert tuple(lengths.count(size) for size in (3, 4, 5)) == PUBLISHED[factors, runs]


@pytest.mark.parametrize(("factors", "runs"), FRACTIONS)
def test_every_fraction_is_orthogonal_and_names_its_resolution(factors, runs):
    design = doe.fractional_factorial(LETTERS[:factors], runs)
    x = matrix(design)
    np.testing.assert_array_equal(x.T @ x, runs * np.eye(factors))
    resolution = design.conventions["resolution"]
    assert resolution == min(word_lengths(design), default=resolution) and resolution >= 3
    assert len({tuple(row) for row in x}) == runs


@pytest.mark.parametrize("runs", [8, 16, 32, 36, *RESIDUES])
def test_screening_columns_are_orthogonal_and_balanced(runs):
    x = matrix(doe.plackett_burman([f"x{i}" for i in range(runs - 1)], runs))
    np.testing.assert_array_equal(x.T @ x, runs * np.eye(runs - 1))
    np.testing.assert_array_equal(x.sum(axis=0), 0)


def test_twelve_runs_begin_with_the_published_row():
    x = matrix(doe.plackett_burman([f"x{i}" for i in range(11)]))
    assert "".join("+" if v > 0 else "-" for v in x[0]) == "++-+++---+-"


@pytest.mark.parametrize("factors", [4, 5, 6, 8, 10, 12, 14, 18])
def test_definitive_screening_keeps_main_effects_clear_of_everything_of_second_order(factors):
    design = doe.definitive_screening([f"x{i}" for i in range(factors)])
    x = matrix(design)
    gram = x.T @ x
    np.testing.assert_array_equal(gram, np.diag(np.diag(gram)))
    for a, b in combinations(range(factors), 2):
        assert not (x.T @ (x[:, a] * x[:, b])).any()
    assert not (x.T @ x**2).any()


@given(st.integers(2, 5), st.sampled_from([2, 4]), st.integers(0, 2))
def test_blocks_hide_no_main_effect(factors, blocks, center):
    if blocks > 2 ** (factors - 1) or (factors, blocks) == (2, 4):
        return
    design = doe.full_factorial(dict.fromkeys(LETTERS[:factors], 2), center=center, blocks=blocks)
    assert design.runs == 2**factors + center * blocks
    for x in design.factors.values():
        assert [x[design.blocks == b].sum() for b in range(1, blocks + 1)] == [0] * blocks


def test_two_blocks_hide_the_longest_interaction_only():
    design = doe.full_factorial(dict.fromkeys("ABC", 2), blocks=2)
    assert design.conventions["confounded with blocks"] == ("A:B:C",)
    with pytest.raises(InputError):
        doe.full_factorial(dict.fromkeys("AB", 2), blocks=4)


@pytest.mark.parametrize("factors", [2, 3, 4, 5])
def test_a_rotatable_design_predicts_as_well_in_every_direction(factors):
    design = doe.central_composite(LETTERS[:factors])
    x = matrix(design)
    rng = np.random.default_rng(1)
    away = rng.normal(0, 1, (40, factors))
    away /= np.linalg.norm(away, axis=1)[:, None]
    information = np.linalg.inv(quadratic(x).T @ quadratic(x))
    spread = np.einsum("ij,jk,ik->i", quadratic(away), information, quadratic(away))
    assert np.ptp(spread) < 1e-10
    face = quadratic(matrix(doe.central_composite(LETTERS[:factors], "face")))
    uneven = np.einsum("ij,jk,ik->i", quadratic(away), np.linalg.inv(face.T @ face), quadratic(away))
    assert np.ptp(uneven) > 1e-3


def quadratic(x):
    k = x.shape[1]
    pairs = [x[:, i] * x[:, j] for i in range(k) for j in range(i, k)]
    return np.column_stack([np.ones(len(x)), x, *pairs])


@pytest.mark.parametrize(
    "design",
    [
        doe.central_composite("ABC", "blocks", center=4, star_center=2),
        doe.central_composite("ABCDE", "blocks", center=8, star_center=4),
        doe.box_behnken("ABCD", blocks=True),
        doe.box_behnken("ABCDE", blocks=True, center=3),
    ],
    ids=str,
)
def test_blocks_of_a_surface_do_not_disturb_its_terms(design):
    terms = quadratic(matrix(design))
    centred = terms - terms.mean(axis=0)
    for block in np.unique(design.blocks):
        np.testing.assert_allclose(centred[design.blocks == block].sum(axis=0), 0, atol=1e-9)


@pytest.mark.parametrize("factors", [3, 4, 5, 6, 7])
def test_three_level_designs_fit_a_surface_and_avoid_the_corners(factors):
    x = matrix(doe.box_behnken(LETTERS[:factors]))
    assert np.linalg.matrix_rank(quadratic(x)) == quadratic(x).shape[1]
    assert np.abs(x).sum(axis=1).max() == (2 if factors < 6 else 3)
    assert (np.abs(x).sum(axis=0) == np.abs(x).sum(axis=0)[0]).all()


def test_inscribed_stays_inside_and_a_half_cube_keeps_interactions_clear():
    inside = doe.central_composite("ABC", "inscribed")
    assert np.abs(matrix(inside)).max() == 1 and inside.conventions["alpha"] == 1
    half = doe.central_composite("ABCDE", fraction=True)
    assert half.conventions["cube"] == 16 and half.conventions["alpha"] == 2
    assert np.linalg.matrix_rank(quadratic(matrix(half))) == 21


@given(st.integers(0, 2**32 - 1))
def test_the_order_follows_from_the_seed_and_stays_within_blocks(seed):
    design = doe.full_factorial(dict.fromkeys("ABC", 2), blocks=2)
    one, two = design.randomised(seed), design.randomised(seed)
    np.testing.assert_array_equal(one.order, two.order)
    assert sorted(one.order) == list(range(8)) and one.conventions["seed"] == seed
    assert one.blocks[one.order].tolist() == [1] * 4 + [2] * 4
    frame = one.to_frame({"A": (10, 20), "B": (0, 1), "C": (5, 3)})
    assert frame["standard"].to_list() == (one.order + 1).tolist()
    assert set(frame["A"]) == {10.0, 20.0}


def test_what_cannot_be_designed_is_refused_with_a_way_out():
    for make, code in (
        (lambda: doe.fractional_factorial("ABCDE", 12), "no_fraction"),
        (lambda: doe.full_factorial(dict.fromkeys(LETTERS, 2)), "bad_levels"),
        (lambda: doe.full_factorial({"A": 3, "B": 2}, center=1), "not_two_level"),
        (lambda: doe.plackett_burman("ABC", 10), "bad_runs"),
        (lambda: doe.box_behnken("AB"), "bad_factors"),
        (lambda: doe.box_behnken("ABC", blocks=True), "bad_blocks"),
        (lambda: doe.central_composite("AAB"), "bad_factors"),
        (lambda: doe.central_composite("ABC", fraction=True), "no_fraction"),
        (lambda: doe.central_composite("AB").settings({"A": (1, 1)}), "bad_levels"),
    ):
        with pytest.raises(InputError) as error:
            make()
        assert {p.code for p in error.value.problems} == {code}

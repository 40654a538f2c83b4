"""A draw keeps what it can when the world changes, and says what is wrong with a rule."""

from __future__ import annotations

import numpy as np
import pytest

from qualipolis.methods.problems import InputError
from qualipolis.methods.sampling.draws.draw import BY_TICKET, DRAWS, Rule, draw, worked
from qualipolis.methods.sampling.draws.frame import Frame, frame_bytes, frame_of
from qualipolis.methods.sampling.draws.phases import second_phase
from qualipolis.methods.sampling.draws.plans import Plan, plan_of, rule_of

KEYS = [f"E{k:03d}" for k in range(300)]
SIZES = np.random.default_rng(4).lognormal(0, 1, 300).round(3)
STRATA = ["A" if k % 3 else "B" for k in range(300)]


def units(without: tuple[str, ...] = ()) -> Frame:
    kept = [k for k, key in enumerate(KEYS) if key not in without]
    return frame_of([KEYS[k] for k in kept], [STRATA[k] for k in kept], SIZES[kept])


def rule(method: str, n: int = 20, reserve: int = 5) -> Rule:
    return Rule(method, {"A": n, "B": n}, {"A": reserve, "B": reserve})


def of(drawn, stratum: str, reserve: bool = False) -> list[str]:
    return [row["id"] for row in drawn.rows(reserve) if row["stratum"] == stratum]


@pytest.mark.parametrize("method", DRAWS)
def test_it_draws_as_many_as_asked_and_no_unit_twice(method):
    drawn = draw(units(), rule(method), "seed")
    everyone = drawn.ids() + drawn.ids(reserve=True)
    assert len(drawn.ids()) == 40 and len(set(everyone)) == 50
    assert drawn.ids() == draw(units(), rule(method), "seed").ids()
    assert drawn.ids() != draw(units(), rule(method), "seeds").ids()


def test_it_replaces_a_unit_that_is_gone_by_the_first_of_the_reserve():
    before = draw(units(), rule("srs"), "seed")
    gone = of(before, "A")[3]
    after = draw(units((gone,)), rule("srs"), "seed")
    assert of(after, "A") == [k for k in of(before, "A") if k != gone] + of(before, "A", reserve=True)[:1]
    assert of(after, "B") == of(before, "B")


def test_it_keeps_the_sample_when_it_grows():
    small, large = (draw(units(), rule("srs", n), "seed") for n in (20, 30))
    assert of(large, "A")[:20] == of(small, "A") and of(large, "A")[20:25] == of(small, "A", reserve=True)


@pytest.mark.parametrize("method", ["pps_pareto", "pps_sequential_poisson"])
def test_it_moves_at_most_units_at_the_cut_when_one_of_many_is_corrected(method):
    before = draw(units(), rule(method), "seed")
    gone = next(key for key in KEYS if key not in before.ids() + before.ids(reserve=True))
    after = draw(units((gone,)), rule(method), "seed")
    assert len(set(before.ids()) ^ set(after.ids())) <= 2


def test_it_does_not_depend_on_the_order_of_the_rows():
    shuffled = np.random.default_rng(1).permutation(300)
    other = frame_of([KEYS[k] for k in shuffled], [STRATA[k] for k in shuffled], SIZES[shuffled])
    for method in (*BY_TICKET, "pps_systematic", "pps_brewer"):
        assert draw(other, rule(method), "seed").ids() == draw(units(), rule(method), "seed").ids()


def test_it_draws_the_same_from_codes_that_are_not_sorted():
    """A large frame comes as arrays in any order; by ticket the order does not matter."""
    codes = np.array([int(s == "B") for s in STRATA])
    raw = Frame(np.array(KEYS, dtype="S4"), codes, ("A", "B"), SIZES)
    assert draw(raw, rule("pps_pareto"), "seed").ids() == draw(units(), rule("pps_pareto"), "seed").ids()


def test_it_takes_giants_openly():
    frame = frame_of(["a", "b", "c", "d"], sizes=[1, 1, 1, 100])
    drawn = draw(frame, worked(frame, Rule("pps_pareto", {"": 2})), "seed")
    assert drawn.rows()[0]["id"] == "d" and drawn.pi.tolist() == [1.0, pytest.approx(1 / 3)]


def test_it_never_draws_a_unit_of_size_zero():
    frame = frame_of(["a", "b", "c"], sizes=[0, 1, 2])
    for method in DRAWS:
        if method.startswith("pps"):
            drawn = draw(frame, Rule(method, {"": 1}, {"": 2}), "seed")
            assert "a" not in drawn.ids() + drawn.ids(reserve=True)


def test_it_says_all_that_is_wrong_with_a_rule():
    with pytest.raises(InputError) as caught:
        draw(units(), Rule("lottery", {"A": 500, "C": 1}), "seed")
    assert {p.code for p in caught.value.problems} == {"unknown_method", "no_stratum", "n_outside"}


def test_it_says_all_that_is_wrong_with_a_frame():
    with pytest.raises(InputError) as caught:
        frame_of(["a", "a", " b", ""], ["X", "X", "X", "X\t"], [1, -1, float("nan"), 2])
    assert {p.code for p in caught.value.problems} == {"bad_key", "key_twice", "bad_stratum", "bad_size"}


def test_it_writes_the_same_frame_from_rows_in_any_order():
    rows = [("b", "Y", "1"), ("a,1", "Y", "2.50"), ("c", "X", "3")]
    assert frame_bytes(rows) == frame_bytes(rows[::-1]) == b'id,stratum,size\nc,X,3\n"a,1",Y,2.50\nb,Y,1\n'


def test_it_resolves_a_plan_into_numbers_for_the_strata():
    plan = Plan("pps_pareto", 30, least=12, reserve=0.25)
    resolved = rule_of(plan, units())
    assert sum(resolved.n.values()) == 30 and min(resolved.n.values()) >= 12
    assert resolved.reserve == {label: -(-n // 4) for label, n in resolved.n.items()}


def test_it_says_all_that_is_wrong_with_a_plan():
    with pytest.raises(InputError) as caught:
        plan_of({"method": "srs", "n": 0, "sead": 1, "allocation": "luck", "min": -1})
    assert [p.place for p in caught.value.problems] == ["plan sead", "plan n", "plan allocation", "plan min"]


def test_it_states_the_probability_of_both_phases():
    first = draw(units(), rule("pps_pareto", 5), "seed")
    shelves = {key: [f"{key}-{k}" for k in range(4)] for key in first.ids()[1:]}
    second = second_phase(first, shelves, "seed", each=2)
    assert second.empty == (first.ids()[0],) and len(second.picked) == 18
    assert all(p.pi == pytest.approx(p.pi_first / 2) for p in second.picked)

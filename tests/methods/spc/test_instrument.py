"""The choice of the instrument: every path ends, every instrument can be reached, and better numbers never stop it."""

from __future__ import annotations

from importlib import import_module

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from qualipolis.methods.problems import InputError
from qualipolis.methods.spc.capability import Specification
from qualipolis.methods.spc.decision_steps import END, START, STEPS
from qualipolis.methods.spc.decisions import FACTS, INSTRUMENTS, Fact
from qualipolis.methods.spc.instrument import facts_of, recommend
from qualipolis.methods.spc.msa import attribute_study
from qualipolis.methods.spc.reliability import fit_life, lifetimes

ELSEWHERE = {"collect"}


def answers(fact: Fact, unknown: bool):
    """Answers worth trying: each named one, or numbers on and around every threshold."""
    if fact.answers:
        found = list(fact.answers)
    else:
        limits = {b.threshold for s in STEPS.values() if s.fact == fact.name for b in s.branches}
        found = sorted({v for limit in limits if isinstance(limit, int | float) for v in (limit - 1, limit, limit + 1)})
        found = [max(0, v) for v in found] or [0.05, 0.9]
    return [*found, None] if unknown else found


def wizard(pick):
    """Answer question after question; the facts and the recommendation at the end."""
    facts: dict[str, object] = {}
    for _ in range(40):
        found = recommend(facts)
        if found.ask is None:
            return facts, found
        facts[found.ask.name] = pick(answers(found.ask, found.may_skip))
    raise AssertionError(f"no end: {facts}")


@given(st.data())
def test_every_path_ends_with_an_instrument_and_a_reason_at_each_step(data):
    _, found = wizard(lambda options: data.draw(st.sampled_from(options)))
    assert found.complete
    assert found.steps[-1].step == END
    assert found.instrument is not None
    assert all(taken.outcome and taken.reason and "%(" not in taken.text() for taken in found.steps)
    assert not any(" is ?" in taken.text() or " ?," in taken.text() for taken in found.steps)


def likely(options, rng):
    """An answer, more often one that lets a study go on."""
    good = [option for option in options if option in ("grr", "counted", "measured", "no", "constant", 29, 6, 1.5)]
    pool = good if good and rng.random() < 0.5 else options
    return pool[rng.integers(len(pool))]


def test_each_instrument_and_each_step_is_reached_by_some_answers():
    rng = np.random.default_rng(0)
    instruments, steps = set(), set()
    for _ in range(2500):
        _, found = wizard(lambda options: likely(options, rng))
        steps |= {taken.step for taken in found.steps}
        instruments |= {found.instrument.code} | {one.code for one in found.also}
    assert instruments == set(INSTRUMENTS)
    assert steps == set(STEPS)


def test_the_table_is_whole_and_without_loops():
    whole = set()

    def follow(code, before):
        assert code not in before
        if code in whole:
            return
        for branch in STEPS[code].branches:
            assert branch.instrument in {"", *INSTRUMENTS}
            if branch.next:
                follow(branch.next, before | {code})
            else:
                assert code == END
        whole.add(code)

    follow(START, frozenset())
    assert {step.fact for step in STEPS.values()} - {""} <= set(FACTS)


def test_each_instrument_names_a_function_that_exists():
    for one in INSTRUMENTS.values():
        module, _, name = one.function.rpartition(".")
        assert callable(getattr(import_module(module), name)) if module else one.code in ELSEWHERE


def test_the_measuring_comes_first():
    found = recommend({"goal": "capability", "measurement": "grr", "grr": 38})
    assert found.stopped is not None
    assert found.stopped.text().startswith("Measurement system first: %GRR is 38, above 30.")
    assert (found.ask.name, found.complete) == ("gauge_setup", False)
    assert recommend({"goal": "monitor", "measurement": "grr", "grr": None}).stopped is not None


@given(st.floats(0, 100), st.floats(0, 100), st.integers(0, 20), st.integers(0, 20))
def test_a_better_gauge_is_never_stopped_where_a_worse_one_goes(a, b, few, many):
    facts = {"goal": "monitor", "measurement": "grr"}
    worse = recommend(facts | {"grr": max(a, b), "ndc": min(few, many)})
    better = recommend(facts | {"grr": min(a, b), "ndc": max(few, many)})
    assert worse.stopped is not None or better.stopped is None


@given(st.integers(0, 60), st.integers(0, 60))
def test_more_points_never_take_a_verdict_away(a, b):
    def proves(n):
        points = {"points_before": n, "points_after": n}
        return recommend({"goal": "improvement", "measurement": "counted", "kind": "measured"} | points)

    fewer, more = proves(min(a, b)), proves(max(a, b))
    assert fewer.instrument.code == "collect" or more.instrument.code == "proof"


@given(st.data())
def test_what_would_change_the_answer_does_change_it(data):
    facts, found = wizard(lambda options: data.draw(st.sampled_from(options)))
    for change in found.changes:
        fact = FACTS[change.fact]
        step = 1 if fact.whole else 1e-3
        near = {"<": -step, "<=": 0, ">": step, ">=": 0}.get(change.operator)
        value = change.threshold if near is None else max(0, change.threshold + near)
        again = recommend(facts | {change.fact: value})
        reached = again.instrument.code if again.complete and again.instrument else None
        assert reached == change.instrument != found.instrument.code
        assert change.text()


def test_what_cannot_be_is_refused_all_at_once():
    with pytest.raises(InputError) as caught:
        recommend({"goal": "luck", "grr": "much", "colour": 3, "n": -1, "ndc": float("nan")})
    assert [problem.code for problem in caught.value.problems] == [
        "unknown_answer", "not_a_number", "unknown_fact", "not_a_number", "not_a_number",
    ]  # fmt: skip


CAPABLE = {"goal": "capability", "measurement": "grr", "grr": 8, "ndc": 9, "grr_tolerance": 10, "shift": None}


def test_a_capability_study_needs_no_more_questions_than_the_data_leave():
    rng = np.random.default_rng(2)
    x = rng.normal(10, 1, (30, 5))
    found = recommend(CAPABLE | facts_of(x, specification=Specification(6, 14)))
    assert found.complete
    assert (found.instrument.code, [one.code for one in found.also]) == ("capability", ["xbar_r"])
    sparse = recommend(CAPABLE | facts_of(rng.normal(10, 1, 15), specification=Specification(6, 14)))
    assert any(taken.step == "4" and taken.mood == "warn" for taken in sparse.steps)


def test_data_lead_to_the_instrument_that_suits_them():
    rng = np.random.default_rng(11)
    limits = Specification(-40, 40)
    walk, noise = np.cumsum(rng.normal(0, 1, 100)), np.random.default_rng(12).normal(0, 1, 200)
    assert recommend(CAPABLE | facts_of(walk, specification=limits)).also[0].code == "wandering"
    alike = noise[1:] + 0.9 * noise[:-1]
    assert recommend(CAPABLE | facts_of(alike, specification=limits)).also[0].code == "forecast"
    skewed = facts_of(rng.exponential(1, (40, 5)) * 0.5, specification=Specification(0, 40, boundary="lower"))
    assert recommend(CAPABLE | skewed).instrument.code == "performance"
    mixed = np.r_[rng.normal(-9, 1, 100), rng.normal(9, 1, 100)]
    assert facts_of(rng.permutation(mixed))["mixed"] == "yes"
    pair = rng.multivariate_normal([0, 0], [[1, 0.9], [0.9, 1]], 60)
    together = recommend({**CAPABLE, "goal": "monitor"} | facts_of(pair, kind="several"))
    assert together.instrument.code == "t2"


def test_movements_put_into_data_are_named():
    rng = np.random.default_rng(7)
    x = rng.normal(0, 1, (40, 5))
    assert facts_of(x)["location"] == "constant"
    assert facts_of(x + np.linspace(0, 6, 40)[:, None])["location"] == "trend"
    assert facts_of(x + rng.normal(0, 2, (40, 1)))["location"] == "random"
    assert facts_of(x * np.repeat([1, 5], 20)[:, None])["spread_constant"] == "no"


def test_short_runs_lead_to_a_chart_for_all_parts():
    rng = np.random.default_rng(5)
    part = np.repeat(np.tile([0, 1, 2], 10), 4)
    x = np.array([10.0, 20, 50])[part] + rng.normal(0, 1, 120)
    known = CAPABLE | {"goal": "monitor", "autocorrelation": 0.0}
    alike = facts_of(x, part=part.tolist()) | known
    assert recommend(alike).instrument.code == "nominal"
    uneven = facts_of(x * np.array([1.0, 4.0, 0.2])[part], part=part.tolist()) | known
    assert recommend(uneven).instrument.code == "standardised"


def test_judges_on_record_are_weighed_by_their_kappa():
    items = [*range(20)] * 2
    right = list("ggbbg" * 8)
    poor = attribute_study(items, ["A"] * 40, list("bgbgg" * 8), right, bad="b")
    found = facts_of(gauge=poor)
    assert found["measurement"] == "agreement" and found["kappa"] < 0.4
    assert recommend({"goal": "monitor"} | found).stopped is not None


def test_counts_lives_and_gauges_speak_for_themselves():
    rng = np.random.default_rng(7)
    known = {"goal": "monitor", "measurement": "counted"}
    cases = {
        "np": (rng.binomial(200, 0.1, 40), 200, "units"), "laney_u": (rng.poisson(rng.gamma(2, 15, 40)), 1.0, "defects"),
        "g": (rng.binomial(20, 0.01, 40), 20, "units"),
    }  # fmt: skip
    for code, (counts, size, kind) in cases.items():
        assert recommend(known | facts_of(counts, size=size, kind=kind)).instrument.code == code
    life = facts_of(life=fit_life(lifetimes(rng.weibull(3, 40))))
    assert recommend({"goal": "life", "modes": 1} | life).instrument.code == "weibull"
    assert life["ageing"] == "wear"
    assert facts_of(life=lifetimes([3, 4], [0, 0]))["failures"] == 0

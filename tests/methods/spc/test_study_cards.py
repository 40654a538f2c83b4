"""Cards of charts with memory, of vectors, gauges, judges, proofs and experiments: each check bites, and only there."""

from __future__ import annotations

import numpy as np
import pytest

from qualipolis.methods.spc import cards, doe, study_cards
from qualipolis.methods.spc.charts import (
    cusum_chart,
    ewma_chart,
    mewma_chart,
    nominal_chart,
    residual_chart,
    standardised_chart,
    t2_chart,
    trend_chart,
    wandering_chart,
)
from qualipolis.methods.spc.comparison import before_after, before_after_defectives
from qualipolis.methods.spc.msa import attribute_study, linearity_study, type1_study


def quiet(n=120, seed=3):
    return np.random.default_rng(seed).normal(10, 1, n)


def states(card):
    return {check.code: check.state for check in card}


def test_charts_with_memory_are_judged_by_their_own_run_length():
    x = quiet()
    assert study_cards.memory_card(ewma_chart(x), x).state == "green"
    tight = study_cards.memory_card(ewma_chart(x, sigmas=1.5), x)
    assert tight["false_alarms"].state == "red"
    assert study_cards.memory_card(cusum_chart(x, decision=5)).state == "green"
    moved = np.concatenate([x, x + 2])
    assert study_cards.memory_card(cusum_chart(moved, center=10, std=1))["stability"].state != "green"


def test_alarms_next_to_each_other_are_one():
    beyond = np.zeros(1000, dtype=bool)
    beyond[100:140] = True
    assert study_cards.alarms_check(beyond, 370.0).state == "amber"
    beyond[::25] = True
    assert study_cards.alarms_check(beyond, 370.0).state == "red"


def test_vectors_show_few_points_repeated_characteristics_and_a_wrong_law():
    rng = np.random.default_rng(5)
    x = rng.normal(0, 1, (60, 3))
    assert study_cards.vectors_card(t2_chart(x), x).state in ("green", "amber")
    assert study_cards.vectors_card(t2_chart(x[:9]), x[:9])["amount"].state == "red"
    twin = np.column_stack([x, x[:, 0] + rng.normal(0, 0.05, 60)])
    assert study_cards.vectors_card(t2_chart(twin), twin)["repeats"].state == "red"
    heavy = rng.standard_t(2, (200, 3))
    assert study_cards.vectors_card(t2_chart(heavy), heavy)["normality"].state == "red"
    drift = np.cumsum(x, axis=0)
    assert study_cards.vectors_card(t2_chart(drift), drift)["independence"].state == "red"
    memory = study_cards.vectors_card(mewma_chart(x, limit=12.34), x, weight=0.1)
    assert memory["false_alarms"].text().startswith("Without any cause, one alarm comes in 355.3")


def test_a_type_1_study_shows_bias_scatter_and_resolution():
    rng = np.random.default_rng(6)
    x = rng.normal(5.004, 0.001, 50)
    found = states(study_cards.type1_card(type1_study(x, 5.0, 0.1, resolution=0.012), x))
    assert (found["cg"], found["cgk"], found["bias"], found["resolution"]) == ("green", "green", "red", "red")
    rough = states(study_cards.type1_card(type1_study(x[:8] * 1.01, 5.0, 0.02)))
    assert (rough["amount"], rough["cgk"], rough["resolution"]) == ("red", "red", "amber")


def test_linearity_needs_masters_and_shows_a_bias_that_grows():
    rng, masters = np.random.default_rng(8), np.repeat([2.0, 4, 6, 8, 10], 12)
    straight = study_cards.linearity_card(
        linearity_study(masters + rng.normal(0, 0.1, 60), masters, process_variation=12)
    )
    assert straight.state == "green"
    growing = linearity_study(1.2 * masters + rng.normal(0, 0.1, 60), masters, process_variation=12)
    assert states(study_cards.linearity_card(growing))["bias"] == "red"
    few = linearity_study([2.1, 2.2, 4.0, 4.3], [2, 2, 4, 4])
    assert states(study_cards.linearity_card(few)) == {
        "masters": "red", "amount": "red", "bias": few_state(few), "linearity": "amber",
    }  # fmt: skip


def few_state(study):
    return "green" if study.joint_p >= 0.05 else "amber"


def judges(miss, seed=8):
    rng = np.random.default_rng(seed)
    truth = np.tile([*"gg", "b"], 20)
    rows = [(i, a, t) for a in "ABC" for i, t in enumerate(truth) for _ in range(2)]
    seen = ["g" if t == "b" and rng.random() < miss else t for _, _, t in rows]
    items, people, right = zip(*rows, strict=True)
    return attribute_study(items, people, seen, right, bad="b")


def test_judges_who_pass_bad_items_are_red():
    good, bad = (states(study_cards.agreement_card(judges(miss))) for miss in (0.0, 0.4))
    assert set(good.values()) == {"green"}
    assert (bad["misses"], bad["false_alarms"], bad["mix"]) == ("red", "green", "green")
    assert bad["kappa"] != "green"


def test_a_proof_alone_is_amber_and_one_against_an_untreated_process_is_green():
    rng = np.random.default_rng(4)
    found = before_after(rng.normal(10, 1, (30, 5)), rng.normal(10, 0.6, (30, 5)), "spread")
    assert study_cards.proof_card(found).state == "amber"
    assert study_cards.proof_card(found, controlled=True).state == "green"
    assert study_cards.proof_card(found, controlled=False)["alone"].state == "red"


def test_a_proof_from_counts_shows_points_and_scatter():
    rng = np.random.default_rng(9)
    wild = rng.binomial(200, rng.beta(2, 18, 22))
    found = before_after_defectives(wild, 200, rng.binomial(200, 0.02, 22), 200)
    card = states(study_cards.proof_card(found))
    assert (card["dispersion"], card["points_before"]) == ("red", "amber")


@pytest.mark.parametrize(("bend", "state"), [(0.0, "green"), (3.0, "red")])
def test_an_experiment_shows_a_model_that_does_not_fit(bend, state):
    rng = np.random.default_rng(1)
    design = doe.full_factorial({"A": 2, "B": 2}, center=4)
    x = {name: np.tile(v, 2) for name, v in design.factors.items()}
    y = 5 + x["A"] + bend * x["A"] ** 2 + rng.normal(0, 0.3, 16)
    assert states(study_cards.experiment_card(doe.experiment(x, y)))["lack_of_fit"] == state


def test_an_experiment_names_what_it_cannot_tell_apart():
    half = doe.fractional_factorial("ABC", 4).factors
    card = study_cards.experiment_card(doe.experiment(half, [1.0, 2, 4, 8]))
    assert (card["aliases"].state, card["error"].state, card["lack_of_fit"].state) == ("amber", "red", "amber")
    assert "A:B" in card["aliases"].text()


def test_short_runs_name_parts_that_scatter_differently_or_are_too_few():
    rng = np.random.default_rng(2)
    part = np.repeat(np.tile([0, 1], 15), 4)
    x = np.array([10.0, 20])[part] + rng.normal(0, 1, 120) * np.array([1.0, 6.0])[part]
    uneven = cards.chart_card(nominal_chart(x, part.tolist(), {0: 10, 1: 20}))
    assert (uneven["parts"].state, uneven["spreads_alike"].state) == ("green", "red")
    assert states(cards.chart_card(standardised_chart(x, part.tolist())))["parts"] == "green"
    assert states(cards.chart_card(standardised_chart(x[:8], part[:8].tolist())))["parts"] == "red"


def test_dependence_and_trends_have_checks_of_their_own():
    walk = np.cumsum(quiet(200) - 10)
    assert states(cards.chart_card(residual_chart(walk)))["model"] != "green"
    assert states(cards.chart_card(wandering_chart(walk)))["model"] == "amber"
    t = np.arange(60.0)
    found = states(cards.chart_card(trend_chart(0.1 * t + quiet(60, 1))))
    assert (found["slope"], found["straight"], found["independence"]) == ("green", "green", "green")
    assert states(cards.chart_card(trend_chart(0.01 * (t - 10) ** 2 + quiet(60, 1))))["straight"] == "red"
    assert states(cards.chart_card(trend_chart(quiet(60, 1))))["slope"] == "amber"

"""Report cards: as bad as the worst check, and each check bites where its assumption is broken, only there."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from qualipolis.methods.problems import InputError
from qualipolis.methods.spc import cards
from qualipolis.methods.spc.capability import Specification, capability
from qualipolis.methods.spc.charts import individuals_chart, p_chart, xbar_chart
from qualipolis.methods.spc.msa import gauge_rr
from qualipolis.methods.spc.reliability import fit_life, lifetimes
from qualipolis.methods.spc.report_card import STATES, Check, ReportCard, graded

states = st.sampled_from(STATES)


@given(st.lists(states, min_size=1))
def test_it_is_as_bad_as_its_worst_check(given_states):
    card = ReportCard(Check(str(n), state, "x") for n, state in enumerate(given_states))
    assert card.state == max(given_states, key=STATES.index)
    assert (card + ReportCard([Check("r", "red", "x")])).state == "red"


def test_a_card_without_checks_is_not_green_and_an_unknown_state_is_refused():
    assert ReportCard().state == "amber"
    with pytest.raises(InputError, match="green, amber or red"):
        Check("a", "blue", "x")  # type: ignore[arg-type]


@given(st.floats(-1e6, 1e6), st.floats(0, 1e6), st.booleans())
def test_a_better_number_never_gets_a_worse_grade(value, more, falling):
    steps = (10.0, 30.0) if falling else (30.0, 10.0)
    better = graded("a", value - more if falling else value + more, steps, ("x", "y"), falling=falling)
    assert STATES.index(better.state) <= STATES.index(graded("a", value, steps, ("x", "y"), falling=falling).state)


def test_it_gives_a_frame_in_the_language_of_the_reader():
    words = {"%(n)s values.": "%(n)s 个数值。", "Take more.": "请多取一些。"}
    frame = ReportCard([Check("a", "amber", "%(n)s values.", {"n": 3}, "Take more.")]).to_frame(words.__getitem__)
    assert frame.columns == ["code", "state", "words"]
    assert frame["words"].to_list() == ["3 个数值。 请多取一些。"]


def series(n=120, seed=5):
    return np.random.default_rng(seed).normal(10, 1, n)


def test_a_chart_of_a_quiet_process_is_green():
    x = series(60)
    assert cards.chart_card(individuals_chart(x), x, specification=Specification(0, 20)).state == "green"


def test_a_chart_shows_drift_dependence_few_points_and_a_coarse_gauge():
    drifting = np.cumsum(series(80) - 10)
    card = cards.chart_card(individuals_chart(drifting), np.round(drifting / 20))
    assert [card[code].state for code in ("stability", "independence", "discrimination")] == ["red"] * 3
    assert cards.chart_card(individuals_chart(series(12)))["amount"].state == "amber"
    assert cards.chart_card(individuals_chart(series(6)))["amount"].state == "red"


def test_sorted_parts_are_seen_and_an_honest_tail_is_not():
    x = series(400)
    assert cards.truncated(x[x < 11], Specification(5, 11)) == (11,)
    assert cards.truncated(x, Specification(5, 14)) == ()
    flags = [cards.truncated(series(300, seed), Specification(7, 13)) for seed in range(60)]
    assert sum(map(bool, flags)) <= 2


def test_counts_that_scatter_too_much_or_too_little_are_seen():
    rng = np.random.default_rng(2)
    wild = rng.binomial(200, rng.beta(5, 45, 40))
    assert cards.chart_card(p_chart(wild, 200))["dispersion"].state == "red"
    assert cards.chart_card(p_chart(np.tile([20, 21], 20), 200))["dispersion"].state == "red"
    assert cards.chart_card(p_chart(rng.binomial(200, 0.1, 40), 200))["dispersion"].state == "green"
    assert cards.chart_card(p_chart(wild, 200, prime=True))["dispersion"].state == "green"


def test_capability_is_judged_with_its_gauge_its_shape_and_its_amount():
    x = np.random.default_rng(8).normal(10, 1, (30, 5))
    card = cards.capability_card(capability(x, lower=6, upper=14), x)
    assert card["gauge"].state == "amber"
    assert {check.state for check in card if check.code != "gauge"} == {"green"}
    skewed = np.random.default_rng(8).exponential(1, (20, 4))
    bad = cards.capability_card(capability(skewed, upper=9), skewed)
    assert bad["normality"].state == "red"
    assert bad["amount"].state == "amber"


def test_batches_show_between_subgroups():
    rng = np.random.default_rng(1)
    x = rng.normal(10, 1, (30, 5)) + rng.normal(0, 3, (30, 1))
    assert cards.capability_card(capability(x, lower=0, upper=20), x)["between"].state == "red"


def gauge(error, parts=10, spread=1.0):
    rng = np.random.default_rng(6)
    part, operator = np.repeat(np.arange(parts), 9), np.tile(np.repeat(np.arange(3), 3), parts)
    values = rng.normal(0, spread, parts)[part] + rng.normal(0, error, len(part))
    return gauge_rr(values, part.tolist(), operator.tolist(), draws=0)


def test_a_gauge_is_green_amber_or_red_by_its_share():
    assert cards.gauge_card(gauge(0.02), process_sd=1.0).state == "green"
    assert cards.gauge_card(gauge(0.2), process_sd=1.0)["gauge"].state == "amber"
    poor = cards.gauge_card(gauge(1.0))
    assert (poor["gauge"].state, poor["coverage"].state) == ("red", "amber")
    assert "38" not in poor["gauge"].text()
    assert "%GRR" in poor["gauge"].text()
    assert cards.gauge_card(gauge(0.02, spread=0.2), process_sd=1.0)["coverage"].state == "red"


def test_a_life_with_few_failures_or_another_law_is_not_green():
    rng = np.random.default_rng(4)
    assert cards.lifetime_card(fit_life(lifetimes(rng.weibull(2, 60) * 100))).state == "green"
    assert cards.lifetime_card(fit_life(lifetimes([5, 9, 12, 20, 20], [1, 1, 1, 0, 0])))["failures"].state == "red"
    skewed = fit_life(lifetimes(np.exp(rng.normal(3, 1.5, 300))))
    assert cards.lifetime_card(skewed)["fit"].state == "red"


def test_more_rules_cost_more_false_alarms_and_what_is_not_computed_is_said():
    assert cards.run_length_card("limits", points_a_day=10).state == "green"
    assert "91.8" in cards.run_length_card("western_electric")["false_alarms"].text().replace("91.75", "91.8")
    assert cards.run_length_card("nelson")["false_alarms"].state == "amber"


def test_stability_alarms_a_quiet_process_rarely():
    rng = np.random.default_rng(3)
    red = sum(cards.stability_check(xbar_chart(rng.normal(0, 1, (60, 5)))).state == "red" for _ in range(150))
    assert red <= 12

"""The explanation of a town's result: exact parts, what would move it, trials, peers, and whose it is."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from django.core.exceptions import PermissionDenied
from tests.city.assess.conftest import SCORES, VALUES
from tests.city.measure.cast import DECISION, SYSTEM, Cast, locked_round, open_round, tiny_set

from qualipolis.city.assess import explain_lists, service
from qualipolis.city.assess.explain import Case, case, explainable
from qualipolis.city.assess.explain_error import year_error
from qualipolis.city.assess.explain_levers import levers
from qualipolis.city.assess.explain_notes import efforts, efforts_of, note_key
from qualipolis.city.assess.explain_parts import by_parent, peer_parts, year_parts
from qualipolis.city.assess.explain_peers import comparable_peers, years_of
from qualipolis.city.assess.explain_trial import changes_of, kinds, trial
from qualipolis.city.assess.models import Release
from qualipolis.city.core import drafts
from qualipolis.city.measure import service as measure
from qualipolis.city.measure.models import Indicator
from qualipolis.methods.problems import InputError

BEFORE = {"T1": {"a": 90, "b": 80, "c": 90}, "T2": {"a": 70, "b": 50, "c": 65}, "T4": {"a": 60, "b": 60, "c": 60}}


def published(year: int, values: Any, **targets: float) -> Release:
    made = tiny_set(year)
    for code, target in targets.items():
        Indicator.objects.filter(set=made, code=code).update(target=target)
    run = service.run(SYSTEM, locked_round(made, values), seed=3, replicates=100)
    return service.publish(SYSTEM, service.decide(SYSTEM, service.preview(SYSTEM, run), *DECISION))


@pytest.fixture
def release(cast: Cast) -> Release:
    published(2020, BEFORE)
    return published(2021, VALUES)


def of(release: Release, unit: str) -> Case:
    found = case(release, unit)
    assert found is not None
    return found


def points(parts: Any) -> dict[str, float]:
    return {line.code: round(line.points, 9) for line in parts.lines}


def test_it_splits_the_change_since_last_year_into_parts_that_sum_exactly(release: Release) -> None:
    parts = year_parts(of(release, "T1"))
    assert parts is not None
    assert points(parts) == {"a": 3.0}
    assert (parts.against, parts.score, abs(parts.residual) < 1e-9) == (87.0, 90.0, True)


def test_it_tells_a_gap_in_the_data_from_another_value(release: Release) -> None:
    parts = year_parts(of(release, "T4"))
    assert parts is not None
    kinds_of = {line.code: (line.value != 0, line.missing != 0, line.absent) for line in parts.lines}
    assert kinds_of["b"] == (False, True, "here")
    assert kinds_of["c"] == (True, False, "")
    assert math.isclose(sum(points(parts).values()), SCORES["T4"] - 60.0)


def test_it_tells_another_target_from_another_value(cast: Cast) -> None:
    published(2020, BEFORE)
    parts = year_parts(of(published(2021, BEFORE, a=120.0), "T1"))
    assert parts is not None
    assert parts.kind("value") == 0
    assert math.isclose(parts.kind("rules"), 0.6 * 0.5 * (75 - 90))


def test_it_adds_the_indicators_up_to_their_dimensions(release: Release) -> None:
    made = of(release, "T4")
    parts = year_parts(made)
    assert parts is not None
    coarse = by_parent(made, parts)
    assert {line.code for line in coarse.lines} == {"QDL", "NII"}
    assert math.isclose(sum(line.points for line in coarse.lines), parts.total)


def test_it_has_no_change_without_a_year_before(release: Release) -> None:
    assert year_parts(of(release, "T3")) is None
    assert year_error(of(release, "T3")) is None


def test_it_measures_the_gap_to_a_peer_and_to_the_median_of_each_indicator(release: Release) -> None:
    made = of(release, "T1")
    against_peer, against_all = peer_parts(made, "T2"), peer_parts(made)
    assert against_peer is not None
    assert against_all is not None
    assert points(against_peer) == {"a": 9.0, "b": 9.0, "c": 10.0}
    middle = {code: float(np.median([v[code] for v in VALUES.values() if code in v])) for code in "abc"}
    assert math.isclose(against_all.against, 0.3 * (middle["a"] + middle["b"]) + 0.4 * middle["c"])
    assert math.isclose(sum(points(against_all).values()), against_all.total)


def test_it_says_how_sure_the_change_is_under_the_same_draws(release: Release) -> None:
    same = published(2022, VALUES)
    error = year_error(of(same, "T1"))
    assert error is not None
    assert (error.n, error.low, error.high, error.within, error.rank_within) == (100, 0.0, 0.0, True, True)


def test_it_tries_a_step_the_target_and_the_next_better_peer(release: Release) -> None:
    found = {line.code: line for line in levers(of(release, "T2"))}
    a = found["a"]
    assert a.step is not None
    assert a.target is not None
    assert a.next is not None
    assert (a.size, a.observed, round(a.step.gain, 9)) == (5.0, False, 1.5)
    assert (a.target.value, round(a.target.gain, 9), a.target.rank) == (100.0, 9.0, 2)
    assert (a.next.value, round(a.next.gain, 9)) == (100.0, 9.0)
    assert found["c"].next is not None
    assert found["c"].next.value == 90.0


def test_it_says_of_a_full_indicator_that_it_is_at_its_target(release: Release) -> None:
    full = next(line for line in levers(of(release, "T1")) if line.code == "a")
    assert (full.done, full.step, full.target, full.next) == (True, None, None, None)


def test_it_sorts_by_gain_for_the_effort_that_was_noted(release: Release) -> None:
    made = of(release, "T2")
    assert [line.code for line in levers(made)] == ["c", "a", "b"]
    sorted_by = levers(made, {"b": 0.5, "c": 4.0})
    assert [line.code for line in sorted_by] == ["b", "c", "a"]
    assert sorted_by[0].per_effort == pytest.approx(3.0)


def test_a_note_of_effort_is_ones_own(release: Release, cast: Cast) -> None:
    made = of(release, "T1")
    drafts.save(cast["town_officer"], note_key(made.read, "T1"), {"e.a": "2", "e.b": "-1", "e.x": "3"})
    assert efforts(cast["town_officer"], made.read, "T1") == {"a": 2.0}
    assert efforts(cast["planner"], made.read, "T1") == {}
    assert efforts_of({"e.c": ["1"]}, made.read) == {}


def test_it_tries_other_values_and_stores_nothing(release: Release) -> None:
    made = of(release, "T2")
    changes, wrong = changes_of(made, {"v.a": "100", "v.b": "50"}, kinds(made))
    assert ([one.code for one in changes], wrong) == (["a"], [])
    found = trial(made, changes)
    assert (found.score, found.rank) == (71.0, 2)
    assert found.ranks is not None
    again = of(Release.objects.get(pk=release.pk), "T2")
    assert again.score == 62.0


def test_it_refuses_what_is_no_number_with_words_for_the_field(release: Release) -> None:
    made = of(release, "T2")
    changes, wrong = changes_of(made, {"v.a": "many", "v.b": "inf", "v.c": "1e400"}, kinds(made))
    assert changes == []
    assert [(one.code, one.place) for one in wrong] == [("not_a_number", f"v.{code}") for code in "abc"]


@pytest.fixture
def proportion(cast: Cast) -> Case:
    """T1 of a release whose indicator a is a share of 20 counted cases."""
    thing = tiny_set(2021)
    Indicator.objects.filter(set=thing, code="a").update(kind="ratio", is_proportion=True, factor=100.0)
    round_ = open_round(thing)
    counts = [("a", unit, cells["a"] / 5, 20, None) for unit, cells in VALUES.items()]
    rest = [(k, unit, v, None, None) for unit, cells in VALUES.items() for k, v in cells.items() if k != "a"]
    measure.fill_round(SYSTEM, round_, counts + rest)
    measure.submit_many(SYSTEM, round_)
    measure.verify_many(SYSTEM, round_)
    measure.close_entry(SYSTEM, round_)
    run = service.run(SYSTEM, measure.lock_round(SYSTEM, round_), seed=3, replicates=100)
    made = service.publish(SYSTEM, service.decide(SYSTEM, service.preview(SYSTEM, run), *DECISION))
    return of(made, "T2")


def test_it_takes_the_parts_of_a_ratio_and_counts_their_error(proportion: Case) -> None:
    changes, wrong = changes_of(proportion, {"n.a": "90", "d.a": "100", "v.b": "50"}, kinds(proportion))
    assert (wrong, changes[0].value, changes[0].split) == ([], 90.0, True)
    few, many = (trial(proportion, changes_of(proportion, {"n.a": n, "d.a": d}, kinds(proportion))[0])
                 for n, d in (("9", "10"), ("900", "1000")))  # fmt: skip
    assert few.score == many.score == 68.0
    assert few.high - few.low > many.high - many.low > 0


def test_it_keeps_a_ratio_within_its_bounds(proportion: Case) -> None:
    known = kinds(proportion)
    for said in ({"n.a": "21"}, {"n.a": "-1"}, {"d.a": "0"}, {"v.a": "101"}):
        changes, wrong = changes_of(proportion, said, known)
        assert (changes, len(wrong)) == ([], 1 if said != {"d.a": "0"} else 2), said
    assert changes_of(proportion, {"n.a": "14", "d.a": "20"}, known) == ([], [])


def test_it_finds_the_peers_with_the_chance_of_being_above(release: Release) -> None:
    found = comparable_peers(SYSTEM, of(release, "T2"))
    lines = {line.unit: line for line in found.lines}
    assert set(lines) == {"T1", "T3", "T4"}
    assert lines["T1"].above == 0.0
    assert lines["T3"].comparable
    assert (lines["T3"].tied, lines["T1"].tied) == (True, False)
    assert found.lines[0].unit == "T3"


def test_it_shows_every_part_over_the_years(release: Release) -> None:
    years, nodes = years_of(of(release, "T1"))
    assert years == (2020, 2021)
    assert nodes[0].scores == (87.0, 90.0)
    assert {node.code for node in nodes} == {"QDI", "QDL", "NII"}


def test_the_explanation_is_for_the_town_itself_and_for_overseers(release: Release, cast: Cast) -> None:
    own, other = cast.units[0], cast.units[1]
    seen = {role: (explainable(cast[role], own), explainable(cast[role], other)) for role in cast.people}
    assert seen["town_officer"] == (True, False)
    assert {role for role, both in seen.items() if both == (True, True)} == {"leader", "planner", "auditor"}
    assert seen["department"] == seen["enterprise"] == (False, False)


def test_the_lists_keep_to_the_same_rule(release: Release, cast: Cast) -> None:
    lists = (explain_lists.change_frame, explain_lists.gap_frame, explain_lists.levers_frame, explain_lists.peers_frame,
             explain_lists.trial_frame, explain_lists.years_frame)  # fmt: skip
    for frame in lists:
        assert frame(cast["town_officer"], {"unit": "T1", "year": "2021"}).height > 0
        with pytest.raises(PermissionDenied):
            frame(cast["town_officer"], {"unit": "T2", "year": "2021"})
        with pytest.raises(InputError):
            frame(cast["planner"], {"unit": "nowhere"})


def test_the_parts_taken_along_add_up(release: Release, cast: Cast) -> None:
    frame = explain_lists.gap_frame(cast["planner"], {"unit": "T1", "year": "2021", "with": "T2"})
    assert frame.get_columns()[-1].sum() == pytest.approx(28.0)

"""The same observations under two versions of a set, and with revised denominators."""

from __future__ import annotations

from datetime import date

import pytest
from tests.city.assess.conftest import VALUES
from tests.city.measure.cast import DECISION, SYSTEM, Cast, locked_round, tiny_set

from qualipolis.city.assess import queries, service
from qualipolis.city.assess.models import ScoreCard
from qualipolis.city.measure import service as measure
from qualipolis.city.measure.models import CollectionRound, Indicator, IndicatorSet, Observation, Statistic
from qualipolis.methods.problems import InputError


def amended(cast: Cast, round_: CollectionRound) -> IndicatorSet:
    return measure.amend(cast["leader"], round_.set, "统计口径变化", "质领〔2022〕5号", {"QDL": 0.2, "NII": 0.8})


def test_both_scores_are_kept_after_an_amendment(cast: Cast, locked: CollectionRound) -> None:
    first = service.run(SYSTEM, locked, seed=1, replicates=0)
    second = service.run(SYSTEM, locked, seed=1, replicates=0, version=amended(cast, locked))
    assert (first.set, second.set.version, second.scored_set.version) == (None, 2, 2)
    found = queries.scores_by_version(locked)
    assert (found.before, found.after, found.set_after.version) == (first, second, 2)
    rows = {row.unit.code: row for row in found.rows}
    assert (rows["T2"].score_before, rows["T2"].score_after) == (
        pytest.approx(62.0),
        pytest.approx(0.2 * 60 + 0.8 * 65),
    )
    assert rows["T2"].difference == pytest.approx(2.0)
    assert rows["T1"].places == 0
    assert ScoreCard.objects.filter(assessment=first).count() == 4


def test_a_release_says_which_version_it_rests_on_and_verifies(cast: Cast, locked: CollectionRound) -> None:
    made = service.run(SYSTEM, locked, seed=1, replicates=20, version=amended(cast, locked))
    service.preview(SYSTEM, made)
    release = service.publish(SYSTEM, service.decide(SYSTEM, made, *DECISION))
    assert service.verify(release).ok
    assert queries.book(release).nodes["NII"].weight == 0.8
    notice = service.draft_notice(cast["planner"], release)
    assert notice.facts["set"] == {"version": 2, "document": "质领〔2022〕5号"}


def test_the_release_before_an_amendment_stays(cast: Cast, locked: CollectionRound) -> None:
    first = service.preview(SYSTEM, service.run(SYSTEM, locked, seed=1, replicates=0))
    old = service.publish(SYSTEM, service.decide(SYSTEM, first, *DECISION))
    second = service.preview(SYSTEM, service.run(SYSTEM, locked, seed=1, replicates=0, version=amended(cast, locked)))
    new = service.publish(SYSTEM, service.decide(SYSTEM, second, *DECISION))
    first.refresh_from_db()
    assert first.status == "superseded" and service.verify(old).ok and service.verify(new).ok
    assert queries.book(old).nodes["NII"].weight == 0.4
    assert [run.pk for run in queries.runs_by_version(locked).values()] == [second.pk, first.pk]


def test_it_is_scored_under_a_frozen_version_of_its_own_year(cast: Cast, locked: CollectionRound) -> None:
    other = tiny_set(2022)
    draft = amended(cast, locked)
    draft.status = "draft"
    for version in (other, draft):
        with pytest.raises(InputError, match="own year"):
            service.run(SYSTEM, locked, seed=1, replicates=0, version=version)


@pytest.fixture
def by_population(cast: Cast) -> CollectionRound:
    """Indicator c is a ratio to the population of the unit."""
    made = tiny_set()
    Indicator.objects.filter(code="c").update(kind="ratio", factor=100.0)
    round_ = locked_round(made, {unit: {k: v for k, v in cells.items() if k != "c"} for unit, cells in VALUES.items()})
    for unit in cast.units[:3]:
        Statistic.objects.create(unit=unit, year=2021, key="population", value=1000)
        rows = Observation.objects.filter(round=round_, unit=unit, indicator__code="c")
        rows.update(numerator=650, denominator=1000, value=65.0, missing="", status="locked")
    return round_


def test_a_revised_denominator_shows_its_effect_and_changes_nothing(cast: Cast, by_population: CollectionRound) -> None:
    first = service.run(SYSTEM, by_population, seed=1, replicates=0)
    row = Statistic.objects.get(unit=cast.units[2])
    measure.revise_statistic(cast["planner"], row, 812.5, "人口普查修订", date(2022, 6, 1))
    found = queries.effect_of_revision(by_population)
    assert [(one.indicator, one.value_before, one.value_after) for one in found.values] == [("c", 65.0, 80.0)]
    rows = {line.unit.code: line for line in found.rows}
    assert rows["T3"].difference == pytest.approx(0.4 * 15)
    assert (rows["T3"].rank_before, rows["T3"].rank_after, rows["T2"].places) == (2, 2, -1)
    assert ScoreCard.objects.get(assessment=first, unit__code="T3").score == pytest.approx(62.0)
    assert Observation.objects.get(round=by_population, unit__code="T3", indicator__code="c").value == 65.0


def test_a_second_revision_counts_from_the_locked_figure(cast: Cast, by_population: CollectionRound) -> None:
    row = Statistic.objects.get(unit=cast.units[2])
    measure.revise_statistic(cast["planner"], row, 900, "一次修订", date(2022, 6, 1))
    measure.revise_statistic(cast["planner"], row, 1000, "改回", date(2022, 7, 1))
    found = queries.effect_of_revision(by_population)
    assert len(found.revisions) == 2 and found.values == () and found.rows == ()

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


def test_the_improvement_counts_where_the_set_says_so(cast: Cast) -> None:
    """Last year 62 for T2; this year 66, so 4 of 10 points: 0.7 x 66 + 0.3 x 40."""
    last = service.preview(SYSTEM, service.run(SYSTEM, locked_round(tiny_set(2020), VALUES), seed=1, replicates=0))
    service.publish(SYSTEM, service.decide(SYSTEM, last, *DECISION))
    made = tiny_set(2021)
    IndicatorSet.objects.filter(pk=made.pk).update(level_share=0.7)
    made.refresh_from_db()
    round_ = locked_round(made, VALUES | {"T2": {"a": 70, "b": 50, "c": 75}})
    run = service.run(SYSTEM, round_, seed=1, replicates=0)
    cards = {card.unit.code: card for card in service.cards_of(run)}
    assert (cards["T2"].score, cards["T2"].improvement) == (pytest.approx(66.0), pytest.approx(40.0))
    assert cards["T2"].final_score == pytest.approx(0.7 * 66 + 0.3 * 40)
    assert (cards["T1"].score, cards["T1"].final_score) == (pytest.approx(90.0), pytest.approx(63.0))
    release = service.publish(SYSTEM, service.decide(SYSTEM, service.preview(SYSTEM, run), *DECISION))
    assert service.verify(release).ok


def test_the_improvement_is_that_of_the_methods() -> None:
    from qualipolis.city.assess.scoring import blended, improvement_of
    from qualipolis.methods.composite import CITY_PIPELINE, Framework, Node
    from qualipolis.methods.composite.panel import PanelData, level_and_improvement, run_panel

    tree = Framework((Node("a", parent="X", floor=0, target=100), Node("X", level=2, kind="aggregate")))
    panel = PanelData((2020, 2021), ("u", "v", "w"), ("a",), [[[80.0], [40.0], [50.0]], [[80.0], [48.0], [75.0]]])
    found = level_and_improvement(run_panel(CITY_PIPELINE, tree, panel), 0.7).score[-1]
    pairs = [(80.0, 80.0), (48.0, 40.0), (75.0, 50.0)]
    assert found.tolist() == pytest.approx([blended(now, improvement_of(now, was), 0.7) for now, was in pairs])


def test_without_a_year_before_the_level_counts_alone(cast: Cast) -> None:
    made = tiny_set()
    IndicatorSet.objects.update(level_share=0.7)
    made.refresh_from_db()
    cards = service.cards_of(service.run(SYSTEM, locked_round(made, VALUES), seed=1, replicates=0))
    assert all(card.final_score == card.score and card.improvement is None for card in cards)


def test_the_share_is_set_in_a_draft_and_kept_by_an_amendment(cast: Cast, locked: CollectionRound) -> None:
    draft = measure.create_set(SYSTEM, None, 2023)
    for share in (0.2, 1.2):
        with pytest.raises(InputError, match=r"0\.5 and 1"):
            measure.set_level_share(cast["planner"], draft, share)
    assert measure.set_level_share(cast["planner"], draft, 0.7).level_share == 0.7
    with pytest.raises(InputError, match="Only a draft"):
        measure.set_level_share(cast["planner"], locked.set, 0.7)
    IndicatorSet.objects.filter(pk=locked.set_id).update(level_share=0.8)
    locked.set.refresh_from_db()
    assert amended(cast, locked).level_share == 0.8

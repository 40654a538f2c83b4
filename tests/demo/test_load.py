"""Filling the database with the synthetic city."""

from __future__ import annotations

import json

import polars as pl
import pytest
from django.db.models import Count
from tests.demo.built import demo_city

from qualipolis.city.assess.models import Assessment, Release, ScoreCard
from qualipolis.city.assess.service import verify
from qualipolis.city.core.models import City, Event, Organisation, Person
from qualipolis.city.core.roles import Role
from qualipolis.city.core.verification import verify_ledger
from qualipolis.city.measure.models import CollectionRound, IndicatorSet, Observation, SourceRecord
from qualipolis.city.registry.models import Enterprise, Institution, QualityOfficer, Unit
from qualipolis.demo import DEFAULT_SEED, build_city
from qualipolis.demo.scale import YEARS
from qualipolis.methods.problems import InputError


@pytest.fixture(scope="module")
def filled(django_db_setup, django_db_blocker, tmp_path_factory):
    """The demo city in the test database, taken out again after this module; yields its home."""
    with demo_city(tmp_path_factory.mktemp("home"), django_db_blocker) as home:
        yield home


def test_it_says_of_itself_that_it_is_synthetic(filled):
    city = City.objects.get()
    assert city.synthetic and (city.seed, city.scale, city.code) == (DEFAULT_SEED, "city", "990100")
    assert not Enterprise.objects.filter(synthetic=False).exists()
    assert not Institution.objects.filter(synthetic=False).exists()
    assert not SourceRecord.objects.filter(synthetic=False).exists()


def test_the_rows_are_those_of_the_tables(filled, city):
    assert Enterprise.objects.count() == city.enterprises.height
    assert Unit.objects.filter(assessed=True).count() == 33
    assert QualityOfficer.objects.filter(ended_on=None).count() == 1_970
    assert Observation.objects.count() == city.observations.height
    one = city.enterprises.row(4321, named=True)
    stored = Enterprise.objects.select_related("unit", "cluster").get(credit_code=one["credit_code"])
    assert (stored.name_zh, stored.unit.code, stored.cluster.code) == (one["name_zh"], one["unit"], one["cluster"])


def test_an_observation_arrives_as_it_was_generated(filled, city):
    sample = city.observations.filter(pl.col("missing_reason") != "late").sample(200, seed=3)
    for row in sample.iter_rows(named=True):
        stored = Observation.objects.get(
            round__period=str(row["year"]), indicator__code=row["indicator"], unit__code=row["unit"]
        )
        assert (stored.numerator, stored.denominator, stored.value, stored.missing) == (
            row["numerator"],
            row["denominator"],
            row["value"],
            row["missing_reason"],
        )


def test_each_year_has_a_frozen_set_and_only_the_last_round_is_open_again(filled):
    sets = [*((year, "frozen") for year in YEARS), (YEARS[-1] + 1, "consulted")]
    assert sorted(IndicatorSet.objects.values_list("year", "status")) == sets
    states = dict(CollectionRound.objects.values_list("set__year", "status"))
    assert states == dict.fromkeys(YEARS[:-1], "locked") | {YEARS[-1]: "reopened"}


def test_each_year_has_a_release_that_can_be_verified(filled):
    releases = list(Release.objects.select_related("assessment__round__set").order_by("published_at"))
    assert [one.assessment.round.set.year for one in releases] == list(YEARS)
    assert all(one.published_at.year == one.assessment.round.set.year + 1 for one in releases)
    assert verify(releases[-1]).ok
    assert Assessment.objects.get(round__set__year=YEARS[-1]).replicates == 1_000


def test_the_published_ranks_find_the_truth_again(filled, city):
    from scipy.stats import spearmanr

    cards = ScoreCard.objects.filter(assessment__round__set__year=YEARS[-1]).select_related("unit")
    found = {card.unit.code: card.final_score for card in cards}
    true = [row[-1] for row in city.truth.composite]
    assert spearmanr([found[unit] for unit in city.truth.units], true).statistic > 0.95


def test_the_planted_tie_and_veto_show_in_the_scorecards(filled, city):
    planted = city.truth.planted
    tied = ScoreCard.objects.filter(assessment__round__set__year=YEARS[-1], unit__code__in=planted["tie"])
    assert len({card.rank for card in tied}) == 1
    vetoed = ScoreCard.objects.exclude(veto="").get()
    assert (vetoed.unit.code, vetoed.grade) == (planted["incident"], "D")


def test_every_desk_has_work_in_hand(filled, city):
    rows = Observation.objects.filter(round__set__year=YEARS[-1]).exclude(status="locked")
    counts = dict(rows.values_list("status").annotate(n=Count("pk")))
    assert counts == {"empty": 9, "draft": 2, "submitted": 6, "returned": 1, "reopened": 2}
    officer = Person.objects.get(demo_role="department")
    assert rows.filter(status="submitted", indicator__owner=officer.organisation).exists()
    assert rows.filter(
        status="draft", unit__government=Person.objects.get(demo_role="town_officer").organisation
    ).exists()


def test_each_table_is_one_event_and_the_ledger_holds(filled):
    found = verify_ledger()
    assert found.holds and found.events == Event.objects.count()
    loads = Event.objects.filter(verb="demo.load").values_list("thing", flat=True)
    assert len(set(loads)) == len(loads) and "registry.enterprise" in set(loads)


def test_there_is_one_person_for_each_role_named_by_the_role(filled):
    people = list(Person.objects.exclude(demo_role=""))
    assert {person.demo_role.partition("-")[0] for person in people} == set(Role.values)
    assert len({person.demo_role for person in people}) == len(people)
    assert all("（演示）" in person.display_name and not person.has_usable_password() for person in people)
    assert all(person.organisation_id for person in people)


def test_each_town_has_a_government_that_can_be_granted(filled):
    assert not Unit.objects.filter(assessed=True, government=None).exists()
    assert Organisation.objects.filter(kind="town").count() == 33


def test_the_metrics_of_the_lake_give_the_observations(filled):
    """What the rooms count from the rows equals what the round holds, to the last digit."""
    from qualipolis.city.measure.facts import take_snapshot
    from qualipolis.lake.engine import duckdb_engine
    from qualipolis.lake.metrics import METRICS

    with duckdb_engine(take_snapshot()) as engine:
        computed = engine.compute(set(METRICS))
    for code, table in computed.items():
        rows = Observation.objects.filter(indicator__code=code, value__isnull=False)
        seen = {
            (u, y): parts
            for u, y, *parts in rows.values_list("unit__code", "round__set__year", "numerator", "denominator")
        }
        found = {(r["unit"], r["year"]): [r["numerator"], r["denominator"]] for r in table.to_pylist()}
        history = {key: parts for key, parts in found.items() if parts[1] != 0 and key[1] in YEARS}
        assert seen == history, code


def test_the_truth_lies_beside_and_not_inside(filled):
    truth = json.loads((filled / "truth.json").read_text(encoding="utf-8"))
    assert len(truth["composite"]) == len(truth["units"]) == 33
    assert truth["pass_rate"]["2016"] == pytest.approx(94.6)


def test_a_home_that_serves_a_city_is_refused(filled, tmp_path):
    with pytest.raises(InputError, match="already serves a city"):
        build_city(tmp_path)
    assert not (tmp_path / "truth.json").exists()


@pytest.mark.django_db
def test_an_unknown_scale_is_refused(tmp_path):
    with pytest.raises(InputError, match="no scale"):
        build_city(tmp_path, scale="nation")


@pytest.mark.django_db
def test_nothing_stays_when_it_is_cut_short(tmp_path, monkeypatch):
    from qualipolis.demo import load

    def cut(*_args: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(load, "_load_statistics", cut)
    with pytest.raises(KeyboardInterrupt):
        build_city(tmp_path)
    assert not City.objects.exists() and not Enterprise.objects.exists() and not Event.objects.exists()


def test_progress_is_told_from_nought_to_one(filled, monkeypatch, city):
    from qualipolis.demo import load

    told: list[float] = []
    monkeypatch.setattr(load, "City", type("Nobody", (), {"objects": City.objects.none()}))
    monkeypatch.setattr(load, "generate", lambda seed, scale, today: city)
    monkeypatch.setattr(load, "_load", lambda tables, progress: progress("half", 0.5))
    load.fill(filled, 1, "city", lambda _message, share: told.append(share))
    assert told[0] == 0.0 and told == sorted(told) and told[-1] == 1.0
    assert isinstance(city.units, pl.DataFrame)

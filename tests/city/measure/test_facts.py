"""From rows to the lake and back into the observations."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from django.db import connection
from tests.city.measure.cast import SYSTEM, Cast, cell, frozen_set, open_round

from qualipolis.city.measure import facts, service
from qualipolis.city.measure.models import CollectionRound, Observation, SourceRecord, Statistic
from qualipolis.lake import snapshot_sources
from qualipolis.lake.snapshot import latest
from qualipolis.lake.snapshot_sources import tables
from qualipolis.methods.problems import InputError


def sample(number: str, unit, outcome: str, purpose: str = "random") -> SourceRecord:
    return SourceRecord(
        kind="sample", number=number, unit=unit, happened_on=date(2021, 5, 1), purpose=purpose, outcome=outcome
    )


def fill(cast: Cast) -> None:
    first, second, _third = cast.units
    SourceRecord.objects.bulk_create(
        [
            sample("S1", first, "pass"),
            sample("S2", first, "pass"),
            sample("S3", first, "fail"),
            sample("S4", second, "pass"),
            sample("S5", second, "fail", "risk"),
        ]
    )
    Statistic.objects.bulk_create(Statistic(unit=u, year=2021, key="population", value=20_000) for u in cast.units)


@pytest.fixture
def opened(cast: Cast) -> CollectionRound:
    fill(cast)
    return open_round(frozen_set())


def test_it_fills_the_computed_indicators_in_one_event(opened: CollectionRound, home: Path) -> None:
    counts = service.compute_metrics(SYSTEM, opened)
    assert counts["PQ01"] == 3
    row = cell(opened, "T1", "PQ01")
    assert (row.numerator, row.denominator, row.status, row.computed) == (2, 3, "submitted", True)
    assert row.value == pytest.approx(200 / 3)
    opened.refresh_from_db()
    assert latest(home).id == opened.snapshot


def test_it_says_not_applicable_where_others_have_cases_and_nothing_where_nobody_has(opened: CollectionRound) -> None:
    counts = service.compute_metrics(SYSTEM, opened)
    row = cell(opened, "T3", "PQ01")
    assert (row.value, row.missing, row.denominator) == (None, "not_applicable", 0)
    assert counts["SR02"] == 0
    assert cell(opened, "T1", "SR02").status == "empty"


def test_it_computes_again_over_what_it_computed_before(opened: CollectionRound, cast: Cast) -> None:
    service.compute_metrics(SYSTEM, opened)
    sample("S9", cast.units[0], "pass").save()
    service.compute_metrics(SYSTEM, opened)
    assert cell(opened, "T1", "PQ01").value == pytest.approx(75.0)


def test_it_leaves_alone_what_is_verified(opened: CollectionRound, cast: Cast) -> None:
    service.compute_metrics(SYSTEM, opened)
    service.verify_many(cast["department"], opened)
    sample("S9", cast.units[0], "pass").save()
    service.compute_metrics(SYSTEM, opened)
    assert cell(opened, "T1", "PQ01").denominator == 3
    assert Observation.objects.filter(round=opened, indicator__code="PQ01", status="verified").count() == 3


def test_it_traces_a_number_to_its_records(opened: CollectionRound, cast: Cast) -> None:
    service.compute_metrics(SYSTEM, opened)
    opened.refresh_from_db()
    indicator = opened.set.indicators.get(code="PQ01")
    assert facts.trace(opened, indicator, "T1").numbers == ("S1", "S2", "S3")
    SourceRecord.objects.filter(number="S1").delete()
    assert facts.trace(opened, indicator, "T1").total == 3
    with pytest.raises(InputError, match="not computed from records"):
        facts.trace(opened, opened.set.indicators.get(code="PQ07"), "T1")


def test_it_reads_in_pieces_what_it_reads_at_once(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    fill(cast)
    open_round(frozen_set())
    with connection.cursor() as cursor:
        whole = dict(tables(cursor))
        monkeypatch.setattr(snapshot_sources, "PIECE", 3)
        pieces = dict(tables(cursor))
    assert whole.keys() == pieces.keys()
    for name, table in whole.items():
        assert table.equals(pieces[name]), name
    assert whole["observations"].column("value").null_count == 0
    assert whole["samples"].num_rows == 5

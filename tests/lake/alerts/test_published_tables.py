"""The tables that authorities publish, read whole: nothing is lost, and what is missing is said."""

from __future__ import annotations

import datetime
import json
from collections import Counter
from pathlib import Path

import pytest

from qualipolis.lake import alerts
from qualipolis.lake.alerts import NOT_STATED, AlertBatch

RASFF = "rasff_2020_2024/rasff.csv.gz"
CPSC = "cpsc_recalls_1973_2013/cpsc_recalls.csv"
RECENT = "cpsc_recalls_2024_2026/cpsc_recalls_recent.csv"
NHTSA = "nhtsa_recall_docs_2020_2024/nhtsa_recalls.csv.gz"


@pytest.fixture(scope="module")
def rasff(shared: Path) -> AlertBatch:
    return alerts.read(shared / "data" / RASFF)


@pytest.mark.parametrize(("name", "kind"), [(RASFF, "rasff"), (CPSC, "cpsc"), (RECENT, "cpsc"), (NHTSA, "nhtsa")])
def test_it_knows_who_published_a_table(shared: Path, name: str, kind: str) -> None:
    seen = alerts.preview(shared / "data" / name)
    assert (seen.kind, len(seen.rows)) == (kind, 10)
    assert seen.confidence >= 0.8


def test_it_keeps_every_notification_and_says_where_no_hazard_is_told(rasff: AlertBatch) -> None:
    assert (rasff.counts.read, rasff.counts.taken, rasff.counts.refused) == (21_871, 21_871, 0)
    assert rasff.counts.hazard_not_stated == 5_494
    assert all(row.hazards and "" not in row.hazards for row in rasff.rows)
    assert sum(row.hazards == (NOT_STATED,) for row in rasff.rows) == 5_494


def test_it_finds_the_ethylene_oxide_of_the_reference(rasff: AlertBatch, shared: Path) -> None:
    said = json.loads((shared / "golden" / "signal" / "rasff_eto.json").read_text("utf-8"))
    words = ("ethylene oxide", "ethyleneoxide", "chloroethanol")
    hits = [row for row in rasff.rows if any(word in h.lower() for h in row.hazards for word in words)]
    weeks = Counter((row.date - datetime.timedelta(days=row.date.weekday())).isoformat() for row in hits)
    assert len(hits) == said["n_total"]
    assert min(row.date for row in hits).isoformat() == said["first_notification"]
    assert {week: weeks.get(week, 0) for week in said["weekly_first20"]} == said["weekly_first20"]


def test_it_gives_numbers_back_the_zeros_that_a_spreadsheet_took(rasff: AlertBatch) -> None:
    assert all(len(row.number) == 9 for row in rasff.rows)
    assert len({row.number for row in rasff.rows}) == 21_871
    assert [problem.params["count"] for problem in rasff.problems if problem.code == "cut_numbers"] == [2157]


def test_it_parts_lists_and_counts_a_spelling_once(rasff: AlertBatch) -> None:
    kinds = {kind for row in rasff.rows for kind in row.hazard_kinds}
    assert len(kinds) == len({kind.casefold() for kind in kinds}) <= 40
    assert not any(";" in kind for kind in kinds)
    assert {"Germany", "Türkiye"} <= {name for row in rasff.rows for name in (*row.origins, *row.notifying)}
    assert not any("(" in name for row in rasff.rows for name in row.notifying)


def test_it_reads_recalls_with_several_makers(shared: Path) -> None:
    batch = alerts.read(shared / "data" / CPSC)
    first = batch.rows[0]
    assert batch.counts.taken == 3_153
    assert (batch.counts.hazard_not_stated, batch.counts.date_missing) == (76, 71)
    assert first.firms == ("A.K. Electric", "Windsor House", "Sunset House")
    assert (first.number, first.date, first.product) == (
        "73015",
        datetime.date(1973, 8, 21),
        "Little Wonder TV Antenna",
    )
    assert first.categories == ("Televisions, Mounts, Guards & Antennas",)


def test_it_reads_figures_in_words(shared: Path) -> None:
    rows = alerts.read(shared / "data" / RECENT).rows
    assert (rows[0].units, rows[0].injuries) == (775, 0)
    assert sum(row.units is None for row in rows) <= 2
    assert all(row.units_text for row in rows)


def test_it_reads_recalls_without_dates_and_a_stray_character(shared: Path) -> None:
    batch = alerts.read(shared / "data" / NHTSA)
    assert (batch.counts.taken, batch.counts.date_missing, batch.counts.hazard_not_stated) == (3_207, 3_207, 3_207)
    assert [problem.code for problem in batch.problems] == ["control_characters"]
    assert batch.rows[1].product == "FREEDMAN BENCH SEAT, FOLDAWAY SEAT"

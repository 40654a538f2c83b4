"""The metrics over a city that can be counted by hand."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.lake import tiny_city

from qualipolis.lake.engine import Engine, duckdb_engine
from qualipolis.lake.metrics import METRICS, metric
from qualipolis.lake.snapshot import snapshot
from qualipolis.methods.problems import InputError

EXPECTED = {
    "PQ01": {("T1", 2021): (2, 3, 3), ("T2", 2020): (1, 1, 1)},
    "PQ02": {("T1", 2021): (1, 1, 1), ("T2", 2021): (0, 1, 1)},
    "PQ03": {("T1", 2021): (1, 2, 2)},
    "PQ04": {("T1", 2021): (1, 2, 2)},
    "PQ05": {("T1", 2021): (1, 1, 1)},
    "PQ06": {("T1", 2021): (1, 6, 6), ("T2", 2020): (0, 1, 1), ("T2", 2021): (0, 1, 1)},
    "SR01": {("T1", 2021): (3, 30000, 3), ("T2", 2021): (0, 10000, 0), ("P1", 2021): (0, 0, 0)},
    "SR02": {("T1", 2021): (3, 4, 4)},
    "SR03": {("T1", 2021): (1, 2, 2)},
    "SR04": {("T1", 2021): (2, 4, 4)},
    "MB02": {("T1", 2020): (2, 2, 2), ("T1", 2021): (1, 2, 2), ("T2", 2020): (0, 2, 2), ("T2", 2021): (0, 1, 1)},
    "MB06": {("T1", 2021): (60, 30000, 1), ("T2", 2021): (0, 10000, 0), ("P1", 2021): (0, 0, 0)},
    "NI06": {("T1", 2021): (1, 50, 1), ("T2", 2021): (0, 40, 0)},
    "NI08": {
        ("T1", 2020): (3, None, 1),
        ("T1", 2021): (3, None, 1),
        ("T2", 2021): (1, None, 1),
        ("P1", 2021): (0, None, 0),
    },
}


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    home: Path = tmp_path_factory.mktemp("home")
    with duckdb_engine(snapshot(home, tiny_city.tables())) as opened:
        yield opened


@pytest.mark.parametrize("code", sorted(METRICS))
def test_it_counts_what_a_person_counts(engine: Engine, code: str) -> None:
    rows = engine.compute([code])[code].to_pylist()
    found = {(r["unit"], r["year"]): (r["numerator"], r["denominator"], r["n"]) for r in rows}
    assert found == EXPECTED[code]


@pytest.mark.parametrize("code", sorted(METRICS))
def test_it_traces_every_number_to_the_records_that_add_up_to_it(engine: Engine, code: str) -> None:
    for (unit, year), (numerator, denominator, n) in EXPECTED[code].items():
        trace = engine.trace(code, unit, year)
        assert (trace.numerator, trace.total) == (numerator, n)
        if not metric(code).per and not metric(code).count:
            assert trace.denominator == denominator


def test_it_never_pools_random_and_risk_sampling(engine: Engine) -> None:
    assert engine.trace("PQ01", "T1", 2021).numbers == ("S1", "S2", "S3")
    assert engine.trace("PQ02", "T1", 2021).numbers == ("S5",)


def test_it_limits_the_records_shown_but_not_the_sum(engine: Engine) -> None:
    trace = engine.trace("PQ01", "T1", 2021, limit=1)
    assert (trace.numbers, trace.total, trace.numerator) == (("S1",), 3, 2)


def test_it_names_the_known_metrics_when_asked_for_another() -> None:
    with pytest.raises(InputError, match="There is no metric XX99"):
        metric("XX99")


def test_it_never_fetches_an_extension(engine: Engine) -> None:
    setting = engine.connection.execute("SELECT current_setting('autoinstall_known_extensions')").fetchone()
    assert setting == (False,)

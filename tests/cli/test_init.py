"""qualipolis init: units and codes, and not one invented figure."""

from __future__ import annotations

import sqlite3
from contextlib import closing

import pytest
from tests.cli.commands import dongguan, qualipolis

from qualipolis.city.core.models import City, Event
from qualipolis.city.core.policy import System
from qualipolis.cli import founding
from qualipolis.methods.problems import InputError

WITH_FIGURES = ("measure_observation", "measure_statistic", "measure_sourcerecord", "assess_scorecard",
                "registry_enterprise", "registry_institution", "registry_product")  # fmt: skip


@pytest.fixture
def home():
    return dongguan()


def ask(home, sql: str):
    with closing(sqlite3.connect(home / "city.sqlite3")) as database:
        return database.execute(sql).fetchall()


def test_dongguan_begins_with_36_units_of_which_33_are_assessed(home) -> None:
    assert ask(home, "SELECT COUNT(*), SUM(assessed) FROM registry_unit") == [(36, 33)]
    assert ask(home, "SELECT name_zh FROM registry_unit WHERE code = '441900121'") == [("虎门镇",)]
    assert ask(home, "SELECT COUNT(*) FROM registry_unit WHERE government_id IS NULL") == [(0,)]


def test_it_has_the_bureau_with_a_branch_for_each_unit_and_the_departments(home) -> None:
    kinds = dict(ask(home, "SELECT kind, COUNT(*) FROM core_organisation GROUP BY kind"))
    assert kinds == {"bureau": 1, "branch": 36, "town": 36, "department": 13}


def test_the_44_indicators_wait_as_a_draft_each_with_its_owner(home) -> None:
    assert ask(home, "SELECT status FROM measure_indicatorset") == [("draft",)]
    assert ask(home, "SELECT COUNT(*), COUNT(owner_id) FROM measure_indicator") == [(44, 44)]


@pytest.mark.parametrize("table", WITH_FIGURES)
def test_there_is_not_one_figure(home, table) -> None:
    assert ask(home, f"SELECT COUNT(*) FROM {table}") == [(0,)]


def test_the_city_is_real_and_the_first_administrator_has_a_role(home) -> None:
    assert ask(home, "SELECT code, synthetic FROM core_city") == [("441900", 0)]
    assert ask(home, "SELECT role, scope_id FROM core_grant") == [("admin", None)]
    assert ask(home, "SELECT must_change_password, is_superuser FROM core_person") == [(1, 0)]


def test_the_ledger_is_signed_and_guarded(home) -> None:
    assert ask(home, "SELECT (SELECT MAX(seq) FROM core_event) - (SELECT MAX(seq) FROM core_checkpoint)") == [(0,)]
    with pytest.raises(sqlite3.DatabaseError, match="append-only"):
        ask(home, "UPDATE core_event SET actor = 'x'")


def test_a_second_start_in_the_same_home_changes_nothing(home) -> None:
    before = ask(home, "SELECT COUNT(*) FROM core_event")
    answer = qualipolis("init", "--city", "441900", "--home", home, "--admin", "li")
    assert answer.returncode == 1
    assert "already serves a city" in answer.stderr
    assert ask(home, "SELECT COUNT(*) FROM core_event") == before


def test_any_other_city_starts_from_its_own_table(tmp_path) -> None:
    table = tmp_path / "units.csv"
    table.write_bytes("代码,名称,类型\n330901001,甲镇,town\n330901002,乙街道,subdistrict\n".encode("gb18030"))
    home = tmp_path / "home"
    answer = qualipolis(
        "init", "--units", table, "--city", "330901", "--name-zh", "某市", "--home", home, "--admin", "a"
    )
    assert answer.returncode == 0, answer.stderr
    assert ask(home, "SELECT code, name_zh FROM registry_unit ORDER BY code") == [
        ("330901001", "甲镇"),
        ("330901002", "乙街道"),
    ]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("代码,名称,类型\n1,甲镇,town\n1,乙镇,town\n", "row 3"),
        ("代码,名称,类型\n1,甲镇,planet\n", "planet"),
        ("代码,名称,类型\n", ""),
        ("", "empty"),
        ("a,b\n1,2\n", ""),
    ],
)
def test_a_bad_table_is_refused_whole_with_its_place(db, tmp_path, settings, content, said) -> None:
    settings.HOME = tmp_path
    table = founding.Founding("330901", "某市", "", content.encode(), "units.csv")
    with pytest.raises(InputError) as error:
        founding.found(System("init"), table, 2021)
    assert said in str(error.value)
    assert not City.objects.exists()
    assert not Event.objects.exists()


@pytest.mark.parametrize(
    ("args", "said"),
    [
        (("--city", "440300"), "--units"),
        ((), "--city 441900"),
        (("--units", "/nowhere.csv", "--city", "1", "--name-zh", "x"), "no file"),
        (("--units", "/nowhere.csv"), "--name-zh"),
    ],
)
def test_what_is_missing_is_said(tmp_path, args, said) -> None:
    answer = qualipolis("init", *args, "--home", tmp_path / "home")
    assert answer.returncode == 1
    assert said in answer.stderr

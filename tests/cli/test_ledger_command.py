"""qualipolis verify ledger, tick and doctor on a real home. Every way of tampering is in tests/city/core."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from tests.cli.commands import dongguan, qualipolis, tampered


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return shutil.copytree(dongguan(), tmp_path / "home")


def test_it_exits_1_and_names_the_first_thing_that_does_not_hold(home) -> None:
    tampered(home, "DELETE FROM core_event WHERE seq = (SELECT MAX(seq) FROM core_event)")
    answer = qualipolis("verify", "ledger", "--home", home)
    assert answer.returncode == 1
    assert "the end of the ledger was cut off" in answer.stderr


def test_it_holds_and_says_how_far_it_read_in_the_language_of_the_caller(home) -> None:
    answer = qualipolis("verify", "ledger", "--home", home, LC_ALL="zh_CN.UTF-8")
    assert answer.returncode == 0
    assert "账本完好" in answer.stdout


def test_without_a_city_it_says_so_and_makes_nothing(tmp_path) -> None:
    assert qualipolis("verify", "ledger", "--home", tmp_path / "none").returncode == 1
    assert not (tmp_path / "none").exists()


def test_tick_does_what_is_due_and_signs(home) -> None:
    answer = qualipolis("tick", "--home", home)
    assert answer.returncode == 0, answer.stderr
    assert "signed to event" in answer.stdout


def test_doctor_finds_an_open_key_and_a_changed_event(home) -> None:
    (home / "keys" / "ledger.key").chmod(0o644)
    tampered(home, "UPDATE core_event SET payload = payload || ' ' WHERE seq = 2")
    answer = qualipolis("doctor", "--home", home)
    assert answer.returncode == 1
    assert "ledger.key" in answer.stdout
    assert "event 2 was changed" in answer.stdout

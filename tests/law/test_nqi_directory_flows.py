"""The table of gaps in capability: a machine for it, and that only a valid scope fills a gap."""

from __future__ import annotations

from typing import Any

import pytest
from tests.law.machines import every_guard_can_stop, every_step_is_taken, stroll

from qualipolis.law.flow import NEEDS, Refused, Step
from qualipolis.law.flows import ALL
from qualipolis.law.flows.nqi.directory import CAPABILITY_GAP

READY: dict[str, Any] = dict.fromkeys(NEEDS, "given") | {"actor": 2, "able": 1, "year": 2027, "builder": "centre"}
BENDS: tuple[dict[str, Any], ...] = ({}, {"able": 0})


def facts_for(step: Step) -> dict[str, Any]:
    return next(READY | bend for bend in BENDS if step.objection(READY | bend) is None)


def test_the_table_is_sound() -> None:
    assert CAPABILITY_GAP.check() == ()
    assert ALL["capability_gap"] is CAPABILITY_GAP


def test_a_machine_takes_every_step_and_is_refused_every_other() -> None:
    every_step_is_taken(CAPABILITY_GAP, facts_for)
    assert stroll(CAPABILITY_GAP, facts_for, seed=5)


def test_every_guard_can_stop() -> None:
    every_guard_can_stop(CAPABILITY_GAP, facts_for)


@pytest.mark.parametrize(
    ("state", "step", "bend", "code"),
    [
        ("open", "fill", {"able": 0}, "nobody_yet"),
        ("open", "fill", {"able": None}, "unchecked"),
        ("filled", "reopen", {"able": 1}, "somebody_can"),
        ("open", "drop", {"able": 0, "reason": " "}, "needs_reason"),
    ],
)
def test_it_is_refused_with_its_reason(state: str, step: str, bend: dict[str, Any], code: str) -> None:
    found = CAPABILITY_GAP.find(state, step)
    assert found is not None
    with pytest.raises(Refused) as refusal:
        CAPABILITY_GAP.take(state, step, {found.roles[0]}, READY | bend)
    assert refusal.value.problem.code == code

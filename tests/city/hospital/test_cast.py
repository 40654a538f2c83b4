"""The cast itself: a case can be made in every state of the table."""

from __future__ import annotations

import pytest
from tests.city.hospital.cast import Cast, case_in

from qualipolis.law.flows.hospital import CASE


@pytest.mark.parametrize("state", CASE.states)
def test_it_makes_a_case_in_every_state(cast: Cast, state: str) -> None:
    made = case_in(cast, state)
    assert made.status == state and made.ended == (state in CASE.finals)
    assert made.diagnoses.exists() == (state in {"diagnosed", "prescribed", "treating", "verifying", "cured", "improved",
                                                 "following", "closed", "reopened"})  # fmt: skip

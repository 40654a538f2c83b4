"""The cast itself: complaints and reports can be made in every state of their tables, under both orders."""

from __future__ import annotations

import pytest
from tests.city.listen.cast import OLD_ORDER, Cast, complaint_in, report_in

from qualipolis.law.flows.listening import COMPLAINT, REPORT


@pytest.mark.parametrize("state", COMPLAINT.states)
def test_it_makes_a_complaint_in_every_state(cast: Cast, state: str) -> None:
    made = complaint_in(cast, state, received_on=OLD_ORDER)
    assert made.status == state and made.ended == (state in COMPLAINT.finals) and made.received_on == OLD_ORDER
    assert made.pauses.exists() == (state == "paused")
    assert made.letter.identity.proved == (state != "identity_requested")


@pytest.mark.parametrize("state", REPORT.states)
def test_it_makes_a_report_in_every_state(cast: Cast, state: str) -> None:
    made = report_in(cast, state)
    assert made.status == state and made.ended == (state in REPORT.finals)
    assert made.letter is not None and made.letter.identity.secret and made.named


def test_it_makes_an_anonymous_report(cast: Cast) -> None:
    made = report_in(cast, identity=None)
    assert made.letter is not None and not made.named and not made.letter.identity.named

"""Quality analysis meetings: proposed when several firms of a campaign fail, called once, minuted after the day."""

from __future__ import annotations

import pytest
from django.core.exceptions import PermissionDenied
from tests.city.supervise.cast import make_campaign
from tests.city.supervise.handled import final, later

from qualipolis.city.supervise import service
from qualipolis.city.supervise.aftermath.meetings import proposals
from qualipolis.methods.problems import InputError


@pytest.fixture(autouse=True)
def results_seen(monkeypatch):
    """Whose results somebody sees is decided elsewhere; here everyone sees all."""
    from qualipolis.city.core import policy
    from qualipolis.city.supervise.models import Result

    if Result not in policy._VISIBILITY:
        monkeypatch.setitem(policy._VISIBILITY, Result, lambda actor, rows: rows)


def test_it_is_proposed_when_three_firms_fail_and_not_before(cast):
    campaign = make_campaign(cast)
    for firm in (0, 1):
        final(cast, campaign, firm=firm)
    final(cast, campaign, firm=0)  # a second failure of one firm is no third firm
    assert proposals(cast["planner"]) == []
    final(cast, campaign, firm=2)
    final(cast, campaign, firm=3, verdict="pass")
    (found,) = proposals(cast["planner"])
    assert (found.campaign, found.batches, found.failed, found.firms) == (campaign, 5, 4, 3) and found.share == 0.8


def test_a_called_meeting_is_proposed_no_longer_and_minuted_after_its_day(cast, time_machine):
    time_machine.move_to("2026-03-02 10:00")
    campaign = make_campaign(cast)
    for firm in (0, 1, 2):
        final(cast, campaign, firm=firm)
    row = service.call_meeting(cast["department"], campaign, later(10), "甲醛超标集中", "质量监督科会议室")
    assert proposals(cast["planner"]) == []
    with pytest.raises(InputError):
        service.minute_meeting(cast["department"], row, 20, "建立面料进货检验")
    time_machine.move_to("2026-03-12 18:00")
    with pytest.raises(InputError) as caught:
        service.minute_meeting(cast["department"], row, -1, "")
    assert {one.place for one in caught.value.problems} == {"firms", "agreed"}
    assert service.minute_meeting(cast["department"], row, 20, "建立面料进货检验").firms == 20


def test_a_meeting_needs_its_problem_and_the_organiser(cast):
    campaign = make_campaign(cast)
    with pytest.raises(InputError):
        service.call_meeting(cast["department"], campaign, later(1), " ")
    with pytest.raises(PermissionDenied):
        service.call_meeting(cast["inspector"], campaign, later(1), "甲醛")

"""Who learns of a draw and when: hashes from the commitment on, names once sampling on site has ended."""

from __future__ import annotations

from tests.city.supervise.test_ceremony import committed, drawn, frozen

from qualipolis.city.core.attachments import may_read
from qualipolis.city.core.models import Attachment
from qualipolis.city.core.policy import visible
from qualipolis.city.supervise.draws import ceremony
from qualipolis.city.supervise.models import Campaign, DrawnUnit, DrawRun


def test_nobody_outside_sees_a_draw_before_its_commitment_nor_its_units_before_sampling_has_ended(cast, time_machine):
    run = frozen(cast)
    assert not visible(None, DrawRun.objects.all()).exists()
    run = drawn(cast, time_machine, committed(cast, run=run))
    assert visible(None, DrawRun.objects.all()).exists() and not visible(None, DrawnUnit.objects.all()).exists()
    ceremony.publish(cast["planner"], run)
    outside = (None, cast["enterprise"], cast["town_officer"], cast["laboratory"], cast["inspector"])
    for status in ("approved", "rules_public", "sampling", "cancelled"):
        in_state(run, status)
        assert {knows_the_names(who, run) for who in outside} == {False}, status
        assert knows_the_names(cast["planner"], run) and knows_the_names(cast["auditor"], run)
    for status in ("testing", "settled", "archived"):
        in_state(run, status)
        assert [knows_the_names(who, run) for who in outside] == [True, True, True, False, True], status


def in_state(run, status):
    Campaign.objects.filter(pk=run.campaign_id).update(status=status)


def knows_the_names(who, run):
    """Whether someone sees the units; the files open with them."""
    units = visible(who, DrawnUnit.objects.filter(draw=run)).exists()
    files = [may_read(who, one) for one in Attachment.objects.filter(thing=f"supervise.drawrun:{run.pk}")]
    assert files and set(files) == {units}
    return units


def test_the_names_of_a_superseded_draw_open_with_those_of_the_new(cast, time_machine):
    old = ceremony.publish(cast["planner"], drawn(cast, time_machine))
    ceremony.redraw(cast["leader"], old, "抽样框误列已注销企业")
    assert not visible(None, DrawnUnit.objects.all()).exists()
    in_state(old, "testing")
    assert visible(None, DrawnUnit.objects.all()).count() == old.units.count() > 0

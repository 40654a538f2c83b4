"""A panel: its seats, opinions given before the others' are read, one decision."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone
from tests.city.hospital.cast import case_in, expert

from qualipolis.city.core.models import Event, Organisation
from qualipolis.city.core.policy import visible
from qualipolis.city.hospital.consultation import diagnoses, panels
from qualipolis.city.hospital.models import Case
from qualipolis.methods.problems import InputError

pytestmark = pytest.mark.django_db


@pytest.fixture
def case(cast):
    return case_in(cast, "examining", severity=3)


@pytest.fixture
def panel(cast, case):
    return panels.call(cast["expert"], case, [cast.colleague], "严重度高")


def test_calling_a_panel_sends_the_case_there_with_the_expert_in_it(cast, case, panel):
    case.refresh_from_db()
    assert case.status == "panel" and case.due_on == panel.due_on
    assert {one.expert for one in panel.seats.all()} == {cast.doctor, cast.colleague}
    with pytest.raises(InputError, match="called already"):
        panels.call(cast["expert"], case, [cast.colleague], "再来一次")


def test_a_member_sees_the_case_only_once_it_is_named(cast, case):
    rows = Case.objects.filter(pk=case.pk)
    assert not visible(cast["colleague"], rows).exists()
    panels.call(cast["hospital_manager"], case, [cast.colleague], "严重度高")
    assert visible(cast["colleague"], rows).exists()


def test_a_panel_needs_two_members_without_ties_and_a_day_ahead(cast, case):
    cast.colleague.conflicts = [cast.firm.credit_code]
    cast.colleague.save()
    yesterday = timezone.localdate() - timedelta(days=1)
    with pytest.raises(InputError) as refused:
        panels.call(cast["expert"], case, [cast.colleague], " ", yesterday)
    assert [one.code for one in refused.value.problems] == ["no_reason", "past_day", "conflict"]
    with pytest.raises(InputError, match="members"):
        panels.call(cast["expert"], case, [], "严重度高")


def test_opinions_of_others_are_read_after_the_own_is_given(cast, panel):
    panels.opine(cast["colleague"], panel, "是染料", "material")
    assert not panels.opinions_read_by(cast["expert"], panel).exists()
    assert panels.opinions_read_by(cast["colleague"], panel).count() == 1
    assert not panels.opinions_read_by(cast["hospital_manager"], panel).exists()
    panels.opine(cast["expert"], panel, "同意")
    for who in ("expert", "colleague", "hospital_manager"):
        assert panels.opinions_read_by(cast[who], panel).count() == 2
    assert not panels.opinions_read_by(cast["enterprise"], panel).exists()


def test_an_opinion_stands_once_given_and_only_by_members(cast, panel):
    panels.opine(cast["colleague"], panel, "是染料")
    with pytest.raises(InputError, match="stands already"):
        panels.opine(cast["colleague"], panel, "改主意了")
    other = Organisation.objects.get(code="UNIV")
    stranger = expert(cast["planner"], other, cast.department)
    assert stranger not in panel.members.all()
    with pytest.raises(PermissionDenied):
        panels.opine(cast["planner"], panel, "我也说")
    with pytest.raises(PermissionDenied):
        panels.opine(cast["hospital_manager"], panel, "我也说")


def test_it_concludes_when_everybody_has_spoken(cast, case, panel):
    with pytest.raises(InputError, match="2 members have not given"):
        panels.conclude(cast["expert"], panel, "更换固色剂")
    for who in ("expert", "colleague"):
        panels.opine(cast[who], panel, "同意")
    with pytest.raises(PermissionDenied):
        panels.conclude(cast["colleague"], panel, "更换固色剂")
    done = panels.conclude(cast["expert"], panel, "更换固色剂")
    assert done.status == "concluded" and done.concluded_on == timezone.localdate()
    case.refresh_from_db()
    assert case.status == "panel" and panels.held(case) == 1
    assert not any("固色" in one or "严重度高" in one for one in Event.objects.values_list("payload", flat=True))


def test_a_case_does_not_go_on_while_its_panel_is_open(cast, case, panel):
    with pytest.raises(InputError, match="decision is recorded first"):
        diagnoses.examine_more(cast["expert"], case)
    panels.cancel(cast["hospital_manager"], panel, "改期")
    assert diagnoses.examine_more(cast["expert"], case).status == "examining"


def test_a_panel_before_the_failures_does_not_answer_them(cast):
    case = case_in(cast, "panel", loops=2)
    earlier = case.panels.get()
    earlier.loops_before, earlier.status = 0, "concluded"
    earlier.save()
    assert panels.held(case) == 0
    made = panels.call(cast["expert"], case, [cast.colleague], "两次无效")
    assert made.loops_before == 2
    made.status = "concluded"
    made.save()
    assert panels.held(case) == 1

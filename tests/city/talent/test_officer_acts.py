"""What an officer decided stands: vetoes lifted by a line of their own, nothing changed, nothing deleted."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone
from tests.city.talent.cast import Cast, officer_in

from qualipolis.city.core.policy import visible
from qualipolis.city.core.subscriptions import subscriber
from qualipolis.city.talent import service
from qualipolis.city.talent.models import Officer, OfficerAct
from qualipolis.city.talent.officers.models import ActsStand
from qualipolis.city.talent.officers.queries import acts
from qualipolis.methods.problems import InputError


def codes(call: Any, *args: Any, **more: Any) -> list[str]:
    with pytest.raises(InputError) as refusal:
        call(*args, **more)
    return [one.code for one in refusal.value.problems]


def veto(cast: Cast, row: Officer, **more: Any) -> OfficerAct:
    values: dict[str, Any] = {"product": "童装三号", "batch": "B-07", "quantity": 800} | more
    return service.record_act(
        cast["enterprise"], row, "veto", timezone.localdate(), "甲醛超内控限，停止出货。", **values
    )


def test_a_veto_is_recorded_told_lifted_once_and_seen_by_the_town(cast: Cast) -> None:
    heard: list[OfficerAct] = []
    subscriber("talent.veto_recorded")(lambda actor, thing: heard.append(thing))
    row = officer_in(cast, "active")
    made = veto(cast, row)
    assert heard[-1] == made
    for who in ("inspector", "department", "enterprise", "auditor"):
        assert visible(cast[who], OfficerAct.objects.all()).count() == 1
    for who in ("inspector_elsewhere", "other_enterprise", "reviewer", "laboratory"):
        assert not visible(cast[who], OfficerAct.objects.all()).exists()
    assert list(acts(cast["inspector"], {"show": "standing"})) == [made]
    today = timezone.localdate()
    service.record_act(cast["enterprise"], row, "release", today, "返工复检合格。", about=made)
    assert not acts(cast["inspector"], {"show": "standing"}).exists()
    assert codes(service.record_act, cast["enterprise"], row, "release", today, "x", about=made) == ["lifted"]


def test_an_act_is_never_changed_or_deleted(cast: Cast) -> None:
    made = veto(cast, officer_in(cast, "active"))
    made.said = "改"
    for call in (made.save, made.delete, OfficerAct.objects.all().delete, lambda: OfficerAct.objects.update(said="改")):
        with pytest.raises(ActsStand):
            call()
    assert OfficerAct.objects.get().said.startswith("甲醛")
    service.record_act(
        cast["enterprise"], made.officer, "correction", timezone.localdate(), "批号应为B-08。", about=made
    )
    assert OfficerAct.objects.count() == 2


def test_it_says_everything_that_is_wrong_with_an_act(cast: Cast) -> None:
    row = officer_in(cast, "filed")
    tomorrow = timezone.localdate() + timedelta(days=1)
    found = codes(service.record_act, cast["enterprise"], row, "veto", tomorrow, " ", quantity=0)
    assert found == ["no_words", "no_product", "bad_quantity", "future_day", "not_in_post"]
    active = officer_in(cast, "active")
    today = timezone.localdate()
    assert codes(service.record_act, cast["enterprise"], active, "release", today, "x") == ["no_earlier"]
    gate = service.record_act(cast["enterprise"], active, "gate", today, "来料拒收")
    assert codes(service.record_act, cast["enterprise"], active, "release", today, "x", about=gate) == ["no_veto"]
    assert codes(service.record_act, cast["enterprise"], active, "gate", today, "x", about=gate) == ["not_about"]


def test_only_the_firm_records_what_its_officer_did(cast: Cast) -> None:
    row = officer_in(cast, "active")
    for who in ("other_enterprise", "inspector", "trainer"):
        with pytest.raises(PermissionDenied):
            service.record_act(cast[who], row, "gate", timezone.localdate(), "x")


def test_a_veto_outlives_its_officer(cast: Cast) -> None:
    row = officer_in(cast, "active")
    made = veto(cast, row)
    service.replace_officer(cast["enterprise"], row, timezone.localdate(), "离职")
    successor = officer_in(cast, "active")
    service.record_act(cast["enterprise"], successor, "release", timezone.localdate(), "复检合格", about=made)
    assert not acts(cast["inspector"], {"show": "standing"}).exists()


def test_a_firm_has_one_quality_department_at_a_time(cast: Cast) -> None:
    today = timezone.localdate()
    made = service.report_department(cast["enterprise"], cast.firm, "质量发展部", today, people=6)
    assert codes(service.report_department, cast["enterprise"], cast.firm, "品管部", today) == ["department_stands"]
    service.end_department(cast["enterprise"], made, today)
    assert service.report_department(cast["inspector"], cast.firm, "品管部", today).name == "品管部"
    with pytest.raises(PermissionDenied):
        service.report_department(cast["inspector_elsewhere"], cast.firm, "x", today)

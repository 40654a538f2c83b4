"""A round that was reopened is called so wherever its values are named."""

from __future__ import annotations

from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone
from tests.faces.cycle_desk import Desk, locked_desk
from tests.faces.test_cycle_office import published

from qualipolis.city.measure import service as measure

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(settings: Any, tmp_path: Any) -> Desk:
    settings.HOME = tmp_path
    return locked_desk()


def test_a_reopened_round_is_called_so_wherever_its_values_are_named(desk: Desk) -> None:
    release, day = published(desk), f"{timezone.localdate():%Y-%m-%d}"
    address = reverse("desk:release", args=[release.number])
    assert "此后不再变动" in desk.text("planner", address)
    measure.reopen_round(desk.cast["leader"], desk.round, "补报")
    measure.confirm_reopen(desk.cast["planner"], desk.round)
    public = reverse("portal:release", args=[release.number])
    for text in (desk.text("planner", address), desk.text("planner", public)):
        assert f"计算时已锁定；{day}重开，本版不变" in text and "此后不再变动" not in text
    served = desk.text("planner", reverse("desk:served_list", args=[desk.round.pk]))
    assert f"{day}数据重新打开，该次预告终止" in served and "还没有送达" not in served
    steps = desk.text("planner", reverse("desk:round", args=[desk.round.pk])).split('class="steps')[1].split("</ol>")[0]
    assert "已重新打开" in steps and "填报中" not in steps

"""A step on a value is not taken back behind the lock of its round."""

from __future__ import annotations

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone
from tests.city.measure.cast import make_cast

from qualipolis.city.core.models import Event, Reversal
from qualipolis.city.measure.models import CollectionRound, IndicatorSet, Observation
from qualipolis.city.measure.undoing import restore


def test_a_locked_round_is_not_opened_by_undo(db, home) -> None:
    cast, today = make_cast(), timezone.localdate()
    made = IndicatorSet.objects.create(year=2021, name_zh="指标")
    dimension = made.dimensions.create(code="Q", level=2, name_zh="质量")
    leaf = made.indicators.create(code="X", dimension=dimension, name_zh="率", kind="ratio", direction=1)
    row = CollectionRound.objects.create(set=made, period="2021", opens_on=today, due_on=today, status="locked")
    value = Observation.objects.create(round=row, indicator=leaf, unit=cast.units[0], status="returned")
    before = {"status": "submitted", "note": "", "due_on": None, "submitted_by_id": None, "verified_by_id": None}
    with pytest.raises(PermissionDenied):
        restore(None, observation=value.pk, before=before, after="returned")
    CollectionRound.objects.update(status="checking")
    restore(None, observation=value.pk, before=before, after="returned")
    value.refresh_from_db()
    assert value.status == "submitted"
    assert not Event.objects.filter(verb="measure.return").exists()
    assert not Reversal.objects.exists()

"""The life of an indicator set."""

from __future__ import annotations

import pytest
from django.core.exceptions import PermissionDenied
from tests.city.measure.cast import SYSTEM, Cast, frozen_set

from qualipolis.city.core.models import Event
from qualipolis.city.measure import service
from qualipolis.city.measure.framework import framework_of
from qualipolis.city.measure.models import IndicatorSet
from qualipolis.city.measure.sets import content_hash, tree_problems
from qualipolis.methods.problems import InputError

pytestmark = pytest.mark.django_db


def test_it_makes_the_44_indicators_of_the_catalogue() -> None:
    made = service.create_set(SYSTEM, None, 2021)
    tree = framework_of(made)
    assert len(tree.indicators) == 44
    assert tree.roots == ("QDI",)
    assert tree_problems(made) == []
    computed = set(made.indicators.exclude(metric="").values_list("code", flat=True))
    assert {"PQ01", "SR01", "MB02", "NI08"} <= computed
    assert not made.indicators.filter(code="PQ07").exclude(metric="").exists()


def test_it_refuses_a_second_first_version() -> None:
    service.create_set(SYSTEM, None, 2021)
    with pytest.raises(InputError, match="There is a set for 2021"):
        service.create_set(SYSTEM, None, 2021)


def test_it_goes_through_its_life_by_the_right_hands(cast: Cast) -> None:
    made = service.create_set(cast["planner"], None, 2021)
    made = service.consult(cast["planner"], made)
    with pytest.raises(PermissionDenied):
        service.approve(cast["planner"], made, "1号")
    with pytest.raises(InputError, match="number of the document"):
        service.approve(cast["leader"], made, " ")
    made = service.approve(cast["leader"], made, "质领〔2021〕1号")
    made = service.publish(cast["planner"], made)
    made = service.freeze(cast["planner"], made)
    assert (made.status, made.approved_doc) == (IndicatorSet.Status.FROZEN, "质领〔2021〕1号")
    with pytest.raises(InputError, match="cannot be taken"):
        service.consult(cast["planner"], made)


def test_it_keeps_the_old_version_beside_an_amendment(cast: Cast) -> None:
    made = frozen_set()
    before = content_hash(made)
    amended = service.amend(cast["leader"], made, "权重调整", "质领〔2021〕2号", {"PQ01": 0.5})
    assert (amended.version, amended.amends_id) == (2, made.pk)
    assert amended.indicators.get(code="PQ01").weight == 0.5
    assert made.indicators.get(code="PQ01").weight != 0.5
    assert content_hash(made) == before != content_hash(amended)
    assert framework_of(amended).codes == framework_of(made).codes


@pytest.mark.parametrize("weights", [{"XX": 1.0}, {"PQ01": -1.0}, {"PQ01": float("inf")}])
def test_it_refuses_an_amendment_that_does_not_hold(cast: Cast, weights) -> None:
    made = frozen_set()
    with pytest.raises(InputError):
        service.amend(cast["leader"], made, "错", "2号", weights)
    assert IndicatorSet.objects.count() == 1


def test_it_needs_a_reason_and_a_document_to_amend(cast: Cast) -> None:
    with pytest.raises(InputError, match="reason"):
        service.amend(cast["leader"], frozen_set(), "", "2号")


def test_it_records_every_step() -> None:
    frozen_set()
    verbs = list(Event.objects.order_by("seq").values_list("verb", flat=True))
    assert verbs == [f"measure.{step}_set" for step in ("create", "consult", "approve", "publish", "freeze")]

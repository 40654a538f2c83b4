"""The cast itself: rows in any state, and who sees them."""

from __future__ import annotations

import pytest
from tests.city.nqi.cast import Cast, demand_in, order_in

from qualipolis.city.core.policy import visible
from qualipolis.city.nqi.models import Demand, Order, Quote
from qualipolis.law.flows.nqi.services import SERVICE_DEMAND, SERVICE_ORDER


@pytest.mark.parametrize("state", SERVICE_DEMAND.states)
def test_a_demand_can_be_made_in_any_state(cast: Cast, state: str) -> None:
    assert demand_in(cast, state).status == state


@pytest.mark.parametrize("state", SERVICE_ORDER.states)
def test_an_order_can_be_made_in_any_state(cast: Cast, state: str) -> None:
    assert order_in(cast, state).lines.count() == 2


def test_everyone_sees_the_demands_that_concern_them_and_no_other(cast: Cast) -> None:
    new, asked = demand_in(cast), demand_in(cast, "matched")
    elsewhere = demand_in(cast, enterprise=cast.other_firm)
    expected = {
        "enterprise": {new, asked}, "other_enterprise": {elsewhere}, "steward": {new, asked},
        "steward_elsewhere": {elsewhere}, "steward_of_centre": {new, asked, elsewhere},
        "nqi_desk": {new, asked, elsewhere}, "laboratory": {asked}, "other_laboratory": {asked}, "metrology": set(),
        "inspector": set(), "department": set(), "leader": set(), "planner": {new, asked, elsewhere}, "expert": set(),
    }  # fmt: skip
    for name, rows in expected.items():
        assert set(visible(cast[name], Demand.objects.all())) == rows, name


def test_an_institution_sees_no_quote_and_no_order_of_another(cast: Cast) -> None:
    order = order_in(cast, "placed")
    assert {one.institution for one in visible(cast["laboratory"], Quote.objects.all())} == {cast.laboratory}
    assert {one.institution for one in visible(cast["other_laboratory"], Quote.objects.all())} == {
        cast.other_laboratory
    }
    assert list(visible(cast["laboratory"], Order.objects.all())) == [order]
    assert not visible(cast["other_laboratory"], Order.objects.all()).exists()
    assert visible(cast["enterprise"], Quote.objects.all()).count() == 2

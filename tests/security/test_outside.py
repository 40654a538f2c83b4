"""Who acts for a firm or a laboratory signs in, but sees no other firm and nothing that is held back from everyone."""

from __future__ import annotations

import numpy as np
import pytest
from django.test import Client

from qualipolis.city.core.models import Grant, Organisation, Person
from qualipolis.city.core.policy import System, visible
from qualipolis.city.core.roles import INSIDE, OUTSIDE
from qualipolis.city.measure.models import Observation, Statistic
from qualipolis.city.registry.models import Enterprise, Product, QualityOfficer, Unit
from qualipolis.faces.portal.published import _cells

OWN, OTHER = "91441900MA0000000A", "91441900MA0000000B"


@pytest.fixture
def firms(city) -> Organisation:
    unit = Unit.objects.get(code="441900003")
    Enterprise.objects.bulk_create(Enterprise(credit_code=code, name_zh=code, unit=unit) for code in (OWN, OTHER))
    Product.objects.bulk_create(Product(enterprise=one, name_zh="灯") for one in Enterprise.objects.all())
    return Organisation.objects.create(code=OWN, kind="enterprise", name_zh=OWN)


def seen_by(actor: object) -> tuple[list[str], int]:
    rows = visible(actor, Enterprise.objects.order_by("credit_code"))
    return list(rows.values_list("credit_code", flat=True)), visible(actor, Product.objects.all()).count()


def test_a_firm_sees_itself_and_the_others_see_none(firms) -> None:
    li = Person.objects.create(username="li", organisation=firms)
    Grant.objects.create(person=li, role="enterprise", scope=firms)
    laboratory = Person.objects.create(username="lab")
    Grant.objects.create(person=laboratory, role="laboratory")
    assert seen_by(li) == ([OWN], 1)
    assert seen_by(laboratory) == seen_by(None) == ([], 0)
    assert seen_by(System("tick")) == ([OWN, OTHER], 2)
    assert visible(li, QualityOfficer.objects.all()).count() == 0


@pytest.mark.parametrize("role", INSIDE)
def test_those_inside_see_the_register(firms, actor, role) -> None:
    assert seen_by(actor(role)) == ([OWN, OTHER], 2)


@pytest.mark.parametrize("role", OUTSIDE)
def test_an_export_and_the_api_keep_to_it(firms, entered, role) -> None:
    client = entered(role)
    assert OTHER.encode() not in client.get("/lists/enterprises.csv").getvalue()
    assert client.get("/api/v1/registry/enterprises").json()["count"] == 0
    other = Enterprise.objects.get(credit_code=OTHER)
    address = f"/desk/enterprises/{other.pk}/"
    assert address.encode() not in client.get("/desk/search/", {"q": OTHER}).content
    assert client.get(address).status_code == 404


@pytest.mark.parametrize("role", OUTSIDE)
def test_unpublished_cells_and_the_bundle_are_not_for_them(city, actor, role) -> None:
    who, browser = actor(role), Client()
    assert visible(who, Observation.objects.all()).query.is_empty()
    assert visible(who, Statistic.objects.all()).query.is_empty()
    browser.force_login(who, backend="django.contrib.auth.backends.ModelBackend")
    for path in ("bundle.zip", "files/observations.csv", "report-zh.pdf"):
        assert browser.get(f"/desk/releases/2021-R1/{path}").status_code == 403


class _Card:
    def __init__(self, unit: str) -> None:
        self.unit = unit


class _Book:
    """As much of a release as the rule looks at."""

    def __init__(self, below: list[float]) -> None:
        self.columns = {"X": 0}
        self.cards = [_Card(f"U{i}") for i in range(len(below))]
        self.values = {"denominator": np.array(below)[:, None], "value": np.ones((len(below), 1))}


@pytest.mark.parametrize(
    ("below", "hidden"),
    [
        ([9, 8, 7], set()),
        ([1, 8, 7], {"U0", "U2"}),
        ([1, 1, 7, 9], {"U0", "U1", "U2"}),
        ([2, 2, 7, 9], {"U0", "U1"}),
        ([1, 1], {"U0", "U1"}),
        ([0, 5, 5], set()),
    ],
)
def test_what_is_held_back_cannot_be_subtracted_from_the_total(below, hidden) -> None:
    assert _cells(_Book(below), "X") == hidden  # type: ignore[arg-type]

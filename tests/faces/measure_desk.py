"""What the tests of the measure pages share: a signed-in client for a role, and posting a sheet."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.test import Client
from django.utils import timezone
from tests.city.measure.cast import SYSTEM, Cast, frozen_set, make_cast

from qualipolis.city.core.models import City
from qualipolis.city.measure import service
from qualipolis.city.measure.models import CollectionRound, Observation


def found() -> Cast:
    """A synthetic city with a small cast."""
    City.objects.create(code="990100", name_zh="云汀市", name_en="Yunting City", synthetic=True)
    return make_cast()


def as_(cast: Cast, role: str) -> Client:
    """Return a client signed in in a role."""
    client = Client(headers={"host": "localhost"})
    client.force_login(cast[role])
    return client


def collection(due_in: int = 7) -> CollectionRound:
    """A round of the whole catalogue, open today."""
    today = timezone.localdate()
    return service.open_round(SYSTEM, frozen_set(2021), today, today + timedelta(days=due_in))


def cell(row: CollectionRound, code: str, unit: str = "T1") -> Observation:
    """One observation of the round."""
    return Observation.objects.get(round=row, indicator__code=code, unit__code=unit)


def typed(one: Observation, **said: Any) -> dict[str, Any]:
    """Name what is typed for an observation as the sheet does."""
    return {f"o{one.pk}-{name}": value for name, value in said.items()}


def sheet(client: Client, row: CollectionRound, do: str, *parts: dict[str, Any]) -> Any:
    """Post the sheet with what was typed."""
    data: dict[str, Any] = {"do": do}
    for part in parts:
        data |= part
    return client.post(f"/desk/rounds/{row.pk}/sheet/?unit=T1", data)

"""For everyone: a certificate by its whole number, the catalogue of standards, what firms declare."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.urls import reverse
from tests.city.nqi.cast import Cast
from tests.city.nqi.licensed import certificate, declaration, licence, on

from qualipolis.city.nqi import service
from qualipolis.city.nqi.licences.queries import look_up
from qualipolis.city.registry.models import Standard

pytestmark = pytest.mark.django_db


def states(number: str, day: str) -> list[str]:
    return [one.state for one in look_up(number, date.fromisoformat(day))]


def test_the_state_is_that_of_the_day(cast: Cast) -> None:
    with on("2026-01-15"):
        row = certificate(cast)
        service.suspend_certificate(cast["certifier"], row, "不符合", date(2026, 7, 15))
    with on("2026-03-01"):
        service.withdraw_certificate(cast["certifier"], row, "不再符合")
    assert [states(row.number, day) for day in ("2025-01-01", "2026-01-14", "2026-01-15", "2026-03-01")] == [
        ["not_begun"], ["valid"], ["suspended"], ["withdrawn"],
    ]  # fmt: skip


def test_a_certificate_of_a_laboratory_is_found_too(cast: Cast) -> None:
    held = licence(cast)
    number = held.qualification.number
    assert states(number, "2026-06-30") == ["valid"] and states(number.lower(), "2026-07-01") == ["expired"]
    with on("2026-02-01"):
        service.revoke_licence(cast["planner"], held, "3号", "虚假材料", cast["inspector"])
    assert states(number, "2026-01-31") == ["valid"] and states(number, "2026-02-01") == ["revoked"]


def test_nothing_is_found_by_a_part_of_a_number(cast: Cast) -> None:
    with on("2026-01-15"):
        row = certificate(cast)
    for part in (row.number[:-1], row.number[3:], "001", "%", ""):
        assert look_up(part) == []


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_everybody_reads_the_pages(cast: Cast, client: Any, language: str) -> None:
    client.cookies["django_language"] = language
    row, draft = declaration(cast), declaration(cast, "GB/T 1-2020", declared=False)
    with on("2026-01-15"):
        number = certificate(cast).number
        found = client.get(f"{reverse('portal:nqi_certificates')}?number={number}").content.decode()
    assert number in found and (cast.firm.name_zh in found or cast.firm.name_en in found)
    listed = Standard.objects.get(number=row.standard_no)
    for name, args in (("nqi_standards", []), ("nqi_standard", [listed.pk]), ("nqi_declarations", []),
                       ("nqi_declaration", [row.number]), ("nqi_public_standards", [])):  # fmt: skip
        assert client.get(reverse(f"portal:{name}", args=args)).status_code == 200
    assert client.get(reverse("portal:nqi_declaration", args=[draft.number])).status_code == 404
    assert draft.number not in client.get(reverse("portal:nqi_declarations")).content.decode()


def test_a_standard_is_found_without_its_space(cast: Cast, client: Any) -> None:
    declaration(cast)
    assert "GB/T 22849-2014" in client.get(f"{reverse('portal:nqi_standards')}?q=gb/t22849").content.decode()

"""Certificates, filings, instruments and declarations for the tests of this part, made by the verbs themselves."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import time_machine
from tests.city.nqi.cast import Cast

from qualipolis.city.nqi import service
from qualipolis.city.nqi.models import Instrument, IssuedCertificate, Licence, StandardDeclaration
from qualipolis.city.registry.models import Qualification, ScopeItem, Standard

FROM, TO = date(2020, 7, 1), date(2026, 6, 30)


def on(words: str) -> Any:
    """Return the day as a frozen clock."""
    return time_machine.travel(datetime.fromisoformat(f"{words}T04:00:00+00:00"), tick=False)


def licence(cast: Cast, valid_to: date = TO, **more: Any) -> Licence:
    """Make the life cycle of the CMA certificate of LAB1, ending on ``valid_to``."""
    held = Qualification.objects.filter(institution=cast.laboratory, kind="cma").first()
    assert held is not None
    held.valid_from, held.valid_to = FROM, valid_to
    held.save()
    return Licence.objects.create(qualification=held, **more)


def line(row: Licence, standard: str, parameter: str = "甲醛含量") -> ScopeItem:
    """Make a line of the scope of a certificate."""
    return ScopeItem.objects.create(
        qualification=row.qualification, product="童装", parameter=parameter, standard=standard
    )


def certificate(cast: Cast, **more: Any) -> IssuedCertificate:
    """Make a certificate of CER1 for ``cast.firm``."""
    given: dict[str, Any] = {
        "kind": "system", "number": "00126Q00001R0M", "scheme": "质量管理体系认证", "covers": "针织服装的设计和生产",
        "standard": "GB/T 19001-2016", "issued_on": date(2025, 1, 10), "valid_to": date(2028, 1, 9), "holder": cast.firm,
    }  # fmt: skip
    return service.issue_certificate(cast["certifier"], cast.certifier, **given | more)


def instrument(cast: Cast, serial: str = "A1", **more: Any) -> Instrument:
    """Make a truck scale of ``cast.firm``, last verified on 2025-07-01."""
    given: dict[str, Any] = {
        "kind": "truck_scale",
        "name": "电子汽车衡",
        "serial_no": serial,
        "last_on": date(2025, 7, 1),
    }
    return service.register_instrument(cast["enterprise"], cast.firm, **given | more)


def standard(number: str, **more: Any) -> Standard:
    """Make a standard of the catalogue."""
    return Standard.objects.create(number=number, name_zh=f"{number}标准", **more)


def declaration(
    cast: Cast, number: str = "GB/T 22849-2014", *, declared: bool = True, **more: Any
) -> StandardDeclaration:
    """Make a declaration of ``cast.firm`` for its knitted shirts."""
    Standard.objects.get_or_create(number=number, defaults={"name_zh": "针织T恤衫"})
    given: dict[str, Any] = {"product_name": "针织T恤衫", "category": "针织服装"}
    row = service.draft_declaration(cast["enterprise"], cast.firm, number, **given | more)
    return service.declare_standard(cast["enterprise"], row) if declared else row

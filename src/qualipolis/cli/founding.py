"""The first rows of a real city: its units, who governs them, the bureau with its branches, the departments.

Names and codes only. There is no figure here, and none is invented.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from io import BytesIO
from typing import Any

import polars as pl

from qualipolis.methods.problems import msg

BUREAU = "AMR"
DONGGUAN = ("441900", "东莞市", "Dongguan")
TOWNLIKE = ("town", "subdistrict", "park", "zone")


@dataclass(frozen=True)
class Founding:
    """What a city begins with: its code and names, and its table of units as a file."""

    code: str
    name_zh: str
    name_en: str
    table: bytes
    table_name: str


def dongguan() -> Founding:
    """Return Dongguan with its 36 units, of which 33 are assessed: 32 towns and subdistricts, and Songshan Lake."""
    from qualipolis.law.validators import UNITS

    rows = [
        {
            "code": unit.code,
            "name_zh": unit.zh,
            "name_en": unit.en,
            "kind": unit.kind,
            "assessed": "yes" if unit.assessed else "no",
        }
        for unit in UNITS.values()
    ]
    file = BytesIO()
    pl.DataFrame(rows).write_csv(file)
    code, zh, en = DONGGUAN
    return Founding(code, zh, en, file.getvalue(), f"units-{code}.csv")


def found(actor: Any, founding: Founding, year: int) -> dict[str, int]:
    """Write the city in one transaction: everything or nothing. Return how many of each were made."""
    from django.db import transaction

    from qualipolis.city.core.service import found_city
    from qualipolis.city.measure import sets
    from qualipolis.city.registry.service import import_table

    with transaction.atomic():
        found_city(actor, None, code=founding.code, name_zh=founding.name_zh, name_en=founding.name_en)
        import_table(actor, None, "units", founding.table, founding.table_name)
        bodies = _organisations(actor, founding)
        made = sets.create_set(actor, None, year)
        return {**bodies, "indicators": made.indicators.count()}


def _organisations(actor: Any, founding: Founding) -> dict[str, int]:
    """Add the bureau, the departments, and for each unit its government and its branch of the bureau."""
    from qualipolis.city.core.service import add_organisations
    from qualipolis.city.measure.catalogue import DEPARTMENTS
    from qualipolis.city.registry.models import Unit

    units = list(Unit.objects.filter(kind__in=TOWNLIKE).order_by("code"))
    bureau_row = _row(BUREAU, "bureau", f"{founding.name_zh}市场监督管理局", "Market regulation bureau")
    bureau = add_organisations(actor, None, rows=[bureau_row])[0]
    departments = [_row(d.code, "department", d.name.zh, d.name.en) for d in DEPARTMENTS]
    add_organisations(actor, bureau, rows=[row for row in departments if row["code"].startswith(f"{BUREAU}-")])
    add_organisations(actor, None, rows=[row for row in departments if not row["code"].startswith(f"{BUREAU}-")])
    governments = add_organisations(actor, None, rows=[_row(u.code, "town", u.name_zh, u.name_en) for u in units])
    branches = [_row(f"{BUREAU}-{u.code}", "branch", f"市场监督管理局{short(u.name_zh)}分局", _en(u)) for u in units]
    add_organisations(actor, bureau, rows=branches)
    for unit, government in zip(units, governments, strict=True):
        unit.government = government
    Unit.objects.bulk_update(units, ["government"])
    assessed = sum(unit.assessed for unit in units)
    return {"units": len(units), "assessed": assessed, "departments": len(departments)}


def _row(code: str, kind: str, zh: str, en: str) -> dict[str, Any]:
    return {"code": code, "kind": kind, "name_zh": zh, "name_en": en}


def _en(unit: Any) -> str:
    return f"{unit.name_en} branch" if unit.name_en else ""


def short(name: str) -> str:
    """Return a unit's name as its branch is called.

    >>> short("虎门镇"), short("东城街道"), short("松山湖")
    ('虎门', '东城', '松山湖')
    """
    for ending in ("街道", "镇"):
        if name.endswith(ending) and len(name) > len(ending) + 1:
            return name.removesuffix(ending)
    return name


def described(counts: dict[str, int]) -> Sequence[tuple[str, int]]:
    """Return message ids with their numbers, to be said in order."""
    return (
        (msg("%(n)s units"), counts["units"]),
        (msg("%(n)s of them assessed"), counts["assessed"]),
        (msg("%(n)s departments"), counts["departments"]),
        (msg("%(n)s indicators, as a draft"), counts["indicators"]),
    )

"""What a laboratory reads of a case: never whose it is. Words that tell it are refused, the product loses the firm's name."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace

from qualipolis.city.hospital.models import Case
from qualipolis.methods.problems import Problem
from qualipolis.methods.text.traces import Known, core_of, traces

LEAST = 3  # of the own part of a name two characters are often a common word: 金属, 食品


def telling(case: Case, texts: Mapping[str, str]) -> list[Problem]:
    """Return everything in texts for the laboratory that tells the firm, its people or the case, each at its field."""
    firm, places = case.enterprise, _places(case)
    people = [case.contact_name] if len(case.contact_name) > 1 else []
    numbers = [one for one in (case.number or "", firm.credit_code, case.contact_phone) if len(one) > 4]
    known = Known([one for one in (firm.name_zh, firm.name_en) if one], people, numbers, [firm.address])
    cores = {core_of(one, places) for one in known.names}
    found = [
        one for name, text in texts.items() for one in traces(text, known, places=places, place=name)
        if one.code != "name" or len(str(one.params["found"])) >= LEAST or one.params["found"] in cores
    ]  # fmt: skip
    return [replace(one, place=one.place.partition(".")[0]) for one in found]


def product_for_laboratory(case: Case) -> str:
    """Return the name of the product as the laboratory reads it, without the name of the firm."""
    said, places = case.product_name, _places(case)
    for name in filter(None, (case.enterprise.name_zh, case.enterprise.name_en)):
        core = core_of(name, places)
        heads = [name, core, *((core[:4], core[:3]) if not core.isascii() else ())]
        for part in (one for one in heads if len(one) >= LEAST or one == core):
            said = re.sub(re.escape(part), "", said, flags=re.IGNORECASE) if part else said
    return said.strip(" ·牌的、，,-") or case.product_class or "—"


def _places(case: Case) -> list[str]:
    from qualipolis.city.hospital.learning.knowledge import places_of

    return places_of(case)

"""The 8D report is put together from the case; what the case does not hold stays missing."""

from __future__ import annotations

from tests.city.hospital.cast import Cast, case_in
from tests.city.hospital.treated import GOOD, verifying

from qualipolis.city.core.listings import LISTINGS
from qualipolis.city.hospital.treatment.eight_d import parts_of


def test_a_case_under_examination_has_no_cause_and_no_proof(cast: Cast) -> None:
    said = {part.asks: part.text for part in parts_of(case_in(cast, "examining"))}
    missing = [asks for asks, text in said.items() if not text]
    assert len(missing) >= 10 and any(text for text in said.values())


def test_a_proven_case_says_cause_actions_and_proof_but_invents_nothing(cast: Cast) -> None:
    parts = parts_of(verifying(cast, GOOD))
    by_code: dict[str, str] = {}
    for part in parts:
        by_code[part.code] = by_code.get(part.code, "") + part.text
    assert "染料固色不足" in by_code["D4"] and "更换固色剂" in by_code["D5"]
    assert "18% → 0%" in by_code["D6"] and "停止发货" in by_code["D3"]
    assert by_code["D8"] == "" and [part.text for part in parts if part.code == "D2"][1] == ""


def test_the_list_has_every_part_of_the_report(cast: Cast) -> None:
    case = verifying(cast, GOOD)
    frame = LISTINGS["hospital-eight-d"].frame(cast["enterprise"], {"case": str(case.pk)})
    assert frame.height == len(parts_of(case)) and frame.width == 3

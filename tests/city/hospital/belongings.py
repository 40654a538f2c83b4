"""What a case in a later state has: pause, panel, diagnosis, prescription with items, proof, follow-ups."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.utils import timezone

from qualipolis.city.hospital.models import (
    Case,
    Diagnosis,
    FollowUp,
    Panel,
    PanelSeat,
    Pause,
    Prescription,
    PrescriptionItem,
    Proof,
)

TREATED = ("treating", "verifying", "cured", "improved", "following", "closed", "reopened")
HEALED = ("cured", "improved", "following", "closed", "reopened")
ITEM_STATES = {"prescribed": "open", "treating": "open", "verifying": "done"}


def belong(cast: Any, case: Case) -> None:
    """Make the rows that belong to the state of a case."""
    state = case.paused_from if case.status in ("waiting_firm", "suspended") else case.status
    if case.paused_from:
        Pause.objects.create(case=case, question="请寄两件留样。", since=timezone.localdate(), left_days=5)
    if state == "panel":
        panel_of(cast, case)
    if state in ("diagnosed", "prescribed", *TREATED):
        diagnosis_of(cast, case)
    if state in ("prescribed", *TREATED):
        prescription_of(cast, case, state)
    if state in HEALED:
        proof_of(cast, case, "not_proven" if state == "improved" else "proven")
        follow_ups_of(case, state)


def panel_of(cast: Any, case: Case, **more: Any) -> Panel:
    """Make a panel with both experts."""
    made = Panel.objects.create(case=case, **{"reason": "两次处理无效", "meets_on": timezone.localdate()} | more)
    for member in (cast.doctor, cast.colleague):
        PanelSeat.objects.create(panel=made, expert=member)
    return made


def diagnosis_of(cast: Any, case: Case, **more: Any) -> Diagnosis:
    """Make the first diagnosis."""
    values = {
        "root_cause": "material", "statement": "染料固色不足", "evidence": "检测报告与工艺单对照", "escape_point": "出货前未做水洗",
        "expert": cast.doctor, "made_on": timezone.localdate() - timedelta(days=10),
    }  # fmt: skip
    return Diagnosis.objects.create(case=case, **values | more)


def prescription_of(cast: Any, case: Case, state: str, **more: Any) -> Prescription:
    """Make the prescription with a containment, a measured correction and a prevention judged in words."""
    today = timezone.localdate()
    status = "issued" if state == "prescribed" else "accepted"
    values = {"expert": cast.doctor, "status": status, "issued_on": today - timedelta(days=9)} | more
    if status == "accepted":
        values |= {"answered_on": today - timedelta(days=8)}
    made = Prescription.objects.create(case=case, **values)
    item_state = ITEM_STATES.get(state, "accepted")
    done = {} if item_state == "open" else {"done_on": today - timedelta(days=4), "report": "已完成"}
    measured = {"measure": "share", "direction": "at_most", "target": 0.02, "unit": "", "least_n": 50}
    for position, (kind, action, how) in enumerate(
        (
            ("containment", "停止发货，隔离在库成品", {}),
            ("corrective", "更换固色剂，调整温度", measured),
            ("preventive", "增加出货前水洗检查", {}),
        ),
        1,
    ):
        PrescriptionItem.objects.create(
            case=case, prescription=made, position=position, kind=kind, action=action, owner="车间主任", status=item_state,
            finish_on=today + timedelta(days=5), criterion="水洗三次色牢度4级以上", **how, **done,
        )  # fmt: skip
    return made


def proof_of(cast: Any, case: Case, verdict: str, **more: Any) -> Proof:
    """Make a comparison before and after for the measured item."""
    item = case.items.filter(measure="share").first()
    values = {"before": 0.18, "after": 0.01, "effect_on": timezone.localdate() - timedelta(days=3)}
    return Proof.objects.create(case=case, item=item, verdict=verdict, made_by=cast["expert"], **values | more)


def follow_ups_of(case: Case, state: str) -> list[FollowUp]:
    """Make the three follow-ups; the first is done while followed up, all are done in a closed case."""
    cured = case.cured_on or timezone.localdate()
    done = {"closed": 3, "following": 1}.get(state, 0)
    made = []
    for number, days in enumerate((30, 90, 180)):
        planned = cured + timedelta(days=days)
        found = {"status": "done", "done_on": planned, "method": "phone", "verdict": "holds"} if number < done else {}
        made.append(FollowUp.objects.create(case=case, days=days, planned_on=planned, **found))
    return made

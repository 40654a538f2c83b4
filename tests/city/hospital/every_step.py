"""How every step of every table of the hospital is taken by its verb, and a row on which it can be tried.

``STEPS[flow]`` are the calls by step, with sound arguments, so that nothing but the state can stand against them. A step
that is only ever taken inside another one has no call of its own and stands in ``INSIDE`` with the reason.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from functools import partial
from typing import Any

from django.utils import timezone
from tests.city.hospital.cast import SYSTEM, Cast, case_in
from tests.city.supervise.cast import STANDARD

from qualipolis.city.hospital import service
from qualipolis.city.hospital.models import (
    Examination,
    FollowUp,
    GroupDisease,
    KnowledgeCase,
    Panel,
    PanelSeat,
    SecondOpinion,
)
from qualipolis.law.flows.hospital.case import PAUSABLE

Call = Callable[[Any], Any]
WORDS = "理由写明"
INSIDE = {
    "hospital_prescription": {
        "issue": "the case is prescribed",
        "accept": "the case's prescription is accepted",
        "object": "the case's prescription is objected to",
        "replace": "a newer version is given, or the case is reopened",
    },
    "hospital_follow_up": {"cancel": "the case is cured anew, reopened or ended"},
}


def _issued(row: Any) -> Any:
    """Let the last prescription be one that waits for the firm."""
    row.prescriptions.update(status="issued")
    return row


def _ceased(row: Any) -> Any:
    row.enterprise.closed_on = timezone.localdate()
    row.enterprise.save(update_fields=["closed_on"])
    return row


def _resumed(state: str, row: Any) -> Any:
    """Let the case have waited out of a state, and go on."""
    type(row).objects.filter(pk=row.pk).update(paused_from=state)
    return service.resume_case(SYSTEM, row)


def _followed(row: Any) -> Any:
    due = FollowUp.objects.create(case=row, days=30, planned_on=timezone.localdate())
    return service.record_follow_up(SYSTEM, due, "holds", WORDS)


def case_steps(cast: Cast) -> dict[str, Call]:
    """The steps of a case."""
    wide = (("cloth", "布样"), ("process", "工艺单"), ("gate", "出货检验"))
    return {
        "register": lambda row: service.register_case(SYSTEM, row, True),
        "triage": lambda row: service.triage(SYSTEM, row, cast.department, 2, 2),
        "reject": lambda row: service.reject_case(SYSTEM, row, "out_of_scope", WORDS),
        "propose": lambda row: service.propose_expert(SYSTEM, row, cast.colleague),
        "accept": lambda row: service.accept_case(SYSTEM, row),
        "decline": lambda row: service.decline_case(SYSTEM, row, WORDS),
        "examine": lambda row: service.examine(SYSTEM, row),
        "call_panel": lambda row: service.call_panel(SYSTEM, row, [cast.colleague], WORDS),
        "examine_more": lambda row: service.examine_more(SYSTEM, row),
        "diagnose": lambda row: service.diagnose(SYSTEM, row, "method", *(text for _key, text in wide)),
        "revise": lambda row: service.revise_diagnosis(SYSTEM, row, WORDS),
        "prescribe": lambda row: service.prescribe(SYSTEM, row),
        "object": lambda row: service.object_to_prescription(SYSTEM, _issued(row), WORDS),
        "accept_prescription": lambda row: service.accept_prescription(SYSTEM, _issued(row)),
        "hand_in": lambda row: service.hand_in(SYSTEM, row),
        "no_effect": lambda row: service.no_effect(SYSTEM, row, WORDS),
        "refer": lambda row: service.refer(SYSTEM, row, WORDS),
        "cure": lambda row: service.cure(SYSTEM, row),
        "improve": lambda row: service.improve(SYSTEM, row),
        "more_evidence": lambda row: service.hand_in_more(SYSTEM, row),
        "follow": _followed,
        "follow_improved": _followed,
        "close": lambda row: service.close_case(SYSTEM, row),
        "reopen": lambda row: service.reopen_case(SYSTEM, row, WORDS),
        "ask": lambda row: service.ask_firm(SYSTEM, row, WORDS),
        **{f"resume_{state}": partial(_resumed, state) for state in PAUSABLE},
        "suspend": lambda row: service.suspend_case(SYSTEM, row),
        "close_unresponsive": lambda row: service.close_unresponsive(SYSTEM, row),
        "withdraw": lambda row: service.withdraw_case(SYSTEM, row, WORDS),
        "cease": lambda row: service.cease_case(SYSTEM, _ceased(row)),
    }


def other_steps(cast: Cast) -> dict[str, dict[str, Call]]:
    """The steps of everything inside a case."""
    reading = [{"value": "12", "verdict": "pass", "n": 2}]
    return {
        "hospital_examination": {
            "accept": lambda row: service.accept_examination(SYSTEM, row),
            "decline": lambda row: service.decline_examination(SYSTEM, row, WORDS),
            "report": lambda row: service.report_examination(SYSTEM, row, "检1号", reading),
            "cancel": lambda row: service.cancel_examination(SYSTEM, row, WORDS),
        },
        "hospital_panel": {
            "conclude": lambda row: service.conclude_panel(SYSTEM, row, WORDS),
            "cancel": lambda row: service.cancel_panel(SYSTEM, row, WORDS),
        },
        "hospital_second_opinion": {
            "appoint": lambda row: service.appoint_second_expert(SYSTEM, row, cast.colleague),
            "uphold": lambda row: service.give_second_opinion(SYSTEM, row, True, WORDS),
            "overturn": lambda row: service.give_second_opinion(SYSTEM, row, False, WORDS),
            "withdraw": lambda row: service.withdraw_second_opinion(SYSTEM, row),
        },
        "hospital_prescription": {},
        "hospital_item": {
            "finish": lambda row: service.finish_item(SYSTEM, row, WORDS),
            "accept": lambda row: service.accept_item(SYSTEM, row),
            "return": lambda row: service.return_item(SYSTEM, row, WORDS),
            "drop": lambda row: service.drop_item(SYSTEM, row, WORDS),
        },
        "hospital_follow_up": {
            "record": lambda row: service.record_follow_up(SYSTEM, row, "holds", WORDS),
            "miss": lambda row: service.miss_follow_up(SYSTEM, row, WORDS),
        },
    }


def learned_steps() -> dict[str, dict[str, Call]]:
    """The steps of what is learned from cases."""
    return {
        "knowledge_case": {
            "ask": lambda row: service.ask_for_knowledge(SYSTEM, row),
            "agree": lambda row: service.agree_to_knowledge(SYSTEM, row),
            "refuse": lambda row: service.refuse_knowledge(SYSTEM, row),
            "return": lambda row: service.return_knowledge(SYSTEM, row, WORDS),
            "publish": lambda row: service.publish_knowledge(SYSTEM, row),
            "withdraw": lambda row: service.withdraw_knowledge(SYSTEM, row, WORDS),
        },
        "group_disease": {
            "take_up": lambda row: service.take_up_group(SYSTEM, row, WORDS),
            "dismiss": lambda row: service.dismiss_group(SYSTEM, row, WORDS),
            "conclude": lambda row: service.conclude_group(SYSTEM, row, WORDS),
        },
    }


def steps(cast: Cast, flow: str) -> dict[str, Call]:
    """Return the calls of a flow."""
    return case_steps(cast) if flow == "hospital_case" else (other_steps(cast) | learned_steps())[flow]


def make_row(cast: Cast, flow: str) -> Any:
    """Make a row of a flow on which every step can be tried."""
    makers: dict[str, Callable[[Cast], Any]] = {
        "hospital_case": lambda cast: case_in(cast, "verifying"),
        "hospital_examination": _examination,
        "hospital_panel": _panel,
        "hospital_second_opinion": _second_opinion,
        "hospital_prescription": lambda cast: case_in(cast, "prescribed").prescriptions.get(),
        "hospital_item": lambda cast: case_in(cast, "treating").items.get(kind="preventive"),
        "hospital_follow_up": _follow_up,
        "knowledge_case": _knowledge,
        "group_disease": lambda cast: GroupDisease.objects.create(
            number="GD1", product_class="童装", defect_code="label", first_on=timezone.localdate(),
            last_on=timezone.localdate(),
        ),
    }  # fmt: skip
    return makers[flow](cast)


def _examination(cast: Cast) -> Examination:
    items = [{"name": "甲醛含量", "standard": STANDARD, "requirement": "", "unit": ""}]
    return Examination.objects.create(
        case=case_in(cast, "examining"), number="JY1", laboratory=cast.laboratory, ordered_by=cast.doctor,
        product_name="童装", items=items,
    )  # fmt: skip


def _panel(cast: Cast) -> Panel:
    made = case_in(cast, "panel").panels.get()
    PanelSeat.objects.filter(panel=made).update(opinion="同意", said_at=timezone.now())
    return made


def _second_opinion(cast: Cast) -> SecondOpinion:
    case = case_in(cast, "diagnosed")
    return SecondOpinion.objects.create(case=case, diagnosis=case.diagnoses.get(), ground=WORDS, expert=cast.colleague)


def _follow_up(cast: Cast) -> FollowUp:
    case = case_in(cast, "following")
    today = timezone.localdate()
    return FollowUp.objects.create(case=case, days=30, planned_on=today - timedelta(days=1))


def _knowledge(cast: Cast) -> KnowledgeCase:
    texts = {f"{name}_zh": "固色温度偏低" for name in ("title", "symptom", "cause", "treatment", "effect")}
    return KnowledgeCase.objects.create(
        case=case_in(cast, "closed", consent="anonymous"), number="KC1", department=cast.department,
        root_cause="method", **texts,
    )  # fmt: skip

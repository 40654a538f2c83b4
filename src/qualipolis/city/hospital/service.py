"""What people do in this room, one function for each verb, gathered from the modules of its parts."""

from __future__ import annotations

from qualipolis.city.hospital.consultation.diagnoses import diagnose, examine, examine_more
from qualipolis.city.hospital.consultation.diagnoses import revise as revise_diagnosis
from qualipolis.city.hospital.consultation.examinations import accept as accept_examination
from qualipolis.city.hospital.consultation.examinations import cancel as cancel_examination
from qualipolis.city.hospital.consultation.examinations import decline as decline_examination
from qualipolis.city.hospital.consultation.examinations import order as order_examination
from qualipolis.city.hospital.consultation.examinations import report as report_examination
from qualipolis.city.hospital.consultation.panels import call as call_panel
from qualipolis.city.hospital.consultation.panels import cancel as cancel_panel
from qualipolis.city.hospital.consultation.panels import conclude as conclude_panel
from qualipolis.city.hospital.consultation.panels import opine as give_opinion
from qualipolis.city.hospital.consultation.second_opinions import appoint as appoint_second_expert
from qualipolis.city.hospital.consultation.second_opinions import ask as ask_second_opinion
from qualipolis.city.hospital.consultation.second_opinions import give as give_second_opinion
from qualipolis.city.hospital.consultation.second_opinions import withdraw as withdraw_second_opinion
from qualipolis.city.hospital.consultation.thread import say
from qualipolis.city.hospital.learning.check_up import make as make_check_up
from qualipolis.city.hospital.learning.groups import conclude as conclude_group
from qualipolis.city.hospital.learning.groups import dismiss as dismiss_group
from qualipolis.city.hospital.learning.groups import take_up as take_up_group
from qualipolis.city.hospital.learning.knowledge import agree as agree_to_knowledge
from qualipolis.city.hospital.learning.knowledge import ask as ask_for_knowledge
from qualipolis.city.hospital.learning.knowledge import edit as edit_knowledge
from qualipolis.city.hospital.learning.knowledge import publish as publish_knowledge
from qualipolis.city.hospital.learning.knowledge import refuse_text as refuse_knowledge
from qualipolis.city.hospital.learning.knowledge import return_text as return_knowledge
from qualipolis.city.hospital.learning.knowledge import withdraw as withdraw_knowledge
from qualipolis.city.hospital.learning.knowledge import write as write_knowledge
from qualipolis.city.hospital.learning.ratings import rate as rate_case
from qualipolis.city.hospital.measurements.filing import choose_instrument, set_phases, set_reading
from qualipolis.city.hospital.measurements.filing import upload as upload_measurements
from qualipolis.city.hospital.reception import closing as reception_closing  # noqa: F401
from qualipolis.city.hospital.reception.assignment import accept_case, decline_case, hand_over, propose_expert
from qualipolis.city.hospital.reception.departments import save_department
from qualipolis.city.hospital.reception.duty import note_own_report, report_duty
from qualipolis.city.hospital.reception.ends import cease_case, link_cases, reopen_case, withdraw_case
from qualipolis.city.hospital.reception.experts import save_expert, set_absence
from qualipolis.city.hospital.reception.offers import refuse_offer, take_offer
from qualipolis.city.hospital.reception.pauses import ask_firm, close_unresponsive, resume_case, suspend_case
from qualipolis.city.hospital.reception.registration import (
    add_photo,
    draft_case,
    drop_photo,
    edit_case,
    register_case,
)
from qualipolis.city.hospital.reception.triage import reject_case, triage
from qualipolis.city.hospital.treatment.control_plan import remove_control_line, write_control_line
from qualipolis.city.hospital.treatment.failure_modes import remove_failure_mode, write_failure_mode
from qualipolis.city.hospital.treatment.follow_ups import close_case, miss_follow_up, record_follow_up
from qualipolis.city.hospital.treatment.items import (
    accept_item,
    add_containment,
    attach_to_item,
    drop_item,
    finish_item,
    return_item,
)
from qualipolis.city.hospital.treatment.prescriptions import (
    accept_prescription,
    object_to_prescription,
    prescribe,
    write_prescription,
)
from qualipolis.city.hospital.treatment.proofs import prove
from qualipolis.city.hospital.treatment.verification import cure, hand_in, hand_in_more, improve, no_effect, refer

__all__ = [
    "accept_case",
    "accept_examination",
    "accept_item",
    "accept_prescription",
    "add_containment",
    "add_photo",
    "agree_to_knowledge",
    "appoint_second_expert",
    "ask_firm",
    "ask_for_knowledge",
    "ask_second_opinion",
    "attach_to_item",
    "call_panel",
    "cancel_examination",
    "cancel_panel",
    "cease_case",
    "choose_instrument",
    "close_case",
    "close_unresponsive",
    "conclude_group",
    "conclude_panel",
    "cure",
    "decline_case",
    "decline_examination",
    "diagnose",
    "dismiss_group",
    "draft_case",
    "drop_item",
    "drop_photo",
    "edit_case",
    "edit_knowledge",
    "examine",
    "examine_more",
    "finish_item",
    "give_opinion",
    "give_second_opinion",
    "hand_in",
    "hand_in_more",
    "hand_over",
    "improve",
    "link_cases",
    "make_check_up",
    "miss_follow_up",
    "no_effect",
    "note_own_report",
    "object_to_prescription",
    "order_examination",
    "prescribe",
    "propose_expert",
    "prove",
    "publish_knowledge",
    "rate_case",
    "record_follow_up",
    "refer",
    "refuse_knowledge",
    "refuse_offer",
    "register_case",
    "reject_case",
    "remove_control_line",
    "remove_failure_mode",
    "reopen_case",
    "report_duty",
    "report_examination",
    "resume_case",
    "return_item",
    "return_knowledge",
    "revise_diagnosis",
    "save_department",
    "save_expert",
    "say",
    "set_absence",
    "set_phases",
    "set_reading",
    "suspend_case",
    "take_offer",
    "take_up_group",
    "triage",
    "upload_measurements",
    "withdraw_case",
    "withdraw_knowledge",
    "withdraw_second_opinion",
    "write_control_line",
    "write_failure_mode",
    "write_knowledge",
    "write_prescription",
]

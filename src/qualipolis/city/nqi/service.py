"""What people do in this room, one function for each verb, gathered from the modules of its parts."""

from __future__ import annotations

from qualipolis.city.nqi.directory.gaps import (
    build_gap,
    drop_gap,
    end_gap,
    fill_gap,
    plan_gap,
    record_gap,
    reopen_gap,
    unplan_gap,
)
from qualipolis.city.nqi.directory.imports import import_scope
from qualipolis.city.nqi.licences.certificates import (
    ask_certificate_cancelled,
    cancel_certificate,
    follow_up_certificate,
    issue_certificate,
    keep_certificate,
    restore_certificate,
    suspend_certificate,
    withdraw_certificate,
)
from qualipolis.city.nqi.licences.changes import (
    accept_filing,
    dismiss_filing,
    file_change,
    file_owed_change,
    note_change,
    order_filing,
    refuse_filing,
    return_filing,
    take_filing_back,
)
from qualipolis.city.nqi.licences.holding import (
    apply_renewal,
    ask_licence_cancelled,
    cancel_licence,
    keep_licence,
    note_licence,
    refuse_renewal,
    renew_licence,
    restore_licence,
    revoke_licence,
    suspend_licence,
    take_renewal_back,
    withdraw_licence,
)
from qualipolis.city.nqi.licences.signatories import propose_signatory, signatory_left
from qualipolis.city.nqi.licences.taking_over import take_certificates
from qualipolis.city.nqi.licences.yearly import file_yearly_report
from qualipolis.city.nqi.metrology.ledger_of_instruments import (
    hand_in_instrument,
    note_public_standard,
    register_instrument,
    scrap_instrument,
    seal_instrument,
    take_instrument_back,
    verify_instrument,
)
from qualipolis.city.nqi.metrology.taking_over import take_instruments
from qualipolis.city.nqi.services.catalogue import end_service, list_service
from qualipolis.city.nqi.services.complaints import accept as accept_service_complaint
from qualipolis.city.nqi.services.complaints import answer as answer_service_complaint
from qualipolis.city.nqi.services.complaints import ask_again as object_to_answer
from qualipolis.city.nqi.services.complaints import decide as decide_service_complaint
from qualipolis.city.nqi.services.complaints import decline as decline_service_complaint
from qualipolis.city.nqi.services.complaints import file as file_service_complaint
from qualipolis.city.nqi.services.complaints import forward as forward_service_complaint
from qualipolis.city.nqi.services.complaints import settle as settle_service_complaint
from qualipolis.city.nqi.services.complaints import withdraw as withdraw_service_complaint
from qualipolis.city.nqi.services.demands import accept as accept_demand
from qualipolis.city.nqi.services.demands import answer as answer_demand
from qualipolis.city.nqi.services.demands import close as close_demand
from qualipolis.city.nqi.services.demands import close_with_gap as close_demand_with_gap
from qualipolis.city.nqi.services.demands import escalate as escalate_demand
from qualipolis.city.nqi.services.demands import file_demand, refer_outside
from qualipolis.city.nqi.services.demands import reject as reject_demand
from qualipolis.city.nqi.services.demands import triage as triage_demand
from qualipolis.city.nqi.services.demands import withdraw as withdraw_demand
from qualipolis.city.nqi.services.evaluating import evaluate as evaluate_service
from qualipolis.city.nqi.services.orders import begin as begin_order
from qualipolis.city.nqi.services.orders import block as block_order
from qualipolis.city.nqi.services.orders import cancel as cancel_order
from qualipolis.city.nqi.services.orders import confirm as confirm_order
from qualipolis.city.nqi.services.orders import place as place_order
from qualipolis.city.nqi.services.orders import reassign as reassign_order
from qualipolis.city.nqi.services.orders import receive_sample
from qualipolis.city.nqi.services.orders import resume as resume_order
from qualipolis.city.nqi.services.orders import turn_down as refuse_order
from qualipolis.city.nqi.services.quotes import decline as decline_quote
from qualipolis.city.nqi.services.quotes import find_nobody
from qualipolis.city.nqi.services.quotes import give as give_quote
from qualipolis.city.nqi.services.quotes import invite as invite_institutions
from qualipolis.city.nqi.services.quotes import withdraw as withdraw_quote
from qualipolis.city.nqi.services.reports import deliver as deliver_report
from qualipolis.city.nqi.services.reports import hand_in as hand_in_report
from qualipolis.city.nqi.services.reports import replace as replace_report
from qualipolis.city.nqi.standards.changing import change_standard, set_floor
from qualipolis.city.nqi.standards.declaring import (
    confirm_declaration,
    declare_standard,
    discard_declaration,
    draft_declaration,
    question_declaration,
    replace_declaration,
    set_indicators,
    withdraw_declaration,
)
from qualipolis.city.nqi.standards.taking_over import take_standards

__all__ = [
    "accept_demand",
    "accept_filing",
    "accept_service_complaint",
    "answer_demand",
    "answer_service_complaint",
    "apply_renewal",
    "ask_certificate_cancelled",
    "ask_licence_cancelled",
    "begin_order",
    "block_order",
    "build_gap",
    "cancel_certificate",
    "cancel_licence",
    "cancel_order",
    "change_standard",
    "close_demand",
    "close_demand_with_gap",
    "confirm_declaration",
    "confirm_order",
    "decide_service_complaint",
    "declare_standard",
    "decline_quote",
    "decline_service_complaint",
    "deliver_report",
    "discard_declaration",
    "dismiss_filing",
    "draft_declaration",
    "drop_gap",
    "end_gap",
    "end_service",
    "escalate_demand",
    "evaluate_service",
    "file_change",
    "file_demand",
    "file_owed_change",
    "file_service_complaint",
    "file_yearly_report",
    "fill_gap",
    "find_nobody",
    "follow_up_certificate",
    "forward_service_complaint",
    "give_quote",
    "hand_in_instrument",
    "hand_in_report",
    "import_scope",
    "invite_institutions",
    "issue_certificate",
    "keep_certificate",
    "keep_licence",
    "list_service",
    "note_change",
    "note_licence",
    "note_public_standard",
    "object_to_answer",
    "order_filing",
    "place_order",
    "plan_gap",
    "propose_signatory",
    "question_declaration",
    "reassign_order",
    "receive_sample",
    "record_gap",
    "refer_outside",
    "refuse_filing",
    "refuse_order",
    "refuse_renewal",
    "register_instrument",
    "reject_demand",
    "renew_licence",
    "reopen_gap",
    "replace_declaration",
    "replace_report",
    "restore_certificate",
    "restore_licence",
    "resume_order",
    "return_filing",
    "revoke_licence",
    "scrap_instrument",
    "seal_instrument",
    "set_floor",
    "set_indicators",
    "settle_service_complaint",
    "signatory_left",
    "suspend_certificate",
    "suspend_licence",
    "take_certificates",
    "take_filing_back",
    "take_instrument_back",
    "take_instruments",
    "take_renewal_back",
    "take_standards",
    "triage_demand",
    "unplan_gap",
    "verify_instrument",
    "withdraw_certificate",
    "withdraw_declaration",
    "withdraw_demand",
    "withdraw_licence",
    "withdraw_quote",
    "withdraw_service_complaint",
]

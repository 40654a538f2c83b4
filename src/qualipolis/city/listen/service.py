"""What people do in this room, one function for each verb, gathered from the modules of its parts."""

from __future__ import annotations

from qualipolis.city.listen.alerts.imports import import_alerts
from qualipolis.city.listen.alerts.linking import classify_alert, confirm_classes, link_alert
from qualipolis.city.listen.alerts.pairs import find_pairs, pair_different, pair_same
from qualipolis.city.listen.complaints.acceptance import accept as accept_complaint
from qualipolis.city.listen.complaints.acceptance import give_identity, request_identity
from qualipolis.city.listen.complaints.acceptance import reopen as reopen_complaint
from qualipolis.city.listen.complaints.acceptance import take as take_complaint
from qualipolis.city.listen.complaints.acceptance import turn_away as refuse_complaint
from qualipolis.city.listen.complaints.agreements import agree, note_performance
from qualipolis.city.listen.complaints.agreements import sign as sign_agreement
from qualipolis.city.listen.complaints.agreements import write as write_agreement
from qualipolis.city.listen.complaints.answers import answer as answer_complaint
from qualipolis.city.listen.complaints.answers import ask as ask_respondent
from qualipolis.city.listen.complaints.answers import lapse as note_silence
from qualipolis.city.listen.complaints.answers import withdraw_question
from qualipolis.city.listen.complaints.endings import close as close_complaint
from qualipolis.city.listen.complaints.endings import end as end_mediation
from qualipolis.city.listen.complaints.endings import rate as rate_complaint
from qualipolis.city.listen.complaints.endings import withdraw as withdraw_complaint
from qualipolis.city.listen.complaints.jurisdiction import dispute as dispute_competence
from qualipolis.city.listen.complaints.jurisdiction import set_competence
from qualipolis.city.listen.complaints.jurisdiction import settle as settle_competence
from qualipolis.city.listen.complaints.jurisdiction import transfer as transfer_complaint
from qualipolis.city.listen.complaints.mediation import (
    ask_aside,
    call_meeting,
    entrust,
    hand_back,
    keep_mediator,
    mediate,
    name_mediator,
    note_meeting,
)
from qualipolis.city.listen.complaints.pauses import answer_test, propose_test
from qualipolis.city.listen.complaints.pauses import pause as pause_mediation
from qualipolis.city.listen.complaints.pauses import resume as resume_mediation
from qualipolis.city.listen.complaints.registering import write_summary
from qualipolis.city.listen.intake.identities import complete_identity, open_identity
from qualipolis.city.listen.intake.letters import classify_letter, place_letter, receive_letter
from qualipolis.city.listen.investigations.actions import (
    accept_action,
    answer_request,
    draft_request,
    order_action,
    prove_action,
    return_action,
    send_request,
    withdraw_action,
    withdraw_request,
)
from qualipolis.city.listen.investigations.findings import add_test, assess_risk, log_correspondence
from qualipolis.city.listen.investigations.opening import (
    cancel_investigation,
    close_investigation,
    edit_investigation,
    hand_over_investigation,
    lift_restriction,
    open_investigation,
    reopen_investigation,
    restrict_investigation,
)
from qualipolis.city.listen.investigations.products import add_products, edit_product, remove_product
from qualipolis.city.listen.investigations.teams import (
    add_business,
    add_reference,
    remove_business,
    remove_team,
    set_team,
)
from qualipolis.city.listen.reports.checking import (
    assign_inspector,
    begin_check,
    extend_check,
    hand_over_report,
    take_report,
)
from qualipolis.city.listen.reports.clues import note_clue
from qualipolis.city.listen.reports.decisions import (
    close_report,
    file_report,
    inform_informant,
    merge_report,
    not_file_report,
    reopen_report,
    transfer_report,
)
from qualipolis.city.listen.reports.documents import confirm as confirm_document
from qualipolis.city.listen.reports.documents import serve as serve_document
from qualipolis.city.listen.safety.incidents import (
    close_incident,
    dismiss_incident,
    grade_incident,
    link_incident,
    note_firm_report,
    reopen_incident,
    report_incident,
    report_upward,
    verify_incident,
)
from qualipolis.city.listen.safety.products import name_product
from qualipolis.city.listen.safety.recalls import (
    announce_recall,
    assess_defect,
    close_recall,
    complete_recall,
    declare_defect,
    evaluate_recall,
    file_recall_plan,
    find_defect,
    find_no_defect,
    note_recall_clue,
    order_recall,
    reopen_recall,
    report_recall_progress,
    return_recall_plan,
)
from qualipolis.city.listen.safety.warnings import (
    discard_warning,
    draft_warning,
    edit_warning,
    hand_in_warning,
    publish_warning,
    return_warning,
    take_down_warning,
)
from qualipolis.city.listen.signals.answering import investigate_on_proposal, warn_on_proposal
from qualipolis.city.listen.signals.deciding import (
    confirm_signal,
    decline_proposal,
    dismiss_signal,
    look_at_signal,
    merge_signal,
    propose,
    refute_signal,
    take_up_proposal,
    withdraw_proposal,
)
from qualipolis.city.listen.signals.running import hear

__all__ = [
    "accept_action",
    "accept_complaint",
    "add_business",
    "add_products",
    "add_reference",
    "add_test",
    "agree",
    "announce_recall",
    "answer_complaint",
    "answer_request",
    "answer_test",
    "ask_aside",
    "ask_respondent",
    "assess_defect",
    "assess_risk",
    "assign_inspector",
    "begin_check",
    "call_meeting",
    "cancel_investigation",
    "classify_alert",
    "classify_letter",
    "close_complaint",
    "close_incident",
    "close_investigation",
    "close_recall",
    "close_report",
    "complete_identity",
    "complete_recall",
    "confirm_classes",
    "confirm_document",
    "confirm_signal",
    "declare_defect",
    "decline_proposal",
    "discard_warning",
    "dismiss_incident",
    "dismiss_signal",
    "dispute_competence",
    "draft_request",
    "draft_warning",
    "edit_investigation",
    "edit_product",
    "edit_warning",
    "end_mediation",
    "entrust",
    "evaluate_recall",
    "extend_check",
    "file_recall_plan",
    "file_report",
    "find_defect",
    "find_no_defect",
    "find_pairs",
    "give_identity",
    "grade_incident",
    "hand_back",
    "hand_in_warning",
    "hand_over_investigation",
    "hand_over_report",
    "hear",
    "import_alerts",
    "inform_informant",
    "investigate_on_proposal",
    "keep_mediator",
    "lift_restriction",
    "link_alert",
    "link_incident",
    "log_correspondence",
    "look_at_signal",
    "mediate",
    "merge_report",
    "merge_signal",
    "name_mediator",
    "name_product",
    "not_file_report",
    "note_clue",
    "note_firm_report",
    "note_meeting",
    "note_performance",
    "note_recall_clue",
    "note_silence",
    "open_identity",
    "open_investigation",
    "order_action",
    "order_recall",
    "pair_different",
    "pair_same",
    "pause_mediation",
    "place_letter",
    "propose",
    "propose_test",
    "prove_action",
    "publish_warning",
    "rate_complaint",
    "receive_letter",
    "refuse_complaint",
    "refute_signal",
    "remove_business",
    "remove_product",
    "remove_team",
    "reopen_complaint",
    "reopen_incident",
    "reopen_investigation",
    "reopen_recall",
    "reopen_report",
    "report_incident",
    "report_recall_progress",
    "report_upward",
    "request_identity",
    "restrict_investigation",
    "resume_mediation",
    "return_action",
    "return_recall_plan",
    "return_warning",
    "send_request",
    "serve_document",
    "set_competence",
    "set_team",
    "settle_competence",
    "sign_agreement",
    "take_complaint",
    "take_down_warning",
    "take_report",
    "take_up_proposal",
    "transfer_complaint",
    "transfer_report",
    "verify_incident",
    "warn_on_proposal",
    "withdraw_action",
    "withdraw_complaint",
    "withdraw_proposal",
    "withdraw_question",
    "withdraw_request",
    "write_agreement",
    "write_summary",
]

"""What people do in this room, one function for each verb, gathered from the modules of its parts."""

from __future__ import annotations

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
from qualipolis.city.listen.reports.documents import confirm as confirm_document
from qualipolis.city.listen.reports.documents import serve as serve_document

__all__ = [
    "accept_complaint",
    "agree",
    "answer_complaint",
    "answer_test",
    "ask_aside",
    "ask_respondent",
    "call_meeting",
    "close_complaint",
    "confirm_document",
    "dispute_competence",
    "end_mediation",
    "entrust",
    "give_identity",
    "hand_back",
    "keep_mediator",
    "mediate",
    "name_mediator",
    "note_meeting",
    "note_performance",
    "note_silence",
    "pause_mediation",
    "propose_test",
    "rate_complaint",
    "refuse_complaint",
    "reopen_complaint",
    "request_identity",
    "resume_mediation",
    "serve_document",
    "set_competence",
    "settle_competence",
    "sign_agreement",
    "take_complaint",
    "transfer_complaint",
    "withdraw_complaint",
    "withdraw_question",
    "write_agreement",
]

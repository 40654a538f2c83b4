"""What people do in this room, one function for each verb, gathered from the modules of its parts."""

from __future__ import annotations

from qualipolis.city.talent.officers.acts import record_act
from qualipolis.city.talent.officers.filings import (
    advise_removal,
    answer_advice,
    file_officer,
    officer_certified,
    officer_trained,
    remove_officer,
    return_officer,
    sweep_officers,
)
from qualipolis.city.talent.officers.firms import end_department, form_group, leave_group, report_department
from qualipolis.city.talent.officers.learners import found_by, link_account, register_learner
from qualipolis.city.talent.officers.nominations import (
    activate_officer,
    attach_appointment,
    hand_in_officer_again,
    nominate_officer,
    replace_officer,
    withdraw_officer,
)

__all__ = [
    "activate_officer",
    "advise_removal",
    "answer_advice",
    "attach_appointment",
    "end_department",
    "file_officer",
    "form_group",
    "found_by",
    "hand_in_officer_again",
    "leave_group",
    "link_account",
    "nominate_officer",
    "officer_certified",
    "officer_trained",
    "record_act",
    "register_learner",
    "remove_officer",
    "replace_officer",
    "report_department",
    "return_officer",
    "sweep_officers",
    "withdraw_officer",
]

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

__all__ = [
    "accept_examination",
    "appoint_second_expert",
    "ask_second_opinion",
    "call_panel",
    "cancel_examination",
    "cancel_panel",
    "conclude_panel",
    "decline_examination",
    "diagnose",
    "examine",
    "examine_more",
    "give_opinion",
    "give_second_opinion",
    "order_examination",
    "report_examination",
    "revise_diagnosis",
    "say",
    "withdraw_second_opinion",
]

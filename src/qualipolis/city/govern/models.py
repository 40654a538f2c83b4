"""Everything this room keeps, in the order of the work."""

from __future__ import annotations

from qualipolis.city.govern.clues.models import Clue, ClueSender
from qualipolis.city.govern.meetings.models import Attendance, FederationMeeting, JointTask, Recusal, Resolution, Vote
from qualipolis.city.govern.members.models import Committee, Member, Opinion, Pledge, Seat
from qualipolis.city.govern.pacts.models import CompetitionCheck, Pact, PactBreach, PactSignature

__all__ = [
    "Attendance",
    "Clue",
    "ClueSender",
    "Committee",
    "CompetitionCheck",
    "FederationMeeting",
    "JointTask",
    "Member",
    "Opinion",
    "Pact",
    "PactBreach",
    "PactSignature",
    "Pledge",
    "Recusal",
    "Resolution",
    "Seat",
    "Vote",
]

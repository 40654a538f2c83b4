"""The cast stands: rows in every state of the tables of officers and training."""

from __future__ import annotations

from tests.city.talent.cast import Cast, enrolment_in, officer_in, questions, session_in

from qualipolis.city.talent.models import Question
from qualipolis.law.flows.talent.officers import CHIEF_QUALITY_OFFICER
from qualipolis.law.flows.talent.training import ENROLMENT, TRAINING_SESSION


def test_it_makes_rows_in_every_state(cast: Cast) -> None:
    assert all(officer_in(cast, state).status == state for state in CHIEF_QUALITY_OFFICER.states)
    assert all(session_in(cast, state).status == state for state in TRAINING_SESSION.states)
    assert all(enrolment_in(cast, state).status == state for state in ENROLMENT.states)
    assert len(questions()) == Question.objects.count() == 14


def test_roles_reach_their_towns(cast: Cast) -> None:
    assert cast.unit != cast.other_unit
    assert cast["trainer"].grants.get().scope is None
    assert cast["candidate"].grants.get().scope.code == cast.firm.credit_code

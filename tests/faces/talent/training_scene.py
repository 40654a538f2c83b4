"""Rows of officers and training for the pages."""

from __future__ import annotations

from typing import Any

from tests.city.talent.cast import Cast, enrolment_in, officer_in, session_in
from tests.city.talent.training_steps import attended, candidate, passed, sitting_of

from qualipolis.city.talent import service


def full(cast: Cast) -> dict[str, Any]:
    """Make one of everything: officers, a course with people, an examination, a certificate, a veto."""
    officer = officer_in(cast, "active")
    veto = service.record_act(
        cast["enterprise"], officer, "veto", officer.active_on, "甲醛超限，停止出货。", product="童装"
    )
    who = candidate(cast)
    sitting = sitting_of(cast, attended(cast, who))
    running = session_in(cast, "running", days=1)
    return {
        "officer": officer, "nominated": officer_in(cast, "nominated"), "veto": veto, "sitting": sitting,
        "session": session_in(cast), "running": running, "held": sitting.exam.session,
        "enrolment": enrolment_in(cast, "admitted", session=running, learner=who),
        "applied": enrolment_in(cast, "applied"),
    }  # fmt: skip


def certificate(cast: Cast) -> Any:
    """Issue a certificate to ``cast["candidate"]``."""
    return service.issue_certificate(cast["trainer"], passed(cast))

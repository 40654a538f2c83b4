"""A step that the tables of officers and training do not offer is impossible by its verb; it changes nothing."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from tests.city.talent.cast import Cast, enrolment_in, officer_in, session_in
from tests.city.talent.training_steps import attended, candidate, right_answers, sitting_of

from qualipolis.city.core.models import Event
from qualipolis.city.talent import service
from qualipolis.city.talent.models import TrainingCertificate
from qualipolis.law.flow import Flow
from qualipolis.law.flows.talent.officers import CHIEF_QUALITY_OFFICER
from qualipolis.law.flows.talent.training import ENROLMENT, EXAMINATION, TRAINING_CERTIFICATE, TRAINING_SESSION
from qualipolis.methods.problems import InputError

FLOWS = (CHIEF_QUALITY_OFFICER, TRAINING_SESSION, ENROLMENT, EXAMINATION, TRAINING_CERTIFICATE)
Call = Callable[[Any], Any]
WHY = "理由写明"
# taken inside other verbs and by the sweeps, each tested in its own file
INSIDE = {
    "chief_quality_officer": {"lapse", "deregister", "train", "renew"},
    "training_session": set(),
    "enrolment": {"call_off", "attend", "miss", "pass", "fail", "correct"},
    "examination": {"time_up", "miss", "mark"},
    "training_certificate": {"expire"},
}
TWINS = {"revoke": "revoke_late", "revoke_late": "revoke"}


class _BackOut(Exception):
    pass


def make_row(cast: Cast, flow: str) -> Any:
    today = timezone.localdate()
    if flow == "chief_quality_officer":
        return officer_in(cast, "certified")
    if flow == "training_session":
        return session_in(cast, days=1)
    if flow == "enrolment":
        return enrolment_in(cast, session=session_in(cast, "open"))
    if flow == "examination":
        return sitting_of(cast, attended(cast, candidate(cast)))
    row = attended(cast)
    return TrainingCertificate.objects.create(
        number="Z1", learner=row.learner, enrolment=row, course=row.session.course, issued_on=today,
        valid_to=today + timedelta(days=9), payload="{}", signature="00", public_key="00",
    )  # fmt: skip


def steps(cast: Cast, flow: str) -> dict[str, Call]:
    """Every step of a flow by its verb, with sound arguments."""
    return {
        "chief_quality_officer": _officer, "training_session": _session, "enrolment": _enrolment, "examination": _sitting,
        "training_certificate": _certificate,
    }[flow](cast)  # fmt: skip


def _officer(cast: Cast) -> dict[str, Call]:
    firm, office, two = cast["enterprise"], cast["inspector"], cast["inspector2"]
    trainer, today, paper = cast["trainer"], timezone.localdate(), ("聘任.pdf", [b"%PDF-1.4\n%%EOF\n"])
    return {
        "file": lambda row: service.file_officer(office, _with_paper(firm, row, paper)),
        "return": lambda row: service.return_officer(office, row, WHY),
        "hand_in_again": lambda row: service.hand_in_officer_again(firm, _with_paper(firm, row, paper)),
        "withdraw": lambda row: service.withdraw_officer(firm, row, WHY),
        "certify": lambda row: service.officer_certified(trainer, row, "Z1"),
        "activate": lambda row: service.activate_officer(firm, row),
        "replace": lambda row: service.replace_officer(firm, row, today, WHY),
        "remove": lambda row: service.remove_officer(office, row, WHY, two),
    }  # fmt: skip


def _session(cast: Cast) -> dict[str, Call]:
    trainer = cast["trainer"]
    return {
        "announce": lambda row: service.announce_session(trainer, row),
        "close_list": lambda row: service.close_list(trainer, row),
        "open_again": lambda row: service.open_list(trainer, row),
        "begin": lambda row: service.begin_session(trainer, row),
        "end": lambda row: service.end_session(trainer, row),
        "settle": lambda row: service.settle_session(trainer, row),
        "cancel": lambda row: service.cancel_session(trainer, row, WHY),
    }  # fmt: skip


def _enrolment(cast: Cast) -> dict[str, Call]:
    trainer, firm = cast["trainer"], cast["enterprise"]
    return {
        "admit": lambda row: service.admit(trainer, row),
        "queue": lambda row: service.queue(trainer, row),
        "refuse": lambda row: service.refuse_enrolment(trainer, row, WHY),
        "withdraw": lambda row: service.withdraw_enrolment(firm, row),
        "resit": lambda row: service.allow_resit(trainer, row),
    }  # fmt: skip


def _sitting(cast: Cast) -> dict[str, Call]:
    trainer, other, who = cast["trainer"], cast["second_trainer"], cast["candidate"]
    return {
        "start": lambda row: service.start_sitting(who, row),
        "hand_in": lambda row: service.hand_in_sitting(who, _writing(row), right_answers(row)),
        "contest": lambda row: service.contest_mark(who, row, WHY),
        "uphold": lambda row: service.uphold_mark(trainer, row, WHY),
        "remark": lambda row: service.correct_mark(trainer, row, {"1": 1}, WHY, other),
        "void": lambda row: service.void_sitting(trainer, row, WHY, other),
    }  # fmt: skip


def _certificate(cast: Cast) -> dict[str, Call]:
    trainer, other = cast["trainer"], cast["second_trainer"]
    return {
        "revoke": lambda row: service.revoke_certificate(trainer, row, WHY, other),
        "revoke_late": lambda row: service.revoke_certificate(trainer, row, WHY, other),
        "replace": lambda row: service.replace_certificate(trainer, row, WHY),
    }  # fmt: skip


def _with_paper(firm: Any, row: Any, paper: Any) -> Any:
    if row.status in ("nominated", "returned"):
        service.attach_appointment(firm, row, paper)
    return row


def _writing(row: Any) -> Any:
    type(row).objects.filter(pk=row.pk).update(ends_at=timezone.now() + timedelta(hours=1))
    return type(row).objects.get(pk=row.pk)


def put(row: Any, state: str) -> Any:
    """Put a row into a state behind the back of its table, and return it as a page would find it."""
    type(row).objects.filter(pk=row.pk).update(status=state, due_on=timezone.localdate())
    return type(row).objects.get(pk=row.pk)


def refused(call: Call, row: Any) -> list[str] | None:
    """Return the words of the refusal, None when the verb went through; either way nothing of it stays."""
    try:
        with transaction.atomic():
            call(row)
            raise _BackOut
    except InputError as error:
        return [problem.text() for problem in error.problems]
    except PermissionDenied as error:
        return [str(error)]
    except _BackOut:
        return None


def offered(flow: Flow, state: str, name: str) -> bool:
    return any(flow.find(state, one) is not None for one in (name, TWINS.get(name, name)))


@pytest.mark.parametrize("flow", FLOWS, ids=lambda flow: flow.code)
def test_every_step_has_its_verb_or_is_taken_inside_another(cast: Cast, flow: Flow) -> None:
    assert {step.name for step in flow.steps} == set(steps(cast, flow.code)) | INSIDE[flow.code]


@pytest.mark.parametrize("flow", FLOWS, ids=lambda flow: flow.code)
def test_no_verb_takes_a_step_that_the_table_does_not_offer(cast: Cast, flow: Flow) -> None:
    made, went, silent = make_row(cast, flow.code), [], []
    for state in flow.states:
        before = type(made).objects.filter(pk=put(made, state).pk).values().get(), Event.objects.count()
        for name, call in steps(cast, flow.code).items():
            if offered(flow, state, name):
                continue
            said = refused(call, put(made, state))
            if said is None:
                went.append((state, name))
            elif not all(said):
                silent.append((state, name))
            assert (type(made).objects.filter(pk=made.pk).values().get(), Event.objects.count()) == before
    assert not went and not silent


@pytest.mark.parametrize("flow", FLOWS, ids=lambda flow: flow.code)
def test_where_the_table_offers_a_step_its_verb_goes_through(cast: Cast, flow: Flow) -> None:
    """The calls of the test above are sound: what refuses them there is the state and not a wrong argument."""
    made, calls, wrong = make_row(cast, flow.code), steps(cast, flow.code), []
    for step in (one for one in flow.steps if one.name in calls):
        for state in step.sources:
            said = refused(calls[step.name], put(made, state))
            if said is not None:
                wrong.append((state, step.name, said))
    assert not wrong

"""A step that the table of complaints does not offer is impossible by its verb: it gives the reason and changes nothing."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import transaction
from tests.city.listen.cast import Cast
from tests.city.listen.complaint_steps import make_row, steps

from qualipolis.city.core.models import Event
from qualipolis.city.listen.models import Document, DocumentService, MediationPause
from qualipolis.law.flow import Flow
from qualipolis.law.flows.listening import COMPLAINT, COMPLAINT_ANSWER
from qualipolis.methods.problems import InputError

FLOWS = (COMPLAINT, COMPLAINT_ANSWER)
TWINS = {"answer": "answer_late", "answer_late": "answer", "resume_mediating": "resume_entrusted", "resume_entrusted": "resume_mediating"}  # fmt: skip


class _BackOut(Exception):
    pass


def everything(row: Any) -> tuple[Any, ...]:
    counts = (model.objects.count() for model in (Event, Document, DocumentService, MediationPause))
    return (type(row).objects.filter(pk=row.pk).values().get(), *counts)


def put(row: Any, state: str) -> Any:
    """Put a row into a state behind the back of its table, and return it as a page would find it."""
    type(row).objects.filter(pk=row.pk).update(status=state)
    return type(row).objects.get(pk=row.pk)


def refused(call: Any, row: Any) -> tuple[list[str], set[str]] | None:
    """Return words and codes of the refusal, None when the verb went through; either way nothing of it stays."""
    try:
        with transaction.atomic():
            call(row)
            raise _BackOut
    except InputError as error:
        return [problem.text() for problem in error.problems], {problem.code for problem in error.problems}
    except PermissionDenied as error:
        return [str(error)], {"denied"}
    except _BackOut:
        return None


def offered(flow: Flow, state: str, name: str) -> bool:
    """Whether the table offers the step here, or the verb of this step takes its twin."""
    return any(flow.find(state, one) is not None for one in (name, TWINS.get(name, name)))


@pytest.mark.parametrize("flow", FLOWS, ids=lambda flow: flow.code)
def test_every_step_has_its_verb(cast: Cast, flow: Flow) -> None:
    assert {step.name for step in flow.steps} == set(steps(cast, flow.code))


@pytest.mark.parametrize("flow", FLOWS, ids=lambda flow: flow.code)
def test_no_verb_takes_a_step_that_the_table_does_not_offer(cast: Cast, flow: Flow) -> None:
    made = make_row(cast, flow.code)
    went, silent = [], []
    for state in flow.states:
        before = everything(put(made, state))
        for name, call in steps(cast, flow.code).items():
            if offered(flow, state, name):
                continue
            said = refused(call, put(made, state))
            if said is None:
                went.append((state, name))
            elif not all(said[0]):
                silent.append((state, name))
            assert everything(made) == before, (state, name)
    assert not went and not silent


@pytest.mark.parametrize("flow", FLOWS, ids=lambda flow: flow.code)
def test_where_the_table_offers_a_step_its_verb_goes_through(cast: Cast, flow: Flow) -> None:
    """The calls of the test above are sound: what refuses them there is the state and not a wrong argument."""
    made, wrong = make_row(cast, flow.code), []
    for name, call in steps(cast, flow.code).items():
        for state in (source for step in flow.steps if step.name == name for source in step.sources):
            if refused(call, put(made, state)) is None:
                continue
            wrong.append((state, name, refused(call, put(made, state))))
    assert not wrong

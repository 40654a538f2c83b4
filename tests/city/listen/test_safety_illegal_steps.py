"""A step that the tables of incidents, recalls and warnings do not offer is impossible by its verb; it changes nothing."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import transaction
from tests.city.listen.cast import Cast
from tests.city.listen.safety_steps import make_row, steps

from qualipolis.city.core.models import Event
from qualipolis.city.listen.models import RecallProgress
from qualipolis.law.flow import Flow
from qualipolis.law.flows.listening import INCIDENT, RECALL, WARNING
from qualipolis.methods.problems import InputError

FLOWS = (INCIDENT, RECALL, WARNING)
# one verb takes the step that fits the state and the harm
TWINS = {"close": "close_slight", "close_slight": "close", "order": "order_again", "order_again": "order"}
# a sweep and a newer version pass over a row that does not stand; they leave it as it is instead of refusing
PASS_OVER = ("lapse", "replace")


class _BackOut(Exception):
    pass


def everything(row: Any) -> tuple[Any, ...]:
    counts = (model.objects.count() for model in (Event, RecallProgress))
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


def state_after(call: Any, row: Any) -> str:
    with transaction.atomic():
        call(row)
        found = str(type(row).objects.get(pk=row.pk).status)
        transaction.set_rollback(True)
    return found


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
            if name in PASS_OVER:
                assert state_after(call, put(made, state)) == state
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
    made, calls = make_row(cast, flow.code), steps(cast, flow.code)
    pairs = [(step, state) for step in flow.steps for state in step.sources]
    wrong = [
        (state, step.name) for step, state in pairs if state_after(calls[step.name], put(made, state)) != step.target
    ]
    assert not wrong

"""A step that the tables of the one-stop service do not offer is impossible by its verb; it changes nothing."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import transaction
from tests.city.nqi.cast import Cast
from tests.city.nqi.service_steps import make_row, steps

from qualipolis.city.core.models import Event
from qualipolis.city.nqi.models import Order, Quote, ServiceReport
from qualipolis.law.flow import Flow
from qualipolis.law.flows.nqi.services import SERVICES
from qualipolis.methods.problems import InputError

# one verb takes the step that fits the state
TWINS = {"resume": "resume_early", "resume_early": "resume"}
# what follows other rows passes over a demand in another state; it leaves it as it is, or takes the step that fits
PASS_OVER = ("quote", "quotes_gone", "begin", "choose_again", "deliver")


class _BackOut(Exception):
    pass


def everything(row: Any) -> tuple[Any, ...]:
    counts = (model.objects.count() for model in (Event, Quote, Order, ServiceReport))
    return (type(row).objects.filter(pk=row.pk).values().get(), *counts)


def put(row: Any, state: str) -> Any:
    """Put a row into a state behind the back of its table, and return it as a page would find it."""
    type(row).objects.filter(pk=row.pk).update(status=state)
    return type(row).objects.get(pk=row.pk)


def refused(call: Any, row: Any) -> list[str] | None:
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


def state_after(call: Any, row: Any) -> str:
    with transaction.atomic():
        call(row)
        found = str(type(row).objects.get(pk=row.pk).status)
        transaction.set_rollback(True)
    return found


def offered(flow: Flow, state: str, name: str) -> bool:
    """Whether the table offers the step here, or the verb of this step takes its twin."""
    return any(flow.find(state, one) is not None for one in (name, TWINS.get(name, name)))


@pytest.mark.parametrize("flow", SERVICES, ids=lambda flow: flow.code)
def test_every_step_has_its_verb(cast: Cast, flow: Flow) -> None:
    assert {step.name for step in flow.steps} == set(steps(cast, flow.code))


@pytest.mark.parametrize("flow", SERVICES, ids=lambda flow: flow.code)
def test_no_verb_takes_a_step_that_the_table_does_not_offer(cast: Cast, flow: Flow) -> None:
    made = make_row(cast, flow.code)
    went, silent = [], []
    for state in flow.states:
        before = everything(put(made, state))
        for name, call in steps(cast, flow.code).items():
            if offered(flow, state, name) or (flow.code == "service_demand" and name in PASS_OVER):
                continue
            if flow.code == "service_demand" and (state, name) == ("matched", "match"):
                continue  # asking one more institution is no step
            said = refused(call, put(made, state))
            if said is None:
                went.append((state, name))
            elif not all(said):
                silent.append((state, name))
            assert everything(made) == before, (state, name)
    assert not went and not silent


@pytest.mark.parametrize("flow", SERVICES, ids=lambda flow: flow.code)
def test_where_the_table_offers_a_step_its_verb_goes_through(cast: Cast, flow: Flow) -> None:
    """The calls of the test above are sound: what refuses them there is the state and not a wrong argument."""
    made, calls = make_row(cast, flow.code), steps(cast, flow.code)
    pairs = [(step, state) for step in flow.steps for state in step.sources]
    wrong = []
    for step, state in pairs:
        found = state_after(calls[step.name], put(made, state))
        if found != step.target and (step.name, found) != ("choose_again", "matched"):
            wrong.append((state, step.name, found))
    assert not wrong


def test_what_follows_orders_leaves_a_demand_alone_that_has_none(cast: Cast) -> None:
    made, calls = make_row(cast, "service_demand"), steps(cast, "service_demand")
    for state in ("new", "triaged", "closed", "withdrawn", "delivered"):
        for name in ("quote", "quotes_gone"):
            assert state_after(calls[name], put(made, state)) == state

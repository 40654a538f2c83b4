"""A step that a table of the hospital does not offer is impossible by its verb: it gives the reason and changes nothing."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import transaction
from tests.city.hospital.cast import Cast
from tests.city.hospital.every_step import INSIDE, make_row, steps

from qualipolis.city.core.models import Event
from qualipolis.law.flow import Flow
from qualipolis.law.flows import HOSPITAL
from qualipolis.methods.problems import InputError

# a case that came before a panel because treatments had no effect gets its members by the same verb
ALSO = {("hospital_case", "panel", "call_panel")}
TWINS = {"follow": "follow_improved", "follow_improved": "follow"}


class _BackOut(Exception):
    pass


def stored(row: Any) -> dict[str, Any]:
    return dict(type(row).objects.filter(pk=row.pk).values().get())


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


@pytest.mark.parametrize("flow", HOSPITAL, ids=lambda flow: flow.code)
def test_every_step_has_its_verb_or_is_taken_inside_another(cast: Cast, flow: Flow) -> None:
    named = set(steps(cast, flow.code)) | set(INSIDE.get(flow.code, {}))
    assert {step.name for step in flow.steps} == named


@pytest.mark.parametrize("flow", HOSPITAL, ids=lambda flow: flow.code)
def test_no_verb_takes_a_step_that_the_table_does_not_offer(cast: Cast, flow: Flow) -> None:
    made = make_row(cast, flow.code)
    went, silent = [], []
    for state in flow.states:
        row = put(made, state)
        before, events = stored(row), Event.objects.count()
        for name, call in steps(cast, flow.code).items():
            if offered(flow, state, name):
                continue
            said = refused(call, put(made, state))
            if said is None:
                went.append((state, name))
            elif not all(said[0]):
                silent.append((state, name))
            assert stored(row) == before and Event.objects.count() == events, (state, name)
    assert not went and not silent


def offered(flow: Flow, state: str, name: str) -> bool:
    """Whether the table offers the step here, or the verb of this step takes another one that is offered here."""
    if (flow.code, state, name) in ALSO:
        return True
    return any(flow.find(state, one) is not None for one in (name, TWINS.get(name, name)))


@pytest.mark.parametrize("flow", HOSPITAL, ids=lambda flow: flow.code)
def test_where_the_table_offers_a_step_its_verb_is_not_refused_for_the_state(cast: Cast, flow: Flow) -> None:
    """The calls of the test above are sound: what refuses them there is the state and not a wrong argument."""
    made, wrong = make_row(cast, flow.code), []
    for name, call in steps(cast, flow.code).items():
        for state in (source for step in flow.steps if step.name == name for source in step.sources):
            said = refused(call, put(made, state))
            if said and said[1] & {"wrong_state", "denied", "registered", "not_waiting"}:
                wrong.append((state, name, said))
    assert not wrong

"""A step that the table does not offer is impossible by its verb, whoever takes it: it gives the reason, changes nothing."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import transaction
from tests.city.supervise.cast import Cast
from tests.city.supervise.every_step import INSIDE, STEPS, make_row

from qualipolis.city.core.models import Event
from qualipolis.law.flow import Flow
from qualipolis.law.flows import SUPERVISION
from qualipolis.methods.problems import InputError


def stored(row: Any) -> dict[str, Any]:
    return type(row).objects.filter(pk=row.pk).values().get()


def put(row: Any, state: str) -> None:
    """Put a row into a state behind the back of its table."""
    type(row).objects.filter(pk=row.pk).update(status=state)
    row.status = state


class _BackOut(Exception):
    pass


def refusal(call: Any, row: Any) -> list[str] | None:
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


@pytest.mark.parametrize("flow", SUPERVISION, ids=lambda flow: flow.code)
def test_every_step_has_its_verb_or_is_taken_inside_another(flow: Flow) -> None:
    named = set(STEPS[flow.code]) | set(INSIDE.get(flow.code, {}))
    assert {step.name for step in flow.steps} == named


@pytest.mark.parametrize("flow", SUPERVISION, ids=lambda flow: flow.code)
def test_no_verb_takes_a_step_that_the_table_does_not_offer(cast: Cast, flow: Flow) -> None:
    row = make_row(flow.code, cast)
    went, silent = [], []
    for state in flow.states:
        put(row, state)
        before, events = stored(row), Event.objects.count()
        for name, call in STEPS[flow.code].items():
            if flow.find(state, name) or _twin(flow, state, name):
                continue
            said = refusal(call, row)
            if said is None:
                went.append((state, name))
            elif not all(said):
                silent.append((state, name))
            assert stored(row) == before and Event.objects.count() == events, (state, name)
    assert not went and not silent


def _twin(flow: Flow, state: str, name: str) -> bool:
    """Whether the verb of this step takes another one that the table offers here: one report asks for either review."""
    twins = {"request_review": "request_third", "request_third": "request_review"}
    return name in twins and flow.find(state, twins[name]) is not None


@pytest.mark.parametrize("flow", SUPERVISION, ids=lambda flow: flow.code)
def test_where_the_table_offers_a_step_its_verb_is_not_refused_for_the_state(cast: Cast, flow: Flow) -> None:
    """The calls of the test above are sound: what refuses them there is the state and not a wrong argument."""
    row = make_row(flow.code, cast)
    for name, call in STEPS[flow.code].items():
        for state in (source for step in flow.steps if step.name == name for source in step.sources):
            put(row, state)
            assert "wrong_state" not in codes(call, row), (state, name)


def codes(call: Any, row: Any) -> set[str]:
    """Return the codes of the problems with which a verb is refused, none when it goes through."""
    try:
        with transaction.atomic():
            call(row)
            raise _BackOut
    except InputError as error:
        return {problem.code for problem in error.problems}
    except _BackOut:
        return set()

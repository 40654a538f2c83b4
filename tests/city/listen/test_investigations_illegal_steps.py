"""A step that the tables of investigations, actions and requests do not offer is impossible by its verb."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.db import transaction
from tests.city.listen.cast import SYSTEM, Cast

from qualipolis.city.core.models import Attachment, Event, Organisation
from qualipolis.city.listen import service
from qualipolis.city.listen.models import Investigation
from qualipolis.law.flow import Flow
from qualipolis.law.flows.listening import AUTHORITY_REQUEST, CORRECTIVE_ACTION, INVESTIGATION
from qualipolis.methods.problems import InputError

Call = Callable[[Any], Any]
FLOWS = (INVESTIGATION, CORRECTIVE_ACTION, AUTHORITY_REQUEST)
WHY = "理由写明"


def proof() -> ContentFile:
    return ContentFile("产品,数量\n电暖器,40\n".encode("utf-8-sig"), name="清单.csv")


STEPS: dict[str, dict[str, Call]] = {
    "investigation": {
        "close": lambda row: service.close_investigation(SYSTEM, row, WHY),
        "reopen": lambda row: service.reopen_investigation(SYSTEM, row, WHY),
        "cancel": lambda row: service.cancel_investigation(SYSTEM, row, WHY),
    },
    "corrective_action": {
        "prove": lambda row: service.prove_action(SYSTEM, row, WHY, [proof()]),
        "accept": lambda row: service.accept_action(SYSTEM, row),
        "return": lambda row: service.return_action(SYSTEM, row, WHY),
        "withdraw": lambda row: service.withdraw_action(SYSTEM, row, WHY),
    },
    "authority_request": {
        "send": lambda row: service.send_request(SYSTEM, row, "示市监函〔2026〕8号"),
        "answer": lambda row: service.answer_request(SYSTEM, row, WHY),
        "withdraw": lambda row: service.withdraw_request(SYSTEM, row, WHY),
    },
}


def made(cast: Cast, flow: str) -> Any:
    branch = Organisation.objects.get(pk=cast["inspector"].grants.get().scope_id)
    case = service.open_investigation(SYSTEM, "电暖器过热", branch)
    if flow == "investigation":
        Investigation.objects.filter(pk=case.pk).update(not_assessed_why="样品已灭失")
        return case
    if flow == "corrective_action":
        return service.order_action(SYSTEM, case, "stop_sale", "停止销售")
    return service.draft_request(SYSTEM, case, "邻市市场监管局", "请协查")


def put(row: Any, state: str) -> Any:
    type(row).objects.filter(pk=row.pk).update(status=state)
    return type(row).objects.get(pk=row.pk)


def everything(row: Any) -> tuple[Any, ...]:
    return (type(row).objects.filter(pk=row.pk).values().get(), Event.objects.count(), Attachment.objects.count())


def refused(call: Call, row: Any) -> list[str] | None:
    """Return the words of the refusal, None when the verb went through."""
    try:
        with transaction.atomic():
            call(row)
    except InputError as error:
        return [problem.text() for problem in error.problems]
    return None


@pytest.mark.parametrize("flow", FLOWS, ids=lambda flow: flow.code)
def test_every_step_has_its_verb(flow: Flow) -> None:
    assert {step.name for step in flow.steps} == set(STEPS[flow.code])


@pytest.mark.parametrize("flow", FLOWS, ids=lambda flow: flow.code)
def test_no_verb_takes_a_step_that_the_table_does_not_offer(cast: Cast, flow: Flow) -> None:
    row = made(cast, flow.code)
    for state in flow.states:
        before = everything(put(row, state))
        for name, call in STEPS[flow.code].items():
            if flow.find(state, name) is None:
                said = refused(call, put(row, state))
                assert said and all(said), (state, name)
                assert everything(row) == before, (state, name)


@pytest.mark.parametrize("flow", FLOWS, ids=lambda flow: flow.code)
def test_where_the_table_offers_a_step_its_verb_goes_through(cast: Cast, flow: Flow) -> None:
    """The calls of the test above are sound: what refuses them there is the state and not a wrong argument."""
    row = made(cast, flow.code)
    for step in flow.steps:
        for state in step.sources:
            assert refused(STEPS[flow.code][step.name], put(row, state)) is None, (state, step.name)

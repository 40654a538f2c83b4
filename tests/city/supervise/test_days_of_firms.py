"""A firm cannot date its own steps back: only the organiser says on which day a letter came or a fee was paid."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone
from tests.city.supervise.cast import make_result

from qualipolis.city.core.models import Grant
from qualipolis.city.supervise.models import Objection, Recheck
from qualipolis.city.supervise.results import objections, rechecks
from qualipolis.methods.problems import InputError

TODAY = timezone.localdate


@pytest.fixture
def served(cast):
    result = make_result(cast, status="objection_window", verdict="fail")
    service = result.services.get(party="firm")
    service.sent_on = service.served_on = TODAY() - timedelta(days=40)
    service.proof_words = "回执"
    service.save()
    return service


def test_another_role_elsewhere_lets_a_firm_date_nothing_back(cast, served) -> None:
    """The same person also works in a laboratory; of this result they are the firm and nothing else."""
    Grant.objects.create(
        person=cast["enterprise"], role="laboratory", scope=cast["laboratory"].grants.get().scope, valid_from=TODAY()
    )
    early = TODAY() - timedelta(days=35)
    made = objections.object_to(cast["enterprise"], served, "不服结论", "conclusion", early)
    served.result.refresh_from_db()
    assert made.received_on == TODAY() and served.result.status == "objection_window"
    letter = objections.object_to(cast["department"], _withdrawn(cast, made), "不服结论", "conclusion", early)
    assert letter.received_on == early


def _withdrawn(cast, made):
    objections.withdraw(cast["enterprise"], made, "重新提交")
    return made.service


def test_missed_formalities_are_not_done_on_an_earlier_day_by_the_firm(cast, served) -> None:
    result = served.result
    result.status = "under_recheck"
    result.save()
    objection = Objection.objects.create(
        result=result, service=served, number="YY1", kind="conclusion", words="不服", status="recheck_ordered",
        received_on=TODAY() - timedelta(days=38),
    )  # fmt: skip
    row = Recheck.objects.create(
        result=result, objection=objection, number="FJ1", status="ordered",
        notice_served_on=TODAY() - timedelta(days=30),
    )  # fmt: skip
    with pytest.raises(InputError):
        rechecks.formalities(cast["enterprise"], row, TODAY() - timedelta(days=29))
    assert rechecks.formalities(cast["department"], row, TODAY() - timedelta(days=29)).status == "ready"

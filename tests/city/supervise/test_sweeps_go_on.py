"""What time alone does goes on past a row that somebody took on at the same moment, or that is refused."""

from __future__ import annotations

from datetime import timedelta

from django.utils import timezone
from tests.city.supervise.cast import make_result

from qualipolis.city.core import sweeps
from qualipolis.city.supervise.models import Result
from qualipolis.city.supervise.results import sweep as result_sweep
from qualipolis.methods.problems import InputError, Problem


def over(cast):
    row = make_result(cast, status="objection_window", verdict="pass")
    row.services.update(served_on=timezone.localdate() - timedelta(days=40), proof_words="回执")
    return row


def test_one_that_is_refused_keeps_no_other_from_its_turn(cast, monkeypatch) -> None:
    first, second = over(cast), over(cast)
    made_final = result_sweep.finalised

    def beside_a_person(actor, row):
        made_final(actor, row)
        if row.pk == first.pk:
            raise InputError([Problem("wrong_state", "somebody was there first")])

    monkeypatch.setattr(result_sweep, "finalised", beside_a_person)
    done = sweeps.run_sweeps(timezone.now())
    states = dict(Result.objects.values_list("pk", "status"))
    assert states == {first.pk: "objection_window", second.pk: "final"}
    assert done["supervise.results"] == 1

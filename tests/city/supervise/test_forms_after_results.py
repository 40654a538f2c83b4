"""Once the parties were told of a result, no correction of the form puts another firm in their place."""

from __future__ import annotations

import pytest
from tests.city.supervise.cast import make_result

from qualipolis.city.supervise import service
from qualipolis.methods.problems import InputError


@pytest.mark.parametrize(("status", "field"), [("reported", "producer_name"), ("final", "brand")])
def test_a_party_is_not_renamed_and_a_final_result_stays(cast, status, field) -> None:
    task = make_result(cast, status=status).sample.task
    with pytest.raises(InputError) as caught:
        service.correct_form(cast["inspector"], task, {field: "别家制衣厂"}, "笔误", "王经理")
    assert [(one.code, one.place) for one in caught.value.problems] == [("served", field)]


def test_what_names_nobody_is_corrected_while_the_result_is_open(cast) -> None:
    task = make_result(cast, status="reported").sample.task
    assert service.correct_form(cast["inspector"], task, {"brand": "云汀"}, "笔误", "王经理").brand == "云汀"

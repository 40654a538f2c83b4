"""Transfers to another area: prepared with the final failure, sent, acknowledged, bounced, taken back."""

from __future__ import annotations

from datetime import date

import pytest
from tests.city.supervise.handled import final, later, reverse, void

from qualipolis.city.supervise import service
from qualipolis.city.supervise.models import AreaTransfer
from qualipolis.methods.problems import InputError


def prepared(cast) -> AreaTransfer:
    return final(cast, producer_elsewhere=True).transfers.get()


def sent(cast) -> AreaTransfer:
    return service.send_transfer(cast["department"], prepared(cast), "佛山市市场监督管理局", "移送〔2026〕1号")


def codes(act):
    with pytest.raises(InputError) as caught:
        act()
    return {problem.code for problem in caught.value.problems}


def test_it_is_prepared_only_for_a_producer_of_another_area(cast, time_machine):
    time_machine.move_to("2026-09-29 10:00")
    assert (
        not final(cast).transfers.exists()
        and not final(cast, verdict="pass", producer_elsewhere=True).transfers.exists()
    )
    row = prepared(cast)
    assert row.status == "prepared" and row.due_on == date(2026, 10, 17 + 2)


def test_the_way_to_what_they_did(cast):
    row = sent(cast)
    assert row.status == "sent" and row.sent_on is not None and row.authority.startswith("佛山")
    row = service.acknowledge_transfer(cast["department"], row, "回执1号")
    row = service.close_transfer(cast["department"], row, "已责令整改")
    assert row.status == "closed" and row.received_no == "回执1号" and row.answer == "已责令整改"


def test_what_is_not_their_area_comes_back_with_a_new_term(cast):
    row = service.bounce_transfer(cast["department"], sent(cast), "生产地址不在辖区")
    assert row.status == "prepared" and row.due_on is not None
    assert service.send_transfer(cast["department"], row, "广州市市场监督管理局", "移送2号").status == "sent"


def test_refusals(cast):
    row = prepared(cast)
    assert codes(lambda: service.send_transfer(cast["department"], row, "", "1号")) == {"needs_authority"}
    assert codes(lambda: service.send_transfer(cast["department"], row, "某局", "")) == {"needs_document_no"}
    assert codes(lambda: service.send_transfer(cast["department"], row, "某局", "1号", later(1))) == {"future_day"}
    assert codes(lambda: service.acknowledge_transfer(cast["department"], row, "1号")) == {"wrong_state"}
    assert codes(lambda: service.recall_transfer(cast["department"], row, "x")) == {"not_reversed"}
    assert codes(lambda: service.close_transfer(cast["department"], row)) == {"wrong_state"}
    assert codes(lambda: service.bounce_transfer(cast["department"], row, "x")) == {"wrong_state"}


@pytest.mark.parametrize("begin", [prepared, sent])
def test_a_reversal_takes_it_back_even_before_it_was_sent(cast, begin):
    row = begin(cast)
    reverse(row.result)
    row.refresh_from_db()
    assert row.status == "recalled" and row.due_on is None


def test_a_counterfeit_takes_it_back_and_the_seller_stays(cast):
    row = sent(cast)
    void(row.result, "producer")
    row.refresh_from_db()
    assert row.status == "recalled"

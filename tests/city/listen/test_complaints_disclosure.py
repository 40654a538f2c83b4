"""Complaints by firm: only what is over, only firms with enough, nothing that shows one or two cases or who complained."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.urls import reverse
from tests.city.listen.cast import CONSUMER, Cast, complaint_in, letter
from tests.city.listen.walked import go_to

from qualipolis.city.listen.complaints.disclosure import disclosure

OVER = date(2026, 10, 20)


def over(cast: Cast, state: str, ground: str = "", **more: Any) -> None:
    complaint_in(cast, state, reason_code=ground, ended_on=more.pop("ended_on", OVER), **more)


def test_a_firm_is_named_from_three_finished_mediations_on(cast: Cast, time_machine: Any) -> None:
    go_to(time_machine, "2026-11-24")
    for _n in range(2):
        over(cast, "closed")
    over(cast, "closed", ended_on=date(2025, 10, 31))  # before the period
    over(cast, "ended", "no_agreement", ended_on=date(2026, 11, 2))  # after it
    over(cast, "refused", "no_dispute")
    complaint_in(cast, "mediating")
    assert disclosure().lines == ()
    over(cast, "agreed")
    (line,) = disclosure().lines
    assert (line.firm, line.mediated, line.agreed) == (cast.firm, 3, 3)


def test_parts_that_show_one_or_two_cases_are_withheld(cast: Cast, time_machine: Any) -> None:
    go_to(time_machine, "2026-11-24")
    for ground in ("", "", "", "no_agreement", "absent"):
        over(cast, "closed", ground)
    assert disclosure().lines[0].agreed is None
    over(cast, "ended", "no_agreement")
    assert (disclosure().lines[0].mediated, disclosure().lines[0].agreed) == (6, 3)


def test_the_page_and_its_files_tell_the_same_and_no_other_firm(cast: Cast, time_machine: Any, client: Any) -> None:
    go_to(time_machine, "2026-11-24")
    for _n in range(3):
        over(cast, "closed")
    over(cast, "closed", letter=letter(cast, enterprise=cast.other_firm))
    for name, args in (
        ("listen_disclosure", []),
        ("listen_disclosure_data", ["csv"]),
        ("listen_disclosure_data", ["json"]),
    ):
        answer = client.get(reverse(f"portal:{name}", args=args))
        body = b"".join(answer.streaming_content) if answer.streaming else answer.content
        text = body.decode("utf-8-sig")
        assert cast.firm.name_zh in text and cast.other_firm.name_zh not in text and CONSUMER["name"] not in text, name
    assert client.get(reverse("portal:listen_disclosure_data", args=["xlsx"])).status_code == 404

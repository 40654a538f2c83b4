"""Monthly figures, comparisons by lot, what waits for whom, and lists: nothing missing is told as zero."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.utils import timezone
from tests.city.nqi.cast import CATEGORY, STANDARD, Cast, demand_in, order_in, quote_in
from tests.city.supervise.cast import make_campaign

from qualipolis.city.core.listings import LISTINGS
from qualipolis.city.nqi import service
from qualipolis.city.nqi.models import Evaluation, Order, Quote, ServiceComplaint
from qualipolis.city.nqi.services import figures, queries
from qualipolis.city.nqi.services.candidates import candidates
from qualipolis.city.nqi.work import work
from qualipolis.methods.problems import InputError


def test_a_share_of_nothing_is_missing_and_a_mean_of_two_is_not_told(cast: Cast) -> None:
    empty = figures.month(cast["nqi_desk"], figures.month_of(timezone.localdate()))
    assert (empty.demands, empty.on_time.value, empty.accepted_in_time.value, empty.stars) == (0, None, None, None)
    for stars in (5, 4):
        Evaluation.objects.create(demand=demand_in(cast, "evaluated"), stars=stars)
    now = figures.month(cast["nqi_desk"], figures.month_of(timezone.localdate()))
    assert (now.stars, now.stars_n, now.demands) == (None, 2, 2)
    Evaluation.objects.create(demand=demand_in(cast, "evaluated"), stars=3)
    assert figures.month(cast["nqi_desk"], figures.month_of(timezone.localdate())).stars == 4


def test_on_time_is_counted_from_the_days_and_for_those_one_sees(cast: Cast) -> None:
    today = timezone.localdate()
    kept, late = order_in(cast, "delivered"), order_in(cast, "delivered")
    Order.objects.filter(pk=late.pk).update(promised_on=today - timedelta(days=1))
    found = figures.month(cast["steward"], figures.month_of(today))
    assert (found.on_time.part, found.on_time.n, found.delivered) == (1, 2, 2) and kept.pk != late.pk
    assert figures.month(cast["steward_elsewhere"], figures.month_of(today)).delivered == 0


def test_twelve_months_end_with_the_present_one(cast: Cast) -> None:
    rows = figures.months(cast["nqi_desk"], date(2026, 3, 15))
    assert [f"{one.first:%Y-%m}" for one in rows][:4] == ["2026-03", "2026-02", "2026-01", "2025-12"] and len(
        rows
    ) == 12


def test_quotes_stand_side_by_side_on_the_same_lines_and_what_is_missing_is_said(cast: Cast) -> None:
    row = demand_in(cast, "triaged")
    full, part = quote_in(cast, row, cast.laboratory), quote_in(cast, row, cast.other_laboratory, price=1)
    part.lines.filter(line__position=2).delete()
    lines, sides = queries.side_by_side(row, by="name")
    assert [line.position for line in lines] == [1, 2] and [one.quote for one in sides] == [full, part]
    assert sides[1].prices[1] is None and not sides[1].complete and sides[1].total == 1
    order = [one.quote.pk for one in queries.side_by_side(row)[1]]
    Quote.objects.filter(pk=part.pk).update(extra=10**6)
    assert [one.quote.pk for one in queries.side_by_side(row)[1]] == order


def test_candidates_are_those_qualified_today_in_the_order_of_lots(cast: Cast) -> None:
    row = demand_in(cast, "triaged")
    found = {one.institution: one for one in candidates(row)}
    assert set(found) == {cast.laboratory, cast.other_laboratory} and not any(one.missing for one in found.values())
    make_campaign(cast.city)
    kept = {one.institution: one.kept_away for one in candidates(row)}
    assert kept == {cast.laboratory: True, cast.other_laboratory: False}


def test_nobody_is_said_to_be_found_while_somebody_can_be_asked(cast: Cast) -> None:
    row = demand_in(cast, "triaged")
    with pytest.raises(InputError) as refusal:
        service.find_nobody(cast["steward"], row, "没有")
    assert [one.code for one in refusal.value.problems] == ["candidates"]


def test_a_gap_goes_from_the_station_to_the_platform_and_into_a_record(cast: Cast) -> None:
    row = demand_in(cast, "triaged", lines=[("航空发动机", "叶片疲劳", "GJB 1-2020")])
    row = service.find_nobody(cast["steward"], row, "本市无此能力")
    row = service.escalate_demand(cast["steward"], row)
    assert row.point == cast.platform
    line = row.lines.get()
    gap = service.record_gap(cast["nqi_desk"], row, "testing", line.product, line.parameter, line.standard)
    assert service.close_demand_with_gap(cast["nqi_desk"], row, gap.number, "列入规划").outcome == "gap"
    assert figures.month(cast["nqi_desk"], figures.month_of(timezone.localdate())).gaps == 1


def verbs(person: Any) -> list[str]:
    return [
        one.verb for one in work(person) if one.url_name.startswith("desk:nqi_") or one.url_name == "desk:my_demand"
    ]


def test_what_waits_goes_from_hand_to_hand(cast: Cast) -> None:
    demand_in(cast)
    assert verbs(cast["steward"]) == ["nqi.accept_demand"] and not verbs(cast["steward_elsewhere"])
    demand_in(cast, "matched")
    assert "nqi.give_quote" in verbs(cast["laboratory"])
    demand_in(cast, "quoted")
    assert "nqi.place_order" in verbs(cast["enterprise"])
    order_in(cast, "blocked")
    assert "nqi.reassign_order" in verbs(cast["enterprise"]) and "nqi.resume_order" in verbs(cast["laboratory"])
    complaint = ServiceComplaint.objects.create(
        number="FT3", demand=demand_in(cast, "delivered"), facts="慢", status="accepted"
    )
    assert "nqi.answer_service_complaint" in verbs(cast["steward"]) and complaint.order is None


@pytest.mark.parametrize("name", ["nqi-demands", "nqi-orders", "nqi-complaints", "nqi-quotes", "nqi-months"])
@pytest.mark.parametrize("show", ["", "late", "over", "no such thing"])
def test_the_lists_can_be_taken_along(cast: Cast, name: str, show: str) -> None:
    order_in(cast, "placed")
    person = cast["laboratory"] if name == "nqi-quotes" else cast["nqi_desk"]
    found = LISTINGS[name].frame(person, {"show": show, "q": ""})
    assert found.height == {"nqi-months": 12, "nqi-complaints": 0}.get(name, found.height)


def test_a_catalogue_lists_only_what_lies_in_the_scope(cast: Cast) -> None:
    said = {"name_zh": "甲醛检测", "product": CATEGORY, "parameter": "甲醛含量", "standard": STANDARD}
    made = service.list_service(cast["laboratory"], cast.laboratory, "testing", price=120, days=5, **said)
    assert list(queries.catalogue({"q": "甲醛"})) == [made]
    with pytest.raises(InputError):
        service.list_service(
            cast["laboratory"], cast.laboratory, "testing", price=1, **said | {"standard": "GB 1-1999"}
        )
    service.end_service(cast["laboratory"], made)
    assert not queries.catalogue().exists()

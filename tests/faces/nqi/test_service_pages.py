"""The pages of demands, quotes, orders and complaints: who opens them, one next step, and the whole way by pages alone."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone
from tests.city.nqi.cast import CATEGORY, STANDARD, Cast, demand_in, order_in
from tests.city.nqi.service_steps import file, reported, signatory

from qualipolis.city.nqi.models import Demand, Evaluation, Order, Quote, ServiceComplaint
from qualipolis.law.flows.nqi.services import SERVICE_COMPLAINT, SERVICE_DEMAND, SERVICE_ORDER, SERVICE_QUOTE

pytestmark = pytest.mark.django_db
STAFF_LISTS = ("nqi_demands", "nqi_orders", "nqi_complaints")
OTHERS = ("inspector", "department", "leader", "expert", "town_officer")


@pytest.fixture
def enter(client: Any) -> Any:
    def entered(person: Any) -> Any:
        client.force_login(person)
        return client

    return entered


def page(name: str, *args: Any) -> str:
    return reverse(f"desk:{name}", args=args)


def opened(enter: Any, person: Any, address: str) -> str:
    answer = enter(person).get(address)
    assert answer.status_code == 200, (person, address)
    text = answer.content.decode()
    assert text.count("btn-primary") <= 1, address
    return text


@pytest.mark.parametrize("state", SERVICE_DEMAND.states)
def test_a_demand_opens_in_every_state(cast: Cast, enter: Any, state: str) -> None:
    row = demand_in(cast, state)
    for name in ("steward", "steward_of_centre", "nqi_desk", "planner", "auditor"):
        text = opened(enter, cast[name], page("nqi_demand", row.pk))
        assert row.number in text
        if state in SERVICE_DEMAND.finals or name in ("planner", "auditor"):
            assert "btn-primary" not in text
    assert row.number in opened(enter, cast["enterprise"], page("my_demand", row.pk))
    assert enter(cast["steward_elsewhere"]).get(page("nqi_demand", row.pk)).status_code == 404
    assert enter(cast["other_enterprise"]).get(page("my_demand", row.pk)).status_code == 404


@pytest.mark.parametrize("state", SERVICE_ORDER.states)
def test_an_order_opens_in_every_state(cast: Cast, enter: Any, state: str) -> None:
    row = order_in(cast, state)
    for name in ("laboratory", "steward", "nqi_desk", "planner"):
        assert row.number in opened(enter, cast[name], page("nqi_order", row.pk))
    assert enter(cast["other_laboratory"]).get(page("nqi_order", row.pk)).status_code == 404
    opened(enter, cast["enterprise"], page("my_demand", row.demand_id))


@pytest.mark.parametrize("state", SERVICE_QUOTE.states)
def test_a_quote_opens_in_every_state_for_its_institution_alone(cast: Cast, enter: Any, state: str) -> None:
    row = demand_in(cast, "quoted").quotes.get(institution=cast.laboratory)
    Quote.objects.filter(pk=row.pk).update(status=state)
    assert row.number in opened(enter, cast["laboratory"], page("nqi_quote", row.pk))
    assert enter(cast["other_laboratory"]).get(page("nqi_quote", row.pk)).status_code == 404


@pytest.mark.parametrize("state", SERVICE_COMPLAINT.states)
def test_a_complaint_opens_in_every_state(cast: Cast, enter: Any, state: str) -> None:
    order = order_in(cast, "delivered")
    row = ServiceComplaint.objects.create(number="FT9", demand=order.demand, order=order, facts="迟", status=state)
    for name in ("nqi_desk", "enterprise"):
        assert row.number in opened(enter, cast[name], page("nqi_complaint", row.pk))
    seen = enter(cast["laboratory"]).get(page("nqi_complaint", row.pk)).status_code
    assert seen == (404 if state in ("filed", "declined") else 200)


@pytest.mark.parametrize("name", OTHERS)
def test_others_are_refused(cast: Cast, enter: Any, name: str) -> None:
    row = demand_in(cast, "quoted")
    for address in (*map(page, STAFF_LISTS), page("nqi_demand", row.pk), page("my_demands"), page("nqi_quotes"),
                    page("nqi_my_services"), page("nqi_service_figures"), page("nqi_paper", "demand", row.pk, "zh")):  # fmt: skip
        assert enter(cast[name]).get(address).status_code == 403, address


@pytest.mark.parametrize("show", ["", "new", "late", "over", "no such thing"])
def test_the_lists_open_under_their_filters(cast: Cast, enter: Any, show: str) -> None:
    demand_in(cast)
    order_in(cast, "placed")
    for name, lists in (
        ("steward", STAFF_LISTS),
        ("nqi_desk", STAFF_LISTS),
        ("laboratory", ("nqi_quotes", "nqi_orders")),
    ):
        for one in lists:
            opened(enter, cast[name], f"{page(one)}?show={show}&q=")


def post(client: Any, address: str, **said: Any) -> Any:
    answer = client.post(address, said)
    assert answer.status_code == 302, answer.content.decode()[:20000].split("<main")[-1][:4000]
    return answer


def asked(cast: Cast, enter: Any) -> Demand:
    """The firm asks, the steward accepts, clarifies and asks two laboratories, by pages alone."""
    form = {
        "text": "童装出口要检测",
        "urgency": "2",
        "product_name": "针织童装",
        "enterprise": cast.firm.pk,
        "need_type": "",
    }
    post(enter(cast["enterprise"]), page("my_demand_new"), **form)
    row = Demand.objects.get()
    address, steward = page("nqi_demand", row.pk), enter(cast["steward"])
    post(steward, address, do="accept")
    lines = f"{CATEGORY}，甲醛含量，{STANDARD}\n{CATEGORY} | pH值 | {STANDARD} | 2"
    post(steward, address, do="triage", need_type="testing", product_class=CATEGORY, lines=lines)
    assert [(one.parameter, one.quantity) for one in row.lines.all()] == [("甲醛含量", 1), ("pH值", 2)]
    text = steward.get(address).content.decode()
    assert "LAB1检测所" in text and "丙检测所" not in text
    post(steward, address, do="match", institution=[cast.laboratory.pk, cast.other_laboratory.pk])
    return Demand.objects.get()


def quoted(cast: Cast, enter: Any) -> Demand:
    row = asked(cast, enter)
    until = timezone.localdate() + timedelta(days=60)
    for name, price in (("laboratory", 120), ("other_laboratory", 90)):
        quote = row.quotes.get(institution__code="LAB1" if name == "laboratory" else "LAB2")
        prices = {f"price-{line.pk}": price for line in row.lines.all()}
        post(
            enter(cast[name]), page("nqi_quote", quote.pk), do="give", days=5, valid_until=f"{until:%Y-%m-%d}", **prices
        )
    return Demand.objects.get()


def test_the_whole_way_by_pages_alone(cast: Cast, enter: Any) -> None:
    row = quoted(cast, enter)
    firm = enter(cast["enterprise"])
    text = firm.get(page("my_demand", row.pk)).content.decode()
    assert "240.00" in text and "180.00" in text and "LAB1检测所" in text
    post(firm, page("my_demand", row.pk), do="order", quote=row.quotes.get(institution=cast.laboratory).pk)
    order = Order.objects.get()
    laboratory, address = enter(cast["laboratory"]), page("nqi_order", order.pk)
    post(laboratory, address, do="confirm")
    post(laboratory, address, do="sample", name="童装", quantity="3件", condition="完好", afterwards="return")
    post(laboratory, address, do="begin")
    signatory(cast.laboratory)
    today = f"{timezone.localdate():%Y-%m-%d}"
    results = {f"result-{line.pk}": "未检出" for line in order.lines.all()}
    post(laboratory, page("nqi_order_report", order.pk), report_no="BG-1", tested_on=today, issued_on=today,
         signatory="授权签字人甲", certificate="CMA-LAB1", cma_mark="on", file=file(), **results)  # fmt: skip
    post(laboratory, address, do="deliver")
    firm = enter(cast["enterprise"])
    assert "BG-1" in firm.get(page("my_demand", row.pk)).content.decode()
    post(firm, page("my_demand", row.pk), do="evaluate", stars="4", on_time="yes", text="好")
    post(enter(cast["steward"]), page("nqi_demand", row.pk), do="close")
    assert Demand.objects.get().status == "closed" and Evaluation.objects.get().on_time is True


def test_columns_stand_in_the_order_of_lots_or_of_names_and_never_of_prices(cast: Cast, enter: Any) -> None:
    row = quoted(cast, enter)
    firm = enter(cast["enterprise"])
    by_name = firm.get(page("my_demand", row.pk) + "?by=name").content.decode()
    assert by_name.index("LAB1检测所") < by_name.index("LAB2检测所")
    by_lot = firm.get(page("my_demand", row.pk)).content.decode()
    Quote.objects.filter(institution=cast.laboratory).update(extra=9999)
    dearer = firm.get(page("my_demand", row.pk)).content.decode()
    heads = [text[text.index("<thead>") : text.index("</thead>")] for text in (by_lot, dearer)]
    assert heads[0] == heads[1]


def test_a_blocked_order_offers_the_other_quote_to_the_firm(cast: Cast, enter: Any) -> None:
    order = order_in(cast, "blocked", begun_on=None, blocked_on=timezone.localdate(), blocked_for=[1])
    address = page("my_demand", order.demand_id)
    firm = enter(cast["enterprise"])
    assert "LAB2检测所" in firm.get(address).content.decode()
    other = order.demand.quotes.get(institution=cast.other_laboratory)
    post(firm, address, do=f"reassign-{order.pk}", quote=other.pk)
    assert Order.objects.get(replaces=order).institution == cast.other_laboratory


def test_a_complaint_is_filed_answered_and_settled_by_pages(cast: Cast, enter: Any) -> None:
    order = order_in(cast, "delivered")
    post(enter(cast["enterprise"]), page("my_demand", order.demand_id), do="complain", facts="迟了三天", order=order.pk)
    row = ServiceComplaint.objects.get()
    address = page("nqi_complaint", row.pk)
    post(enter(cast["nqi_desk"]), address, do="accept")
    post(enter(cast["laboratory"]), address, do="answer", report="仪器故障，已减免费用。")
    post(enter(cast["enterprise"]), address, do="settle")
    assert ServiceComplaint.objects.get().status == "settled"


def test_a_service_is_listed_and_taken_out(cast: Cast, enter: Any) -> None:
    laboratory = enter(cast["laboratory"])
    said = {
        "kind": "testing",
        "name_zh": "甲醛检测",
        "product": CATEGORY,
        "parameter": "甲醛含量",
        "standard": STANDARD,
        "price": "120",
    }
    post(laboratory, page("nqi_my_services"), **said)
    item = cast.laboratory.service_items.get()
    answer = laboratory.post(page("nqi_my_services"), said | {"parameter": "没有资质的项目"})
    assert answer.status_code == 400
    post(laboratory, page("nqi_my_services"), end=item.pk)
    item.refresh_from_db()
    assert item.ended_on == timezone.localdate()


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_papers_are_made_for_those_who_see_the_row(cast: Cast, enter: Any, lang: str) -> None:
    order = order_in(cast, "in_service")
    reported(cast, order)
    Evaluation.objects.create(demand=order.demand, stars=4, text="好")
    rows = {"demand": order.demand, "quotation": order.quote, "agreement": order, "sample": order.samples.get(),
            "evaluation": order.demand.evaluation}  # fmt: skip
    for kind, row in rows.items():
        answer = enter(cast["enterprise"]).get(page("nqi_paper", kind, row.pk, lang))
        assert answer.status_code == 200 and b"".join(answer.streaming_content)[:5] == b"%PDF-", kind
        assert enter(cast["other_enterprise"]).get(page("nqi_paper", kind, row.pk, lang)).status_code == 404
    assert enter(cast["steward"]).get(page("nqi_month_paper", lang)).status_code == 200
    assert enter(cast["steward"]).get(page("nqi_service_figures")).status_code == 200

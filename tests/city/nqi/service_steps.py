"""How every step of a demand, a quote, an order and a complaint about a service is taken, with sound arguments."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from tests.city.nqi.cast import CATEGORY, ITEMS, STANDARD, SYSTEM, Cast, demand_in, order_in, quote_in

from qualipolis.city.core.moves import locked
from qualipolis.city.nqi import service
from qualipolis.city.nqi.models import Demand, Quote, ServiceComplaint, ServiceReport, Signatory
from qualipolis.city.nqi.services import evaluating, following, quotes
from qualipolis.city.registry.models import Institution, Qualification

Call = Callable[[Any], Any]
WORDS = "理由写明"
PDF = b"%PDF-1.4\n%%EOF\n"
LINES = [{"product": CATEGORY, "parameter": item, "standard": STANDARD} for item in ITEMS]


def file(name: str = "report.pdf") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, PDF)


def changed(row: Any, **values: Any) -> Any:
    """Put values into a row behind the back of its verbs."""
    type(row).objects.filter(pk=row.pk).update(**values)
    return type(row).objects.get(pk=row.pk)


def signatory(of: Institution, name: str = "授权签字人甲", **more: Any) -> Signatory:
    values = {"fields": "全部", "valid_from": date(2020, 1, 1)} | more
    return Signatory.objects.create(institution=of, name=name, **values)


def reported(cast: Cast, order: Any, **more: Any) -> ServiceReport:
    """Hand in a report that passes every check."""
    today = timezone.localdate()
    if not Signatory.objects.filter(institution=order.institution).exists():
        signatory(order.institution)
    items = [{"line": line.position, "standard": line.standard, "result": "合格"} for line in order.lines.all()]
    said = {"certificate": f"CMA-{order.institution.code}", "cma_mark": True, "items": items, "file": file()}
    days = (more.pop("tested_on", today), more.pop("issued_on", today))
    return service.hand_in_report(SYSTEM, order, "BG-1", *days, more.pop("signatory", "授权签字人甲"), **said | more)


def suspend(institution: Institution) -> None:
    """Let every certificate of an institution end yesterday."""
    Qualification.objects.filter(institution=institution).update(valid_to=timezone.localdate() - timedelta(days=1))


def make_row(cast: Cast, flow: str) -> Any:
    """Make a row of the flow with what its steps read."""
    if flow == "service_demand":
        return demand_in(cast, "quoted")
    if flow == "service_quote":
        return quote_in(cast, demand_in(cast, "triaged"), cast.laboratory)
    if flow == "service_order":
        return order_in(cast, "in_service")
    return ServiceComplaint.objects.create(number="FT1", demand=demand_in(cast, "delivered"), facts="迟迟不出报告")


def steps(cast: Cast, flow: str) -> dict[str, Call]:
    """Every step of a flow by its verb."""
    made = {
        "service_demand": _demand,
        "service_quote": _quote,
        "service_order": _order,
        "service_complaint": _complaint,
    }
    return made[flow](cast)


def _without_quotes(row: Demand) -> Demand:
    row.quotes.all().update(status="declined")
    return row


def _nobody(cast: Cast, row: Demand) -> Demand:
    for one in (cast.laboratory, cast.other_laboratory):
        suspend(one)
    return _without_quotes(row)


def _begun(cast: Cast, row: Demand, state: str) -> Demand:
    quote = row.quotes.get(institution=cast.laboratory)
    order_in(cast, state, demand=row, quote=quote)
    return row


def _followed(row: Demand) -> None:
    following.follow(row)


def _demand(cast: Cast) -> dict[str, Call]:
    return {
        "accept": lambda row: service.accept_demand(SYSTEM, row),
        "reject": lambda row: service.reject_demand(SYSTEM, row, "other", WORDS),
        "withdraw": lambda row: service.withdraw_demand(SYSTEM, row, WORDS),
        "triage": lambda row: service.triage_demand(SYSTEM, row, "testing"),
        "answer": lambda row: service.answer_demand(SYSTEM, changed(row, free=True), WORDS),
        "match": lambda row: service.invite_institutions(SYSTEM, row, [cast.laboratory]),
        "find_none": lambda row: service.find_nobody(SYSTEM, _nobody(cast, row), WORDS),
        "escalate": lambda row: service.escalate_demand(SYSTEM, row),
        "refer_outside": lambda row: service.refer_outside(SYSTEM, row, "省级机构", WORDS),
        "record_gap": lambda row: service.close_demand_with_gap(SYSTEM, row, "GAP1", WORDS),
        "quote": lambda row: quotes.settle(row),
        "quotes_gone": lambda row: quotes.settle(_without_quotes(row)),
        "order": lambda row: service.place_order(SYSTEM, row, {row.quotes.get(institution=cast.laboratory): []}),
        "begin": lambda row: _followed(_begun(cast, row, "in_service")),
        "choose_again": lambda row: _followed(_begun(cast, row, "cancelled")),
        "deliver": lambda row: _followed(_begun(cast, row, "delivered")),
        "evaluate": lambda row: service.evaluate_service(SYSTEM, row, 5),
        "close": lambda row: service.close_demand(SYSTEM, row),
        "lapse": lambda row: evaluating.lapse(row),
    }


def _quote(cast: Cast) -> dict[str, Call]:
    today = timezone.localdate()

    def give(row: Quote) -> Any:
        prices = {line.pk: 80 for line in row.demand.lines.all()}
        return service.give_quote(SYSTEM, row, prices, 4, today + timedelta(days=60))

    def choose(row: Quote) -> Any:
        return service.place_order(SYSTEM, changed(row.demand, status="quoted"), {row: []})

    def ended(row: Quote, call: Call) -> Any:
        order = order_in(cast, "placed", demand=row.demand, quote=row)
        Quote.objects.filter(pk=row.pk).update(status=row.status)
        return call(order)

    return {
        "give": give,
        "decline": lambda row: service.decline_quote(SYSTEM, row, WORDS),
        "withdraw": lambda row: service.withdraw_quote(SYSTEM, row, WORDS),
        "lapse": lambda row: _swept(row, "lapse", "nqi.lapse_quote"),
        "expire": lambda row: _swept(changed(row, valid_until=today - timedelta(days=1)), "expire", "nqi.expire_quote"),
        "choose": choose,
        "release": lambda row: ended(row, lambda order: service.cancel_order(SYSTEM, order, WORDS)),
        "drop": lambda row: ended(row, lambda order: service.refuse_order(SYSTEM, order, WORDS)),
        "recall": lambda row: _recalled(row),
    }


def _swept(row: Quote, step: str, name: str) -> Any:
    from qualipolis.city.nqi.services import sweeping

    return sweeping._quote(row, step, name)


def _recalled(row: Quote) -> Any:
    from qualipolis.city.core.moves import move

    return move(SYSTEM, locked(row), "recall", "nqi.recall_quote", for_good=True)


def _order(cast: Cast) -> dict[str, Call]:
    def deliver(row: Any) -> Any:
        state = row.status
        if not row.reports.exists():
            changed(row, status="in_service")
            reported(cast, row)
        return service.deliver_report(SYSTEM, changed(row, status=state))

    def lost(row: Any) -> Any:
        suspend(cast.laboratory)
        return row

    return {
        "confirm": lambda row: service.confirm_order(SYSTEM, row),
        "refuse": lambda row: service.refuse_order(SYSTEM, row, WORDS),
        "cancel": lambda row: service.cancel_order(SYSTEM, row, WORDS),
        "begin": lambda row: service.begin_order(SYSTEM, row),
        "report": lambda row: reported(cast, row),
        "return": lambda row: service.replace_report(SYSTEM, row, WORDS),
        "deliver": deliver,
        "block": lambda row: service.block_order(SYSTEM, lost(row)),
        "resume": lambda row: service.resume_order(SYSTEM, row),
        "resume_early": lambda row: service.resume_order(SYSTEM, changed(row, begun_on=None)),
        "reassign": lambda row: service.reassign_order(
            SYSTEM, row, row.demand.quotes.get(institution=cast.other_laboratory)
        ),
    }


def _complaint(cast: Cast) -> dict[str, Call]:
    return {
        "accept": lambda row: service.accept_service_complaint(SYSTEM, row),
        "decline": lambda row: service.decline_service_complaint(SYSTEM, row, WORDS),
        "answer": lambda row: service.answer_service_complaint(SYSTEM, row, WORDS),
        "ask_again": lambda row: service.object_to_answer(SYSTEM, row, WORDS),
        "settle": lambda row: service.settle_service_complaint(SYSTEM, row),
        "decide": lambda row: service.decide_service_complaint(SYSTEM, row, WORDS),
        "forward": lambda row: service.forward_service_complaint(SYSTEM, row, "市市场监管局", WORDS),
        "withdraw": lambda row: service.withdraw_service_complaint(SYSTEM, row),
    }

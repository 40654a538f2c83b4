"""What runs by itself: quotes lapse and run out, orders are blocked when a certificate lapses, evaluations run out."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.utils import timezone

from qualipolis.city.core.moves import locked, move
from qualipolis.city.core.subscriptions import subscriber
from qualipolis.city.core.sweeps import one_by_one, sweep
from qualipolis.city.nqi.models import Demand, Order, Quote
from qualipolis.city.nqi.services import evaluating, orders, quotes
from qualipolis.city.nqi.services.scope import uncovered

RUN = quotes.RUN
COULD_LAPSE = ("placed", "confirmed", "in_service", "reported")


@sweep("nqi.services")
def sweep_services(now: datetime) -> int:
    """Take on what has run out; safe to run at any time, and twice."""
    today = timezone.localdate()
    silent = Quote.objects.filter(status="invited", due_on__lt=today).order_by("pk")
    over = Quote.objects.filter(status="quoted", valid_until__lt=today).order_by("pk")
    late = Demand.objects.filter(status="delivered", due_on__lt=today).order_by("pk")
    done = one_by_one(silent, lambda one: _quote(one, "lapse", "nqi.lapse_quote"))
    done += one_by_one(over, lambda one: _quote(one, "expire", "nqi.expire_quote"))
    return done + one_by_one(late, evaluating.lapse) + block_lapsed(Order.objects.filter(status__in=COULD_LAPSE))


def _quote(quote: Quote, step: str, name: str) -> int:
    row = locked(quote, "demand")
    move(RUN, row, step, name, facts={"valid_until": row.valid_until}, for_good=True)
    quotes.settle(row.demand)
    return 1


def block_lapsed(rows: Any) -> int:
    """Block the orders of ``rows`` whose institution is no longer qualified for a line today."""
    today = timezone.localdate()
    found = [
        one for one in rows.select_related("institution", "demand").prefetch_related("lines").order_by("pk")
        if uncovered(one.institution, one.demand.need_type, one.lines.all(), today)
    ]  # fmt: skip
    return one_by_one(found, lambda one: bool(orders.block(RUN, one)) + 0)


@subscriber("nqi.certificate_lapsed")
def certificate_lapsed(actor: Any, thing: Any, **facts: Any) -> None:
    """Block at once what an institution can no longer do when one of its certificates has ended or is suspended."""
    block_lapsed(Order.objects.filter(status__in=COULD_LAPSE, institution=thing.institution_id))

"""How a demand follows its orders: in service, delivered when everything is, back to the quotes when no order runs."""

from __future__ import annotations

from django.utils import timezone

from qualipolis.city.core.moves import locked, move
from qualipolis.city.core.policy import System
from qualipolis.city.nqi.models import Demand

RUN = System("nqi")
BEGUN = ("in_service", "reported", "delivered")
OPEN = ("placed", "confirmed", "in_service", "reported", "blocked")


def follow(demand: Demand) -> None:
    """Take the demand on after one of its orders has moved; whatever the orders say, and twice is as once."""
    row = locked(demand)
    states = list(row.orders.values_list("status", flat=True))
    running, done = [one for one in states if one in OPEN], "delivered" in states
    if row.status == "ordered" and any(one in BEGUN for one in states):
        move(RUN, row, "begin", "nqi.service_begun", for_good=True)
    if row.status in ("ordered", "in_service") and not running and not done:
        move(RUN, row, "choose_again", "nqi.choose_again", for_good=True)
        _quotes(row)
    elif row.status == "in_service" and not running:
        move(RUN, row, "deliver", "nqi.service_delivered", facts={"open_orders": 0}, for_good=True,
             outcome=Demand.Outcome.SERVED)  # fmt: skip
        for quote in row.quotes.filter(status__in=("invited", "quoted", "lapsed", "expired")).order_by("pk"):
            move(RUN, locked(quote), "recall", "nqi.recall_quote", for_good=True)


def _quotes(row: Demand) -> None:
    """Go back to waiting for quotes when none stands open today."""
    today = timezone.localdate()
    if not row.quotes.filter(status="quoted", valid_until__gte=today).exists():
        move(RUN, row, "quotes_gone", "nqi.quotes_gone", for_good=True)

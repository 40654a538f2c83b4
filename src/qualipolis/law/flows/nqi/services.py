"""The one-stop service: a demand, the quotes for it, the orders, and complaints about a service."""

from __future__ import annotations

from typing import Any

from qualipolis.law.flow import Flow, Step, every
from qualipolis.law.nqi import service_guards as guards
from qualipolis.law.nqi.service_rules import NOTE
from qualipolis.law.terms import due
from qualipolis.methods.problems import msg

STATION = ("steward", "nqi_desk")
DESK = ("nqi_desk",)
FIRM = ("enterprise",)
PROVIDER = ("laboratory",)
SYSTEM = ("system",)
SCOPE = msg("Measures for the qualification of inspection and testing bodies, article 19: work inside the certificate")
FREE = msg("DB3209/T 1218-2022: query, advice and printing are free; the station never charges")


def step(
    name: str, sources: tuple[str, ...], target: str, role: tuple[str, ...], label: str, law: str = NOTE, **more: Any
) -> Step:
    """Return a step; where no clause is given it is a working rule of the city."""
    return Step(name, sources, target, role, law=law, label=label, **more)


BEFORE_ORDER = ("new", "accepted", "triaged", "matched", "quoted", "unmatched", "escalated")
SERVICE_DEMAND = Flow(
    "service_demand",
    "new",
    (
        step("accept", ("new",), "accepted", STATION, msg("Accept the demand"), due=due("nqi.triage")),
        step("reject", ("new", "accepted"), "rejected", STATION, msg("Reject the demand"), needs=("reason_code", "reason")),
        step("withdraw", BEFORE_ORDER, "withdrawn", FIRM, msg("Withdraw the demand"), needs=("reason",)),
        step("triage", ("accepted", "triaged"), "triaged", STATION, msg("Say what is needed"), guard=guards.needs_named,
             due=due("nqi.matching")),
        step("answer", ("triaged",), "delivered", STATION, msg("Answer at the station, free of charge"), FREE,
             guard=guards.free_of_charge, due=due("nqi.evaluation"), needs=("report",)),
        step("match", ("triaged", "unmatched", "escalated"), "matched", STATION, msg("Ask institutions for quotes"), SCOPE,
             guard=guards.matching_allowed, due=due("nqi.quote")),
        step("find_none", ("triaged", "matched"), "unmatched", STATION, msg("Nobody here can do it"),
             guard=guards.no_candidates, due=due("nqi.escalation"), needs=("reason",)),
        step("escalate", ("unmatched",), "escalated", STATION, msg("Pass to the general platform"),
             due=due("nqi.escalated")),
        step("refer_outside", ("escalated",), "closed", DESK, msg("Name an institution outside the city"),
             needs=("authority", "reason")),
        step("record_gap", ("escalated",), "closed", DESK, msg("Record a gap in capability"), guard=guards.gap_named,
             needs=("reason",)),
        step("quote", ("matched",), "quoted", SYSTEM, msg("A quote has arrived"), due=due("nqi.choice")),
        step("quotes_gone", ("quoted",), "matched", SYSTEM, msg("No quote stands any more"), due=due("nqi.quote")),
        step("order", ("quoted",), "ordered", FIRM, msg("Order the service"), SCOPE, guard=guards.choosable),
        step("begin", ("ordered",), "in_service", SYSTEM, msg("The work has begun")),
        step("choose_again", ("ordered", "in_service"), "quoted", SYSTEM, msg("No order runs any more: choose again"),
             due=due("nqi.choice")),
        step("deliver", ("in_service",), "delivered", SYSTEM, msg("Everything ordered is delivered"),
             guard=guards.orders_settled, due=due("nqi.evaluation")),
        step("evaluate", ("delivered",), "evaluated", FIRM, msg("Evaluate the service"), guard=guards.rated),
        step("close", ("evaluated",), "closed", STATION, msg("Close the demand")),
        step("lapse", ("delivered",), "closed", SYSTEM, msg("Closed without an evaluation")),
    ),
    ("closed", "rejected", "withdrawn"),
    {
        "new": msg("demand handed in"),
        "accepted": msg("demand accepted"),
        "triaged": msg("need clarified"),
        "matched": msg("quotes asked for"),
        "quoted": msg("quotes received"),
        "ordered": msg("service ordered"),
        "in_service": msg("in service"),
        "delivered": msg("service delivered"),
        "evaluated": msg("service evaluated"),
        "closed": msg("demand completed"),
        "rejected": msg("demand rejected"),
        "withdrawn": msg("withdrawn"),
        "unmatched": msg("no institution found"),
        "escalated": msg("with the general platform"),
    },
    msg("Demand for service"),
)  # fmt: skip
SERVICE_QUOTE = Flow(
    "service_quote",
    "invited",
    (
        step("give", ("invited", "quoted", "expired", "lapsed"), "quoted", PROVIDER, msg("Quote"), SCOPE,
             guard=guards.quote_complete),
        step("decline", ("invited",), "declined", PROVIDER, msg("Decline to quote"), needs=("reason",)),
        step("withdraw", ("quoted",), "taken_back", PROVIDER, msg("Take the quote back"), needs=("reason",)),
        step("lapse", ("invited",), "lapsed", SYSTEM, msg("No quote came in time")),
        step("expire", ("quoted",), "expired", SYSTEM, msg("The quote has run out"), guard=guards.quote_over),
        step("choose", ("quoted",), "chosen", FIRM, msg("Choose this quote"), SCOPE, guard=guards.choosable),
        step("release", ("chosen",), "quoted", SYSTEM, msg("The order was cancelled; the quote stands again")),
        step("drop", ("chosen",), "taken_back", SYSTEM, msg("The institution cannot do it any more")),
        step("recall", ("invited", "quoted", "lapsed", "expired"), "not_needed", (*STATION, *FIRM), msg("No longer needed")),
    ),
    ("declined", "taken_back", "chosen", "not_needed"),
    {
        "invited": msg("asked for a quote"),
        "quoted": msg("quoted"),
        "declined": msg("declined to quote"),
        "taken_back": msg("quote taken back"),
        "lapsed": msg("did not quote in time"),
        "expired": msg("quote has run out"),
        "chosen": msg("chosen by the firm"),
        "not_needed": msg("no longer needed"),
    },
    msg("Quote"),
)  # fmt: skip
SERVICE_ORDER = Flow(
    "service_order",
    "placed",
    (
        step("confirm", ("placed",), "confirmed", PROVIDER, msg("Confirm the order"), SCOPE, guard=guards.qualified,
             due=due("nqi.sample")),
        step("refuse", ("placed",), "cancelled", PROVIDER, msg("Refuse the order"), needs=("reason",)),
        step("cancel", ("placed", "confirmed", "blocked"), "cancelled", FIRM, msg("Cancel the order"), needs=("reason",)),
        step("begin", ("confirmed",), "in_service", PROVIDER, msg("Begin the work"), SCOPE,
             guard=every(guards.sample_there, guards.qualified)),
        step("report", ("in_service",), "reported", PROVIDER, msg("Hand in the report of the service"), guard=guards.report_complete,
             due=due("nqi.delivery")),
        step("return", ("reported",), "in_service", (*PROVIDER, *DESK), msg("Replace the report"), needs=("reason",)),
        step("deliver", ("reported",), "delivered", PROVIDER, msg("Issue and deliver the report"), SCOPE,
             guard=every(guards.in_scope, guards.checks_passed), irreversible=True),
        step("block", ("placed", "confirmed", "in_service", "reported"), "blocked", (*PROVIDER, *DESK),
             msg("The certificate no longer covers the order"), SCOPE, guard=guards.out_of_scope, due=due("nqi.blocked")),
        step("resume", ("blocked",), "in_service", PROVIDER, msg("Go on: the certificate covers the order again"), SCOPE,
             guard=guards.resumed),
        step("resume_early", ("blocked",), "placed", PROVIDER, msg("Go on: the certificate covers the order again"), SCOPE,
             guard=guards.resumed_early, due=due("nqi.confirmation")),
        step("reassign", ("blocked",), "reassigned", FIRM, msg("Order from another institution"), SCOPE,
             guard=guards.choosable),
    ),
    ("delivered", "cancelled", "reassigned"),
    {
        "placed": msg("order placed"),
        "confirmed": msg("order confirmed"),
        "in_service": msg("in service"),
        "reported": msg("report handed in"),
        "delivered": msg("report delivered"),
        "blocked": msg("blocked: certificate no longer valid"),
        "reassigned": msg("ordered from another institution"),
        "cancelled": msg("cancelled"),
    },
    msg("Order of a service"),
)  # fmt: skip
SERVICE_COMPLAINT = Flow(
    "service_complaint",
    "filed",
    (
        step("accept", ("filed",), "accepted", DESK, msg("Take the complaint up"), due=due("nqi.complaint_answer")),
        step("decline", ("filed",), "declined", DESK, msg("Do not take it up"), needs=("reason",)),
        step("answer", ("accepted",), "answered", (*PROVIDER, "steward"), msg("Answer the complaint"),
             due=due("nqi.complaint_decision"), needs=("report",)),
        step("ask_again", ("answered",), "accepted", FIRM, msg("The answer does not settle it"),
             due=due("nqi.complaint_answer"), needs=("reason",)),
        step("settle", ("answered",), "settled", FIRM, msg("The answer settles it")),
        step("decide", ("accepted", "answered"), "decided", DESK, msg("Decide on the complaint"), needs=("report",)),
        step("forward", ("accepted", "answered"), "forwarded", DESK, msg("Pass to the market regulator"),
             needs=("authority", "reason"), irreversible=True),
        step("withdraw", ("filed", "accepted", "answered"), "withdrawn", FIRM, msg("Withdraw the complaint")),
    ),
    ("declined", "settled", "decided", "forwarded", "withdrawn"),
    {
        "filed": msg("complaint handed in"),
        "accepted": msg("waiting for an answer"),
        "answered": msg("answered"),
        "settled": msg("settled"),
        "decided": msg("decided"),
        "forwarded": msg("passed to the market regulator"),
        "declined": msg("not taken up"),
        "withdrawn": msg("withdrawn"),
    },
    msg("Complaint about a service"),
)  # fmt: skip
SERVICES = (SERVICE_DEMAND, SERVICE_QUOTE, SERVICE_ORDER, SERVICE_COMPLAINT)

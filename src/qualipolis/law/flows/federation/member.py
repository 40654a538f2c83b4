"""Membership, and the pledge a member gives."""

from __future__ import annotations

from qualipolis.law.federation import guards
from qualipolis.law.flow import Flow, every
from qualipolis.law.flows.federation.steps import FIRM, MEMBER, SECRETARY, step
from qualipolis.law.guards import two_people
from qualipolis.law.terms import due
from qualipolis.methods.problems import msg

FEDERATION_MEMBER = Flow(
    "federation_member",
    "applied",
    (
        step("approve", ("applied",), "approved", SECRETARY, msg("Admit the member"), needs=("document_no",),
             guard=every(guards.no_agency, guards.no_open_penalties)),
        step("refuse", ("applied",), "refused", SECRETARY, msg("Refuse the application"), needs=("reason", "document_no"),
             irreversible=True),
        step("withdraw", ("applied",), "withdrawn", MEMBER, msg("Withdraw the application")),
        step("join", ("approved",), "active", MEMBER, msg("Accept the statutes and join"), guard=guards.statutes_accepted),
        step("suspend", ("active",), "suspended", SECRETARY, msg("Suspend the membership"), needs=("reason", "document_no"),
             due=due("federation.member.suspension")),
        step("resume", ("suspended",), "active", SECRETARY, msg("Lift the suspension"), needs=("reason",),
             guard=guards.no_open_penalties),
        step("leave", ("approved", "active", "suspended"), "left", MEMBER, msg("Leave the federation"), irreversible=True),
        step("remove", ("suspended",), "removed", SECRETARY, msg("Remove the member"), needs=("reason", "document_no"),
             guard=guards.decided_by_vote, irreversible=True),
    ),
    ("refused", "withdrawn", "left", "removed"),
    {
        "applied": msg("applied for membership"),
        "approved": msg("admitted, statutes not accepted yet"),
        "active": msg("member"),
        "suspended": msg("membership suspended"),
        "refused": msg("not admitted"),
        "withdrawn": msg("application withdrawn"),
        "left": msg("has left"),
        "removed": msg("removed"),
    },
    msg("Membership"),
)  # fmt: skip
PLEDGE = Flow(
    "pledge",
    "drafted",
    (
        step("hand_in", ("drafted",), "handed_in", FIRM, msg("Hand the pledge in"), guard=guards.pledge_complete,
             due=due("federation.pledge.check")),
        step("return", ("handed_in",), "drafted", SECRETARY, msg("Return the pledge"), needs=("reason",)),
        step("publish", ("handed_in",), "published", SECRETARY, msg("Publish the pledge"),
             guard=every(guards.pledge_complete, guards.pledge_ahead, guards.no_endorsement)),
        step("doubt", ("published",), "doubted", SECRETARY, msg("Note a doubt and hear the firm"), needs=("reason",),
             due=due("federation.pledge.doubt")),
        step("keep", ("doubted",), "published", SECRETARY, msg("The pledge is kept"), needs=("reason",)),
        step("break", ("doubted",), "broken", SECRETARY, msg("Find the pledge broken"), needs=("reason", "second_person"),
             guard=every(two_people, guards.heard_or_silent), irreversible=True),
        step("fulfil", ("published",), "fulfilled", SECRETARY, msg("The pledge is fulfilled"), needs=("report",),
             guard=guards.pledge_over),
        step("lapse", ("published",), "lapsed", (*SECRETARY, "system"), msg("The pledge has run out"),
             guard=guards.pledge_over),
        step("take_back", ("drafted", "handed_in", "published", "doubted"), "taken_back", FIRM, msg("Take the pledge back"),
             needs=("reason",)),
    ),
    ("broken", "fulfilled", "lapsed", "taken_back"),
    {
        "drafted": msg("draft"),
        "handed_in": msg("handed in"),
        "published": msg("pledge published"),
        "doubted": msg("in doubt, the firm is heard"),
        "broken": msg("pledge broken"),
        "fulfilled": msg("pledge fulfilled"),
        "lapsed": msg("pledge run out"),
        "taken_back": msg("taken back"),
    },
    msg("Pledge"),
)  # fmt: skip

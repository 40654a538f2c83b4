"""Verbs of a panel (会诊): called with its seats, each member's own opinion before the others' are read, one decision."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from qualipolis.city.core.ledger import name_of, record
from qualipolis.city.core.models import Event
from qualipolis.city.core.moves import locked, move
from qualipolis.city.core.policy import roles_of, verb
from qualipolis.city.core.steps import roles_for, term_of
from qualipolis.city.core.subscriptions import tell
from qualipolis.city.hospital.consultation.parties import (
    as_expert,
    attends,
    is_system,
    parties,
    require_attending,
    require_seen,
    treats,
    written,
)
from qualipolis.city.hospital.consultation.ties import ties_of
from qualipolis.city.hospital.models import Case, Expert, Panel, PanelSeat, RootCause
from qualipolis.law.terms import rule_number
from qualipolis.methods.problems import Problem, msg, refuse

FLOW = "hospital_panel"
LEAST, MOST = 2, 9
MANAGER = "hospital_manager"


@verb("hospital.call_panel", roles=roles_for("hospital_case", "call_panel"), scope=parties)
def call(actor: Any, thing: Case, experts: Sequence[Expert], reason: str, meets_on: date | None = None) -> Panel:
    """Call a panel of experts, with whoever treats the case among them; the case waits for its decision.

    A case that came before a panel because treatments had no effect gets its members here as well.
    """
    case = locked(thing, "enterprise", "expert")
    require_attending(actor, case, MANAGER)
    members = members_of(case, experts)
    wrong = _wrong(case, members, reason, meets_on)
    refuse(wrong)
    if case.status != "panel":
        move(actor, case, "call_panel", "hospital.send_to_panel", facts={"reason": reason}, for_good=True)
    return seat(actor, case, members, reason, meets_on)


def members_of(case: Case, experts: Sequence[Expert]) -> list[Expert]:
    """Return the members of a panel: who treats the case first, nobody twice."""
    first = [case.expert] if case.expert else []
    return list({one.pk: one for one in [*first, *experts]}.values())


def seat(actor: Any, case: Case, members: Sequence[Expert], reason: str, meets_on: date | None = None) -> Panel:
    """Make the panel with its seats inside the verb of the caller and tell the ledger."""
    today = timezone.localdate()
    made = Panel.objects.create(
        case=case, reason=reason.strip()[:1000], meets_on=meets_on, loops_before=case.loops,
        due_on=term_of("hospital_case", "call_panel", today),
    )  # fmt: skip
    PanelSeat.objects.bulk_create(PanelSeat(panel=made, expert=one) for one in members)
    told = {"of": str(case), "members": len(members), "meets_on": meets_on or "", "loops": case.loops}
    record(actor, "hospital.call_panel", made, told)
    return made


def _wrong(case: Case, members: Sequence[Expert], reason: str, meets_on: date | None) -> list[Problem]:
    found = written([("reason", reason, msg("Say why the panel meets, in at most 1000 characters."), 1000)])
    if open_panel(case) is not None:
        found.append(Problem("open_panel", msg("A panel is called already; record its decision first.")))
    if not LEAST <= len(members) <= MOST:
        what = msg("A panel has %(least)s to %(most)s members.")
        found.append(Problem("members", what, "", {"least": LEAST, "most": MOST}, "experts"))
    if meets_on is not None and meets_on < timezone.localdate():
        found.append(Problem("past_day", msg("The panel cannot meet in the past."), place="meets_on"))
    for one in members:
        found += [
            Problem("conflict", msg("%(name)s: %(why)s"), "", {"name": str(one), "why": why}, "experts")
            for why in ties_of(one, case)
        ]
    return found


@verb("hospital.give_opinion", roles=("expert",), scope=parties)
def opine(actor: Any, thing: Panel, opinion: str, root_cause: str = "") -> PanelSeat:
    """Give one's own opinion, once; only then are the opinions of the others shown."""
    row = locked(thing, "case__enterprise")
    require_seen(actor, row.case)
    own = seat_of(actor, row)
    if own is None:
        raise PermissionDenied(_("Only the members of this panel may do this."))
    wrong = written([("opinion", opinion, msg("Write your opinion, in at most 2000 characters."), 2000)])
    if root_cause and root_cause not in RootCause.values:
        wrong.append(Problem("bad_root_cause", msg("Name the category of the root cause."), place="root_cause"))
    if row.status != "called":
        wrong.append(Problem("wrong_state", msg("This step cannot be taken in the present state.")))
    if own.said_at is not None:
        what = msg("Your opinion stands already. What you have to add belongs into the consultation.")
        wrong.append(Problem("said", what))
    refuse(wrong)
    own.opinion, own.root_cause, own.said_at = opinion.strip(), root_cause, timezone.now()
    own.save(update_fields=["opinion", "root_cause", "said_at"])
    said = row.seats.exclude(said_at=None).count()
    record(actor, "hospital.give_opinion", row, {"of": str(row.case), "given": said, "members": row.seats.count()})
    return own


@verb("hospital.conclude_panel", roles=roles_for(FLOW, "conclude"), scope=parties)
def conclude(actor: Any, thing: Panel, decision: str) -> Panel:
    """Record the decision; every member has given an opinion before. The expert goes on to the diagnosis."""
    row = locked(thing, "case__enterprise")
    require_attending(actor, row.case, MANAGER)
    wrong = written([("decision", decision, msg("Write the decision, in at most 4000 characters."), 4000)])
    silent = row.seats.filter(said_at=None).count()
    if silent:
        what = msg("%(n)s members have not given their opinion yet.")
        wrong.append(Problem("silent", what, "", {"n": silent}))
    refuse(wrong)
    told = {"members": row.seats.count()}
    move(actor, row, "conclude", "hospital.conclude_panel", told, decision=decision.strip(),
         concluded_on=timezone.localdate())  # fmt: skip
    tell(actor, "hospital.panel_concluded", row)
    return row


@verb("hospital.cancel_panel", roles=roles_for(FLOW, "cancel"), scope=parties)
def cancel(actor: Any, thing: Panel, reason: str) -> Panel:
    """Cancel a panel that will not meet; another one may be called, or the expert examines further."""
    row = locked(thing, "case__enterprise")
    require_attending(actor, row.case, MANAGER)
    why = reason.strip()[:2000]
    move(actor, row, "cancel", "hospital.cancel_panel", facts={"reason": why}, for_good=True, decision=why)
    return row


def open_panel(case: Case) -> Panel | None:
    """Return the panel that is called and has not decided."""
    return case.panels.filter(status="called").first()


def held(case: Case) -> int:
    """Return how many panels have decided on the case as it is now: since the last treatments without effect, and since
    it came back; what was decided of the illness that was cured decides nothing of its return.
    """
    since = case.loops if case.loops >= rule_number("hospital.treatment_loops") else 0
    rows = case.panels.filter(status="concluded", loops_before__gte=since)
    back = Event.objects.filter(thing=name_of(case), verb="hospital.reopen_case").order_by("-seq").first()
    if back is None:
        return rows.count()
    called = Event.objects.filter(
        thing__in=[name_of(one) for one in rows], verb="hospital.call_panel", seq__gt=back.seq
    )
    return called.count()


def seat_of(actor: Any, panel: Panel) -> PanelSeat | None:
    """Return the seat of a person in a panel."""
    mine = as_expert(actor)
    return panel.seats.filter(expert=mine).first() if mine else None


def opinions_read_by(actor: Any, panel: Panel) -> QuerySet[PanelSeat]:
    """Return the opinions a person reads now: the own one, all of them once the own is given or the panel is over.

    Who has no seat reads them when every member has spoken, so that nobody is led; the firm reads the decision only.
    """
    rows = panel.seats.exclude(said_at=None).select_related("expert__person", "expert__organisation")
    if not treats(actor, panel.case):
        return rows.none()
    own = seat_of(actor, panel)
    if is_system(actor) or panel.ended or (own is not None and own.said_at is not None):
        return rows
    if own is None and not panel.seats.filter(said_at=None).exists():
        return rows
    return rows.none()


def may_conclude(actor: Any, panel: Panel) -> bool:
    """Whether a person records the decision of a panel."""
    return attends(actor, panel.case) or bool(roles_of(actor) & {MANAGER}) or is_system(actor)

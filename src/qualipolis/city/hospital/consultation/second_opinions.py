"""Verbs of a second opinion: the firm disputes the diagnosis, an expert of another organisation looks again."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from qualipolis.city.core.ledger import record
from qualipolis.city.core.moves import locked, move
from qualipolis.city.core.policy import System, verb
from qualipolis.city.core.steps import roles_for
from qualipolis.city.hospital.consultation.diagnoses import in_force, taken_back
from qualipolis.city.hospital.consultation.parties import as_expert, is_system, parties, require_seen, written
from qualipolis.city.hospital.consultation.ties import ties_of
from qualipolis.city.hospital.models import Case, Expert, PanelSeat, SecondOpinion
from qualipolis.methods.problems import Problem, msg, refuse

FLOW = "hospital_second_opinion"
SYSTEM = System("hospital")
DISPUTABLE = ("diagnosed", "prescribed")
OPEN = ("asked", "appointed")


@verb("hospital.ask_second_opinion", roles=("enterprise",), scope=parties)
def ask(actor: Any, thing: Case, ground: str) -> SecondOpinion:
    """Dispute the diagnosis; the manager appoints an expert of another organisation."""
    case = locked(thing, "enterprise")
    require_seen(actor, case)
    standing = in_force(case)
    wrong = written([("ground", ground, msg("Say why you dispute the diagnosis, in at most 2000 characters."), 2000)])
    if standing is None or case.status not in DISPUTABLE:
        what = msg("A diagnosis can be disputed while it stands and before the treatment begins.")
        wrong.append(Problem("no_diagnosis", what))
    elif case.second_opinions.filter(diagnosis=standing).exclude(status="withdrawn").exists():
        what = msg("A second opinion on this diagnosis was asked for already.")
        wrong.append(Problem("asked_already", what))
    refuse(wrong)
    made = SecondOpinion.objects.create(case=case, diagnosis=standing, ground=ground.strip())
    record(actor, "hospital.ask_second_opinion", made, {"of": str(case), "version": standing.version})
    return made


@verb("hospital.appoint_second_expert", roles=roles_for(FLOW, "appoint"), scope=parties)
def appoint(actor: Any, thing: SecondOpinion, expert: Expert) -> SecondOpinion:
    """Appoint an expert of another organisation who has had nothing to do with the case."""
    row = locked(thing, "case__enterprise", "diagnosis__expert")
    require_seen(actor, row.case)
    told = {"case": str(row.case)}
    known = {"conflict": "、".join(conflicts_with(row, expert))}
    move(actor, row, "appoint", "hospital.appoint_second_expert", told, facts=known, for_good=True, expert=expert)
    return row


def conflicts_with(row: SecondOpinion, expert: Expert) -> list[str]:
    """Return why an expert may not give this second opinion."""
    found = ties_of(expert, row.case)
    if expert.organisation_id == row.diagnosis.expert.organisation_id:
        found.append(_("is of the same organisation as the first diagnosis"))
    if PanelSeat.objects.filter(panel__case=row.case, expert=expert).exists() or expert.pk == row.case.expert_id:
        found.append(_("has treated this case"))
    return found


def eligible(row: SecondOpinion, experts: Iterable[Expert]) -> list[Expert]:
    """Return who of ``experts`` may be appointed."""
    return [one for one in experts if not conflicts_with(row, one)]


@verb("hospital.give_second_opinion", roles=roles_for(FLOW, "uphold"), scope=parties)
def give(actor: Any, thing: SecondOpinion, upheld: bool, opinion: str) -> SecondOpinion:
    """Say whether the diagnosis stands. When it does not, the case goes back to its examination by itself."""
    row = locked(thing, "case__enterprise", "diagnosis", "expert")
    require_seen(actor, row.case)
    mine = as_expert(actor)
    if not is_system(actor) and (mine is None or mine.pk != row.expert_id):
        raise PermissionDenied(_("Only the expert who was appointed for it gives the second opinion."))
    words = opinion.strip()
    refuse(written([("opinion", words, msg("Write your opinion, in at most 4000 characters."), 4000)]))
    step = "uphold" if upheld else "overturn"
    move(actor, row, step, "hospital.give_second_opinion", {"upheld": upheld}, facts={"reason": words}, for_good=True,
         opinion=words, given_on=timezone.localdate())  # fmt: skip
    if not upheld:
        _overturned(row, words)
    return row


def _overturned(row: SecondOpinion, words: str) -> None:
    """Take the case back to its examination: out of the diagnosis, or out of a prescription nobody has accepted."""
    case = locked(row.case, "enterprise")
    if case.status == "prescribed":
        move(SYSTEM, case, "object", "hospital.stop_prescription", facts={"reason": words}, for_good=True)
        for one in case.prescriptions.filter(status="issued"):
            facts = {"reason": words}
            move(SYSTEM, locked(one), "object", "hospital.stop_prescription_by_opinion", facts=facts, for_good=True)
    if case.status == "diagnosed":
        taken_back(SYSTEM, case, words)
    row.case = case


@verb("hospital.withdraw_second_opinion", roles=roles_for(FLOW, "withdraw"), scope=parties)
def withdraw(actor: Any, thing: SecondOpinion) -> SecondOpinion:
    """Withdraw the request: the firm accepts the diagnosis."""
    row = locked(thing, "case__enterprise")
    require_seen(actor, row.case)
    move(actor, row, "withdraw", "hospital.withdraw_second_opinion", for_good=True)
    return row


def open_ones(case: Case) -> QuerySet[SecondOpinion]:
    """Return the second opinions of a case that are not given yet."""
    return case.second_opinions.filter(status__in=OPEN).select_related("expert__person", "diagnosis__expert")

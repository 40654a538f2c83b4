"""Verbs of the diagnosis: begin the examination, diagnose with evidence, take it back; none is lost."""

from __future__ import annotations

from typing import Any

from django.utils import timezone

from qualipolis.city.core.moves import locked, move
from qualipolis.city.core.policy import verb
from qualipolis.city.core.steps import roles_for
from qualipolis.city.core.subscriptions import tell
from qualipolis.city.hospital.consultation.examinations import open_examinations
from qualipolis.city.hospital.consultation.panels import held, open_panel
from qualipolis.city.hospital.consultation.parties import parties, require_attending
from qualipolis.city.hospital.consultation.thread import add
from qualipolis.city.hospital.models import Case, Diagnosis, MeasurementFile, RootCause
from qualipolis.city.hospital.reception.clocks import running
from qualipolis.methods.problems import Problem, msg, refuse

FLOW, DIAGNOSIS = "hospital_case", "hospital.diagnosis"
LENGTHS = {"statement": 4000, "evidence": 4000, "escape_point": 2000}
SURE = ("high", "middle", "low")


@verb("hospital.examine", roles=roles_for(FLOW, "examine"), scope=parties)
def examine(actor: Any, thing: Case) -> Case:
    """Begin the examination."""
    case = locked(thing, "enterprise")
    require_attending(actor, case)
    move(actor, case, "examine", "hospital.examine", due_on=running(case, DIAGNOSIS) or case.due_on)
    return case


@verb("hospital.examine_more", roles=roles_for(FLOW, "examine_more"), scope=parties)
def examine_more(actor: Any, thing: Case) -> Case:
    """Examine further after a panel."""
    case = locked(thing, "enterprise")
    require_attending(actor, case)
    refuse(_panel_waits(case))
    move(actor, case, "examine_more", "hospital.examine_more", due_on=running(case, DIAGNOSIS))
    return case


@verb("hospital.diagnose", roles=roles_for(FLOW, "diagnose"), scope=parties)
def diagnose(
    actor: Any,
    thing: Case,
    root_cause: str,
    statement: str,
    evidence: str,
    escape_point: str,
    *,
    confidence: str = "middle",
    measurements: MeasurementFile | None = None,
) -> Diagnosis:
    """Give the diagnosis: the root cause with its evidence, and where it should have been caught (D4).

    Raises
    ------
    InputError
        the product is on the market and nothing contains it, an examination or a panel is still open, a panel is
        needed, or a part of the diagnosis is missing
    """
    case = locked(thing, "enterprise")
    require_attending(actor, case)
    given = {"statement": statement.strip(), "evidence": evidence.strip(), "escape_point": escape_point.strip()}
    refuse([*_unclear(case, root_cause, given, confidence, measurements), *_panel_waits(case)])
    version = case.diagnoses.count() + 1
    told = {"root_cause": root_cause, "version": version}
    move(actor, case, "diagnose", "hospital.diagnose", told, facts=facts(case) | given, for_good=True)
    made = Diagnosis.objects.create(
        case=case, version=version, expert=case.expert, root_cause=root_cause, confidence=confidence,
        measurements=measurements, **given,
    )  # fmt: skip
    tell(actor, "hospital.case_diagnosed", case)
    return made


def _unclear(
    case: Case, root_cause: str, given: dict[str, str], confidence: str, measurements: MeasurementFile | None
) -> list[Problem]:
    wrong = []
    if root_cause and root_cause not in RootCause.values:
        wrong.append(Problem("no_root_cause", msg("Name the category of the root cause."), place="root_cause"))
    for place, most in LENGTHS.items():
        if len(given[place]) > most:
            what = msg("At most %(most)s characters.")
            wrong.append(Problem("too_long", what, "", {"most": most}, place))
    if confidence not in SURE:
        wrong.append(Problem("bad_confidence", msg("Say how sure the diagnosis is."), place="confidence"))
    if measurements is not None and measurements.case_id != case.pk:
        wrong.append(Problem("other_case", msg("This file belongs to another case."), place="measurements"))
    return wrong


def _panel_waits(case: Case) -> list[Problem]:
    if open_panel(case) is None:
        return []
    return [Problem("open_panel", msg("A panel is called; its decision is recorded first, or it is cancelled."))]


@verb("hospital.revise_diagnosis", roles=roles_for(FLOW, "revise"), scope=parties)
def revise(actor: Any, thing: Case, reason: str) -> Case:
    """Take the diagnosis back and examine again; the firm reads why in the consultation."""
    case = locked(thing, "enterprise")
    require_attending(actor, case)
    taken_back(actor, case, reason.strip()[:2000])
    add(actor, case, reason.strip())
    return case


def taken_back(actor: Any, case: Case, reason: str) -> None:
    """Take the step inside the verb of the caller: the diagnosis in force is replaced, the case examined again."""
    move(actor, case, "revise", "hospital.revise_diagnosis", facts={"reason": reason}, for_good=True)
    case.diagnoses.filter(replaced_on=None).update(replaced_on=timezone.localdate())


def in_force(case: Case) -> Diagnosis | None:
    """Return the diagnosis that stands."""
    rows = case.diagnoses.filter(replaced_on=None).select_related("expert__person", "measurements__attachment")
    return rows.order_by("-version").first()


def facts(case: Case) -> dict[str, Any]:
    """Return what the guards of the diagnosis read; a containment counts once the firm was told of it, in this round."""
    from qualipolis.city.hospital.treatment.items import containments

    return {
        "severity": case.severity,
        "loops": case.loops,
        "panels": held(case),
        "on_market": case.on_market,
        "containments": containments(case).count(),
        "open_examinations": open_examinations(case),
    }

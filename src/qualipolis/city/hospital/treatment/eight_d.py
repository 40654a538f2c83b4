"""The 8D report of a case, put together from what its parts hold; what is missing is named, never invented."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from qualipolis.city.core.moves import state_words
from qualipolis.city.hospital.consultation.diagnoses import in_force
from qualipolis.city.hospital.models import Case, PrescriptionItem, Proof
from qualipolis.city.hospital.treatment import proofs
from qualipolis.city.hospital.treatment.failure_modes import analysis
from qualipolis.city.hospital.treatment.items import containments
from qualipolis.city.hospital.treatment.proof_words import TITLES, criterion_of, reason_of, valued
from qualipolis.city.hospital.treatment.scope import current_items
from qualipolis.methods.spc.eight_d import DISCIPLINES

LEARNED = ("preventive", "training", "standard")


@dataclass(frozen=True)
class Part:
    """One part of a discipline: its code and title, what it asks for, what the case says of it (empty: missing)."""

    code: str
    title: str
    asks: str
    text: str


def parts_of(case: Case) -> list[Part]:
    """Return the parts of the report in the order of the disciplines."""
    said = {name: words.strip() for name, words in _texts(case).items()}
    return [
        Part(one.code, _(one.title), _(asks), said.get(name, ""))
        for one in DISCIPLINES
        for name, asks in one.holds.items()
    ]


def _texts(case: Case) -> dict[str, str]:
    items = list(current_items(case))
    return _problem(case) | _contained(case) | _caused(case) | _acted(case, items) | _kept(case, items)


def _problem(case: Case) -> dict[str, str]:
    """D0 to D2 from the registration."""
    when = f"{case.first_seen:%Y-%m-%d}" if case.first_seen else ""
    market = {True: _("on the market"), False: _("not on the market")}.get(case.on_market, "")  # type: ignore[call-overload]
    volume = _("%(n)s pieces affected") % {"n": f"{case.volume_affected:,}"} if case.volume_affected is not None else ""
    product = " ".join(filter(None, (case.product_name, case.model, case.standard_no)))
    team = [f"{case.expert}{_(', ')}{case.expert.organisation.name}" if case.expert else "", case.enterprise.name]
    seats = [str(one.expert) for panel in case.panels.filter(status="concluded") for one in panel.seats.all()]
    return {
        "symptom": case.problem_text,
        "team": "\n".join(filter(None, [*team, *seats])),
        "is": "\n".join(filter(None, [product, case.problem_text, when, market])),
        "numbers": volume,
    }


def _contained(case: Case) -> dict[str, str]:
    rows = list(containments(case).order_by("position", "pk"))
    return {
        "containment": "\n".join(_row(one) for one in rows),
        "containment_check": "\n".join(one.report for one in rows if one.report),
    }


def _row(item: PrescriptionItem) -> str:
    until = f"{item.finish_on:%Y-%m-%d}" if item.finish_on else ""
    return _(", ").join(filter(None, (item.action, item.owner, until, state_words(item))))


def _caused(case: Case) -> dict[str, str]:
    found = in_force(case)
    if found is None:
        return {}
    cause = f"{found.get_root_cause_display()}{_(': ')}{found.statement}"
    return {"occurrence": cause, "non_detection": found.escape_point, "evidence": found.evidence}


def _acted(case: Case, items: list[PrescriptionItem]) -> dict[str, str]:
    chosen = [one for one in items if one.kind != "containment"]
    done = [f"{one.done_on:%Y-%m-%d} {one.action}{_(': ')}{one.report}" for one in chosen if one.done_on]
    criteria = [criterion_of(one) or one.criterion for one in chosen]
    return {
        "actions": "\n".join(_row(one) for one in chosen),
        "criterion": "\n".join(filter(None, criteria)),
        "implemented": "\n".join(done),
        "proof": "\n".join(_proven(one) for one in proofs.current(case).values()),
    }


def _proven(proof: Proof) -> str:
    item = proof.item
    if item is None:
        return ""
    change = f"{valued(proof.before, item)} → {valued(proof.after, item)}"
    return f"{TITLES.get(proof.verdict, '')}{_(': ')}{criterion_of(item)}; {change}. {reason_of(proof.figures)}"


def _kept(case: Case, items: list[PrescriptionItem]) -> dict[str, str]:
    """D7 and D8: what keeps it from coming back, and how it ended."""
    modes, plan = analysis(case), list(case.control_plan.all())
    found: Mapping[str, Any] = {
        "fmea": "\n".join(f"{priority} {row.step}{_(': ')}{row.mode}" for row, priority in modes),
        "control_plan": "\n".join(f"{row.step}{_(': ')}{row.characteristic} {row.specification}" for row in plan),
        "standards": "\n".join(_row(one) for one in items if one.kind in LEARNED),
    }
    closed = _("Cured on %(day)s") % {"day": f"{case.cured_on:%Y-%m-%d}"} if case.cured_on else ""
    return {**found, "closure": closed if case.status in ("cured", "following", "closed") else ""}

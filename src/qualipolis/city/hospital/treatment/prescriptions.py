"""Verbs of the prescription: written row by row, given, accepted or objected to; a new version replaces the old."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils import timezone

from qualipolis.city.core.ledger import record
from qualipolis.city.core.moves import move
from qualipolis.city.core.policy import System, verb
from qualipolis.city.core.steps import roles_for
from qualipolis.city.core.subscriptions import subscriber, tell
from qualipolis.city.hospital.consultation.parties import parties
from qualipolis.city.hospital.consultation.thread import add
from qualipolis.city.hospital.models import Case, Prescription, PrescriptionItem
from qualipolis.city.hospital.treatment.items import cleaned, complete
from qualipolis.city.hospital.treatment.scope import WORDS, case_for, needed, treated_by
from qualipolis.methods.problems import Problem, msg, refuse

FLOW = "hospital_case"
WRITABLE = ("assigned", "examining", "panel", "diagnosed")
MOST_ITEMS = 40
PROMISE = msg("A prescription does not promise that the product will pass a test.")
SYSTEM = System()


def draft_of(case: Case) -> Prescription | None:
    """Return the version that is being written."""
    return case.prescriptions.filter(status="draft").order_by("-version").first()


def latest(case: Case) -> Prescription | None:
    """Return the version that counts: the one given or accepted, else the one being written, else the last."""
    given = case.prescriptions.filter(status__in=("issued", "accepted")).order_by("-version").first()
    return draft_of(case) or given or case.prescriptions.order_by("-version").first()


@verb("hospital.write_prescription", roles=("expert",), scope=parties)
def write_prescription(actor: Any, thing: Case, items: Sequence[Mapping[str, Any]], advice: str = "") -> Prescription:
    """Keep the draft of a prescription: all of its rows as they are now. An unfinished row may stay unfinished.

    Raises
    ------
    InputError
        Everything wrong, each row by its number; nothing is changed then.
    """
    case = treated_by(actor, thing)
    rows, wrong = [], []
    if case.status not in WRITABLE:
        wrong.append(Problem("wrong_state", msg("A prescription is written from the examination to the diagnosis.")))
    if len(items) > MOST_ITEMS:
        what = msg("At most %(most)s items stand in a prescription.")
        wrong.append(Problem("too_many_items", what, "", {"most": MOST_ITEMS}))
    for number, given in enumerate(items[:MOST_ITEMS], 1):
        values, found = cleaned(dict(given))
        wrong += [Problem(p.code, p.what, p.remedy, p.params, f"{number}.{p.place}") for p in found]
        rows.append(values)
    refuse(wrong)
    draft = draft_of(case) or _new_version(case)
    draft.advice, draft.expert = advice.strip()[:4000], case.expert
    draft.save(update_fields=["advice", "expert"])
    draft.items.all().delete()  # rows of a draft that nobody was given
    PrescriptionItem.objects.bulk_create(
        PrescriptionItem(case=case, prescription=draft, round=case.reopened, position=n, due_on=row["finish_on"], **row)
        for n, row in enumerate(rows, 1)
    )
    told = {"of": str(case), "version": draft.version, "items": len(rows)}
    record(actor, "hospital.write_prescription", draft, told)
    return draft


def _new_version(case: Case) -> Prescription:
    last = case.prescriptions.order_by("-version").values_list("version", flat=True).first() or 0
    return Prescription.objects.create(case=case, version=last + 1, expert=case.expert)


def facts(case: Case) -> dict[str, Any]:
    """Return what the guard of the prescription reads of the draft."""
    found = draft_of(case)
    items = list(found.items.exclude(status="dropped")) if found else []
    return {
        "items": len(items),
        "incomplete_items": sum(not complete(item) for item in items),
        "measurable_items": sum(item.measure != WORDS for item in items),
    }


@verb("hospital.prescribe", roles=roles_for(FLOW, "prescribe"), scope=parties)
def prescribe(actor: Any, thing: Case) -> Prescription:
    """Give the draft to the firm. What was given before is replaced by it."""
    case = treated_by(actor, thing)
    draft = draft_of(case)
    known = facts(case) if draft else {"items": 0}
    told = {"version": draft.version if draft else 0, "items": known["items"]}
    move(actor, case, "prescribe", "hospital.prescribe", told, facts=known, for_good=True)
    assert draft is not None
    _replace(case, actor, draft)
    today = timezone.localdate()
    move(actor, draft, "issue", "hospital.issue_prescription", {"version": draft.version}, facts=known,
         for_good=True, issued_on=today, expert=case.expert)  # fmt: skip
    return draft


def _replace(case: Case, actor: Any, by: Prescription | None) -> None:
    """Replace every earlier version, except those replaced already and the drafts."""
    rows = case.prescriptions.select_for_update().filter(status__in=("issued", "accepted", "objected"))
    for old in rows.exclude(pk=by.pk) if by else rows:
        move(actor, old, "replace", "hospital.replace_prescription", {"version": old.version}, for_good=True)


@verb("hospital.accept_prescription", roles=roles_for(FLOW, "accept_prescription"), scope=parties)
def accept_prescription(actor: Any, thing: Case) -> Prescription:
    """Accept the prescription as the firm; the treatment begins, and its criteria are fixed from here on."""
    case = case_for(actor, thing)
    given = _given(case)
    told = {"version": given.version if given else 0}
    move(actor, case, "accept_prescription", "hospital.begin_treatment", told, for_good=True)
    assert given is not None
    move(actor, given, "accept", "hospital.accept_prescription", told, for_good=True, answered_on=timezone.localdate())
    tell(actor, "hospital.prescription_accepted", given)
    return given


@verb("hospital.object_to_prescription", roles=roles_for(FLOW, "object"), scope=parties)
def object_to_prescription(actor: Any, thing: Case, reason: str) -> Prescription:
    """Object to the prescription as the firm, with the reason; the expert writes another version."""
    case = case_for(actor, thing)
    given = _given(case)
    why, empty = needed(reason, "reason", msg("Give the reason."), 2000)
    refuse([empty])
    told = {"version": given.version if given else 0}
    move(actor, case, "object", "hospital.refuse_prescription", told, facts={"reason": why}, for_good=True)
    assert given is not None
    changes = {"objection": why, "answered_on": timezone.localdate()}
    move(actor, given, "object", "hospital.object_to_prescription", told, facts={"reason": why}, for_good=True,
         **changes)  # fmt: skip
    add(actor, case, why)
    return given


def _given(case: Case) -> Prescription | None:
    return case.prescriptions.select_for_update().filter(status="issued").order_by("-version").first()


def rows_of(prescription: Prescription | None) -> list[dict[str, Any]]:
    """Return the rows of a version as :func:`write_prescription` takes them, to go on from."""
    from qualipolis.city.hospital.treatment.items import FIELDS

    if prescription is None:
        return []
    return [{name: getattr(item, name) for name in FIELDS} for item in prescription.items.exclude(status="dropped")]


@subscriber("hospital.case_reopened")
def close_the_old(actor: Any, case: Case, **_more: Any) -> None:
    """A case that came back begins anew: what was prescribed before counts no more."""
    _replace(case, SYSTEM, None)

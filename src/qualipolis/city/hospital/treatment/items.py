"""Verbs of the items of a treatment: contained before any prescription (D3), done by the firm with photos, judged."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from math import isfinite
from typing import Any

from django.db.models import Max
from django.utils import timezone

from qualipolis.city.core.attachments import store
from qualipolis.city.core.days import given_day
from qualipolis.city.core.ledger import name_of, record
from qualipolis.city.core.models import Attachment
from qualipolis.city.core.moves import locked, move
from qualipolis.city.core.policy import verb
from qualipolis.city.core.steps import roles_for
from qualipolis.city.hospital.consultation.parties import parties
from qualipolis.city.hospital.models import Case, PrescriptionItem
from qualipolis.city.hospital.treatment.scope import WORDS, case_for, needed, treated_by
from qualipolis.methods.problems import InputError, Problem, msg, refuse

FLOW = "hospital_item"
BEFORE_TREATMENT = ("triaged", "proposed", "assigned", "examining", "panel", "diagnosed", "prescribed")
DOING = (*BEFORE_TREATMENT, "treating", "reopened")
JUDGING = (*DOING, "verifying")
MOST_FILES = 12
AT_LEAST, AT_MOST = PrescriptionItem.Direction.AT_LEAST, PrescriptionItem.Direction.AT_MOST
LOWER_IS_BETTER = (PrescriptionItem.Measure.SHARE, PrescriptionItem.Measure.COUNT, PrescriptionItem.Measure.SD)
FIELDS = (
    "kind",
    "action",
    "owner",
    "finish_on",
    "cost",
    "criterion",
    "measure",
    "direction",
    "target",
    "unit",
    "least_n",
)


def cleaned(given: dict[str, Any]) -> tuple[dict[str, Any], list[Problem]]:
    """Return the fields of an item as they are kept, and everything that is wrong with them."""
    values = {name: given.get(name) for name in FIELDS}
    for name, most in (("action", 1000), ("owner", 80), ("criterion", 1000), ("unit", 20)):
        values[name] = str(values[name] or "").strip()[:most]
    values["measure"] = values["measure"] or WORDS
    wrong = [] if values["action"] else [Problem("no_action", msg("Say what is to be done."), place="action")]
    if values["kind"] not in PrescriptionItem.Kind.values:
        wrong.append(Problem("no_kind", msg("Choose the kind of the item."), place="kind"))
    cost = values["cost"]
    if cost is not None and not (Decimal(0) <= Decimal(cost) < Decimal(10**10)):
        wrong.append(Problem("bad_cost", msg("A cost is a sum from 0 yuan on."), place="cost"))
    return values, [*wrong, *_measured(values)]


def _measured(values: dict[str, Any]) -> list[Problem]:
    """Return what is wrong with the measured criterion; what belongs to a measure alone is emptied without one."""
    measure = values["measure"]
    if measure not in PrescriptionItem.Measure.values:
        return [Problem("bad_measure", msg("Choose how the item is measured."), place="measure")]
    if measure == WORDS:
        values |= {"direction": "", "target": None, "unit": "", "least_n": None}
        return []
    wrong = []
    if measure != PrescriptionItem.Measure.MEAN:
        values["direction"] = AT_MOST if measure in LOWER_IS_BETTER else AT_LEAST
    elif values["direction"] not in (AT_LEAST, AT_MOST):
        wrong.append(Problem("no_direction", msg("Say whether it is to be at least or at most."), place="direction"))
    target = values["target"]
    if target is None or not isfinite(target) or _impossible(measure, target):
        what = msg("Give the value to be reached: a share lies between 0 and 1, a spread or a rate above 0.")
        wrong.append(Problem("no_target", what, place="target"))
    least = values["least_n"]
    if least is not None and not 1 <= least <= 10**7:
        wrong.append(Problem("bad_least_n", msg("Give how many readings are needed at least."), place="least_n"))
    return wrong


def _impossible(measure: str, target: float) -> bool:
    if measure == PrescriptionItem.Measure.SHARE:
        return not 0 < target < 1
    return measure in LOWER_IS_BETTER and target <= 0


def complete(values: Any) -> bool:
    """Whether an item has an owner, a day and a criterion by which it is accepted."""
    read = values.get if isinstance(values, dict) else lambda name: getattr(values, name)
    return bool(read("owner") and read("finish_on") and read("criterion"))


def next_position(case: Case) -> int:
    """Return the position after the last item of a case."""
    return (case.items.aggregate(last=Max("position"))["last"] or 0) + 1


@verb("hospital.add_containment", roles=("expert", "hospital_desk", "hospital_manager"), scope=parties)
def add_containment(
    actor: Any, thing: Case, action: str, owner: str, finish_on: date, criterion: str
) -> PrescriptionItem:
    """Ask the firm for a containment (D3) at once, before any prescription."""
    row = case_for(actor, thing)
    given = {"kind": "containment", "action": action, "owner": owner, "finish_on": finish_on, "criterion": criterion}
    values, wrong = cleaned(given)
    if row.status not in BEFORE_TREATMENT:
        wrong.append(Problem("wrong_state", msg("A containment is asked for before the treatment begins.")))
    if not complete(values):
        what = msg("Every item needs an owner, a day and a criterion by which it is accepted.")
        wrong.append(Problem("incomplete_items", what))
    refuse(wrong)
    made = PrescriptionItem.objects.create(
        case=row, round=row.reopened, position=next_position(row), due_on=values["finish_on"], **values
    )
    record(actor, "hospital.add_containment", made, {"of": str(row), "position": made.position, "until": finish_on})
    return made


def item_of(item: PrescriptionItem) -> PrescriptionItem:
    """Return the item kept for this transaction, with its case."""
    return locked(item, "case__enterprise", "case__unit", "case__expert", "prescription")


def _given(item: PrescriptionItem) -> bool:
    """Whether the firm has been given the item: a containment of this round, or of a prescription that it accepted."""
    now = item.round == item.case.reopened
    return now and (item.prescription is None or item.prescription.status == "accepted")


def _in_time(item: PrescriptionItem, states: tuple[str, ...]) -> Problem | None:
    """Return why nothing happens to the item now: its case is elsewhere, or the item is not in force."""
    if not _given(item):
        return Problem(
            "not_in_force", msg("This item is not in force: the prescription is not accepted or was replaced.")
        )
    if item.case.status not in states:
        return Problem("wrong_state", msg("This step cannot be taken in the present state of the case."))
    return None


@verb("hospital.attach_to_item", roles=("enterprise",), scope=parties)
def attach_to_item(actor: Any, thing: PrescriptionItem, name: str, chunks: Iterable[bytes]) -> Attachment:
    """Keep a photo or paper of what was done, before the item is reported."""
    case_for(actor, thing.case)
    row = item_of(thing)
    problem = _in_time(row, DOING)
    if problem is None and row.status not in ("open", "returned"):
        problem = Problem("item_done", msg("Photos are added before the item is reported done."))
    if problem is None and Attachment.objects.filter(thing=name_of(row)).count() >= MOST_FILES:
        problem = Problem(
            "too_many_files", msg("Hand in at most %(n)s files."), params={"n": MOST_FILES}, place="files"
        )
    refuse([problem])
    return store(actor, row, name, chunks)


@verb("hospital.finish_item", roles=roles_for(FLOW, "finish"), scope=parties)
def finish_item(
    actor: Any, thing: PrescriptionItem, report: str, done_on: date | None = None, files: Iterable[Any] = ()
) -> PrescriptionItem:
    """Report an item done, with what was done, when, and photos of it."""
    case_for(actor, thing.case)
    row = item_of(thing)
    day = done_on or timezone.localdate()
    words, empty = needed(report, "report", msg("Say in a few words what was done."), 2000)
    refuse([_in_time(row, DOING), empty, *given_day(day, "done_on", row.case.registered_on)])
    for file in files:
        if file:
            attach_to_item(actor, row, file.name, file.chunks())
    told = {"position": row.position, "done_on": day}
    move(actor, row, "finish", "hospital.finish_item", told, facts={"report": words}, report=words, done_on=day)
    return row


@verb("hospital.accept_item", roles=roles_for(FLOW, "accept"), scope=parties)
def accept_item(actor: Any, thing: PrescriptionItem, remark: str = "") -> PrescriptionItem:
    """Accept what was done. Whether it worked is proven apart from it, by the numbers."""
    treated_by(actor, thing.case)
    row = item_of(thing)
    refuse([_in_time(row, JUDGING)])
    changes = {"judged_on": timezone.localdate(), "remark": remark.strip()[:1000]}
    move(actor, row, "accept", "hospital.accept_item", {"position": row.position}, for_good=True, **changes)
    return row


@verb("hospital.return_item", roles=roles_for(FLOW, "return"), scope=parties)
def return_item(actor: Any, thing: PrescriptionItem, reason: str) -> PrescriptionItem:
    """Send an item back while the treatment runs; the firm reads why."""
    treated_by(actor, thing.case)
    row = item_of(thing)
    refuse([_in_time(row, DOING)])
    sent_back(actor, row, reason)
    return row


def sent_back(actor: Any, row: PrescriptionItem, reason: str) -> None:
    """Send an item back inside the verb of the caller."""
    why = reason.strip()[:1000]
    move(actor, row, "return", "hospital.return_item", {"position": row.position}, facts={"reason": why},
         for_good=True, judged_on=timezone.localdate(), remark=why)  # fmt: skip


@verb("hospital.drop_item", roles=roles_for(FLOW, "drop"), scope=parties)
def drop_item(actor: Any, thing: PrescriptionItem, reason: str) -> PrescriptionItem:
    """Drop an item, with the reason; never one whose criterion is measured, and never the only containment."""
    treated_by(actor, thing.case)
    row = item_of(thing)
    why = reason.strip()[:1000]
    refuse([_in_time(row, JUDGING), _kept(row)])
    changes = {"judged_on": timezone.localdate(), "remark": why}
    move(actor, row, "drop", "hospital.drop_item", {"position": row.position}, facts={"reason": why}, for_good=True,
         **changes)  # fmt: skip
    return row


def _kept(row: PrescriptionItem) -> Problem | None:
    """Return why an item cannot be dropped: the cure is judged by it, or it alone contains what is on the market."""
    if row.measure != WORDS:
        what = msg("The cure is judged by this item: it cannot be dropped. A new prescription can replace it.")
        return Problem("measured_item", what)
    others = containments(row.case).exclude(pk=row.pk)
    if row.kind == "containment" and row.case.on_market and not others.exists():
        return Problem("only_containment", msg("The product is on the market: one containment must stay (D3)."))
    return None


def containments(case: Case) -> Any:
    """Return the containments in force: of this round, not dropped, not of a draft or a replaced prescription."""
    rows = case.items.filter(kind="containment", round=case.reopened).exclude(status="dropped")
    return rows.exclude(prescription__status__in=("draft", "objected", "replaced"))


def only_items_of(case: Case, items: Iterable[PrescriptionItem]) -> None:
    """Refuse items of another case."""
    if any(item.case_id != case.pk for item in items):
        raise InputError([Problem("other_case", msg("This item belongs to another case."))])

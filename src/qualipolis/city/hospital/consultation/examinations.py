"""Verbs of an examination: ordered from a laboratory whose scope fits, accepted, reported with readings, or not done."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from django.utils import timezone

from qualipolis.city.core.attachments import store
from qualipolis.city.core.days import not_ahead
from qualipolis.city.core.ledger import record
from qualipolis.city.core.moves import locked, move
from qualipolis.city.core.numbering import next_number
from qualipolis.city.core.policy import verb
from qualipolis.city.core.steps import roles_for
from qualipolis.city.core.subscriptions import tell
from qualipolis.city.hospital.consultation.parties import is_system, laboratory_of, parties, require_attending, written
from qualipolis.city.hospital.consultation.scopes import why_not
from qualipolis.city.hospital.consultation.unnamed import product_for_laboratory, telling
from qualipolis.city.hospital.models import Case, Examination
from qualipolis.city.registry.models import Institution
from qualipolis.methods.problems import Problem, msg, refuse

FLOW, SERIES = "hospital_examination", "JY"
ORDERABLE = ("assigned", "examining", "panel", "diagnosed", "treating", "verifying", "improved")
OPEN = ("ordered", "accepted")
VERDICTS = {"pass": msg("Passed"), "watch": msg("To watch"), "fail": msg("Failed"), "none": msg("not judged")}
MOST_ITEMS, MOST_VALUES = 30, 1000
LENGTHS = {"name": 120, "standard": 60, "requirement": 120, "unit": 20}

Item = Mapping[str, str]
Reading = Mapping[str, Any]


@verb("hospital.order_examination", roles=("expert",), scope=parties)
def order(
    actor: Any,
    thing: Case,
    laboratory: Institution,
    items: Sequence[Item],
    *,
    question: str = "",
    sample_mark: str = "",
    for_proof: bool = False,
) -> Examination:
    """Order an examination. The first one begins the examination of the case; the laboratory learns nothing of the firm.

    Parameters
    ----------
    items : ``name`` (the parameter) with ``standard``, ``requirement`` and ``unit``
    for_proof : the readings are to prove the effect of the treatment

    Raises
    ------
    InputError
        an item lies outside the scope of the laboratory today, or the laboratory tests supervision samples of this firm
    """
    case = locked(thing, "enterprise")
    require_attending(actor, case)
    asked = [{key: str(item.get(key, "")).strip() for key in LENGTHS} for item in items]
    wrong = _unclear(asked)
    if case.status not in ORDERABLE or case.expert is None:
        wrong.append(Problem("wrong_state", msg("This step cannot be taken in the present state.")))
    wrong += telling(case, {"question": question, "sample_mark": sample_mark, "items": _words_of(asked)})
    refuse(wrong or why_not(case, laboratory, asked))
    if case.status == "assigned":
        move(actor, case, "examine", "hospital.examine", for_good=True)
    made = Examination.objects.create(
        case=case, number=next_number(SERIES, timezone.localdate().year), laboratory=laboratory,
        ordered_by=case.expert, product_name=product_for_laboratory(case), sample_mark=sample_mark.strip()[:80], items=asked,
        question=question.strip()[:2000], for_proof=for_proof,
    )  # fmt: skip
    told = {"of": made.number, "case": str(case), "laboratory": laboratory.code, "items": len(asked)}
    record(actor, "hospital.order_examination", made, told)
    return made


def _words_of(items: Sequence[Item]) -> str:
    return "\n".join(text for item in items for text in item.values())


def _unclear(items: Sequence[Item]) -> list[Problem]:
    """Return what is wrong with a list of items as such."""
    wrong = []
    names = [item["name"] for item in items]
    if not items or len(items) > MOST_ITEMS or not all(names):
        what = msg("Name the items to be tested, one to %(most)s.")
        wrong.append(Problem("no_items", what, "", {"most": MOST_ITEMS}, "items"))
    if len(set(names)) < len(names):
        wrong.append(Problem("repeated_items", msg("An item stands twice in the list."), place="items"))
    for item in items:
        if any(len(item[key]) > most for key, most in LENGTHS.items()):
            what = msg("The item %(name)s is too long.")
            wrong.append(Problem("long_item", what, "", {"name": item["name"][:40]}, "items"))
    return wrong


@verb("hospital.accept_examination", roles=roles_for(FLOW, "accept"), scope=laboratory_of)
def accept(actor: Any, thing: Examination) -> Examination:
    """Accept an order as the laboratory."""
    row = locked(thing, "laboratory")
    move(actor, row, "accept", "hospital.accept_examination")
    return row


@verb("hospital.decline_examination", roles=roles_for(FLOW, "decline"), scope=laboratory_of)
def decline(actor: Any, thing: Examination, reason: str) -> Examination:
    """Decline an order as the laboratory; the doctor reads why and orders elsewhere."""
    row = locked(thing, "laboratory")
    why = reason.strip()[:2000]
    move(actor, row, "decline", "hospital.decline_examination", facts={"reason": why}, for_good=True, conclusion=why)
    return row


@verb("hospital.cancel_examination", roles=roles_for(FLOW, "cancel"), scope=parties)
def cancel(actor: Any, thing: Examination, reason: str) -> Examination:
    """Cancel an order that is not reported yet; the laboratory reads why."""
    row = locked(thing, "case__enterprise")
    require_attending(actor, row.case, "hospital_manager")
    why = reason.strip()[:2000]
    refuse(telling(row.case, {"reason": why}))
    move(actor, row, "cancel", "hospital.cancel_examination", facts={"reason": why}, for_good=True, conclusion=why)
    return row


@verb("hospital.report_examination", roles=roles_for(FLOW, "report"), scope=laboratory_of)
def report(
    actor: Any,
    thing: Examination,
    report_no: str,
    readings: Sequence[Reading],
    *,
    conclusion: str = "",
    reported_on: date | None = None,
    file: Any = None,
) -> Examination:
    """Hand in the report: one reading for every item that was ordered, in that order.

    Parameters
    ----------
    readings : ``value`` (as it stands in the report), ``verdict`` (a key of ``VERDICTS``), ``n`` (samples tested),
        ``values`` (the single values, where a proof of effect needs them)
    """
    row = locked(thing, "laboratory", "case")
    day = reported_on or timezone.localdate()
    taken = [_reading(item, given) for item, given in zip(row.items, readings, strict=False)]
    wrong = _unreadable(row, readings, taken)
    wrong += written([("report_no", report_no, msg("Give the number of the report."), 80)])
    wrong += not_ahead(day, "reported_on", row.ordered_on)
    refuse(wrong)
    kept = store(actor, row, file.name, file.chunks()) if file else None
    told = {"reported_on": day, "items": len(taken), "failed": sum(one["verdict"] == "fail" for one in taken)}
    move(actor, row, "report", "hospital.report_examination", told, report_no=report_no.strip(), readings=taken,
         conclusion=conclusion.strip()[:2000], reported_on=day, report=kept)  # fmt: skip
    tell(actor, "hospital.examination_reported", row)
    return row


def _reading(item: Item, given: Reading) -> dict[str, Any]:
    """Return a reading as it is kept, with the words of its item."""
    values = given.get("values") or []
    n = given.get("n") if given.get("n") is not None else (len(values) or None)
    value = str(given.get("value", "")).strip()
    verdict = str(given.get("verdict", "")) or "none"
    return {"item": item["name"], "unit": item.get("unit", ""), "requirement": item.get("requirement", ""),
            "value": value, "verdict": verdict, "n": n, "values": list(values)}  # fmt: skip


def _unreadable(row: Examination, given: Sequence[Reading], taken: Iterable[Mapping[str, Any]]) -> list[Problem]:
    """Return what is wrong with the readings."""
    if len(given) != len(row.items):
        what = msg("Give one reading for each of the %(n)s items.")
        return [Problem("missing_readings", what, "", {"n": len(row.items)}, "readings")]
    wrong = []
    for place, one in enumerate(taken):
        params = {"name": one["item"]}
        sizes = one["n"] is None or (isinstance(one["n"], int) and 0 < one["n"] <= 10**6)
        numbers = len(one["values"]) <= MOST_VALUES and all(_finite(value) for value in one["values"])
        if one["verdict"] not in VERDICTS or len(one["value"]) > 80 or not (one["value"] or one["verdict"] == "none"):
            what = msg("Give the value and the verdict of %(name)s; an item that was not tested is not judged.")
            wrong.append(Problem("no_reading", what, "", params, f"value_{place}"))
        if not sizes or not numbers:
            what = msg("The number of samples or the single values of %(name)s cannot be read.")
            wrong.append(Problem("bad_values", what, "", params, f"values_{place}"))
    return wrong


def _finite(value: Any) -> bool:
    plain = isinstance(value, int | float) and not isinstance(value, bool)
    return plain and value == value and abs(value) != float("inf")


def open_examinations(case: Case) -> int:
    """Return how many orders are still with a laboratory."""
    return case.examinations.filter(status__in=OPEN).count()


def of_laboratory(actor: Any, row: Examination) -> bool:
    """Whether a person acts for the laboratory of an examination."""
    from qualipolis.city.core.policy import organisations_of

    return is_system(actor) or bool(organisations_of(actor, ("laboratory",)) & set(laboratory_of(row)))

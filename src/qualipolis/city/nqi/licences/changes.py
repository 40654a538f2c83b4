"""Verbs of change filings: owed from the day of a change, filed by the body, decided by the authority with its effect."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

from django.db.models import Q
from django.utils import timezone

from qualipolis.city.core.days import not_ahead
from qualipolis.city.core.ledger import record
from qualipolis.city.core.moves import locked, move
from qualipolis.city.core.numbering import next_number
from qualipolis.city.core.policy import verb
from qualipolis.city.nqi.licences.models import ChangeFiling, ChangeLine, Licence, Signatory
from qualipolis.city.nqi.licences.visibility import LABORATORY, OFFICE, body_of, office_of
from qualipolis.city.registry.models import Institution, Qualification, ScopeItem
from qualipolis.law.terms import deadline
from qualipolis.law.validators.standard_numbers import standard_number
from qualipolis.methods.problems import Problem, msg, refuse

Kind, Origin = ChangeFiling.Kind, ChangeFiling.Origin
SCOPE_KINDS = (Kind.ITEM_CANCELLED, Kind.METHOD_CHANGED)
MOST_LINES = 5000
NO_LICENCE = msg("The body holds no CMA certificate that can be changed.")


def owe(licence: Licence, kind: str, origin: str, changed_on: date, said: str = "", **more: Any) -> ChangeFiling:
    """Make a filing that a body owes from the day of a change on; for the verbs that find out."""
    term = deadline("licence.change_filing", changed_on).due
    return ChangeFiling.objects.create(
        number=next_number("BG", timezone.localdate().year), licence=licence, kind=kind, origin=origin,
        changed_on=changed_on, file_by=term, due_on=term, said=said.strip()[:2000], **more,
    )  # fmt: skip


def in_force(institution: Institution) -> Licence | None:
    """Return the CMA certificate of a body that can be changed now, the latest one."""
    rows = Licence.objects.filter(qualification__institution=institution)
    rows = rows.exclude(status__in=(*Licence(status="valid").flow.finals, "expired"))
    return rows.select_related("qualification__institution__unit").order_by("-qualification__valid_from").first()


def _row(thing: ChangeFiling) -> ChangeFiling:
    return locked(thing, "licence__qualification__institution__unit", "signatory")


def hand_in(
    actor: Any, row: ChangeFiling, name: str, items: Iterable[ScopeItem], told: dict[str, Any] | None = None
) -> ChangeFiling:
    """Take the step of handing in, with the lines of the scope that the filing ends or replaces."""
    lines = list(items)[: MOST_LINES + 1]
    wrong = any(one.qualification_id != row.licence.qualification_id for one in lines)
    refuse(
        [
            Problem("other_scope", msg("A line belongs to another certificate."), place="lines") if wrong else None,
            Problem("too_many", msg("At most %(most)s lines fit in one filing."), "", {"most": MOST_LINES}, "lines")
            if len(lines) > MOST_LINES else None,
        ]
    )  # fmt: skip
    facts = {"kind": row.kind, "changed_on": row.changed_on, "said": row.said}
    move(actor, row, "file", name, {"kind": row.kind, "lines": len(lines), **(told or {})}, facts=facts,
         for_good=True, filed_on=timezone.localdate(), said=row.said, new_name=row.new_name,
         new_address=row.new_address, new_standard=row.new_standard, reason="")  # fmt: skip
    if lines:
        row.lines.all().delete()
        ChangeLine.objects.bulk_create([ChangeLine(filing=row, item=one) for one in lines], batch_size=1000)
    return row


@verb("nqi.file_change", roles=LABORATORY, scope=body_of)
def file_change(
    actor: Any, thing: Licence, kind: str, changed_on: date, said: str, *, items: Iterable[ScopeItem] = (),
    signatory: Signatory | None = None, **given: str,
) -> ChangeFiling:  # fmt: skip
    """File a change of one's own; a late filing says that it is late."""
    row = locked(thing, "qualification__institution__unit")
    refuse(
        [
            None if kind in Kind.values else Problem("no_kind", msg("Choose which of the five kinds of change it is."), place="kind"),
            None if row.status not in (*row.flow.finals, "expired") else Problem("no_licence", NO_LICENCE),
            *not_ahead(changed_on, "changed_on"),
        ]
    )  # fmt: skip
    made = owe(row, kind, Origin.LABORATORY, changed_on, said, signatory=signatory, **_named(given))
    return hand_in(actor, made, "nqi.file_change", items, {"on": changed_on})


def _named(given: dict[str, str]) -> dict[str, str]:
    """Return what a filing names anew, bounded; a standard number in its one written form."""
    kept = {name: given.get(name, "").strip()[:200] for name in ("new_name", "new_address")}
    for name in ("old_standard", "new_standard"):
        if given.get(name, "").strip():
            found = standard_number(given[name])
            refuse(
                [
                    Problem(one.code, one.what, one.remedy, one.params, name)
                    for one in found.problems
                    if one.severity == "error"
                ]
            )
            kept[name] = found.value[:60]
    return kept


@verb("nqi.file_owed_change", roles=LABORATORY, scope=body_of)
def file_owed_change(
    actor: Any, thing: ChangeFiling, said: str, *, items: Iterable[ScopeItem] = (), **given: str
) -> ChangeFiling:
    """File a change that is owed, was ordered, or came back for mending."""
    row = _row(thing)
    row.said = said.strip()[:2000] or row.said
    for name, value in _named(given).items():
        setattr(row, name, value or getattr(row, name))
    chosen = list(items) or ([] if row.lines.exists() else list(lines_of_old_standard(row)))
    return hand_in(actor, row, "nqi.file_owed_change", chosen)


def lines_of_old_standard(row: ChangeFiling) -> Iterable[ScopeItem]:
    """Return the lines in force that list the old edition of a standard that a filing replaces."""
    if row.kind != Kind.METHOD_CHANGED or not row.old_standard:
        return ScopeItem.objects.none()
    return ScopeItem.objects.filter(
        qualification=row.licence.qualification, standard=row.old_standard, valid_to=None
    ).order_by("pk")


@verb("nqi.note_change", roles=OFFICE, scope=office_of)
def note_change(actor: Any, thing: Institution, kind: str, changed_on: date, said: str) -> ChangeFiling:
    """Note a change that a body has not filed."""
    licence = in_force(thing)
    refuse(
        [
            Problem("no_licence", NO_LICENCE) if licence is None else None,
            None if kind in Kind.values else Problem("no_kind", msg("Choose which of the five kinds of change it is."), place="kind"),
            None if said.strip() else Problem("no_words", msg("Say what has changed."), place="said"),
            *not_ahead(changed_on, "changed_on"),
        ]
    )  # fmt: skip
    assert licence is not None
    made = owe(licence, kind, Origin.OFFICE, changed_on, said)
    record(actor, "nqi.note_change", made, {"kind": kind, "on": changed_on})
    return made


@verb("nqi.order_filing", roles=OFFICE, scope=office_of)
def order_filing(actor: Any, thing: ChangeFiling, document_no: str) -> ChangeFiling:
    """Order a body to file a change whose term is over."""
    row, said = _row(thing), document_no.strip()[:60]
    facts = {"due_on": row.due_on, "document_no": said}
    move(actor, row, "order", "nqi.order_filing", facts=facts, document_no=said)
    return row


@verb("nqi.return_filing", roles=OFFICE, scope=office_of)
def return_filing(actor: Any, thing: ChangeFiling, reason: str) -> ChangeFiling:
    """Return a filing to be mended."""
    row, said = _row(thing), reason.strip()[:400]
    move(actor, row, "return", "nqi.return_filing", facts={"reason": said}, for_good=True, reason=said)
    return row


@verb("nqi.refuse_filing", roles=OFFICE, scope=office_of)
def refuse_filing(actor: Any, thing: ChangeFiling, document_no: str, reason: str) -> ChangeFiling:
    """Note that a change was refused."""
    row, said = _row(thing), reason.strip()[:400]
    facts = {"document_no": document_no.strip(), "reason": said}
    move(actor, row, "refuse", "nqi.refuse_filing", facts=facts, document_no=document_no.strip()[:60], reason=said,
         decided_on=timezone.localdate())  # fmt: skip
    _drop_proposed(row)
    return row


def _drop_proposed(row: ChangeFiling) -> None:
    """A signatory whose filing came to nothing never signed."""
    if row.signatory is not None and row.signatory.valid_from is None:
        Signatory.objects.filter(pk=row.signatory_id).update(left_on=timezone.localdate())


@verb("nqi.dismiss_filing", roles=OFFICE, scope=office_of)
def dismiss_filing(actor: Any, thing: ChangeFiling, reason: str) -> ChangeFiling:
    """Say that no filing is needed."""
    row, said = _row(thing), reason.strip()[:400]
    move(actor, row, "dismiss", "nqi.dismiss_filing", facts={"reason": said}, reason=said)
    return row


@verb("nqi.take_filing_back", roles=LABORATORY, scope=body_of)
def take_filing_back(actor: Any, thing: ChangeFiling, reason: str) -> ChangeFiling:
    """Take a filing of one's own back; what was found by others stays owed."""
    row, said = _row(thing), reason.strip()[:400]
    own = row.origin == Origin.LABORATORY
    refuse([None if own else Problem("not_own", msg("This change was found by others: file it."))])
    move(actor, row, "take_back", "nqi.take_filing_back", facts={"reason": said}, for_good=True, reason=said)
    _drop_proposed(row)
    return row


def open_lines(row: ChangeFiling) -> int:
    """Return how many lines of the scope a filing leaves undecided; a change of the scope without lines is one."""
    if row.kind not in SCOPE_KINDS:
        return 0
    taken = row.lines.values("item")
    left = sum(1 for one in lines_of_old_standard(row) if one.pk not in {item["item"] for item in taken})
    replaced = row.kind == Kind.METHOD_CHANGED and not row.new_standard
    return left + (1 if not taken or replaced else 0)


@verb("nqi.accept_filing", roles=OFFICE, scope=office_of)
def accept_filing(actor: Any, thing: ChangeFiling, document_no: str) -> ChangeFiling:
    """Note that a change was approved; from today its effect stands in the registry."""
    row, today = _row(thing), timezone.localdate()
    facts = {"document_no": document_no.strip(), "open_lines": open_lines(row)}
    move(actor, row, "accept", "nqi.accept_filing", {"kind": row.kind, "lines": row.lines.count()}, facts=facts,
         document_no=document_no.strip()[:60], decided_on=today)  # fmt: skip
    _take_effect(row, today)
    return row


def _take_effect(row: ChangeFiling, today: date) -> None:
    if row.kind in SCOPE_KINDS:
        _change_scope(row, today)
    body, named = row.licence.institution, {}
    if row.kind == Kind.IDENTITY:
        named = {field: said for field, said in (("name_zh", row.new_name), ("address", row.new_address)) if said}
    if named:
        for field, said in named.items():
            setattr(body, field, said)
        body.save(update_fields=list(named))
    if row.signatory is not None and row.signatory.valid_from is None and row.signatory.left_on is None:
        Signatory.objects.filter(pk=row.signatory_id).update(valid_from=today)


def _change_scope(row: ChangeFiling, today: date) -> None:
    """End the lines of a filing yesterday; where the method changed, the same line begins today with the new standard."""
    yesterday = today - timedelta(days=1)
    lines = list(row.lines.select_related("item"))
    ScopeItem.objects.filter(pk__in=[line.item_id for line in lines]).update(valid_to=yesterday)
    if row.kind != Kind.METHOD_CHANGED:
        return
    made = []
    for line in lines:
        fresh = ScopeItem.objects.get(pk=line.item_id)
        fresh.pk, fresh.standard, fresh.valid_from, fresh.valid_to = None, row.new_standard, today, None
        made.append(fresh)
    ScopeItem.objects.bulk_create(made, batch_size=1000)
    for line, fresh in zip(lines, made, strict=True):
        line.new_item = fresh
    ChangeLine.objects.bulk_update(lines, ["new_item"], batch_size=500)


def owe_for_standard(old: str, new: str, day: date) -> int:
    """Make a filing owed by every body whose scope in force lists the old edition; return how many were made."""
    today = timezone.localdate()
    standing = Q(valid_to=None) | Q(valid_to__gte=today)
    held = ScopeItem.objects.filter(standing, standard=old, qualification__kind=Qualification.Kind.CMA)
    licences = Licence.objects.filter(qualification__in=held.values("qualification"))
    licences = licences.exclude(status__in=(*Licence(status="valid").flow.finals, "expired"))
    done = ChangeFiling.objects.filter(old_standard=old, origin=Origin.STANDARD).values("licence")
    count = 0
    for licence in licences.exclude(pk__in=done).order_by("pk"):
        owe(licence, Kind.METHOD_CHANGED, Origin.STANDARD, day, old_standard=old, new_standard=new)
        count += 1
    return count

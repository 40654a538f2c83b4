"""The sampling form (抽样单): its fields read from what a device or a page sends, saved as far as it is filled in."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from django.utils import timezone
from django.utils.dateparse import parse_date, parse_datetime

from qualipolis.city.core.ledger import record
from qualipolis.city.core.numbering import next_number
from qualipolis.city.core.policy import person_of, verb
from qualipolis.city.registry.models import Enterprise
from qualipolis.city.supervise.field.facts import form_of
from qualipolis.city.supervise.field.models import SamplingForm, SamplingTask
from qualipolis.city.supervise.field.visits import own_task
from qualipolis.city.supervise.planning.models import Stage
from qualipolis.city.supervise.results.models import Result
from qualipolis.methods.problems import InputError, Problem, msg

EMPTY = (None, "")
FIRST_YEAR = 1970  # where clocks of devices begin; the first days of the calendar fit no other zone
SEAL = re.compile(r"[0-9A-Za-z一-鿿][0-9A-Za-z一-鿿 ./_-]{0,39}")


def _text(name: str) -> Callable[[Any], str]:
    most = SamplingForm._meta.get_field(name).max_length or 2000

    def read(value: Any) -> str:
        said = "" if value in EMPTY else str(value).strip()
        if len(said) > most or "\x00" in said:
            raise ValueError
        return said

    return read


def _whole(value: Any) -> int | None:
    if value in EMPTY:
        return None
    number = int(str(value).strip())
    if not 0 <= number <= 10_000_000:
        raise ValueError
    return number


def _money(value: Any) -> Decimal | None:
    if value in EMPTY:
        return None
    amount = Decimal(str(value).strip())
    if not amount.is_finite() or not 0 <= amount <= 10_000_000 or amount.as_tuple().exponent < -2:  # type: ignore[operator]
        raise ValueError
    return amount


def _day(value: Any) -> date | None:
    if value in EMPTY:
        return None
    found = parse_date(str(value).strip())
    if found is None:
        raise ValueError
    return found


def read_moment(value: Any) -> datetime | None:
    """Return the moment that a device wrote, None when it wrote none; ``ValueError`` when it is none.

    >>> read_moment("2026-09-01T08:00:00+08:00").hour, read_moment("")
    (8, None)
    """
    if value in EMPTY:
        return None
    found = parse_datetime(str(value).strip())
    if found is None or found.tzinfo is None or found.year < FIRST_YEAR:
        raise ValueError
    return found


def _within(low: float, high: float) -> Callable[[Any], float | None]:
    def read(value: Any) -> float | None:
        if value in EMPTY:
            return None
        found = float(value)
        if not low <= found <= high:
            raise ValueError
        return found

    return read


def _yes(value: Any) -> bool:
    return value in (True, "true", "on", "1", 1)


def _seals(value: Any) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for part, numbers in dict(value or {}).items():
        listed = [numbers] if isinstance(numbers, str) else list(numbers)
        said = [str(one).strip() for one in listed if str(one).strip()]
        if part not in ("test", "backup") or len(said) > 5 or not all(SEAL.fullmatch(one) for one in said):
            raise ValueError
        if said:
            found[part] = list(dict.fromkeys(said))
    return found


TEXTS = (
    "product_name", "model", "brand", "batch", "standard", "licence_no", "voucher_no", "producer_name",
    "producer_address", "platform", "order", "storage", "words", "signature", "signatory",
)  # fmt: skip
READERS: dict[str, Callable[[Any], Any]] = {name: _text(name) for name in TEXTS} | {
    "made_on": _day,
    "keeps_until": _day,
    "stock": _whole,
    "test_quantity": _whole,
    "backup_quantity": _whole,
    "price": _money,
    "free_of_charge": _yes,
    "seal_numbers": _seals,
    "longitude": _within(-180, 180),
    "latitude": _within(-90, 90),
    "accuracy": _within(0, 100_000),
    "taken_at": read_moment,
}
LABELS = {name: SamplingForm._meta.get_field(name).verbose_name for name in READERS}


def read_form(task: SamplingTask, said: Mapping[str, Any]) -> dict[str, Any]:
    """Return the fields of a form as the row keeps them; unknown names are left out.

    Raises
    ------
    InputError
        Every field that cannot be read, and what does not fit together.
    """
    found: dict[str, Any] = {}
    wrong: list[Problem] = []
    for name, reader in READERS.items():
        if name not in said:
            continue
        try:
            found[name] = reader(said[name])
        except (ValueError, TypeError, OverflowError, InvalidOperation):
            wrong.append(_unreadable(name))
    if code := str(said.get("producer_code") or "").strip().upper():
        found["producer"] = Enterprise.objects.filter(credit_code=code).first()
        if found["producer"] is None:
            what = msg("No firm with this credit code is in the register; leave it empty and write name and address.")
            wrong.append(Problem("unknown_firm", what, place="producer_code"))
    wrong += _misfits(task, found)
    if wrong:
        raise InputError(wrong)
    return found


def _unreadable(name: str) -> Problem:
    return Problem(
        "unreadable", msg("This field cannot be read: %(field)s."), place=name, params={"field": LABELS[name]}
    )


def _misfits(task: SamplingTask, found: Mapping[str, Any]) -> list[Problem]:
    wrong, today = [], timezone.localdate()
    made, keeps = found.get("made_on"), found.get("keeps_until")
    if made and made > today:
        wrong.append(Problem("future", msg("This day lies in the future."), place="made_on"))
    if made and keeps and keeps < made:
        wrong.append(Problem("keeps", msg("It cannot keep until a day before it was made."), place="keeps_until"))
    if found.get("signature") and found["signature"] not in SamplingForm.Signature.values:
        wrong.append(_unreadable("signature"))
    rule = task.campaign.rule
    for name in ("test_quantity", "backup_quantity"):
        if (found.get(name) or 0) > getattr(rule, name):
            what = msg("The detailed rules allow %(most)s at most; no more than needed is taken.")
            wrong.append(Problem("too_many", what, place=name, params={"most": getattr(rule, name)}))
    return wrong


def stock_problems(task: SamplingTask, form: SamplingForm) -> list[Problem]:
    """Return why this stock may not be sampled; only a complete form is asked."""
    taken = (form.test_quantity or 0) + (form.backup_quantity or 0)
    least = max(task.campaign.rule.least_stock, taken)
    wrong = []
    if not form.test_quantity:
        wrong.append(Problem("no_sample", msg("A test sample has at least one piece."), place="test_quantity"))
    if form.stock is not None and form.stock < least and task.campaign.stage != Stage.ONLINE:
        what = msg("The stock is below the %(least)s of the detailed rules: record why no sample was taken.")
        wrong.append(Problem("stock_low", what, place="stock", params={"least": least}))
    return wrong


@verb("supervise.save_form", roles=("inspector",))
def save_form(actor: Any, thing: SamplingTask, said: Mapping[str, Any]) -> SamplingForm:
    """Keep a form as far as it is filled in; nothing but what is there is checked."""
    row = own_task(actor, thing)
    if row.status not in ("assigned", "on_site"):
        raise InputError([Problem("closed_form", msg("The form of this task is closed."))])
    return write_form(actor, row, said)


def write_form(actor: Any, row: SamplingTask, said: Mapping[str, Any]) -> SamplingForm:
    """Write the fields inside the caller's verb, on a task that it keeps."""
    found = read_form(row, said)
    form = form_of(row)
    if form is None:
        form = SamplingForm(task=row, number=next_number("CY", timezone.localdate().year), **known_of(row))
    for name, value in found.items():
        setattr(form, name, value)
    form.filled_by = person_of(actor)
    form.changed_at = timezone.now()
    form.save()
    row.revision += 1
    row.save(update_fields=["revision"])
    filled = sorted(name for name, value in found.items() if value not in (None, "", {}, False))
    record(actor, "supervise.save_form", row, {"of": str(row), "form": form.number, "fields": len(filled)})
    return form


FIXED = {"test_quantity", "backup_quantity", "seal_numbers", "signature", "signatory", "taken_at"}
PARTIES = {"producer_name", "producer_address", "platform"}
CORRECTABLE = tuple(name for name in READERS if name not in FIXED | {"longitude", "latitude", "accuracy"})


@verb("supervise.correct_form", roles=("inspector",))
def correct_form(
    actor: Any, thing: SamplingTask, said: Mapping[str, Any], reason: str, confirmed_by: str
) -> SamplingForm:
    """Correct a form that was handed in; the firm confirms it, and what stood there before stays in the ledger."""
    row, form = own_task(actor, thing), form_of(thing)
    wrong = []
    if row.status not in ("sampled", "completed") or form is None:
        wrong.append(Problem("not_handed_in", msg("Only a form that was handed in is corrected.")))
    if not reason.strip():
        wrong.append(Problem("no_reason", msg("Give the reason."), place="reason"))
    if not confirmed_by.strip():
        wrong.append(
            Problem("unconfirmed", msg("Write who confirmed the correction for the firm."), place="confirmed_by")
        )
    wrong += [
        Problem("fixed", msg("This field is not corrected afterwards."), place=one)
        for one in said
        if one not in CORRECTABLE
    ]
    wrong += _served_already(row, said)
    if wrong or form is None:
        raise InputError(wrong)
    found = read_form(row, said)
    before = {name: _plain(getattr(form, name)) for name in found}
    for name, value in found.items():
        setattr(form, name, value)
    form.changed_at = timezone.now()
    form.save()
    told = {"of": str(row), "form": form.number, "reason": reason.strip()[:400], "by": confirmed_by.strip()[:80]}
    after = {name: _plain(value) for name, value in found.items()}
    record(actor, "supervise.correct_form", row, told | {"before": before, "after": after})
    return form


def _served_already(task: SamplingTask, said: Mapping[str, Any]) -> list[Problem]:
    """Who was told of a result is no longer renamed; of a final result nothing changes but by its own steps."""
    states = list(Result.objects.filter(sample__task=task).values_list("status", flat=True))
    barred = set(said) if {"final", "voided"} & set(states) else PARTIES & set(said) if states else set()
    what = msg("The parties were told of the result already: this field is not corrected here.")
    return [Problem("served", what, place=one) for one in sorted(barred)]


def _plain(value: Any) -> str:
    return "" if value is None else str(value)


def known_of(task: SamplingTask) -> dict[str, Any]:
    """Return what is known before anybody types: the product of the register, and the firm where it produces."""
    product, firm, rule = task.product, task.enterprise, task.campaign.rule
    known: dict[str, Any] = {
        "product_name": product.name_zh if product else "",
        "standard": (product.standard if product else "") or rule.standard,
        "test_quantity": rule.test_quantity,
        "backup_quantity": rule.backup_quantity,
    }
    if task.campaign.stage == Stage.PRODUCTION:
        known |= {"producer": firm, "producer_name": firm.name_zh, "producer_address": firm.address}
    return known

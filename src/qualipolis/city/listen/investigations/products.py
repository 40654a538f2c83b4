"""Verbs of the products of an investigation: found again before they are added twice, one or many at once."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from django.db.models import Q, QuerySet
from django.utils import timezone

from qualipolis.city.core.days import not_ahead
from qualipolis.city.core.ledger import record
from qualipolis.city.core.policy import person_of, roles_of, verb, visible
from qualipolis.city.core.roles import SYSTEM
from qualipolis.city.listen.investigations.opening import still_open
from qualipolis.city.listen.investigations.visibility import INVESTIGATORS, changing, parties, works_on
from qualipolis.city.listen.models import Investigation, InvestigationProduct, SafetyProduct
from qualipolis.methods.problems import InputError, Problem, msg
from qualipolis.methods.text.normalise import normalise

FIELDS = {"name": 120, "brand": 80, "model": 80, "barcode": 20, "product_class": 60, "origin": 60, "description": 2000}
CONCERNED = {"batch": 160, "customs_code": 40}
MOST = 200
CANDIDATES = 400
LIKE = 0.75


def barcode_wrong(code: str) -> bool:
    """Whether a barcode of 8, 12, 13 or 14 digits has a wrong check digit, or is none at all.

    >>> barcode_wrong("6901234567892"), barcode_wrong("6901234567890"), barcode_wrong("")
    (False, True, False)
    """
    if not code:
        return False
    if not (code.isascii() and code.isdigit()) or len(code) not in (8, 12, 13, 14):
        return True
    total = sum(int(digit) * (3 if at % 2 == 0 else 1) for at, digit in enumerate(reversed(code[:-1])))
    return (10 - total % 10) % 10 != int(code[-1])


def key_of(*parts: str) -> str:
    """Return words as they are compared: without spaces and case, one form of every character."""
    return "".join(normalise(part).replace(" ", "") for part in parts).casefold()


def alike(
    actor: Any, name: str, *, brand: str = "", model: str = "", barcode: str = ""
) -> list[tuple[SafetyProduct, float]]:
    """Return the products somebody sees that may be this one, the likest first: the barcode decides, then marks and words."""
    from rapidfuzz.fuzz import token_set_ratio

    rows = visible(actor, SafetyProduct.objects.all())
    if barcode and (same := list(rows.filter(barcode=barcode)[:5])):
        return [(row, 1.0) for row in same]
    wanted = key_of(brand, model, name)
    near: QuerySet[SafetyProduct] = rows.filter(_blocks(name, brand, model))[:CANDIDATES]
    scored = [(row, token_set_ratio(wanted, key_of(row.brand, row.model, row.name)) / 100) for row in near]
    return sorted(((row, score) for row, score in scored if score >= LIKE), key=lambda pair: (-pair[1], pair[0].pk))[:5]


def _blocks(name: str, brand: str, model: str) -> Q:
    """The rows worth comparing: the same brand or model, or two characters of the name in common."""
    found = Q(pk__in=())
    if brand:
        found |= Q(brand__iexact=brand)
    if model:
        found |= Q(model__iexact=model)
    plain = name.strip()
    for at in range(max(1, min(len(plain) - 1, 8))):
        if piece := plain[at : at + 2].strip():
            found |= Q(name__icontains=piece)
    return found


def _cleaned(given: Mapping[str, Any], place: str) -> tuple[dict[str, Any], dict[str, Any], list[Problem]]:
    values: dict[str, Any] = {name: str(given.get(name) or "").strip()[:most] for name, most in FIELDS.items()}
    concerned: dict[str, Any] = {name: str(given.get(name) or "").strip()[:most] for name, most in CONCERNED.items()}
    wrong = [] if values["name"] else [Problem("no_product", msg("Name the product."), place=f"{place}name")]
    values["barcode"] = re.sub(r"[\s\-]", "", values["barcode"])
    if barcode_wrong(values["barcode"]):
        what = msg("%(code)s is no barcode: the check digit does not fit.")
        wrong.append(
            Problem(
                "bad_barcode",
                what,
                msg("Type it again from the label."),
                {"code": values["barcode"]},
                f"{place}barcode",
            )
        )
    units, right = _pieces(given.get("units_affected"))
    if not right:
        wrong.append(
            Problem("bad_units", msg("Give how many pieces are affected, from 0 on."), place=f"{place}units_affected")
        )
    return values, concerned | {"units_affected": units}, wrong


def _pieces(given: Any) -> tuple[int | None, bool]:
    """Return a number of pieces, None where it is not known, and whether it could be read."""
    text = str(given if given is not None else "").replace(",", "").replace("，", "").strip()
    if not text:
        return None, True
    right = text.isascii() and text.isdigit() and len(text) < 10
    return (int(text) if right else None), right


@verb("listen.add_products", roles=INVESTIGATORS, scope=parties)
def add_products(
    actor: Any, thing: Investigation, rows: Iterable[Mapping[str, Any]], *, sure: bool = False
) -> list[InvestigationProduct]:
    """Attach products, all of them or none.

    A row is an existing product (``product``) or the marks of a new one; a new one that looks like a known product is
    refused with its name unless somebody is ``sure`` that it is another, of all rows or in the row itself.
    """
    row = changing(actor, thing)
    still_open(row)
    made, wrong = [], []
    given = list(rows)
    if not 0 < len(given) <= MOST:
        raise InputError([Problem("no_rows", msg("Give 1 to %(most)s products."), "", {"most": MOST})])
    for number, one in enumerate(given, 1):
        place = f"{number}." if len(given) > 1 else ""
        try:
            made.append(_attach(actor, row, one, place, sure))
        except InputError as error:
            wrong += error.problems
    if wrong:
        raise InputError(wrong)
    record(actor, "listen.add_products", row, {"count": len(made)})
    return made


def _attach(actor: Any, row: Investigation, given: Mapping[str, Any], place: str, sure: bool) -> InvestigationProduct:
    product = given.get("product")
    values, concerned, wrong = _cleaned(given if product is None else {"name": "known"} | dict(given), place)
    if product is not None and not visible(actor, SafetyProduct.objects.filter(pk=product.pk)).exists():
        wrong.append(Problem("unseen", msg("This product is not known here."), place=f"{place}name"))
    if product is None and not wrong and not (sure or given.get("sure")):
        marks = {name: values[name] for name in ("brand", "model", "barcode")}
        if near := alike(actor, values["name"], **marks):
            what = msg("This may be “%(known)s”, which is known already.")
            remedy = msg("Choose the known product, or say that it is another.")
            wrong.append(Problem("known_product", what, remedy, {"known": str(near[0][0])}, f"{place}name"))
    if wrong:
        raise InputError(wrong)
    if product is None:
        product = SafetyProduct.objects.create(added_by=person_of(actor), **values)
    if row.products.filter(product=product, batch=concerned["batch"], removed_on=None).exists():
        raise InputError([Problem("twice", msg("This product and batch stand here already."), place=f"{place}name")])
    return InvestigationProduct.objects.create(investigation=row, product=product, **concerned)


@verb("listen.remove_product", roles=INVESTIGATORS, scope=parties)
def remove_product(actor: Any, thing: InvestigationProduct) -> InvestigationProduct:
    """Take a product out of an investigation; the product itself stays."""
    row = changing(actor, thing.investigation)
    still_open(row)
    thing.removed_on = timezone.localdate()
    thing.save(update_fields=["removed_on"])
    record(actor, "listen.remove_product", row, {"product": thing.product_id})
    return thing


def may_correct(actor: Any, thing: SafetyProduct) -> bool:
    """Whether somebody added the product, or may change an investigation in which it stands."""
    if SYSTEM in roles_of(actor) or (thing.added_by_id and thing.added_by_id == getattr(actor, "pk", None)):
        return True
    mine = Investigation.objects.filter(works_on(actor, edit=True)).values("pk")
    return thing.investigations.filter(investigation__in=mine, removed_on=None).exists()


def _day_wrong(day: Any) -> list[Problem]:
    return not_ahead(day, "on_sale_since") if isinstance(day, date) else []


@verb("listen.edit_product", roles=INVESTIGATORS)
def edit_product(
    actor: Any,
    thing: SafetyProduct,
    **given: Any,
) -> SafetyProduct:
    """Correct the marks of a product; what is not given stays. The ledger names the fields that changed, not their content."""
    if not may_correct(actor, thing):
        raise InputError([Problem("unseen", msg("This product is not yours to change."))])
    values, _concerned, wrong = _cleaned({name: getattr(thing, name) for name in FIELDS} | given, "")
    if wrong or (wrong := _day_wrong(given.get("on_sale_since"))):
        raise InputError(wrong)
    values |= {name: given[name] for name in ("counterfeit", "on_sale_since") if name in given}
    changed = sorted(name for name, said in values.items() if getattr(thing, name) != said)
    for name in changed:
        setattr(thing, name, values[name])
    if changed:
        thing.save(update_fields=changed)
        record(actor, "listen.edit_product", thing, {"fields": changed})
    return thing

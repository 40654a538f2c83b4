"""The product that an incident or a recall is about: found again by its marks, or named for the first time."""

from __future__ import annotations

from typing import Any

from django.db.models import Q

from qualipolis.city.core.ledger import record
from qualipolis.city.core.policy import person_of, verb, visible
from qualipolis.city.listen.investigations.products import FIELDS, barcode_wrong
from qualipolis.city.listen.models import SafetyProduct
from qualipolis.city.listen.safety.incidents import HANDLERS
from qualipolis.methods.problems import Problem, msg, refuse


@verb("listen.name_product", roles=("enterprise", *HANDLERS))
def name_product(actor: Any, thing: None = None, **given: Any) -> SafetyProduct:
    """Return the product with these marks among those somebody sees, or name it for the first time.

    ``given``: name, brand, model, barcode, product_class, origin, description.
    """
    values = {field: str(given.get(field) or "").strip()[:most] for field, most in FIELDS.items()}
    refuse(
        [
            None if values["name"] else Problem("no_product", msg("Name the product."), place="name"),
            Problem("bad_barcode", msg("%(code)s is no barcode: the check digit does not fit."),
                    msg("Type it again from the label."), {"code": values["barcode"]}, "barcode")
            if barcode_wrong(values["barcode"]) else None,
        ]
    )  # fmt: skip
    if same := _same(actor, values):
        return same
    made = SafetyProduct.objects.create(added_by=person_of(actor), **values)
    record(actor, "listen.name_product", made, {"product": made.pk})
    return made


def _same(actor: Any, values: dict[str, str]) -> SafetyProduct | None:
    mine = Q(added_by=getattr(actor, "pk", None) or 0)  # a firm sees no products but those it named itself
    rows = SafetyProduct.objects.filter(mine | Q(pk__in=visible(actor, SafetyProduct.objects.all()).values("pk")))
    if values["barcode"]:
        return rows.filter(barcode=values["barcode"], model__iexact=values["model"]).first()
    marks = {f"{name}__iexact": values[name] for name in ("name", "brand", "model")}
    return rows.filter(**marks).first() if values["brand"] or values["model"] else None

"""Verbs of declared standards: drafted with indicators, held against the mandatory floor, declared, renewed, withdrawn."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from django.db.models import Q
from django.utils import timezone

from qualipolis.city.core.ledger import record
from qualipolis.city.core.moves import locked, move
from qualipolis.city.core.numbering import next_number
from qualipolis.city.core.policy import verb
from qualipolis.city.nqi.licences.visibility import OFFICE
from qualipolis.city.nqi.standards.models import DeclaredIndicator, Floor, Side, StandardDeclaration
from qualipolis.city.nqi.standards.visibility import firm_of
from qualipolis.city.registry.models import Enterprise, Product, Standard
from qualipolis.law.nqi.floors import Indicator, compare, mandatory
from qualipolis.law.validators.standard_numbers import standard_number
from qualipolis.methods.problems import InputError, Problem, msg, refuse

FIRM = ("enterprise",)
Level = StandardDeclaration.Level
MOST = 60
LEVELS = {"national": Level.NATIONAL, "industry": Level.INDUSTRY, "local": Level.LOCAL, "group": Level.GROUP,
          "enterprise": Level.ENTERPRISE, "iso": Level.INTERNATIONAL}  # fmt: skip


def understood(text: str) -> tuple[str, str]:
    """Return the number of a standard in its one written form, and its level; ``InputError`` when it is none."""
    found = standard_number(text[:80])
    wrong = [Problem(one.code, one.what, one.remedy, one.params, "standard") for one in found.problems]
    level = LEVELS.get(found.parts.get("kind", "")) if found.ok else None
    if level is None or any(one.code == "undated_standard" for one in wrong):
        raise InputError(wrong or [Problem("no_level", msg("This is no standard for a product."), place="standard")])
    return found.value[:60], level


def floors_of(category: str, day: date) -> list[Indicator]:
    """Return the limits of mandatory national standards in force for a class of products on ``day``."""
    held = Q(standard__ended_on=None) | Q(standard__ended_on__gt=day)
    begun = Q(standard__in_force_on=None) | Q(standard__in_force_on__lte=day)
    rows = Floor.objects.filter(held, begun, category=category).select_related("standard")
    return [
        Indicator(one.parameter, "max" if one.side == Side.MAX else "min", one.limit, one.unit, one.standard.number)
        for one in rows
        if mandatory(one.standard.number)
    ]


def indicators_of(row: StandardDeclaration) -> list[Indicator]:
    """Return what a firm declares."""
    return [
        Indicator(one.parameter, "max" if one.side == Side.MAX else "min", one.limit, one.unit)
        for one in row.indicators.all()
    ]


def below(row: StandardDeclaration, day: date | None = None) -> tuple[Problem, ...]:
    """Return every indicator that is below a mandatory standard or cannot be compared with it."""
    return compare(indicators_of(row), floors_of(row.category, day or timezone.localdate()))


def facts_of(row: StandardDeclaration) -> dict[str, Any]:
    """Return what the guards read of a declaration; an enterprise's own standard needs no entry in the catalogue."""
    known = Standard.objects.filter(number=row.standard_no).first()
    return {
        "level": row.level, "indicators": row.indicators.count(), "below": len(below(row)),
        "standard_known": row.level == Level.ENTERPRISE or known is not None,
        "standard_ended_on": _over_since(known) if known else None,
    }  # fmt: skip


def _over_since(standard: Standard) -> date | None:
    """Return since when a standard is over; one without a day that is not current is over since today."""
    if standard.ended_on is not None:
        return standard.ended_on
    return None if standard.status == Standard.Status.CURRENT else timezone.localdate()


def _checked(given: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    rows, problems = [], []
    for place, one in enumerate(given, 1):
        said = {
            "parameter": str(one.get("parameter") or "").strip()[:120],
            "unit": str(one.get("unit") or "").strip()[:20],
        }
        limit, side = one.get("limit"), one.get("side")
        if not said["parameter"] or not isinstance(limit, int | float) or side not in Side.values or abs(limit) > 1e12:
            what = msg("Indicator %(place)s: give parameter, at most or at least, and a number.")
            problems.append(Problem("bad_indicator", what, "", {"place": place}, "indicators"))
        else:
            rows.append(said | {"limit": float(limit), "side": side})
    if len(rows) > MOST:
        problems.append(Problem("too_many", msg("At most %(most)s indicators fit."), "", {"most": MOST}, "indicators"))
    refuse(problems)
    return rows


@verb("nqi.draft_declaration", roles=FIRM, scope=firm_of)
def draft_declaration(
    actor: Any, thing: Enterprise, standard: str, *, product: Product | None = None, product_name: str = "",
    category: str = "", title: str = "", indicators: Iterable[Mapping[str, Any]] = (),
) -> StandardDeclaration:  # fmt: skip
    """Draft a declaration for a product of one's own; the catalogue gives the title."""
    number, level = understood(standard)
    rows, known = _checked(indicators), Standard.objects.filter(number=number).first()
    name, kind = (product.name_zh, product.category) if product else (product_name.strip()[:160], category.strip()[:60])
    own = product is None or product.enterprise_id == thing.pk
    refuse(
        [
            None if own else Problem("not_own", msg("This is a product of another firm."), place="product"),
            None if name else Problem("no_product", msg("Name the product."), place="product"),
            None if kind else Problem("no_category", msg("Choose the class of the product."), place="category"),
        ]
    )
    made = StandardDeclaration.objects.create(
        number=next_number("BZ", timezone.localdate().year), enterprise=thing, product=product, product_name=name[:160],
        category=kind, standard_no=number, level=level, title=(known.name_zh if known else title.strip())[:200],
    )  # fmt: skip
    DeclaredIndicator.objects.bulk_create([DeclaredIndicator(declaration=made, **one) for one in rows])
    record(actor, "nqi.draft_declaration", made, {"standard": number, "indicators": len(rows)})
    return made


def _row(thing: StandardDeclaration) -> StandardDeclaration:
    return locked(thing, "enterprise", "product")


@verb("nqi.set_indicators", roles=FIRM, scope=firm_of)
def set_indicators(
    actor: Any, thing: StandardDeclaration, indicators: Iterable[Mapping[str, Any]]
) -> StandardDeclaration:
    """Change the indicators of a draft, or of a declaration that is to be checked."""
    row, rows = _row(thing), _checked(indicators)
    open_now = row.status in ("draft", "to_check")
    refuse([None if open_now else Problem("wrong_state", msg("Only a draft can be changed."))])
    row.indicators.all().delete()
    DeclaredIndicator.objects.bulk_create([DeclaredIndicator(declaration=row, **one) for one in rows])
    record(actor, "nqi.set_indicators", row, {"indicators": len(rows)})
    return row


@verb("nqi.declare_standard", roles=FIRM, scope=firm_of)
def declare_standard(actor: Any, thing: StandardDeclaration) -> StandardDeclaration:
    """Declare in public; what is below a mandatory national standard is refused, each indicator named."""
    row = _row(thing)
    refuse(below(row))
    move(actor, row, "declare", "nqi.declare_standard", {"standard": row.standard_no}, facts=facts_of(row), for_good=True,
         declared_on=timezone.localdate())  # fmt: skip
    return row


@verb("nqi.confirm_declaration", roles=FIRM, scope=firm_of)
def confirm_declaration(actor: Any, thing: StandardDeclaration) -> StandardDeclaration:
    """Confirm a declaration that was to be checked: the standard is in force, nothing is below the floor."""
    row = _row(thing)
    refuse(below(row))
    move(actor, row, "confirm", "nqi.confirm_declaration", facts=facts_of(row), reason="")
    return row


@verb("nqi.replace_declaration", roles=FIRM, scope=firm_of)
def replace_declaration(actor: Any, thing: StandardDeclaration, newer: StandardDeclaration) -> StandardDeclaration:
    """Replace a declaration by a newer one of the same firm that stands."""
    row = _row(thing)
    fits = newer.enterprise_id == row.enterprise_id and newer.pk != row.pk and newer.status == "declared"
    taken = StandardDeclaration.objects.filter(replaced_by=newer).exists()
    facts = {"newer": newer.pk if fits and not taken else None}
    move(actor, row, "replace", "nqi.replace_declaration", {"by": str(newer)}, facts=facts, replaced_by=newer,
         ended_on=timezone.localdate())  # fmt: skip
    return row


@verb("nqi.withdraw_declaration", roles=FIRM, scope=firm_of)
def withdraw_declaration(actor: Any, thing: StandardDeclaration, reason: str) -> StandardDeclaration:
    """Withdraw a declaration; that it stood, and why it went, stays to be seen."""
    row, said = _row(thing), reason.strip()[:400]
    move(actor, row, "withdraw", "nqi.withdraw_declaration", facts={"reason": said}, reason=said,
         ended_on=timezone.localdate())  # fmt: skip
    return row


@verb("nqi.discard_declaration", roles=FIRM, scope=firm_of)
def discard_declaration(actor: Any, thing: StandardDeclaration) -> StandardDeclaration:
    """Discard a draft."""
    row = _row(thing)
    move(actor, row, "discard", "nqi.discard_declaration")
    return row


@verb("nqi.question_declaration", roles=OFFICE)
def question_declaration(actor: Any, thing: StandardDeclaration, reason: str) -> StandardDeclaration:
    """Ask a firm to check its declaration, after a spot check."""
    row, said = _row(thing), reason.strip()[:400]
    move(actor, row, "question", "nqi.question_declaration", facts={"reason": said}, reason=said)
    return row

"""Records that may be one: the list of pairs, and one pair side by side with what agrees, to be decided by a person."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from qualipolis.city.core.policy import can, page
from qualipolis.city.listen import service
from qualipolis.city.listen.alerts import queries
from qualipolis.city.listen.alerts.lists import KINDS, PAIR_SHOWS
from qualipolis.city.listen.alerts.models import Alert, EntityPair
from qualipolis.city.listen.alerts.visibility import ANALYSTS
from qualipolis.city.listen.models import SafetyProduct
from qualipolis.city.registry.models import Enterprise
from qualipolis.faces.desk import parts
from qualipolis.faces.desk.loop import address
from qualipolis.faces.desk.rooms.measure.pieces import history, undo_offer, words_of
from qualipolis.faces.desk.rooms.supervise import after
from qualipolis.faces.desk.templatetags.tongues import spoken
from qualipolis.lake.entities import FIELD_WORDS, LEVEL_WORDS
from qualipolis.methods.problems import InputError

SHOW = (("", gettext_lazy("All")), *PAIR_SHOWS.items())
SHOWN = 5
STEPS = {"same": service.pair_same, "different": service.pair_different}


def _columns() -> list[parts.Column]:
    return [
        parts.Column("left", _("One record"), title=True),
        parts.Column("right", _("Other record")),
        parts.Column("kind", _("Kind")),
        parts.Column("share", _("Probability that they are the same"), numeric=True, unit="%"),
        parts.Column("state", _("State")),
    ]


def share(probability: float) -> str:
    """Return a probability in percent that never claims to be certain."""
    return ">99" if probability > 0.99 else f"{100 * probability:.0f}"


def _cells(row: EntityPair) -> Mapping[str, Any]:
    return {
        "left": spoken(row.left),
        "right": spoken(row.right),
        "kind": str(KINDS.get(row.kind, row.kind)),
        "share": share(row.probability),
        "state": after.state_cell(row),
        "url": reverse("desk:listen_pair", args=[row.pk]),
    }


LIST = after.ListPage(
    gettext_lazy("Records that may be one"),
    gettext_lazy("Firms that alerts name beside the register, and products beside each other. Nothing is joined before a person has decided, and every decision can be turned round."),
    _columns, _cells, SHOW, "listen-pairs",
    (gettext_lazy("No pair waits"), gettext_lazy("New alerts and products are compared at every tick.")), search=True,
)  # fmt: skip


@page(*ANALYSTS, "auditor")
def pairs(request: HttpRequest) -> HttpResponse:
    """The pairs, those to be reviewed first."""
    rows = queries.pairs(request.user, request.GET.dict())
    crumbs = [(_("Alerts"), reverse("desk:listen_alerts")), (_("Doubtful pairs"), "")]
    return after.list_page(request, LIST, rows, stage="listen", crumbs=crumbs)


@page(*ANALYSTS, "auditor")
def pair(request: HttpRequest, pk: int) -> HttpResponse:
    """One pair side by side."""
    row = get_object_or_404(queries.pairs(request.user), pk=pk)
    problems: list[str] = []
    step = STEPS.get(request.POST.get("do", "")) if request.method == "POST" else None
    if step is not None:
        try:
            step(request.user, row)
        except (InputError, PermissionDenied) as error:
            problems = words_of(error)
        else:
            messages.success(request, _("Decided. It can be turned round."))
            return redirect("desk:listen_pair", row.pk)
    context = {
        "stage": "listen", "row": row, "state": after.state_cell(row), "share": share(row.probability),
        "kind": KINDS.get(row.kind, row.kind), "sides": [_side(row, "left"), _side(row, "right")],
        "reasons": _reasons(row), "note": _(row.why["note"]) if _told(row).get("note") else "",
        "may": can(request.user, "listen.pair_same", row), "linked": row.linked.count(), "problems": problems,
        "following": _next(request.user, row), "history": history(row),
        "undo": undo_offer(request.user, f"listen.entitypair:{row.pk}"),
        "crumbs": [(_("Alerts"), reverse("desk:listen_alerts")),
                   (_("Doubtful pairs"), reverse("desk:listen_pairs")), (spoken(row.left[:40]), "")],
    }  # fmt: skip
    return render(request, "listen/pair.html", context, status=400 if problems or request.method == "POST" else 200)


def _told(row: EntityPair) -> dict[str, Any]:
    return row.why if isinstance(row.why, dict) else {}


def _reasons(row: EntityPair) -> list[dict[str, Any]]:
    """Return what agrees and what does not, the weightiest first."""
    found = []
    for field, agreed, bits in _told(row).get("why", ()):
        kind = "ok" if bits > 0.5 else "warn" if bits < -0.5 else "idle"
        words = _("speaks for the same") if bits > 0.5 else _("speaks against") if bits < -0.5 else _("says little")
        found.append({"field": _(FIELD_WORDS.get(field, field)), "agreed": _(LEVEL_WORDS.get(agreed, agreed)), "kind": kind, "words": words})  # fmt: skip
    return found


def _side(row: EntityPair, which: str) -> dict[str, Any]:
    """Return one record with what is known of it, and where it stands."""
    label, _colon, key = getattr(row, f"{which}_thing").partition(":")
    name = getattr(row, which)
    if label == "registry.enterprise":
        return _firm(Enterprise.objects.select_related("unit").filter(pk=int(key)).first(), name)
    if label == "listen.safetyproduct":
        return _product(SafetyProduct.objects.filter(pk=int(key)).first(), name)
    return _named(name)


def _firm(firm: Enterprise | None, name: str) -> dict[str, Any]:
    facts = [] if firm is None else [
        (_("Unified social credit code"), firm.credit_code), (_("Town"), firm.unit.name), (_("Address"), firm.address or "—"),
        (_("Name in English"), firm.name_en or "—"),
    ]  # fmt: skip
    return {"title": _("In the register"), "name": name, "facts": facts, "url": address("desk:enterprise", firm.pk) if firm else ""}  # fmt: skip


def _product(product: SafetyProduct | None, name: str) -> dict[str, Any]:
    facts = [] if product is None else [
        (_("Brand"), product.brand or "—"), (_("Model"), product.model or "—"), (_("Barcode"), product.barcode or "—"),
        (_("Country of origin"), product.origin or "—"), (_("Added on"), f"{product.added_on:%Y-%m-%d}"),
    ]  # fmt: skip
    return {"title": _("Product under observation"), "name": name, "facts": facts, "url": address("desk:listen_product", product.pk) if product else ""}  # fmt: skip


def _named(name: str) -> dict[str, Any]:
    """Return a firm as alerts name it, with the latest of them."""
    rows = Alert.objects.filter(firm=name).order_by("-alerted_on", "-pk")
    facts = [(_("Alerts that name it"), f"{rows.count():,}")]
    shown = [(one, reverse("desk:listen_alert", args=[one.pk])) for one in rows[:SHOWN]]
    return {"title": _("As alerts name it"), "name": name, "facts": facts, "alerts": shown, "url": ""}


def _next(user: Any, row: EntityPair) -> str:
    """Return the page of the next pair that waits."""
    later = queries.pairs(user, {"show": "found"}).exclude(pk=row.pk).first()
    return reverse("desk:listen_pair", args=[later.pk]) if later else ""

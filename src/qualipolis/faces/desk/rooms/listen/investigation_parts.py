"""What the page of an investigation keeps: products, firms, actions with proof, tests, correspondence, requests, risk."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from django.utils.translation import gettext as _

from qualipolis.city.core.attachments import files_of
from qualipolis.city.core.ledger import name_of
from qualipolis.city.core.policy import visible
from qualipolis.city.listen.investigations.findings import scenario_of
from qualipolis.city.listen.models import Investigation, PublicWarning, RiskAssessment
from qualipolis.faces.desk.loop import address
from qualipolis.faces.desk.rooms.flow_page import chip_of
from qualipolis.faces.desk.rooms.listen import investigation_words as words
from qualipolis.methods.problems import InputError
from qualipolis.methods.signal.risk import assess_risk

Made = Mapping[str, Any]
LOOSE = ("team", "firm", "reference", "correspondence", "test", "action", "request", "restrict", "lift", "hand_over")


def names_of(row: Investigation) -> Iterator[str]:
    """Yield the names in the ledger of what can be taken back on this page."""
    for rows in (row.actions.all(), row.requests.all()):
        for one in rows:
            yield name_of(one)


def level_of(actor: Any, row: Investigation) -> str:
    """Return the level of the latest assessment that somebody sees."""
    latest = visible(actor, RiskAssessment.objects.filter(investigation=row)).order_by("-pk").first()
    return latest.level if latest else ""


def cards(actor: Any, row: Investigation, made: Made, used: Iterable[str]) -> dict[str, Any]:
    """Return everything that stands on the page, each row with what may be done with it."""
    left = {name: pair for name, pair in made.items() if name not in set(used)}
    return {
        "products": _products(actor, row, left),
        "firms": [_removable(one, left, "business") for one in row.businesses.filter(removed_on=None).select_related("enterprise")],
        "teams": [_removable(one, left, "team") for one in row.collaborators.filter(removed_on=None).select_related("organisation")],
        "actions": _actions(row, left),
        "tests": _with_files(row.tests.select_related("product")),
        "letters": _with_files(row.correspondence.select_related("logged_by").order_by("-held_on", "-pk")),
        "requests": _requests(row, left),
        "references": list(row.references.all()),
        "risk": _risk(actor, row),
        "linked": list(_linked(actor, row)),
        "acts": {name: left[name] for name in LOOSE if name in left},
    }  # fmt: skip


def _removable(one: Any, left: Made, kind: str) -> dict[str, Any]:
    return {"row": one, "out": left.get(f"remove-{kind}-{one.pk}")}


def _products(actor: Any, row: Investigation, left: Made) -> list[dict[str, Any]]:
    found = []
    levels = dict(
        visible(actor, RiskAssessment.objects.filter(investigation=row)).order_by("pk").values_list("product", "level")
    )
    for one in row.products.filter(removed_on=None).select_related("product"):
        shown = _removable(one, left, "product")
        found.append(shown | {"product": one.product, "level": words.level_chip(levels.get(one.product_id, ""))})
    return found


def _forms(left: Made, key: int, *starts: str) -> list[Any]:
    return [left[name] for start in starts if (name := f"{start}-{key}") in left]


def _actions(row: Investigation, left: Made) -> list[dict[str, Any]]:
    rows = list(row.actions.select_related("business__enterprise", "product").order_by("pk"))
    proof = files_of(rows)
    return [
        {"row": one, "state": words.state_chip(one), "due": words.due_of(one), "proof": proof[one.pk],
         "forms": _forms(left, one.pk, "accept", "return", "prove", "withdraw")}
        for one in rows
    ]  # fmt: skip


def _requests(row: Investigation, left: Made) -> list[dict[str, Any]]:
    rows = list(row.requests.order_by("pk"))
    proof = files_of(rows)
    return [
        {"row": one, "state": words.state_chip(one), "due": words.due_of(one), "files": proof[one.pk],
         "forms": _forms(left, one.pk, "send", "answer", "cancel")}
        for one in rows
    ]  # fmt: skip


def _with_files(rows: Any) -> list[dict[str, Any]]:
    listed = list(rows)
    kept = files_of(listed)
    return [
        {"row": one, "files": kept[one.pk], "chip": words.outcome_chip(one) if hasattr(one, "outcome") else None}
        for one in listed
    ]


def _risk(actor: Any, row: Investigation) -> dict[str, Any] | None:
    latest = visible(actor, RiskAssessment.objects.filter(investigation=row).select_related("product", "assessed_by"))
    rows = list(latest.order_by("-pk")[:6])
    if not rows:
        return None
    first = rows[0]
    return {
        "row": first, "level": words.level_chip(first.level), "between": _between(first),
        "others": [(one, words.level_chip(one.level)) for one in rows[1:]],
    }  # fmt: skip


def _between(one: RiskAssessment) -> str:
    """Return between which levels the result lies after one step, in words; computed again from what is kept."""
    from qualipolis.methods.signal.risk import LEVEL_NAMES

    try:
        risk = assess_risk([scenario_of(kept) for kept in one.scenarios])
    except InputError:
        return ""
    if risk.robust:
        return _("No single step moves the level.")
    ends = {"low": _(LEVEL_NAMES[risk.lowest]), "high": _(LEVEL_NAMES[risk.highest])}
    return _("After one step: between %(low)s and %(high)s.") % ends


def _linked(actor: Any, row: Investigation) -> Iterator[dict[str, Any]]:
    """Yield the incidents, recalls and warnings of the investigation that this person may see."""
    for kind, page, rows in (
        (_("Incident"), "desk:listen_incident", visible(actor, row.incidents.all())),
        (_("Recall"), "desk:listen_recall", visible(actor, row.recalls.all())),
        (_("Public warning"), "desk:listen_warning", visible(actor, PublicWarning.objects.filter(investigation=row))),
    ):
        for one in rows.order_by("-pk")[:30]:
            yield {"kind": kind, "number": one.number, "url": address(page, one.pk), "chip": chip_of(one), "what": _about(one)}  # fmt: skip


def _about(one: Any) -> str:
    if hasattr(one, "harm"):
        return str(one.get_harm_display()) if one.harm is not None else ""
    return str(getattr(one, "producer_name", "") or getattr(one, "title_zh", ""))

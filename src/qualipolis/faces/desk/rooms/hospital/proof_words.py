"""A proof of effect as pages and papers write it: verdict, change with its interval, what could have been seen, the picture."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from django.utils.translation import gettext as _

from qualipolis.city.hospital.models import PrescriptionItem, Proof
from qualipolis.city.hospital.treatment.proof_words import TITLES, chart_of, facts_of, notes_of, reason_of, table_of
from qualipolis.city.hospital.treatment.proofs import VERDICT_WORDS
from qualipolis.faces.desk import parts
from qualipolis.faces.desk.charts.control import Legal, control_chart

KINDS = {"proven": "ok", "not_proven": "warn", "worse": "bad", "not_enough_data": "wait"}
ICONS = {"proven": "circle-check", "not_proven": "alert-triangle", "worse": "square-x", "not_enough_data": "hourglass"}


@dataclass(frozen=True)
class View:
    """A proof as it is shown."""

    proof: Proof
    item: PrescriptionItem
    chip: parts.Chip
    title: str
    reason: str
    facts: list[tuple[str, str]]
    notes: list[str]
    picture: Any
    table: list[tuple[str, str, str]]


def view_of(proof: Proof) -> View:
    """Return a proof in words."""
    assert proof.item is not None
    item, figures = proof.item, proof.figures
    verdict = proof.verdict if proof.verdict in KINDS else "not_proven"
    chip = parts.Chip(KINDS[verdict], _(VERDICT_WORDS[verdict]), ICONS[verdict])
    reason = reason_of(figures)
    return View(
        proof, item, chip, str(TITLES[verdict]), reason, facts_of(proof, item), notes_of(proof), picture_of(proof),
        table_of(proof, item),
    )  # fmt: skip


def picture_of(proof: Proof) -> Any:
    """Return the chart before and after with the limits frozen before; nothing for counts."""
    drawn = proof.figures.get("chart")
    if not drawn or not drawn.get("before") or not drawn.get("after"):
        return None
    chart = chart_of(drawn)
    if proof.verdict != "worse":  # the shift that was wanted is no alarm
        chart = replace(chart, flagged=np.zeros(len(chart.values), dtype=bool))
    legal = [Legal(v, name) for v, name in ((drawn.get("least"), _("required at least")),
             (drawn.get("most"), _("required at most"))) if v is not None]  # fmt: skip
    label = _("Before and after: %(before)s points before, %(after)s after; the limits are those before.") % {
        "before": len(drawn["before"]), "after": len(drawn["after"])
    }  # fmt: skip
    unit = str(proof.figures.get("unit") or "")
    return control_chart(chart, label=label, unit=unit, legal=() if drawn.get("subgroups") else legal, told=False)

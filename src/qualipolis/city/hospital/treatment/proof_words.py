"""A proof of effect in words and numbers, for pages and papers alike: criterion, change with its interval, origin."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from qualipolis.city.hospital.models import PrescriptionItem, Proof
from qualipolis.methods.problems import Problem
from qualipolis.methods.spc.findings import Chart, PhaseLimits

STATES = {
    "share": gettext_lazy("Share nonconforming after"),
    "count": gettext_lazy("Defects for each unit after"),
    "mean": gettext_lazy("Mean after"),
    "sd": gettext_lazy("Standard deviation after"),
    "ppk": gettext_lazy("Ppk after"),
}
TITLES = {
    "proven": gettext_lazy("The numbers prove the effect"),
    "not_proven": gettext_lazy("The numbers do not prove the effect yet"),
    "worse": gettext_lazy("The numbers say it got worse"),
    "not_enough_data": gettext_lazy("Too few data to judge the effect"),
}
Measure = PrescriptionItem.Measure


def reason_of(figures: Mapping[str, Any]) -> str:
    """Return why the verdict is what it is."""
    if not figures.get("reason"):
        return ""
    return Problem("reason", figures["reason"], "", figures.get("params", {})).text(_)


def valued(value: float | None, item: PrescriptionItem) -> str:
    """Return a value of the measure with its unit; what is not known is a dash."""
    if value is None:
        return "—"
    if item.measure == Measure.SHARE:
        return f"{100 * value:.3g}%"
    unit = f" {item.unit}" if item.unit and item.measure in (Measure.MEAN, Measure.SD, Measure.COUNT) else ""
    return f"{value:.4g}{unit}"


def criterion_of(item: PrescriptionItem) -> str:
    """Return the measured criterion in a few characters, empty for one that is judged on a document."""
    if item.measure == Measure.WORDS:
        return ""
    sign = "≥" if item.direction == PrescriptionItem.Direction.AT_LEAST else "≤"
    words = f"{item.get_measure_display()} {sign} {valued(item.target, item)}"
    return words + (_(", n ≥ %(n)s") % {"n": item.least_n} if item.least_n else "")


def _changed(value: float | None, item: PrescriptionItem, figures: Mapping[str, Any]) -> str:
    """Return an improvement in its own unit."""
    if value is None:
        return "—"
    if figures.get("per_cent"):
        return f"{value:.3g}%"
    if item.measure == Measure.SHARE:
        return _("%(n)s points") % {"n": f"{100 * value:.3g}"}
    return f"{value:.4g}" + (f" {item.unit}" if item.unit and item.measure == Measure.MEAN else "")


def _interval(effect: Mapping[str, Any], write: Any) -> str:
    low, high = (write(effect.get(end)) for end in ("low", "high"))
    return _("%(value)s (%(level)s%% interval %(low)s to %(high)s)") % {
        "value": write(effect.get("value")), "level": f"{100 * effect.get('confidence', 0.95):g}", "low": low, "high": high
    }  # fmt: skip


def facts_of(proof: Proof, item: PrescriptionItem) -> list[tuple[str, str]]:
    """Return what was found, line by line; figures that a proof does not have are left out."""
    figures = proof.figures
    found = [(_("Criterion"), criterion_of(item))]
    found.append((_("Value before and after"), f"{valued(proof.before, item)} → {valued(proof.after, item)}"))
    if state := figures.get("after_state"):
        found.append((str(STATES[item.measure]), _interval(state, lambda v: valued(v, item))))
    if change := figures.get("improvement"):
        found.append((_("Improvement"), _interval(change, lambda v: _changed(v, item, figures))))
    if figures.get("detectable") is not None:
        words = _changed(figures["detectable"], item, figures)
        found.append((_("Smallest improvement that this study finds (80%)"), words))
    if figures.get("n_after") is not None:
        found.append(
            (
                _("Number of readings"),
                _("%(a)s before, %(b)s after") % {"a": _n(figures["n_before"]), "b": _n(figures["n_after"])},
            )
        )
    found.append((_("Effect measured from"), f"{proof.effect_on:%Y-%m-%d}"))
    if origin := origin_of(proof):
        found.append((_("Where the numbers come from"), origin))
    return found


def _n(value: float) -> str:
    return f"{value:,.6g}" if value != int(value) else f"{int(value):,}"


def origin_of(proof: Proof) -> str:
    """Return where the numbers of a proof stand."""
    origin = proof.figures.get("origin") or {}
    kind = origin.get("kind")
    if kind == "file" and proof.measurements:
        a, b = (_("%(first)s to %(last)s") % {"first": p[0], "last": p[1]} for p in (origin["before"], origin["after"]))
        words = {"file": proof.measurements.attachment.name, "before": a, "after": b}
        return _("%(file)s: readings %(before)s before, %(after)s after") % words
    if kind == "examinations":
        return _("%(item)s: examination %(before)s before, %(after)s after") % origin
    return {"pasted": _("Values entered by the expert"), "counts": _("Counts entered by the expert")}.get(str(kind), "")


def notes_of(proof: Proof) -> list[str]:
    """Return what has to be known with the numbers."""
    figures, notes = proof.figures, []
    if words := figures.get("stability"):
        notes.append(_(words))
    if figures.get("signals_after") == 0:
        notes.append(_("After the treatment no point signals."))
    elif figures.get("signals_after") is not None:
        n = {"n": figures["signals_after"], "allowed": figures["allowed_after"]}
        notes.append(_("After the treatment %(n)s points signal; up to %(allowed)s are no surprise.") % n)
    if figures.get("shifted"):
        notes.append(_("%(n)s points after lie beyond the limits frozen before.") % {"n": figures["shifted"]})
    return notes


def table_of(proof: Proof, item: PrescriptionItem) -> list[tuple[str, str, str]]:
    """Return the twin of the picture: n and value before and after, counts as they were counted."""
    figures = proof.figures
    rows = [(_("Number of readings"), _shown(figures.get("n_before")), _shown(figures.get("n_after")))]
    if figures.get("events_before") is not None:
        rows.append((_("Nonconforming or defects"), _shown(figures["events_before"]), _shown(figures["events_after"])))
    rows.append((str(item.get_measure_display()), valued(proof.before, item), valued(proof.after, item)))
    return rows


def _shown(value: float | None) -> str:
    return "—" if value is None else _n(value)


def chart_of(drawn: Mapping[str, Any]) -> Chart:
    """Return the points of a proof as a chart with two phases."""
    values = np.array([*drawn["before"], *drawn["after"]], dtype=np.float64)
    n, cut = len(values), len(drawn["before"])
    low, high = (np.nan if drawn.get(end) is None else drawn[end] for end in ("lower", "upper"))
    center = np.where(np.arange(n) < cut, _known(drawn.get("center")), _known(drawn.get("mean_after")))
    phases = (
        PhaseLimits(
            0, cut, _("before the treatment"), drawn.get("center"), drawn.get("lower"), drawn.get("upper"), cut
        ),
        PhaseLimits(
            cut, n, _("after the treatment"), drawn.get("mean_after"), drawn.get("lower"), drawn.get("upper"), n - cut
        ),
    )
    none = np.zeros(n, dtype=bool)
    beyond = (np.arange(n) >= cut) & ((values < low) | (values > high))
    return Chart("I", "", values, center, np.full(n, low), np.full(n, high), np.full(n, np.nan), None, None, phases, (),
                 (), (), beyond, none, {})  # fmt: skip


def _known(value: Any) -> float:
    return float("nan") if value is None else float(value)

"""Does the framework of a run hold together: correlations, structure, size, weight against influence, and advice."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from qualipolis.city.assess.analysis import Kind, stored
from qualipolis.city.assess.analysis_basis import Basis, sized
from qualipolis.city.assess.analysis_lists import SIZES
from qualipolis.city.assess.inputs import RoundData
from qualipolis.city.assess.models import Assessment
from qualipolis.city.core.policy import page
from qualipolis.city.core.roles import STAFF
from qualipolis.faces.desk import charts, parts
from qualipolis.faces.desk.rooms.assess.frame import exports
from qualipolis.faces.desk.rooms.design import advice as design_advice
from qualipolis.faces.desk.rooms.design import analysis as design_analysis
from qualipolis.faces.desk.rooms.design.advice import Evidence, Hint
from qualipolis.faces.desk.rooms.robustness_rows import between
from qualipolis.faces.desk.rooms.run.frame import basis_of, frame, job_of, last_failure, run_of, start
from qualipolis.faces.desk.shares import cell

KIND = Kind.STRUCTURE.value
FOLLOWS_SIZE = 0.5
SHOWN_SIZES = 12
FEWEST_BARS = 2


@page(*STAFF)
@require_http_methods(["GET", "HEAD", "POST"])
def structure(request: HttpRequest, pk: int) -> HttpResponse:
    """Whether the framework holds together; a POST computes what is not computed yet."""
    made = run_of(request, pk)
    found = stored(made, KIND)
    if request.method == "POST":
        if found is None:
            start(request, made, KIND)
        return redirect("desk:run_structure", made.pk)
    context = frame(made, KIND) | {"found": found, "heading": _("Does the framework hold together")}
    base, why = basis_of(made) if found else (None, [])
    if found is None or base is None:
        job = job_of(request, made, KIND)
        failure = " ".join(why) or last_failure(request, made, KIND)
        return render(request, "assess/analysis_wait.html", context | {"job": job, "failure": failure})
    return render(request, "assess/structure.html", context | _told(request, made, found.payload, base))


def _told(request: HttpRequest, made: Assessment, said: dict[str, Any], base: Basis) -> dict[str, Any]:
    known = evidence_of(made, base)
    names = design_advice.names_of(made.scored_set)
    query = f"run={made.pk}"
    hints = advice(known, names)
    return {
        **design_analysis.drawn(known, names, request.GET.get("order") == "cluster"),
        "heading": design_advice.finding(hints),
        "said": said,
        "hints": hints,
        **_importance(said, names),
        **_sizes(said, names),
        "exports_pairs": exports("correlations", query, said["correlations"]["pairs"]),
        "exports_families": exports("families", query, len(said["families"])),
        "exports_importance": exports("importance", query, len(said["importance"])),
        "exports_sizes": exports("sizes", query, len(said["sizes"])),
    }


def evidence_of(made: Assessment, base: Basis) -> Evidence:
    """Return a run as the evidence that the drawing board speaks from."""
    result = base.result
    read = RoundData(result.framework, result.data, base.errors, {}, {}, ())
    return Evidence(made.round, read, result, sized(result.data, made.round.set.year))


def advice(known: Evidence, names: dict[str, str]) -> list[Hint]:
    """Return what to think about, warnings first, in the words of the drawing board."""
    found = [design_advice.hint_of(problem, names) for problem in design_advice.data_problems(known)]
    return sorted(found, key=lambda hint: hint.tone != "warn")


def _importance(said: Mapping[str, Any], names: Mapping[str, str]) -> dict[str, Any]:
    """Main effects with their intervals beside the weights: a drawing for the upper levels, a table for all."""
    groups: dict[str, list[dict[str, Any]]] = {}
    for one in said["importance"]:
        groups.setdefault(one["node"], []).append(one)
    drawings = []
    for node, lines in groups.items():
        if len(lines) < FEWEST_BARS or _leaves(said, lines):
            continue
        bars = [_bar(one, lines, names) for one in lines]
        title = names.get(node, node)
        label = _("Weight and main effect of the parts of %(name)s.") % {"name": title}
        drawings.append((title, charts.importance(bars, label=label)))
    key = charts.marker_key(
        [
            ("previous", _("weight")),
            ("estimate", _("main effect as a share, with its 90 % interval; without one: Shapley share")),
        ]
    )
    return {"effects": drawings, "effects_key": key, "effects_table": _effects_table(said, names)}


def _bar(one: Mapping[str, Any], sisters: list[dict[str, Any]], names: Mapping[str, str]) -> charts.Influence:
    """Weight against main effect as a share of the family; against the Shapley share where no curve can be laid."""
    name, weight = names.get(one["child"], one["child"]), 100 * one["weight"]
    effects = [sister["effect"] for sister in sisters]
    total = sum(effect or 0.0 for effect in effects)
    if None in effects or not total:
        return charts.Influence(name, weight, 100 * (one["shapley"] or 0.0))
    return charts.Influence(name, weight, *(100 * one[key] / total for key in ("effect", "low", "high")))


def _leaves(said: Mapping[str, Any], lines: list[dict[str, Any]]) -> bool:
    codes = set(said["correlations"]["codes"])
    return any(one["child"] in codes for one in lines)


def _effects_table(said: Mapping[str, Any], names: Mapping[str, str]) -> parts.Table:
    cells = [
        {
            "name": names.get(one["child"], one["child"]), "under": names.get(one["node"], one["node"]),
            "weight": cell(one["weight"]), "effect": cell(one["effect"]), "range": between(one["low"], one["high"]),
            "shapley": cell(one["shapley"]), "n": one["n"],
        }
        for one in said["importance"]
    ]  # fmt: skip
    columns = [
        parts.Column("name", _("Node"), title=True), parts.Column("under", _("under")),
        parts.Column("weight", _("Weight"), numeric=True, unit="%"),
        parts.Column("shapley", _("Shapley share"), numeric=True, unit="%"),
        parts.Column("effect", _("Main effect"), numeric=True, unit="%"),
        parts.Column("range", _("90 % interval"), numeric=True), parts.Column("n", _("units"), numeric=True),
    ]  # fmt: skip
    return parts.Table(_("Weight, Shapley share and main effect"), columns, cells)


def _sizes(said: Mapping[str, Any], names: Mapping[str, str]) -> dict[str, Any]:
    """The indicators that go with the size of the unit."""
    strong = [one for one in said["sizes"] if abs(one["r"] or 0.0) >= FOLLOWS_SIZE]
    shown = strong[:SHOWN_SIZES] or said["sizes"][:FEWEST_BARS]
    cells = [
        {
            "name": names.get(one["code"], one["code"]), "size": str(SIZES.get(one["size"], one["size"])),
            "r": f"{one['r']:+.2f}".replace("-", "−"), "n": one["n"],
        }
        for one in shown
        if one["r"] is not None
    ]  # fmt: skip
    count = len({one["code"] for one in strong})
    words = ngettext(
        "%(n)s indicator goes with the size of the unit (correlation beyond 0.5).",
        "%(n)s indicators go with the size of the unit (correlation beyond 0.5).", count,
    ) % {"n": count}  # fmt: skip
    if not said["sizes"]:
        words = _("The sizes of the units are not known for this year.")
    columns = [
        parts.Column("name", _("Indicator"), title=True), parts.Column("size", _("Size of the unit")),
        parts.Column("r", "r", numeric=True), parts.Column("n", _("units"), numeric=True),
    ]  # fmt: skip
    return {"sizes_words": words, "sizes_table": parts.Table(_("Indicators and the size of the unit"), columns, cells)}

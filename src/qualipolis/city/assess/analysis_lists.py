"""The analyses of a run to take along: the tables of its pages as xlsx, csv or PDF. ``run`` names the run."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import polars as pl
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from qualipolis.city.assess.analysis import Kind, readable, stored
from qualipolis.city.assess.analysis_basis import Bilingual, basis, node_names, unit_names
from qualipolis.city.assess.analysis_scenarios import MOST, labels, outcome, read
from qualipolis.city.assess.lists import frame_of, rank_word
from qualipolis.city.assess.models import Assessment
from qualipolis.city.core.listings import listing
from qualipolis.city.core.parameters import whole
from qualipolis.city.core.roles import STAFF
from qualipolis.methods.problems import InputError, Problem, msg

Params = Mapping[str, str]
SIZES = {
    "population": gettext_lazy("resident population"),
    "firms": gettext_lazy("number of firms"),
    "industrial_value_added": gettext_lazy("industrial value added"),
}


def words(name: Bilingual | None, code: str = "") -> str:
    """Return a name in the language of the page, or the code where there is none."""
    if name is None:
        return code
    chinese = (get_language() or "zh").startswith("zh")
    return (name.zh or name.en if chinese else name.en or name.zh) or code


def named(names: Mapping[str, Bilingual], code: str) -> str:
    """Return the name of a code."""
    return words(names.get(code), code)


def factor_word(line: Mapping[str, Any], names: Mapping[str, Bilingual] | None = None) -> str:
    """Return the short name of an assumption in the language of the page; ``names`` are those of the nodes."""
    name = line["name"]
    text, params = str(name["text"]), dict(name.get("params", {}))
    if "node" in params:
        params["node"] = named(names or {}, params["node"])
    return _(text) % params


def _run(actor: Any, params: Params) -> Assessment:
    found = readable(actor).filter(pk=whole(params.get("run")) or 0).first()
    if found is None:
        what = msg("There is no run of this number that you may read.")
        raise InputError([Problem("no_run", what, msg("Open the page of the run and take the list from there."))])
    return found


def _payload(made: Assessment, kind: str) -> dict[str, Any]:
    found = stored(made, kind)
    if found is None:
        what = msg("This analysis is not computed yet.")
        raise InputError([Problem("not_computed", what, msg("Open its page and compute it there."))])
    return dict(found.payload)


def describe(params: Params) -> list[str]:
    """Return which run a list speaks of, in words."""
    made = Assessment.objects.select_related("round__set", "release").filter(pk=whole(params.get("run")) or 0).first()
    if made is None:
        return []
    release = getattr(made, "release", None)
    told = [_("run %(pk)s") % {"pk": made.pk}, _("year %(year)s") % {"year": made.round.set.year}]
    if release:
        told.append(
            _("release %(number)s (%(hash)s)") % {"number": release.number, "hash": release.release_hash},
        )
    return told


NUMBER, WHOLE, TEXT = pl.Float64, pl.Int64, pl.String


@listing("robustness", gettext_lazy("Ranks with their intervals and tiers"), roles=STAFF, describe=describe)
def robustness_frame(actor: Any, params: Params) -> pl.DataFrame:
    """Return one line for each unit, best first."""
    lines = _payload(_run(actor, params), Kind.ROBUSTNESS)["units"]
    names = unit_names(tuple(one["unit"] for one in lines))
    return frame_of([
        (_("Rank"), TEXT, [rank_word(one["rank"], one["tied"]) for one in lines]),
        (_("Code"), TEXT, [one["unit"] for one in lines]),
        (_("Unit"), TEXT, [named(names, one["unit"]) for one in lines]),
        (_("Tier"), WHOLE, [one["tier"] for one in lines]),
        (_("Probability of the own tier"), NUMBER, [one["sure"] for one in lines]),
        (_("Score"), NUMBER, [one["score"] for one in lines]),
        (_("Rank, 90 % best"), NUMBER, [one["p05"] for one in lines]),
        (_("Rank, median"), NUMBER, [one["median"] for one in lines]),
        (_("Rank, 90 % worst"), NUMBER, [one["p95"] for one in lines]),
        (_("Simulation error of the ends"), NUMBER, [one["error"] for one in lines]),
    ])  # fmt: skip


@listing("assumptions", gettext_lazy("Which assumptions matter"), roles=STAFF, describe=describe)
def assumptions_frame(actor: Any, params: Params) -> pl.DataFrame:
    """Return one line for each assumption with its sensitivity indices."""
    made = _run(actor, params)
    lines, names = _payload(made, Kind.ROBUSTNESS)["factors"], node_names(made)
    columns = [(_("Assumption"), TEXT, [factor_word(one, names) for one in lines])]
    for key, word in (("first", _("By itself")), ("total", _("With others"))):
        for k, end in enumerate(
            (word, _("%(what)s, 90 %% low") % {"what": word}, _("%(what)s, 90 %% high") % {"what": word})
        ):
            columns.append((end, NUMBER, [one[key][k] for one in lines]))
    return frame_of(columns)


@listing("places", gettext_lazy("How often each unit took each place"), roles=STAFF, describe=describe)
def places_frame(actor: Any, params: Params) -> pl.DataFrame:
    """Return one line for each unit and place (or block of places) it took."""
    said = _payload(_run(actor, params), Kind.ROBUSTNESS)
    width, order = said["place_width"], [one["unit"] for one in said["units"]]
    names = unit_names(tuple(order))
    lines = [
        (unit, k * width + 1, (k + 1) * width, share) for unit in order for k, share in said["places"].get(unit, ())
    ]
    return frame_of([
        (_("Code"), TEXT, [one[0] for one in lines]),
        (_("Unit"), TEXT, [named(names, one[0]) for one in lines]),
        (_("Rank from"), WHOLE, [one[1] for one in lines]),
        (_("Rank to"), WHOLE, [one[2] for one in lines]),
        (_("Share of the simulations"), NUMBER, [one[3] for one in lines]),
    ])  # fmt: skip


@listing("pairs", gettext_lazy("How often one unit stood above another"), roles=STAFF, describe=describe)
def pairs_frame(actor: Any, params: Params) -> pl.DataFrame:
    """Return the pairs of one unit (``unit``), or of all."""
    said = _payload(_run(actor, params), Kind.ROBUSTNESS)
    wanted = params.get("unit", "")
    chosen = [wanted] if wanted in said["pairs"] else list(said["pairs"])
    lines = [(unit, *pair) for unit in chosen for pair in said["pairs"][unit]]
    names = unit_names(tuple(said["pairs"]))
    return frame_of([
        (_("Unit"), TEXT, [named(names, one[0]) for one in lines]),
        (_("other unit"), TEXT, [named(names, one[1]) for one in lines]),
        (_("Probability of standing above"), NUMBER, [one[2] for one in lines]),
        (_("Probability of standing below"), NUMBER, [one[3] for one in lines]),
    ])  # fmt: skip


@listing("importance", gettext_lazy("Weight and influence"), roles=STAFF, describe=describe)
def importance_frame(actor: Any, params: Params) -> pl.DataFrame:
    """Return weight, main effect with its interval and Shapley share of every node."""
    made = _run(actor, params)
    lines, names = _payload(made, Kind.STRUCTURE)["importance"], node_names(made)
    return frame_of([
        (_("Code"), TEXT, [one["child"] for one in lines]),
        (_("Node"), TEXT, [named(names, one["child"]) for one in lines]),
        (_("under"), TEXT, [named(names, one["node"]) for one in lines]),
        (_("Weight"), NUMBER, [one["weight"] for one in lines]),
        (_("Main effect"), NUMBER, [one["effect"] for one in lines]),
        (_("Main effect, 90 % low"), NUMBER, [one["low"] for one in lines]),
        (_("Main effect, 90 % high"), NUMBER, [one["high"] for one in lines]),
        (_("Shapley share"), NUMBER, [one["shapley"] for one in lines]),
        (_("Units"), WHOLE, [one["n"] for one in lines]),
    ])  # fmt: skip


@listing("families", gettext_lazy("How each dimension hangs together"), roles=STAFF, describe=describe)
def families_frame(actor: Any, params: Params) -> pl.DataFrame:
    """Return alpha, KMO, Bartlett and the first component of every aggregate."""
    made = _run(actor, params)
    lines, names = _payload(made, Kind.STRUCTURE)["families"], node_names(made)
    return frame_of([
        (_("Node"), TEXT, [named(names, one["node"]) for one in lines]),
        (_("Parts"), WHOLE, [one["children"] for one in lines]),
        (_("units with all values"), WHOLE, [one["n"] for one in lines]),
        ("Cronbach α", NUMBER, [one["alpha"] for one in lines]),
        ("KMO", NUMBER, [one["kmo"] for one in lines]),
        (_("Bartlett, p"), NUMBER, [one["bartlett"] for one in lines]),
        (_("Share of the first component"), NUMBER, [one["first"] for one in lines]),
    ])  # fmt: skip


@listing("correlations", gettext_lazy("Correlations of the indicators"), roles=STAFF, describe=describe)
def correlations_frame(actor: Any, params: Params) -> pl.DataFrame:
    """Return every pair of indicators with its correlation, the strongest first."""
    made = _run(actor, params)
    said, names = _payload(made, Kind.STRUCTURE)["correlations"], node_names(made)
    codes = said["codes"]
    lines = [(codes[i], codes[k], r) for i, row in enumerate(said["r"]) for k, r in enumerate(row) if r is not None]
    lines.sort(key=lambda one: -abs(one[2]))
    return frame_of([
        (_("Indicator"), TEXT, [f"{one[0]} {named(names, one[0])}" for one in lines]),
        (_("with"), TEXT, [f"{one[1]} {named(names, one[1])}" for one in lines]),
        (_("Correlation"), NUMBER, [one[2] for one in lines]),
    ])  # fmt: skip


@listing("sizes", gettext_lazy("Indicators and the size of the unit"), roles=STAFF, describe=describe)
def sizes_frame(actor: Any, params: Params) -> pl.DataFrame:
    """Return how each indicator goes with each size, the strongest first."""
    made = _run(actor, params)
    lines, names = _payload(made, Kind.STRUCTURE)["sizes"], node_names(made)
    return frame_of([
        (_("Indicator"), TEXT, [f"{one['code']} {named(names, one['code'])}" for one in lines]),
        (_("Size"), TEXT, [str(SIZES.get(one["size"], one["size"])) for one in lines]),
        (_("Correlation"), NUMBER, [one["r"] for one in lines]),
        (_("Units"), WHOLE, [one["n"] for one in lines]),
    ])  # fmt: skip


@listing("scenarios", gettext_lazy("What if: scenarios side by side"), roles=STAFF, describe=describe)
def scenarios_frame(actor: Any, params: Params) -> pl.DataFrame:
    """Return official score and rank with those of each scenario (``s1`` to ``s4``, as they stand in a link)."""
    found = basis(_run(actor, params))
    result, root = found.result, found.root
    told = [read(params[f"s{n}"], result.framework) for n in range(1, MOST + 1) if f"s{n}" in params]
    names = unit_names(result.units)
    columns = [
        (_("Code"), TEXT, list(result.units)),
        (_("Unit"), TEXT, [named(names, unit) for unit in result.units]),
        (_("Score"), NUMBER, [_known(v) for v in result.score(root)]),
        (_("Rank"), WHOLE, [_whole(v) for v in result.ranks(root)]),
    ]
    for label, scenario in zip(labels(told, _("Scenario %(n)s")), told, strict=True):
        made = outcome(scenario, found)
        columns.append((_("%(name)s: score") % {"name": label}, NUMBER, [_known(v) for v in made.scores]))
        columns.append((_("%(name)s: rank") % {"name": label}, WHOLE, [_whole(v) for v in made.ranks]))
    return frame_of(columns).sort(_("Rank"), nulls_last=True, maintain_order=True)


def _known(value: float) -> float | None:
    return None if value != value else float(value)


def _whole(value: float) -> int | None:
    return None if value != value else int(value)

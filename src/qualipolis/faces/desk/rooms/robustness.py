"""How sure a ranking is: intervals, the assumptions behind them, places, and who cannot be told apart."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext
from django.views.decorators.http import require_http_methods

from qualipolis.city.assess.analysis import Kind, stored
from qualipolis.city.assess.analysis_basis import node_names, unit_names
from qualipolis.city.assess.analysis_lists import factor_word, named
from qualipolis.city.assess.analysis_robustness import SURE, moved_far
from qualipolis.city.assess.models import Assessment
from qualipolis.city.core.policy import page
from qualipolis.city.core.roles import STAFF
from qualipolis.faces.desk import charts, parts
from qualipolis.faces.desk.rooms import robustness_rows as rows
from qualipolis.faces.desk.rooms.assess.frame import exports
from qualipolis.faces.desk.rooms.run.frame import (
    PER_PAGE,
    city_choice,
    frame,
    job_of,
    last_failure,
    run_of,
    start,
)
from qualipolis.faces.desk.shares import cell
from qualipolis.methods.problems import Problem

KIND = Kind.ROBUSTNESS.value


@page(*STAFF)
@require_http_methods(["GET", "HEAD", "POST"])
def robustness(request: HttpRequest, pk: int) -> HttpResponse:
    """How sure the ranks of a run are; a POST computes what is not computed yet."""
    made = run_of(request, pk)
    found = stored(made, KIND)
    if request.method == "POST":
        if found is None:
            start(request, made, KIND)
        return redirect("desk:run_robustness", made.pk)
    context = frame(made, KIND) | {"found": found, "heading": _("How sure is this ranking")}
    if found is None:
        context |= {"job": job_of(request, made, KIND), "failure": last_failure(request, made, KIND)}
        return render(request, "assess/analysis_wait.html", context)
    return render(request, "assess/robustness.html", context | _told(request, made.pk, _named(found.payload, made)))


def _named(said: dict[str, Any], made: Assessment) -> dict[str, Any]:
    """Put the names of nodes into the names of the assumptions."""
    names = node_names(made)
    told = [
        {**one, "name": {"text": "%(name)s", "params": {"name": factor_word(one, names)}}} for one in said["factors"]
    ]
    return {**said, "factors": told}


def _told(request: HttpRequest, pk: int, said: dict[str, Any]) -> dict[str, Any]:
    names = unit_names(tuple(one["unit"] for one in said["units"]))
    inside, places = city_choice(request, every=True)
    shown = [one for one in said["units"] if inside is None or one["unit"] in inside]
    on_page = Paginator(shown, PER_PAGE).get_page(request.GET.get("page"))
    query = f"run={pk}"
    return {
        "heading": finding(said),
        "lead": lead(said),
        "said": said,
        **places,
        "page": on_page,
        **rows.ranks(said, list(on_page), names),
        **_assumptions(said),
        **rows.places(said, list(on_page), names),
        **_apart(request, said, names),
        "owed": list(_owed(said["owed"])),
        "failures": [{"count": one["count"], "words": _problem(one["problem"])} for one in said["failures"]],
        "how": list(_how(said)),
        "meaning": _meaning(said),
        "exports_ranks": exports("robustness", query, len(said["units"])),
        "exports_factors": exports("assumptions", query, len(said["factors"])),
        "exports_places": exports("places", query, sum(len(one) for one in said["places"].values())),
    }


def finding(said: Mapping[str, Any]) -> str:
    """Return the finding that stands as the title of the page."""
    moved, units, far = moved_far(said), len(said["units"]), said["apart"]
    params = {"n": f"{moved:,}", "all": f"{units:,}", "k": far}
    if not moved:
        return (
            ngettext("No rank moves by more than %(k)s place", "No rank moves by more than %(k)s places", far) % params
        )
    strong = strongest(said)
    if strong is None:
        return _("%(n)s of %(all)s ranks can move by more than %(k)s places") % params
    params["what"] = factor_word(strong)
    return _("%(n)s of %(all)s ranks can move by more than %(k)s places; what matters most: %(what)s") % params


def strongest(said: Mapping[str, Any]) -> dict[str, Any] | None:
    """Return the assumption with the largest total index, or nothing where the ranks never move."""
    known = [one for one in said["factors"] if one["total"][0] is not None]
    found = max(known, key=lambda one: one["total"][0], default=None)
    return found if found is not None and found["total"][0] > 0 else None


def lead(said: Mapping[str, Any]) -> str:
    """Return the sentence under the title: neighbours that cannot be told apart."""
    pairs = max(0, len(said["units"]) - 1)
    return _("Of %(all)s neighbours in the ranking %(n)s cannot be told apart with 95 %% certainty.") % {
        "all": f"{pairs:,}", "n": f"{said['neighbours_unsure']:,}",
    }  # fmt: skip


def _problem(told: Mapping[str, Any]) -> str:
    return Problem(told["code"], told["what"], told["remedy"], told["params"]).text(_)


def _assumptions(said: Mapping[str, Any]) -> dict[str, Any]:
    """The indices as a chart, the way they settled, and both as tables."""
    lines = sorted(said["factors"], key=lambda one: -(one["total"][0] or 0.0))
    bars = [
        charts.Influence(factor_word(one), *(100 * (v or 0.0) for v in (one["first"][0], *one["total"])))
        for one in lines
    ]
    label = _("%(what)s explains %(share)s %% of how far the ranks move.") % {
        "what": bars[0].name, "share": f"{bars[0].importance:.0f}",
    } if bars else _("Nothing was varied.")  # fmt: skip
    cells = [
        {
            "name": factor_word(one),
            **{key: cell(one[key][0]) for key in ("first", "total")},
            **{f"{key}_range": rows.between(*one[key][1:]) for key in ("first", "total")},
            "exact": cell(one.get("total_exact")),
        }
        for one in lines
    ]
    columns = [
        parts.Column("name", _("Assumption"), title=True),
        parts.Column("first", _("By itself"), numeric=True, unit="%"),
        parts.Column("first_range", _("90 % interval"), numeric=True),
        parts.Column("total", _("With others"), numeric=True, unit="%"),
        parts.Column("total_range", _("90 % interval"), numeric=True),
    ]
    if said["design"]["combinations"]:
        columns.append(parts.Column("exact", _("exact, with others"), numeric=True, unit="%"))
    table = parts.Table(_("Which assumptions matter"), columns, cells)
    key = charts.marker_key([("previous", _("by itself")), ("estimate", _("with others, and its 90 % interval"))])
    return {
        "factors_chart": charts.importance(bars, label=label),
        "factors_key": key,
        "factors_table": table,
        **_settling(said),
    }


def _settling(said: Mapping[str, Any]) -> dict[str, Any]:
    design = said["design"]
    order = sorted(range(len(said["factors"])), key=lambda k: -(said["factors"][k]["total"][0] or 0.0))[:5]
    told = {
        k: [[None if step[row][k] is None else 100 * step[row][k] for step in design["series"]] for row in range(3)]
        for k in order
    }
    runs = [
        charts.Run(factor_word(said["factors"][k]), *told[k], exact=None if "total_exact" not in said["factors"][k] else 100 * said["factors"][k]["total_exact"])
        for k in order
    ]  # fmt: skip
    words = _("Settled: every index is known to within %(n)s points.") if design["converged"] else _(
        "Not quite settled: an index is known to within %(n)s points only."
    )  # fmt: skip
    words = words % {"n": cell(design["widest"])}
    columns = [parts.Column("name", _("Assumption"), title=True)]
    columns += [parts.Column(f"n{n}", f"{n:,}", numeric=True) for n in design["steps"]]
    cells = [
        {"name": run.name} | {f"n{n}": None if v is None else f"{v:.1f}" for n, v in zip(design["steps"], run.values, strict=True)}
        for run in runs
    ]  # fmt: skip
    return {
        "settled": design["converged"],
        "settled_words": words,
        "settling": charts.convergence(design["steps"], runs, label=words, x_name=_("rows of the design")),
        "settling_table": parts.Table(_("With others (%), by rows of the design"), columns, cells),
    }


def _apart(request: HttpRequest, said: Mapping[str, Any], names: Mapping[str, Any]) -> dict[str, Any]:
    """For a chosen unit: who stands so near that the order is not sure."""
    order = [one["unit"] for one in said["units"]]
    if not order:
        return {"chosen": "", "apart_table": None, "choices": []}
    wanted = request.GET.get("unit", "")
    chosen = wanted if wanted in said["pairs"] else order[0]
    place = {one["unit"]: one for one in said["units"]}
    close = [pair for pair in said["pairs"][chosen] if pair[1] <= SURE and pair[2] <= SURE]
    cells = [
        {
            "rank": place[other]["rank"], "name": named(names, other), "above": rows.chance(above), "below": rows.chance(below),
            "word": _leaning(above, below),
        }
        for other, above, below in close
    ]  # fmt: skip
    me = named(names, chosen)
    columns = [
        parts.Column("rank", _("Rank"), numeric=True),
        parts.Column("name", pgettext("place", "Unit"), title=True),
        parts.Column("above", _("%(name)s stands above") % {"name": me}, numeric=True),
        parts.Column("below", _("%(name)s stands below") % {"name": me}, numeric=True),
        parts.Column("word", _("What it says")),
    ]
    count = len(close)
    near = said["pairs_near"]
    words = ngettext(
        "%(name)s (rank %(rank)s) cannot be told apart from %(n)s unit.",
        "%(name)s (rank %(rank)s) cannot be told apart from %(n)s units.", count,
    ) % {"name": me, "rank": place[chosen]["rank"], "n": count}  # fmt: skip
    return {
        "chosen": chosen,
        "choices": [(unit, f"{place[unit]['rank']} {named(names, unit)}") for unit in order],
        "apart_words": words,
        "apart_near": near,
        "apart_table": parts.Table(words, columns, cells),
        "exports_pairs": exports(
            "pairs", f"run={request.resolver_match.kwargs['pk']}&unit={chosen}", len(said["pairs"][chosen])
        ),  # type: ignore[union-attr]
    }


def _leaning(above: float, below: float) -> str:
    lead = abs(above - below)
    if lead < 0.2:
        return _("as good as even")
    if lead < 0.6:
        return _("rather above") if above > below else _("rather below")
    return _("probably above") if above > below else _("probably below")


def _owed(owed: Mapping[str, Any]) -> Any:
    """Yield what the width of the intervals is owed to beside the choices of method."""
    if owed["noise"] is not None:
        words = _("Counting errors: were every count exact, the variance of the ranks would be %(n)s %% smaller.")
        yield words % {"n": cell(owed["noise"], 0)}
    if not owed["gaps"]:
        yield _("No value is missing.")
        return
    share = f"{100 * owed['gaps'] / owed['cells']:.1f}"
    yield _("Missing values: %(n)s of %(all)s (%(share)s %%). Their weight is shared out among what a unit has.") % {
        "n": f"{owed['gaps']:,}", "all": f"{owed['cells']:,}", "share": share,
    }  # fmt: skip
    if owed["gaps_share"] is not None:
        words = _(
            "Were each gap drawn from what the other values make likely, %(n)s %% of the variance of the ranks would come from the gaps."
        )
        yield words % {"n": cell(owed["gaps_share"], 1)}


def _how(said: Mapping[str, Any]) -> Any:
    """Yield how it was computed, and what was limited because there are many units."""
    design = said["design"]
    yield _("%(n)s simulations for the intervals, %(runs)s runs over %(rows)s rows for the assumptions (quasi-random).") % {
        "n": f"{said['replicates']:,}", "runs": f"{design['runs']:,}", "rows": f"{design['rows']:,}",
    }  # fmt: skip
    if design["combinations"]:
        yield _("All %(n)s combinations were run as well: those indices are exact.") % {
            "n": f"{design['combinations']:,}"
        }
    if said["pairs_near"]:
        yield _("With %(units)s units only the %(n)s nearest above and below are compared with each, places are counted in blocks of %(width)s, and the design has fewer rows; the ranks and their intervals are complete.") % {
            "units": f"{len(said['units']):,}", "n": said["pairs_near"], "width": said["place_width"],
        }  # fmt: skip


def _meaning(said: Mapping[str, Any]) -> list[tuple[str, bool]]:
    """What the interval means, and what it does not."""
    return [
        (_("Under the assumptions that were varied, nine of ten simulated ranks lie inside the interval."), True),
        (_("Two units whose order changes in more than 5 % of the simulations cannot be told apart."), True),
        (_("It does not cover false reports, indicators that are not in the set, or a change of policy."), False),
        (_("It is no forecast of next year's rank."), False),
    ]

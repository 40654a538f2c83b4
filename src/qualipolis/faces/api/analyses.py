"""Operations on the analyses of runs: of releases for everyone as far as they are public, of all runs for overseers."""

from typing import Any

from django.http import Http404
from django.utils.translation import gettext as _
from django.utils.translation import override
from ninja import Router, Schema
from pydantic import Field

from qualipolis.city.assess.analysis import Kind, readable, stored
from qualipolis.city.assess.analysis_basis import Bilingual, node_names, unit_names
from qualipolis.city.assess.analysis_lists import factor_word
from qualipolis.city.assess.models import Assessment, Release
from qualipolis.city.core.policy import ANYONE
from qualipolis.city.core.roles import STAFF
from qualipolis.faces.api import parameters as p
from qualipolis.faces.api.access import is_staff, operation
from qualipolis.faces.api.public import release_of

router = Router(tags=["analyses"])


class AssumptionOut(Schema):
    """One assumption: shares of the variance of how far the ranks move, each with its 90 % interval."""

    name_zh: str = Field(description="What is varied, in Chinese.")
    name_en: str = Field(description="The same in English.")
    first: list[float | None] = Field(description="By itself: estimate, low, high.")
    total: list[float | None] = Field(description="Together with the others: estimate, low, high.")


class UnitRobustOut(Schema):
    """How sure one rank is."""

    code: str
    name_zh: str
    name_en: str
    rank: int
    tied: bool
    rank_p05: float | None
    rank_median: float | None
    rank_p95: float | None
    tier: int
    tier_certainty: float
    places: list[list[float]] = Field(description="Rank (the first of its block) and share of the simulations.")


class RobustnessOut(Schema):
    """How sure a ranking is."""

    run: int
    release: str | None
    replicates: int
    failed: int = Field(description="Simulations that failed and are in no number.")
    design_rows: int
    design_runs: int
    converged: bool
    place_width: int = Field(description="How many ranks one block of places holds.")
    assumptions: list[AssumptionOut]
    units: list[UnitRobustOut]
    pairs: dict[str, list[list[Any]]] | None = Field(
        description="Staff only. By unit: other unit, probability of standing above, below."
    )
    owed: dict[str, Any] | None = Field(description="Staff only. What the width is owed to: counting errors, gaps.")


class InfluenceOut(Schema):
    """What one node does to the one above it, beside its weight."""

    code: str
    name_zh: str
    name_en: str
    under: str
    weight: float | None
    main_effect: list[float | None] = Field(description="Estimate, low, high.")
    shapley: float | None


class FamilyOut(Schema):
    """How the parts of one node hang together."""

    code: str
    name_zh: str
    name_en: str
    parts: int
    units: int | None
    alpha: float | None
    kmo: float | None
    first_component: float | None


class StructureOut(Schema):
    """How a framework holds together. To the public: aggregates; to staff also indicators, correlations and sizes."""

    run: int
    release: str | None
    families: list[FamilyOut]
    influence: list[InfluenceOut]
    correlations: dict[str, Any] | None
    sizes: list[dict[str, Any]] | None


def payload(made: Assessment, kind: str) -> dict[str, Any]:
    """Return a stored analysis; 404 in words when nobody has computed it yet."""
    found = stored(made, kind)
    if found is None:
        raise Http404(_("This analysis is not computed yet; staff compute it on the page of the run."))
    return dict(found.payload)


def named(names: dict[str, Bilingual], code: str) -> dict[str, str]:
    """Return a code with its names."""
    name = names.get(code, Bilingual("", ""))
    return {"code": code, "name_zh": name.zh, "name_en": name.en}


def head(made: Assessment) -> dict[str, Any]:
    """Return which run speaks."""
    release: Release | None = getattr(made, "release", None)
    return {"run": made.pk, "release": release.number if release else None}


def in_words(factor: dict[str, Any], nodes: dict[str, Bilingual]) -> dict[str, str]:
    """Return the name of an assumption in both languages."""
    told = {}
    for key, language in (("name_zh", "zh-hans"), ("name_en", "en")):
        with override(language):
            told[key] = factor_word(factor, nodes)
    return told


def robustness_of(made: Assessment, staff: bool) -> dict[str, Any]:
    """Return how sure a ranking is; pairs and sources of error are for staff."""
    said = payload(made, Kind.ROBUSTNESS)
    names = unit_names(tuple(one["unit"] for one in said["units"]))
    width, design = said["place_width"], said["design"]
    units = [
        {
            **named(names, one["unit"]), "rank": one["rank"], "tied": one["tied"], "rank_p05": one["p05"],
            "rank_median": one["median"], "rank_p95": one["p95"], "tier": one["tier"], "tier_certainty": one["sure"],
            "places": [[k * width + 1, share] for k, share in said["places"].get(one["unit"], ())],
        }
        for one in said["units"]
    ]  # fmt: skip
    nodes = node_names(made)
    lines = [{**in_words(one, nodes), "first": one["first"], "total": one["total"]} for one in said["factors"]]
    return {
        **head(made), "replicates": said["replicates"], "failed": said["failed"], "design_rows": design["rows"],
        "design_runs": design["runs"], "converged": design["converged"], "place_width": width, "assumptions": lines,
        "units": units, "pairs": said["pairs"] if staff else None, "owed": said["owed"] if staff else None,
    }  # fmt: skip


def structure_of(made: Assessment, staff: bool) -> dict[str, Any]:
    """Return how the framework holds together; what names single indicators is for staff."""
    said = payload(made, Kind.STRUCTURE)
    names = node_names(made)
    leaves = set(said["correlations"]["codes"])
    influence = [
        {
            **named(names, one["child"]), "under": one["node"], "weight": one["weight"], "shapley": one["shapley"],
            "main_effect": [one["effect"], one["low"], one["high"]],
        }
        for one in said["importance"]
        if staff or one["child"] not in leaves
    ]  # fmt: skip
    families = [
        {
            **named(names, one["node"]), "parts": one["children"], "units": one["n"], "alpha": one["alpha"],
            "kmo": one["kmo"], "first_component": one["first"],
        }
        for one in said["families"]
    ]  # fmt: skip
    inside = {"correlations": said["correlations"], "sizes": said["sizes"]}
    return {**head(made), "families": families, "influence": influence, **(inside if staff else dict.fromkeys(inside))}


def run_of(request: Any, run: int) -> Assessment:
    """Return a run whose analyses the caller may read."""
    made = readable(request.user).filter(pk=run).first()
    if made is None:
        raise Http404(_("There is no run of this number that you may read."))
    return made


@operation(router, "/releases/{number}/robustness", ANYONE, response=RobustnessOut, released=True)
def get_release_robustness(request, number: p.Number):
    """How sure the ranking of a release is.

    Rank intervals, tiers, how often each place was taken, and which assumptions matter (Sobol indices with intervals).
    """
    return robustness_of(release_of(number).assessment, is_staff(request))


@operation(router, "/releases/{number}/structure", ANYONE, response=StructureOut, released=True)
def get_release_structure(request, number: p.Number):
    """How the framework of a release holds together.

    Weight against influence, alpha, KMO and components of the aggregates; single indicators for staff.
    """
    return structure_of(release_of(number).assessment, is_staff(request))


@operation(router, "/runs/{run}/robustness", *STAFF, response=RobustnessOut)
def get_run_robustness(request, run: p.Run):
    """How sure the ranking of a run is: before a release for overseers, after it for all staff."""
    return robustness_of(run_of(request, run), is_staff(request))


@operation(router, "/runs/{run}/structure", *STAFF, response=StructureOut)
def get_run_structure(request, run: p.Run):
    """How the framework of a run holds together: before a release for overseers, after it for all staff."""
    return structure_of(run_of(request, run), is_staff(request))

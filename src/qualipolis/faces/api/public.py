"""Operations for everyone: what is published, with the numbers of the pages."""

from typing import Any

from django.http import Http404
from django.urls import reverse
from django.utils.translation import gettext as _
from ninja import Router

from qualipolis.city.assess.models import Release
from qualipolis.city.assess.queries import book, latest_release, overview, ranking, release_page, town_profile
from qualipolis.city.assess.queries import releases as every_release
from qualipolis.city.core.models import Checkpoint
from qualipolis.city.core.policy import ANYONE, visible
from qualipolis.city.core.queries import city as the_city
from qualipolis.city.measure.models import Indicator
from qualipolis.city.measure.queries import sets
from qualipolis.city.registry.models import Unit as UnitRow
from qualipolis.faces.api import parameters as p
from qualipolis.faces.api import schemas as s
from qualipolis.faces.api import shapes
from qualipolis.faces.api.access import is_staff, operation
from qualipolis.faces.portal.bundle import open_files
from qualipolis.faces.portal.datasets import DATASETS
from qualipolis.faces.portal.published import cells_held_back, open_page

router = Router(tags=["published"])


def release_of(number: str) -> Release:
    """Return the release of a number; ``latest`` is the one that holds for the latest year."""
    rows = Release.objects.select_related("assessment__round__set")
    found = latest_release() if number == "latest" else rows.filter(number=number).first()
    if found is None:
        raise Http404(_("There is no release of this number; the list is at /api/v1/releases."))
    return found


@operation(router, "/city", ANYONE, response=s.CityOut, released=True)
def get_city(request):
    """The city and its latest release."""
    here = the_city()
    if here is None:
        raise Http404
    found = overview()
    return {
        **shapes.named(here.code, here),
        "synthetic": here.synthetic,
        "release": found.release.number if found.release else None,
        "year": shapes.year_of(found.release) if found.release else None,
        "units": found.units,
        "tiers": {str(tier): count for tier, count in found.tiers.items()},
        "grades": found.grades,
    }


@operation(router, "/units", ANYONE, response=s.Page[s.UnitOut])
def list_units(request, q: p.Search = "", limit: p.Limit = 50, offset: p.Offset = 0):
    """The towns, subdistricts and parks."""
    from qualipolis.city.registry.queries import search
    from qualipolis.city.registry.tables import TABLES

    rows, _near = search(visible(request.user, UnitRow.objects.all()).order_by("code"), TABLES["units"], q)
    return {"count": rows.count(), "items": [shapes.unit(row) for row in rows[offset : offset + limit]]}


@operation(router, "/units/{code}", ANYONE, response=s.UnitOut)
def get_unit(request, code: p.Unit):
    """One unit."""
    row = visible(request.user, UnitRow.objects.filter(code=code)).first()
    if row is None:
        raise Http404
    return shapes.unit(row)


@operation(router, "/indicator-sets", ANYONE, response=s.Page[s.SetOut])
def list_indicator_sets(request, limit: p.Limit = 50, offset: p.Offset = 0):
    """The indicator sets: to the public those that are published."""
    rows = sets(request.user)
    return {"count": rows.count(), "items": [shapes.indicator_set(row) for row in rows[offset : offset + limit]]}


@operation(router, "/indicator-sets/{year}", ANYONE, response=s.SetTreeOut)
def get_indicator_set(request, year: p.Year):
    """The latest set of a year with its tree, weights and goalposts."""
    row = sets(request.user).filter(year=year).order_by("-version").first()
    if row is None:
        raise Http404
    leaves = row.indicators.select_related("dimension").order_by("position", "code")
    dimensions = row.dimensions.select_related("parent").order_by("position", "code")
    return {
        **shapes.indicator_set(row),
        "nodes": [shapes.dimension(one) for one in dimensions],
        "leaves": [shapes.indicator(one) for one in leaves],
    }


@operation(router, "/indicators", ANYONE, response=s.Page[s.IndicatorOut])
def list_indicators(
    request, year: p.YearOrNone = None, dimension: p.Node = "", limit: p.Limit = 50, offset: p.Offset = 0
):
    """The indicators behind the release of a year, with their definitions."""
    rows = _indicators(year)
    rows = rows.filter(dimension__code=dimension) if dimension else rows
    return {"count": rows.count(), "items": [shapes.indicator(one) for one in rows[offset : offset + limit]]}


@operation(router, "/indicators/{code}", ANYONE, response=s.IndicatorOut)
def get_indicator(request, code: p.Code, year: p.YearOrNone = None):
    """One indicator with its definition."""
    row = _indicators(year).filter(code=code).first()
    if row is None:
        raise Http404
    return shapes.indicator(row)


def _indicators(year: int | None) -> Any:
    release = latest_release(year)
    rows = Indicator.objects.filter(set=release.assessment.round.set_id) if release else Indicator.objects.none()
    return rows.select_related("dimension").order_by("position", "code")


@operation(router, "/releases", ANYONE, response=s.Page[s.ReleaseOut], released=True)
def list_releases(request, limit: p.Limit = 50, offset: p.Offset = 0):
    """Every release ever published; what was replaced or withdrawn says so."""
    rows = every_release(request.user)
    return {"count": rows.count(), "items": [shapes.release(one) for one in rows[offset : offset + limit]]}


@operation(router, "/releases/{number}", ANYONE, response=s.ReleaseOut, released=True)
def get_release(request, number: p.Number):
    """One release with its hashes."""
    return shapes.release(release_of(number))


@operation(router, "/releases/{number}/ranking", ANYONE, response=s.RankingOut, released=True)
def get_ranking(
    request, number: p.Number, node: p.Node = "", peer_group: p.Group = "", limit: p.Limit = 200, offset: p.Offset = 0
):
    """The ranking of a release at a node.

    Ranks carry their 90 % intervals; ties are ties. Dimensions are published in bands, without their scores.
    """
    release = release_of(number)
    read = book(release)
    if node and (node not in read.columns or node not in read.nodes or read.nodes[node].level < 2):
        raise Http404(_("There is no aggregate of this code; the tree is at /api/v1/indicator-sets."))
    found = ranking(release, node, peer_group)
    rows = found.rows[offset : offset + limit]
    return {
        "release": release.number,
        "year": shapes.year_of(release),
        "node": shapes.node(found.node),
        "peer_group": peer_group,
        "count": len(found.rows),
        "replicates": release.assessment.replicates,
        "items": [shapes.rank(row, found.node.level, is_staff(request)) for row in rows],
    }


@operation(router, "/releases/{number}/units/{unit}", ANYONE, response=s.ProfileOut, released=True)
def get_profile(request, number: p.Number, unit: p.Unit):
    """One unit in a release: its place, its dimensions in bands, its years."""
    release = release_of(number)
    found = town_profile(release, unit)
    if found is None:
        raise Http404(_("This unit was not assessed in this release."))
    return shapes.profile(release, found, is_staff(request))


@operation(router, "/releases/{number}/indicators/{code}", ANYONE, response=s.ValuesOut, released=True)
def get_indicator_values(request, number: p.Number, code: p.Code, limit: p.Limit = 200, offset: p.Offset = 0):
    """One indicator in a release: the city's years, and every unit by code.

    Figures of fewer than three respondents are held back, and with a single one the next smallest.
    """
    release = release_of(number)
    found = open_page(release, code)
    if found is None:
        raise Http404(_("There is no indicator of this code in this release."))
    rows = sorted(found.rows, key=lambda row: row.unit)
    return {
        "release": release.number,
        "year": shapes.year_of(release),
        "indicator": shapes.indicator(found.indicator),
        "city": found.city,
        "series": found.trend,
        "held_back": sum(1 for row in rows if row.held_back),
        "items": [shapes.value(row) for row in rows[offset : offset + limit]],
    }


@operation(router, "/releases/{number}/verification", ANYONE, response=s.VerificationOut, released=True)
def get_verification(request, number: p.Number):
    """How to check a release: hashes, seed, files, and the command that computes it again."""
    release = release_of(number)
    read = release_page(release)
    return {
        **shapes.release(release),
        "synthetic": read.synthetic,
        "code_version": read.code_version,
        "seed": read.seed,
        "replicates": read.replicates,
        "held_back": cells_held_back(release),
        "command": read.command,
        "steps": read.verification,
        "files": _files(release),
    }


@operation(router, "/releases/{number}/files", ANYONE, response=list[s.FileOut], released=True)
def list_files(request, number: p.Number):
    """The files of a release and where to take them."""
    return _files(release_of(number))


def _files(release: Release) -> list[dict[str, Any]]:
    return [
        {
            "name": one.name,
            "bytes": one.bytes,
            "sha256": one.sha256,
            "copy_without_small_cells": one.copy,
            "url": reverse("portal:release_file", args=[release.number, one.name]),
        }
        for one in open_files(release)
    ]


@operation(router, "/datasets", ANYONE, response=list[s.DatasetOut], released=True)
def list_datasets(request):
    """The open data: each dataset with the meaning of its columns."""
    return [
        {
            **{name: getattr(one, name) for name in ("name", "title_zh", "title_en", "about_zh", "about_en")},
            "columns": [{"name": c.name, "type": c.type, "unit": c.unit, "zh": c.zh, "en": c.en} for c in one.columns],
            "csv": reverse("portal:dataset", args=[one.name, "csv"]),
            "json_url": reverse("portal:dataset", args=[one.name, "json"]),
        }
        for one in DATASETS.values()
    ]


@operation(router, "/checkpoint", ANYONE, response=s.CheckpointOut)
def get_checkpoint(request):
    """The latest signed end of the ledger; keep a copy, and nobody can shorten it unnoticed."""
    row = Checkpoint.objects.order_by("-seq", "-pk").first()
    if row is None:
        raise Http404(_("The ledger has not been signed yet."))
    return {name: getattr(row, name) for name in ("seq", "hash", "at", "public_key", "signature")}

"""Releases for everyone: the register, one release with its hashes and files, and a check made here and now."""

from __future__ import annotations

import time
from typing import Any

from django.core.cache import cache
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from qualipolis.city.assess import releases as bundles
from qualipolis.city.assess.models import Assessment, Release
from qualipolis.city.assess.queries import release_page
from qualipolis.city.assess.queries import releases as every_release
from qualipolis.city.core.policy import ANYONE, page
from qualipolis.city.core.queries import file_stem
from qualipolis.city.measure.queries import reopened_on
from qualipolis.faces.desk import parts
from qualipolis.faces.portal import bundle as open_bundle
from qualipolis.faces.portal import frame
from qualipolis.faces.portal.published import cells_held_back

TONES = {"published": "ok", "superseded": "idle", "withdrawn": "bad"}
KEPT = 600  # seconds a check is remembered, so that pressing the button does not load the server
RUNNING = 60  # seconds in which a check that was begun is not begun a second time


@frame.open_page
def index(request: HttpRequest) -> HttpResponse:
    """Every release that was ever published."""
    columns = [
        parts.Column("number", _("Release"), title=True),
        parts.Column("year", _("Year"), numeric=True),
        parts.Column("published", _("Published")),
        parts.Column("status", _("State")),
        parts.Column("hash", _("Fingerprint")),
    ]
    rows = [
        {
            "number": one.number,
            "year": frame.year_of(one),
            "published": date_format(timezone.localtime(one.published_at), "SHORT_DATETIME_FORMAT"),
            "status": one.assessment.get_status_display(),
            "hash": f"{one.release_hash[:8]}…{one.release_hash[-4:]}",
            "url": reverse("portal:release", args=[one.number]),
        }
        for one in every_release(request.user)
    ]
    table = parts.Table(_("Every release, the latest year first"), columns, rows, links="url")
    return frame.show(
        request, "releases", "data", {"table": table, "crumbs": [frame.home_crumb(), (_("Releases"), "")]}
    )


def _one(number: str) -> Release:
    return get_object_or_404(Release.objects.select_related("assessment__round__set"), number=number)


@frame.open_page
def one(request: HttpRequest, number: str) -> HttpResponse:
    """One release: what it is, what it stands on, and how to check it."""
    return _shown(request, _one(number))


@page(ANYONE)
@require_POST
def verify_now(request: HttpRequest, number: str) -> HttpResponse:
    """Compute the release again from its stored inputs; the answer is kept for ten minutes."""
    found = _one(number)
    _checked(found)
    return _shown(request, found)


def _key(found: Release) -> str:
    return f"portal-verified-{found.pk}-{found.release_hash[:16]}"


def _checked(found: Release) -> None:
    if cache.get(_key(found)) is not None or not cache.add(f"{_key(found)}-running", True, RUNNING):
        return
    begun = time.monotonic()
    result = bundles.verify(found)
    problem = result.first_problem
    kept = {
        "ok": result.ok,
        "seconds": time.monotonic() - begun,
        "at": timezone.now(),
        "problem": (problem.what, problem.params) if problem else None,
    }
    cache.set(_key(found), kept, KEPT)


def _verdict(found: Release) -> parts.Verdict:
    kept = cache.get(_key(found))
    if kept is None:
        why = _("Press the button: the server reads the stored inputs and computes every number again.")
        return parts.Verdict("wait", _("Not checked in the last ten minutes"), why)
    at = date_format(timezone.localtime(kept["at"]), "SHORT_DATETIME_FORMAT")
    if kept["ok"]:
        n = found.assessment.cards.count()
        words = ngettext("Recomputed: %(n)s unit is the same", "Recomputed: all %(n)s units are the same", n) % {"n": n}
        how = _("From the stored inputs, in %(seconds)s s, at %(at)s; every file and every number was compared.")
        return parts.Verdict("ok", words, how % {"seconds": f"{kept['seconds']:.1f}", "at": at})
    what, params = kept["problem"] or ("", {})
    return parts.Verdict("bad", _("This release does not hold"), _(what) % params if what else at)


def _shown(request: HttpRequest, found: Release) -> HttpResponse:
    read = release_page(found)
    held = cells_held_back(found)
    made = found.assessment
    context = {
        "release": found,
        "badge": frame.badge(found),
        "read": read,
        "year": read.year,
        "made": made,
        "state": parts.Chip(TONES.get(made.status, "idle"), made.get_status_display()),
        "withdrawn": made.status == Assessment.Status.WITHDRAWN,
        "verdict": _verdict(found),
        "held": held,
        "files": _files(found),
        "timeline": _timeline(found),
        "command": "qualipolis verify release " + found.number,
        "crumbs": [frame.home_crumb(), (_("Releases"), reverse("portal:releases")), (found.number, "")],
    }
    return frame.show(request, "release", "data", context)


def _timeline(found: Release) -> list[tuple[str, str, str]]:
    made = found.assessment
    computed = _("%(n)s replicates, seed %(seed)s, software %(version)s") % {
        "n": f"{made.replicates:,}",
        "seed": made.seed,
        "version": made.code_version,
    }
    return [
        (_("Data locked"), made.round.period, _locked(made)),
        (_("Computed"), _day(made.run_at), computed),
        (_("Published"), _day(found.published_at), _("From here on not one character changes.")),
    ]


def _locked(made: Assessment) -> str:
    day = reopened_on(made.round, made.run_at)
    if day is None:
        return _("The values do not change after this.")
    return _("Locked when it was computed; reopened on %(day)s, this release does not change.") % {
        "day": day.isoformat()
    }


def _day(moment: Any) -> str:
    return str(date_format(timezone.localtime(moment), "SHORT_DATETIME_FORMAT"))


def _files(found: Release) -> list[dict[str, Any]]:
    words = {
        "scores.csv": _("scores and ranks at every node"),
        "intervals.csv": _("90 % rank intervals"),
        "scorecards.json": _("grades, tiers, quadrants"),
        "adjustments.json": _("bonuses and vetoes with their documents"),
        "source.json": _("the set, the round and the snapshot"),
        "observations.csv": _("numerators, denominators and values"),
        "inputs/data.csv": _("the values that were scored"),
        "inputs/meta.csv": _("the indicators, weights and goalposts"),
        "inputs/pipeline.toml": _("the method, step by step"),
    }
    return [
        {
            "name": one.name,
            "words": words.get(one.name, ""),
            "bytes": one.bytes,
            "sha256": one.sha256,
            "copy": one.copy,
            "url": reverse("portal:release_file", args=[found.number, one.name]),
        }
        for one in open_bundle.open_files(found)
    ]


@frame.open_page
def file(request: HttpRequest, number: str, name: str) -> HttpResponse:
    """Give one file; only what the release names can be asked for."""
    data = open_bundle.content(_one(number), name)
    if data is None:
        raise Http404
    answer = HttpResponse(data, content_type="application/octet-stream")
    answer["Content-Disposition"] = content_disposition_header(True, f"{file_stem(number)}-{name.rsplit('/', 1)[-1]}")
    return answer


@frame.open_page
def bundle(request: HttpRequest, number: str) -> HttpResponse:
    """Give everything of a release as one zip."""
    return FileResponse(
        open_bundle.archive(_one(number)),
        as_attachment=True,
        filename=f"{file_stem(number)}.zip",
        content_type="application/zip",
    )

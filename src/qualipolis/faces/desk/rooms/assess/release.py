"""Releases: the register, one release with its verification, and everything in it to take along."""

from __future__ import annotations

import time
from io import BytesIO
from pathlib import Path
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile

from django.contrib import messages
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from qualipolis.city.assess import page_queries, releases, service
from qualipolis.city.assess.models import Assessment, Release
from qualipolis.city.assess.queries import release_page
from qualipolis.city.core.policy import can, page, roles_of
from qualipolis.city.core.queries import file_stem
from qualipolis.city.core.roles import INSIDE, STAFF
from qualipolis.city.measure.queries import reopened_on
from qualipolis.faces.desk import parts
from qualipolis.faces.desk.rooms.assess import report as assess_report
from qualipolis.faces.desk.rooms.assess.frame import moment
from qualipolis.faces.desk.rooms.assess.method import method_lines
from qualipolis.lake.canonical import parse_json
from qualipolis.lake.release.format import DOCUMENT
from qualipolis.lake.release.verify import inside
from qualipolis.methods.problems import InputError

TONES = {"published": "ok", "superseded": "idle", "withdrawn": "bad"}


@page(*STAFF)
@require_safe
def release_list(request: HttpRequest) -> HttpResponse:
    """Every release that was ever published, and the runs that are on their way."""
    rows = [_listed(one) for one in page_queries.register(request.user)]
    runs = list(page_queries.runs(request.user)[:20])
    context = {
        "stage": "assess",
        "rows": rows,
        "runs": runs,
        "rounds": page_queries.rounds_to_assess() if can(request.user, "assess.run") else (),
    }
    return render(request, "assess/releases.html", context)


def _listed(release: Release) -> dict[str, Any]:
    made = release.assessment
    return {
        "release": release,
        "year": page_queries.year_of(release),
        "frozen": moment(release.published_at),
        "state": parts.Chip(TONES.get(made.status, "idle"), made.get_status_display()),
        "short": f"{release.release_hash[:8]}…{release.release_hash[-4:]}",
    }


@page(*STAFF)
@require_safe
def release(request: HttpRequest, number: str) -> HttpResponse:
    """One release: what it is, what it stands on, and how to check it."""
    return _shown(request, _one(number), None)


@page(*STAFF)
@require_POST
def release_verify(request: HttpRequest, number: str) -> HttpResponse:
    """Compute the release again from its stored inputs, now, and say what came out."""
    found = _one(number)
    begun = time.monotonic()
    checked = service.verify(found)
    return _shown(request, found, _verdict(found, checked, time.monotonic() - begun), checked)


@page(*STAFF)
@require_POST
def release_withdraw(request: HttpRequest, number: str) -> HttpResponse:
    """Withdraw a release with its reason."""
    found = _one(number)
    try:
        service.withdraw(request.user, found, request.POST.get("reason", ""))
    except InputError as error:
        for problem in error.problems:
            messages.error(request, problem.text(_))
    else:
        messages.success(request, _("The release %(number)s is withdrawn.") % {"number": number})
    return redirect("desk:release", number)


def _one(number: str) -> Release:
    return get_object_or_404(Release.objects.select_related("assessment__round__set"), number=number)


def _document(found: Release) -> dict[str, Any] | None:
    try:
        read: Any = parse_json((releases.path_of(found) / DOCUMENT).read_bytes())
    except (OSError, ValueError):
        return None
    return read if isinstance(read, dict) else None


def _shown(request: HttpRequest, found: Release, verdict: parts.Verdict | None, checked: Any = None) -> HttpResponse:
    document = _document(found)
    made = found.assessment
    page_ = release_page(found)
    context = {
        "stage": "assess",
        "release": found,
        "made": made,
        "year": page_queries.year_of(found),
        "frozen": moment(found.published_at),
        "withdrawn": moment(found.withdrawn_at) if found.withdrawn_at else "",
        "state": parts.Chip(TONES.get(made.status, "idle"), made.get_status_display()),
        "shown": page_,
        "replaced_by": page_.replaced_by,
        "method": method_lines(page_),
        "command": f"qualipolis verify release {found.number}",
        "verdict": verdict or _not_yet(),
        "checks": _checks(checked),
        "document": document,
        "files": _files(found, document),
        "hashes": _hashes(found, document),
        "timeline": _timeline(found, document),
        "may_decide": bool(roles_of(request.user) & {"leader", "planner", "auditor"}),
        "may_take": bool(roles_of(request.user) & set(INSIDE)),
        "may_withdraw": made.status == Assessment.Status.PUBLISHED and can(request.user, "assess.withdraw", made),
    }
    return render(request, "assess/release.html", context)


def _not_yet() -> parts.Verdict:
    title = _("Not checked on this page yet")
    return parts.Verdict(
        "wait", title, _("A check reads the stored inputs and computes every number again, here and now.")
    )


def _verdict(found: Release, checked: Any, seconds: float) -> parts.Verdict:
    taken = _("From the stored inputs, in %(seconds)s s; every file and every number was compared.") % {
        "seconds": f"{seconds:.1f}"
    }
    if checked.ok:
        count = found.assessment.cards.count()
        words = ngettext("Recomputed: %(n)s unit is the same", "Recomputed: all %(n)s units are the same", count)
        return parts.Verdict("ok", words % {"n": count}, taken)
    problem = checked.first_problem
    said = problem.text(_) if problem else ""
    return parts.Verdict("bad", _("This release does not hold"), said)


def _checks(checked: Any) -> list[dict[str, Any]]:
    if checked is None:
        return []
    return [
        {"words": step.text(_), "ok": step.ok, "detail": step.detail.text(_) if step.detail else ""}
        for step in checked.steps
    ]


def _files(found: Release, document: dict[str, Any] | None) -> list[dict[str, Any]]:
    listed = (document or {}).get("files", {})
    words = {
        "scores.csv": _("score and rank of every unit at every node"),
        "observations.csv": _("numerators, denominators and values of every unit"),
        "intervals.csv": _("90 % rank intervals"),
        "scorecards.json": _("grades, tiers, quadrants"),
        "adjustments.json": _("bonuses and vetoes with their documents"),
        "source.json": _("the set, the round and the snapshot it was read from"),
        "inputs/pipeline.toml": _("the method, step by step"),
    }
    if found.number:
        words[f"audit-{found.number}.html"] = _("the audit document: read it, or run the release again from it")
    return [
        {
            "name": name,
            "words": words.get(name, _("input of the computation") if name.startswith("inputs/") else ""),
            "bytes": entry["bytes"],
            "sha256": entry["sha256"],
            "url": reverse("desk:release_file", args=[found.number, name]),
        }
        for name, entry in listed.items()
    ]


def _hashes(found: Release, document: dict[str, Any] | None) -> list[tuple[str, str, str]]:
    known = document or {}
    return [
        (
            _("The whole release"),
            found.release_hash,
            _("SHA-256 over release.json, which names the hash of every file."),
        ),
        (_("Inputs"), found.assessment.inputs_hash, _("Framework, table, method and adjustments as they were read.")),
        (_("Method"), found.method_hash, _("The steps and their parameters.")),
        (_("Inputs and numbers"), str(known.get("content_hash", "")), _("Printed at the foot of the report.")),
    ]


def _timeline(found: Release, document: dict[str, Any] | None) -> list[tuple[str, str, str]]:
    made = found.assessment
    version = str((document or {}).get("code_version", made.code_version))
    frozen = _("From here on not one character changes.")
    if found.published_at < made.run_at:
        frozen = _("Dated to its year: a release of the past, taken over or synthetic.")
    return [
        (_("Round locked"), made.round.name, _locked(made)),
        (_("Computed"), moment(made.run_at), _("software %(version)s, %(n)s replicates, seed %(seed)s") % {"version": version, "n": f"{made.replicates:,}", "seed": made.seed}),
        (_("Published and frozen"), moment(found.published_at), frozen),
    ]  # fmt: skip


def _locked(made: Assessment) -> str:
    """What became of the values since the run; a release keeps those it was computed from."""
    day = reopened_on(made.round, made.run_at)
    if day is None:
        return _("The observations of %(period)s do not change after this.") % {"period": made.round.period}
    return _("Locked when it was computed; reopened on %(day)s, this release does not change.") % {
        "day": day.isoformat()
    }


def _names(found: Release) -> list[str]:
    """Return the files of a bundle; a document that somebody changed leads nowhere else."""
    return sorted(name for name in {*((_document(found) or {}).get("files", {})), DOCUMENT} if inside(name))


@page(*INSIDE)
@require_safe
def release_file(request: HttpRequest, number: str, name: str) -> HttpResponse:
    """Send one file of the bundle; only what the document names can be asked for."""
    found = _one(number)
    path = releases.path_of(found) / name
    if name not in _names(found) or not path.is_file():
        raise Http404
    return FileResponse(path.open("rb"), as_attachment=True, filename=f"{file_stem(number)}-{Path(name).name}")


@page(*INSIDE)
@require_safe
def release_bundle(request: HttpRequest, number: str) -> HttpResponse:
    """Send the whole bundle as one zip; unpacked, it verifies without this server."""
    found = _one(number)
    listed = _names(found)
    folder = releases.path_of(found)
    buffer = BytesIO()
    with ZipFile(buffer, "w", ZIP_DEFLATED) as bundle:
        for name in listed:
            path = folder / name
            if path.is_file():
                bundle.write(path, f"{number}/{name}")
    buffer.seek(0)
    return FileResponse(buffer, as_attachment=True, filename=f"{file_stem(number)}.zip", content_type="application/zip")


@page(*INSIDE)
@require_safe
def release_report(request: HttpRequest, number: str, lang: str) -> HttpResponse:
    """Send the report of the release as PDF in Chinese or English."""
    if lang not in ("zh", "en"):
        raise Http404
    found = _one(number)
    data = BytesIO(assess_report.pdf(found, lang))
    return FileResponse(
        data, as_attachment=True, filename=f"{file_stem(number)}-{lang}.pdf", content_type="application/pdf"
    )

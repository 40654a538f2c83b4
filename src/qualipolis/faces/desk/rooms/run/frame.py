"""What the pages around one run share: which run, its tabs, names, and the analysis that is computed beside the page."""

from __future__ import annotations

import threading
from typing import Any

from django.db import connection
from django.http import Http404, HttpRequest
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from qualipolis.city.assess import page_queries
from qualipolis.city.assess.analysis import STEPS, analyse, readable
from qualipolis.city.assess.analysis_basis import Basis, basis
from qualipolis.city.assess.models import Assessment, Release
from qualipolis.city.assess.visibility import OVERSEERS
from qualipolis.city.core import jobs
from qualipolis.city.core.models import Job
from qualipolis.city.core.policy import city_wide
from qualipolis.faces.desk import parts
from qualipolis.faces.desk.rooms.assess.frame import badge
from qualipolis.methods.problems import InputError

PER_PAGE = 100


def run_of(request: HttpRequest, pk: int) -> Assessment:
    """Return the run of this number, or 404 where its analyses are not for this person (yet)."""
    found = readable(request.user).filter(pk=pk).first()
    if found is None:
        raise Http404(_("There is no run of this number that you may read."))
    return found


def basis_of(made: Assessment) -> tuple[Basis | None, list[str]]:
    """Return what the run stands on, or the words that say why it cannot be read."""
    try:
        return basis(made), []
    except InputError as error:
        return None, [problem.text(_) for problem in error.problems]


def tabs_for(actor: Any, made: Assessment, current: str, release: Release | None) -> list[parts.Segment]:
    """Return the pages around a run where this person may read its analyses, else none."""
    return tabs(made, current, release) if release or city_wide(actor, OVERSEERS) else []


def tabs(made: Assessment, current: str, release: Release | None) -> list[parts.Segment]:
    """Return the pages around a run; a ranking stands first where there is one."""
    pages = [
        ("robustness", _("How sure")),
        ("structure", _("Framework")),
        ("scenarios", _("What if")),
        ("charts", pgettext("assess", "Charts")),
        ("method", pgettext("assess", "Method")),
    ]
    found = [
        parts.Segment(words, reverse(f"desk:run_{name}", args=[made.pk]), name == current) for name, words in pages
    ]
    run = parts.Segment(_("Run"), reverse("desk:assessment", args=[made.pk]), current == "run")
    if release is None:
        return [run, *found]
    ranked = f"{reverse('desk:ranking')}?year={page_queries.year_of(release)}"
    return [parts.Segment(_("Ranking"), ranked, current == "ranking"), *found, run]


def frame(made: Assessment, current: str) -> dict[str, Any]:
    """Return what every page around a run shows: stage, tabs, year, badge."""
    release = getattr(made, "release", None)
    return {
        "stage": "assess",
        "made": made,
        "year": made.round.set.year,
        "release": release,
        "badge": badge(release) if release else None,
        "tabs": tabs(made, current, release),
        "state": made.get_status_display(),
    }


def city_choice(request: HttpRequest, every: bool) -> tuple[set[str] | None, dict[str, Any]]:
    """Return the units of the chosen city of a province (None: no choice to make), with the menu to choose another."""
    from qualipolis.faces.desk.rooms.assess.ranking import city_menu

    told = city_menu(request, every=every)
    return (page_queries.units_below(told["city_code"]) if told["city_code"] else None), told


# ---------------------------------------------------------------- computing beside the request


def job_of(request: HttpRequest, made: Assessment, kind: str) -> Job | None:
    """Return the work of this person on this analysis that still runs."""
    rows = Job.objects.filter(kind=f"assess.{kind}", person=request.user, result_url=_here(made, kind))
    return rows.filter(state__in=("waiting", "running")).order_by("-pk").first()


def last_failure(request: HttpRequest, made: Assessment, kind: str) -> str:
    """Return why the last try of this person failed, or nothing."""
    rows = Job.objects.filter(kind=f"assess.{kind}", person=request.user, result_url=_here(made, kind))
    last = rows.order_by("-pk").first()
    return last.message if last and last.state == Job.State.FAILED else ""


def start(request: HttpRequest, made: Assessment, kind: str) -> Job:
    """Start the analysis in a thread, or return the work that already runs."""
    if running := job_of(request, made, kind):
        return running
    job = jobs.start(f"assess.{kind}", request.user, STEPS[kind])
    job.result_url = _here(made, kind)
    job.save(update_fields=["result_url"])
    language = translation.get_language() or "zh-hans"
    threading.Thread(target=_thread, args=(job.pk, made.pk, kind, language), daemon=True).start()
    return job


def _here(made: Assessment, kind: str) -> str:
    return reverse(f"desk:run_{kind}", args=[made.pk])


def _thread(job: int, made: int, kind: str, language: str) -> None:
    try:
        with translation.override(language):
            row = Assessment.objects.select_related("round__set", "set", "release").get(pk=made)
            compute(Job.objects.get(pk=job), row, kind)
    finally:
        connection.close()


class AnalysisFailed(Exception):
    """The analysis could not be computed; the words are kept with the job."""


def compute(job: Job, made: Assessment, kind: str) -> None:
    """Compute and keep an analysis; the job tells how far it is."""
    words = {
        "robustness": [_("Repeating the calculation"), _("Weighing the assumptions"), _("Counting errors and gaps"), _("Comparing the units")],
        "structure": [_("Correlations"), _("Influence of each node"), _("Advice")],
    }[kind]  # fmt: skip

    try:
        with jobs.running(job) as progress:

            def step(done: int) -> None:
                progress(done, STEPS[kind], words[min(done, len(words) - 1)])

            try:
                analyse(made, kind, step)
            except InputError as error:
                raise AnalysisFailed(" ".join(problem.text(_) for problem in error.problems)) from error
    except AnalysisFailed:
        return

"""The scope of a certificate taken over from a file: looked through, its columns confirmed or changed, then taken in whole."""

from __future__ import annotations

import threading
from contextlib import suppress
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from qualipolis.city.core import jobs
from qualipolis.city.core.models import Job, Person
from qualipolis.city.core.policy import page
from qualipolis.city.hospital.measurements import arrivals
from qualipolis.city.nqi import service
from qualipolis.city.nqi.directory.imports import OFFICE, Understood, understand
from qualipolis.city.nqi.directory.scope_index import rebuild
from qualipolis.city.registry.models import Institution, Qualification
from qualipolis.faces.desk.rooms.measure.pieces import words_of
from qualipolis.faces.desk.rooms.nqi import directory_pages as pages
from qualipolis.faces.desk.rooms.supervise.after import day
from qualipolis.faces.desk.rooms.upload import Bounded
from qualipolis.lake.scopes.headers import FIELD_WORDS, FIELDS, Reading
from qualipolis.lake.scopes.lists import grouped
from qualipolis.methods.problems import InputError

THING = "nqi.scope"
KIND = "nqi.import_scope"
MARKS = ("", "、", "；", ";", "/", ",")
SHOWN = 8


class FileForm(Bounded, forms.Form):
    """The list itself."""

    file = forms.FileField(
        label=gettext_lazy("File"), widget=forms.ClearableFileInput(attrs={"accept": ".xlsx,.csv"}),
        help_text=gettext_lazy("xlsx or csv, at most 50 MB: the annex of the certificate as it was sent. Titles, merged cells and headings on every page may stay."),
    )  # fmt: skip


class TakeForm(forms.Form):
    """What a person says of the list as a whole."""

    def __init__(self, body: Institution, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["certificate"] = forms.ModelChoiceField(
            body.qualifications.order_by("kind", "-valid_from"), label=_("Certificate it belongs to"), empty_label=None
        )
        self.fields["in_force"] = day(_("In force from"), initial=timezone.localdate())()
        self.fields["whole"] = forms.ChoiceField(
            label=_("The list is"), choices=[("1", _("the whole scope: what it does not have ends")), ("0", _("an extension: it only adds"))],
        )  # fmt: skip


@page(*OFFICE)
def scope_import(request: HttpRequest, code: str) -> HttpResponse:
    """Take over the scope of a certificate."""
    body = pages.body_of(code)
    crumbs = [(body.name, reverse("desk:nqi_institution", args=[code])), (_("Take over a scope"), "")]
    context = pages.shared("desk", crumbs, body=body, file_form=FileForm())
    if request.method != "POST":
        return render(request, "nqi/scope_import.html", context)
    try:
        answer = _posted(request, body, context)
    except InputError as error:
        context["problems"] = [(problem.text(_), rows) for problem, rows in grouped(error.problems)]
        context["problem_count"] = len(error.problems)
    else:
        if answer is not None:
            return answer
    bad = "seen" not in context or context.get("problems") or context["take"].errors
    return render(request, "nqi/scope_import.html", context, status=400 if bad else 200)


def _posted(request: HttpRequest, body: Institution, context: dict[str, Any]) -> HttpResponse | None:
    """Take what was posted: a file, changed columns, or the word to take it over."""
    thing, token = f"{THING}:{body.pk}", request.POST.get("token", "")
    if token:
        file = arrivals.waiting(request.user, thing, token)[0]
    else:
        context["file_form"] = form = FileForm(request.POST, request.FILES)
        if not form.is_valid():
            return None
        made, token = arrivals.receive(request.user, thing, [form.cleaned_data["file"]])
        file = made[0]
    context |= {"token": token, "file_name": file.name}
    said = TakeForm(body, request.POST if "columns" in request.POST else None)
    reading = _reading(request) if "columns" in request.POST else None
    whole = request.POST.get("whole", "1") == "1"
    held = (
        said.cleaned_data["certificate"]
        if said.is_bound and said.is_valid()
        else body.qualifications.order_by("kind", "-valid_from").first()
    )
    seen = understand(file.path, file.name, held, reading, whole)
    context |= _shown(seen, reading or seen.listed.reading) | {"take": said}
    if request.POST.get("do") != "keep" or not said.is_valid() or seen.listed.errors:
        return None
    job = start(request.user, held, file, said.cleaned_data["in_force"], seen.listed.reading, whole)
    return redirect("desk:nqi_scope_job", body.code, job.pk)


def _reading(request: HttpRequest) -> Reading:
    count = min(int(request.POST.get("columns", "0") or 0) if request.POST.get("columns", "").isdigit() else 0, 500)
    names = [(request.POST.get(f"n{at}", ""), request.POST.get(f"c{at}", "")) for at in range(count)]
    splits = request.POST.get("splits", "")
    return Reading(
        {name: field for name, field in names if name and field in FIELDS}, splits if splits in MARKS else ""
    )


def _shown(seen: Understood, reading: Reading) -> dict[str, Any]:
    listed = seen.listed
    columns = [
        (at, one, reading.columns.get(one.name, ""), [(field, _(FIELD_WORDS[field])) for field in FIELDS])
        for at, one in enumerate(listed.guesses)
    ]
    found = [(problem.text(_), rows) for problem, rows in grouped(listed.errors)]
    skipped = {"title": _("titles above the heading"), "heading": _("headings repeated"), "section": _("section rows"),
               "foot": _("notes at the foot"), "blank": _("blank rows"), "repeated": _("lines repeated")}  # fmt: skip
    return {
        "seen": seen, "columns": columns, "splits": reading.splits, "marks": MARKS, "lines": listed.lines[:SHOWN],
        "problems": found, "problem_count": len(listed.errors),
        "skipped": [(words, listed.skipped[name]) for name, words in skipped.items() if listed.skipped.get(name)],
    }  # fmt: skip


def start(user: Any, held: Qualification, file: arrivals.Arrived, in_force: date, reading: Reading, whole: bool) -> Job:
    """Start the work beside the request and return its job."""
    job = jobs.start(KIND, user, 100)
    job.result_url = reverse("desk:nqi_institution", args=[held.institution.code])
    job.save(update_fields=["result_url"])
    language = translation.get_language() or "zh-hans"
    args = (job.pk, user.pk, held.pk, file, in_force, reading, whole, language)
    threading.Thread(target=_thread, args=args, daemon=True).start()
    return job


def _thread(
    job: int,
    person: int,
    held: int,
    file: arrivals.Arrived,
    in_force: date,
    reading: Reading,
    whole: bool,
    language: str,
) -> None:
    try:
        with translation.override(language):
            work(
                Job.objects.get(pk=job),
                Person.objects.get(pk=person),
                Qualification.objects.get(pk=held),
                file,
                in_force,
                reading,
                whole,
            )
    finally:
        connection.close()


class TakingFailed(Exception):
    """The list could not be taken over; the words are kept with the job."""


def work(
    job: Job, person: Person, held: Qualification, file: arrivals.Arrived, in_force: date, reading: Reading, whole: bool
) -> None:
    """Take the list over, then build the index of scopes anew; the job tells how far it is."""
    with suppress(TakingFailed), jobs.running(job) as progress:
        try:
            made = service.import_scope(
                person, held, file.path, file.name, in_force, reading, whole=whole,
                progress=lambda done, total: progress(done, total, _("Lines read and written")),
            )  # fmt: skip
            rebuild()
        except (InputError, PermissionDenied) as error:
            raise TakingFailed(" ".join(words_of(error))[:400]) from error
        finally:
            arrivals.discard([file])
        job.message = _("%(added)s new lines, %(kept)s stay, %(ended)s end") % {
            "added": made.added,
            "kept": made.kept,
            "ended": made.ended,
        }


@page(*OFFICE)
def scope_job(request: HttpRequest, code: str, pk: int) -> HttpResponse:
    """How far a list is that is being taken over."""
    body = pages.body_of(code)
    job = Job.objects.filter(pk=pk, person=request.user, kind=KIND).first()
    if job is None:
        return redirect("desk:nqi_institution", code)
    crumbs = [(body.name, reverse("desk:nqi_institution", args=[code])), (_("Take over a scope"), "")]
    return render(request, "nqi/scope_job.html", pages.shared("desk", crumbs, body=body, job=jobs.state_of(job)))

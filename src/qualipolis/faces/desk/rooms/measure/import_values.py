"""Values of a round from a file, the template with the open cells, and the lists to take along."""

from __future__ import annotations

from io import BytesIO
from typing import Any

import polars as pl
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import get_language, gettext_lazy, ngettext
from django.utils.translation import gettext as _

from qualipolis.city.core.listings import Params, listing
from qualipolis.city.core.parameters import whole
from qualipolis.city.core.policy import page, visible
from qualipolis.city.core.roles import STAFF
from qualipolis.city.measure import imports, queries, service
from qualipolis.city.measure.models import IndicatorSet, Observation
from qualipolis.faces.desk.rooms.measure.pieces import STAGE, words_of
from qualipolis.faces.desk.rooms.measure.tree import Leaf, bilingual, tree_of
from qualipolis.faces.desk.rooms.upload import TableUpload
from qualipolis.lake.cells import plain
from qualipolis.lake.tables import write_xlsx
from qualipolis.methods.problems import InputError

SHOWN_PROBLEMS = 200


def header(key: str) -> str:
    """Return the name of a column in the language of the page."""
    zh, en = imports.COLUMNS[key]
    return zh if (get_language() or "zh").startswith("zh") else en


@page("town_officer", "department")
def import_values(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a file of values in as drafts; with errors nothing is taken and each is named."""
    row = get_object_or_404(queries.rounds(request.user), pk=pk)
    form = TableUpload(request.POST or None, request.FILES or None)
    problems: list[str] = []
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        try:
            counts = service.import_values(
                request.user, row, file.read(), file.name, skip_bad_rows=form.cleaned_data["skip_bad_rows"]
            )
        except InputError as error:
            problems = [problem.text(_) for problem in error.problems]
        except PermissionDenied as error:
            problems = words_of(error)
        else:
            _say(request, counts)
            return (
                redirect("desk:collect", row.pk)
                if "town_officer" in _roles(request)
                else redirect("desk:round", row.pk)
            )
    context = {
        "stage": STAGE,
        "row": row,
        "form": form,
        "problems": problems[:SHOWN_PROBLEMS],
        "problem_count": len(problems),
        "columns": [(header(key), key in imports.REQUIRED) for key in imports.COLUMNS],
        "open_cells": imports.open_cells(request.user, row).count(),
        "crumbs": [
            (_("Collection rounds"), reverse("desk:rounds")),
            (row.period, reverse("desk:round", args=[row.pk])),
            (_("Import values"), ""),
        ],
    }
    return render(request, "measure/import.html", context, status=400 if problems or form.errors else 200)


def _roles(request: HttpRequest) -> set[str]:
    from qualipolis.city.core.policy import roles_of

    return roles_of(request.user)


def _say(request: HttpRequest, counts: dict[str, int]) -> None:
    words = ngettext("%(n)s value taken in as a draft.", "%(n)s values taken in as drafts.", counts["rows"])
    messages.success(request, words % {"n": counts["rows"]})
    if counts["left_out"]:
        words = ngettext(
            "%(n)s row with errors was left out.", "%(n)s rows with errors were left out.", counts["left_out"]
        )
        messages.warning(request, words % {"n": counts["left_out"]})


@page("town_officer", "department")
def template(request: HttpRequest, pk: int) -> HttpResponse:
    """The open cells of the person as a table to fill in."""
    row = get_object_or_404(queries.rounds(request.user), pk=pk)
    cells = imports.open_cells(request.user, row).select_related("unit", "indicator")
    late = Observation.Missing.LATE
    data: dict[str, list[str]] = {header(key): [] for key in imports.COLUMNS}
    for one in cells:
        missing = "" if one.missing in ("", late) else imports.REASONS.get(one.missing, ("",))[0]
        texts = (
            one.unit.code,
            one.unit.name,
            one.indicator.code,
            one.indicator.name,
            plain(one.numerator),
            plain(one.denominator),
            plain(one.value),
            missing,
            "" if one.missing == late else one.note,
            one.document,
        )
        for name, text in zip(data, texts, strict=True):
            data[name].append(text)
    buffer = BytesIO()
    reasons = "、".join(words[0] for words in imports.REASONS.values())
    notes = [
        _("A ratio takes its two parts, a median its value; a missing value takes one of: %(reasons)s.")
        % {"reasons": reasons}
    ]
    write_xlsx(buffer, {row.period: pl.DataFrame(data, schema=dict.fromkeys(data, pl.String))}, notes)
    buffer.seek(0)
    return FileResponse(buffer, as_attachment=True, filename=f"values-{row.period}.xlsx")


def _named(params: Params) -> list[str]:
    return []


# heads of the list of a set; those from "Weight" to "0 points again at" are numbers
SET_HEADS = (
    gettext_lazy("Dimension"),
    gettext_lazy("Code"),
    gettext_lazy("Indicator"),
    gettext_lazy("Unit"),
    gettext_lazy("Direction"),
    gettext_lazy("Weight"),
    gettext_lazy("Effective weight (%)"),
    gettext_lazy("0 points at"),
    gettext_lazy("100 points at"),
    gettext_lazy("best from"),
    gettext_lazy("best to"),
    gettext_lazy("0 points again at"),
    gettext_lazy("Formula"),
    gettext_lazy("Source"),
    gettext_lazy("Owner"),
    gettext_lazy("Origin"),
)
SET_NUMBERS = range(5, 12)


@listing("indicator-set", gettext_lazy("Indicator set"), roles=STAFF, describe=_named)
def set_frame(actor: Any, params: Params) -> pl.DataFrame:
    """Return the indicators of a set with weights and goalposts."""
    rows = visible(actor, IndicatorSet.objects.all())
    number = whole(params.get("set"))
    row = (rows if number is None else rows.filter(pk=number)).first()
    branches = [branch for _above, branch in tree_of(row).dimensions] if row else []
    found = [_set_row(branch.row.name, leaf) for branch in branches for leaf in branch.leaves]
    schema = {str(head): pl.Float64 if i in SET_NUMBERS else pl.String for i, head in enumerate(SET_HEADS)}
    return pl.DataFrame(found, schema=schema, orient="row")


def _set_row(dimension: str, leaf: Leaf) -> tuple[Any, ...]:
    one = leaf.row
    named = (dimension, one.code, one.name, leaf.unit, str(one.get_direction_display()))
    ends = (one.floor, one.target, one.target_low, one.target_high, one.ceiling)
    owner = one.owner.name if one.owner else ""
    words = (bilingual(one, "formula"), leaf.source, owner, bilingual(one, "origin"))
    return (*named, one.weight, 100 * leaf.effective, *ends, *words)


@listing("round-values", gettext_lazy("Values of a round"), roles=STAFF, describe=_named)
def round_frame(actor: Any, params: Params) -> pl.DataFrame:
    """Return the observations of a round that the person sees."""
    rows = visible(actor, Observation.objects.filter(round=whole(params.get("round")) or 0))
    rows = rows.select_related("unit", "indicator").order_by("unit__code", "indicator__position")
    heads = (
        _("Unit code"),
        _("Unit"),
        _("Code"),
        _("Indicator"),
        _("Numerator"),
        _("Denominator"),
        _("Value"),
        _("Unit of measurement"),
        _("State"),
        _("Why missing"),
        _("Explanation"),
        _("Number of the document"),
    )
    found = [
        (
            one.unit.code,
            one.unit.name,
            one.indicator.code,
            one.indicator.name,
            one.numerator,
            one.denominator,
            one.value,
            bilingual(one.indicator, "unit"),
            str(one.get_status_display()),
            str(one.get_missing_display()) if one.missing else "",
            one.note,
            one.document,
        )
        for one in rows.iterator(chunk_size=2000)
    ]
    numeric = {4, 5, 6}
    schema = {str(head): pl.Float64 if i in numeric else pl.String for i, head in enumerate(heads)}
    return pl.DataFrame(found, schema=schema, orient="row")

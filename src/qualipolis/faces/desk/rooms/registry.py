"""Pages of the registry: lists with search and filters, one enterprise, one institution, import and template."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Paginator
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from qualipolis.city.core.policy import can, page, visible
from qualipolis.city.core.roles import STAFF
from qualipolis.city.registry import queries, service
from qualipolis.city.registry.models import Enterprise, Institution
from qualipolis.city.registry.tables import REFERENCE_FIELD, TABLES, Column, TableSpec
from qualipolis.faces.desk import parts
from qualipolis.faces.desk.rooms.upload import TableUpload
from qualipolis.methods.problems import InputError

PER_PAGE = 30
SHOWN_PROBLEMS = 200


@page(*STAFF)
def table_list(request: HttpRequest, kind: str) -> HttpResponse:
    """One table of the registry under a search and filters."""
    spec = _spec(kind)
    params = {key: value for key, value in request.GET.items() if key != "page"}
    found, near = queries.rows(request.user, kind, params)
    shown = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "stage": "measure",
        "spec": spec,
        "tabs": _tabs(kind),
        "table": _table(spec, list(shown)),
        "shown": shown,
        "near": near,
        "q": params.get("q", ""),
        "filters": [
            (column, queries.header(column), choices, params.get(column.field, ""))
            for column, choices in queries.filter_choices(spec)
        ],
        "exports": _exports(kind, request, shown.paginator.count),
        "may_import": can(request.user, "registry.import_table"),
        "filtered": any(params.values()),
    }
    return render(request, "registry/list.html", context)


def _spec(kind: str) -> TableSpec:
    if kind not in TABLES:
        raise Http404
    return TABLES[kind]


def _tabs(current: str) -> list[parts.Segment]:
    return [
        parts.Segment(str(spec.title), reverse("desk:registry", args=[kind]), kind == current)
        for kind, spec in TABLES.items()
    ]


def _exports(kind: str, request: HttpRequest, count: int) -> list[parts.Export]:
    query = request.GET.copy()
    query.pop("page", None)
    tail = f"?{query.urlencode()}" if query else ""
    size = ngettext("%(n)s row", "%(n)s rows", count) % {"n": count}
    forms_ = ("xlsx", "csv", "pdf") if count <= 2000 else ("xlsx", "csv")
    return [parts.Export(form, reverse("report:list", args=[kind, form]) + tail, size) for form in forms_]


def _table(spec: TableSpec, rows: list[Any]) -> parts.Table:
    numeric = {"integer", "number"}
    skipped = {"name_en", "longitude", "latitude", "address"}
    columns = [c for c in spec.columns if c.field not in skipped]
    first = "name_zh" if any(c.field == "name_zh" for c in columns) else columns[0].field
    heads = [
        parts.Column(c.field, queries.header(c), numeric=c.kind in numeric, title=c.field == first) for c in columns
    ]
    return parts.Table(str(spec.title), heads, [_row(spec, columns, row) for row in rows], links="url")


def _row(spec: TableSpec, columns: list[Column], row: Any) -> dict[str, Any]:
    shown: dict[str, Any] = {"url": _address(spec, row)}
    for column in columns:
        value = row.name if column.field == "name_zh" else getattr(row, column.field)
        if column.kind in REFERENCE_FIELD:
            value = getattr(value, "name", None) or value
        elif column.kind == "choice":
            value = getattr(row, f"get_{column.field}_display")()
        elif column.kind == "yes_no":
            value = _("yes") if value else _("no")
        shown[column.field] = value
    return shown


def _address(spec: TableSpec, row: Any) -> str | None:
    names = {"enterprises": "desk:enterprise", "institutions": "desk:institution"}
    return reverse(names[spec.kind], args=[row.pk]) if spec.kind in names else None


@page(*STAFF)
def enterprise(request: HttpRequest, pk: int) -> HttpResponse:
    """One enterprise with its products and quality officers."""
    rows = visible(request.user, Enterprise.objects.select_related("unit", "production_unit", "cluster"))
    row = get_object_or_404(rows, pk=pk)
    context = {
        "stage": "measure",
        "row": row,
        "products": row.products.all(),
        "officers": row.quality_officers.order_by("-appointed_on"),
    }
    return render(request, "registry/enterprise.html", context)


@page(*STAFF)
def institution(request: HttpRequest, pk: int) -> HttpResponse:
    """One institution with its qualifications and what they cover."""
    row = get_object_or_404(visible(request.user, Institution.objects.select_related("unit")), pk=pk)
    context = {"stage": "measure", "row": row, "qualifications": queries.institution_detail(row)}
    return render(request, "registry/institution.html", context)


@page("planner", "admin")
def import_table(request: HttpRequest, kind: str) -> HttpResponse:
    """Take a file in; with errors nothing is taken and each is named."""
    spec = _spec(kind)
    form = TableUpload(request.POST or None, request.FILES or None)
    problems: list[Any] = []
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        try:
            counts = service.import_table(
                request.user, None, kind, file.read(), file.name, skip_bad_rows=form.cleaned_data["skip_bad_rows"]
            )
        except InputError as error:
            problems = list(error.problems)
        else:
            request.session["imported"] = {"kind": kind, **counts}
            return redirect("desk:registry_imported", kind)
    context = {
        "stage": "measure",
        "spec": spec,
        "form": form,
        "problems": [problem.text(_) for problem in problems[:SHOWN_PROBLEMS]],
        "problem_count": len(problems),
        "columns": spec.columns,
        "header": queries.header,
    }
    return render(request, "registry/import.html", context, status=400 if problems else 200)


@page("planner", "admin")
def imported(request: HttpRequest, kind: str) -> HttpResponse:
    """Say what the import did."""
    counts = request.session.get("imported")
    if not counts or counts.get("kind") != kind:
        return redirect("desk:registry", kind)
    return render(request, "registry/imported.html", {"stage": "measure", "spec": _spec(kind), "counts": counts})


@page(*STAFF)
def template(request: HttpRequest, kind: str) -> HttpResponse:
    """An empty table with the right header, to fill in."""
    from io import BytesIO

    import polars as pl

    from qualipolis.lake.tables import write_xlsx

    spec = _spec(kind)
    buffer = BytesIO()
    frame = pl.DataFrame({queries.header(column): pl.Series([], dtype=pl.String) for column in spec.columns})
    needed = [queries.header(column) for column in spec.columns if column.required]
    write_xlsx(buffer, {str(spec.title): frame}, [_("Required: %(columns)s") % {"columns": ", ".join(needed)}])
    buffer.seek(0)
    return FileResponse(buffer, as_attachment=True, filename=f"{kind}.xlsx")


@page(*STAFF)
def search(request: HttpRequest) -> HttpResponse:
    """Search everything by name, pinyin initials or code."""
    text = request.GET.get("q", "").strip()
    groups = [
        (spec, [(_address(spec, hit) or _unit_address(spec, hit), hit) for hit in hits])
        for spec, hits in (queries.find(request.user, text) if text else [])
    ]
    return render(request, "registry/search.html", {"q": text, "groups": groups})


def _unit_address(spec: TableSpec, hit: Any) -> str:
    if spec.kind == "units":
        return reverse("desk:town", args=[hit.code])
    return f"{reverse('desk:registry', args=[spec.kind])}?q={getattr(hit, REFERENCE_FIELD.get(spec.kind, 'number'))}"

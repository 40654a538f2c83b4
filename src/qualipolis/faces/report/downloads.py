"""Every list as xlsx, csv or PDF: the same rows, the same filters, with time and origin at its foot."""

from __future__ import annotations

from collections.abc import Iterator
from io import BytesIO
from typing import Any
from urllib.parse import quote

import polars as pl
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from qualipolis.city.core.listings import LISTINGS, Listing
from qualipolis.city.core.policy import ANYONE, may_enter, page
from qualipolis.city.core.queries import city, file_stem
from qualipolis.faces.report.pdf_table import render_table
from qualipolis.lake.tables import write_csv, write_xlsx
from qualipolis.methods.problems import InputError

MEDIA = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "csv": "text/csv; charset=utf-8",
    "pdf": "application/pdf",
}


@page(ANYONE)
def download(request: HttpRequest, name: str, form: str) -> HttpResponse:
    """Send a declared list; the list's own roles decide, as this address serves all of them."""
    listing = LISTINGS.get(name)
    if listing is None or form not in MEDIA:
        raise Http404
    if not may_enter(request.user, listing.roles):
        return render(request, "403.html", status=403)
    try:
        _rows, data = written(listing, form, request.user, request.GET.dict())
    except InputError as error:
        words = [problem.text(_) for problem in error.problems]
        return render(request, "desk/refused.html", {"title": listing.title, "words": words}, status=400)
    stamp = timezone.localtime().strftime("%Y%m%d-%H%M")
    response = FileResponse(BytesIO(data), content_type=MEDIA[form], as_attachment=True)
    response["Content-Disposition"] = (
        f"attachment; filename*=UTF-8''{quote(f'{file_stem(f"{listing.title}-{stamp}")}.{form}')}"
    )
    return response


def written(listing: Listing, form: str, actor: Any, params: dict[str, str]) -> tuple[int, bytes]:
    """Return the number of rows and the file of a list for an actor under filters."""
    frame = listing.frame(actor, params)
    if form == "pdf":
        return frame.height, _pdf(listing, frame, listing.describe(params))
    buffer = BytesIO()
    if form == "csv":
        write_csv(buffer, frame)
    else:
        write_xlsx(buffer, {str(listing.title): frame}, list(_notes(listing, params, frame)))
    return frame.height, buffer.getvalue()


def _notes(listing: Listing, params: dict[str, str], frame: pl.DataFrame) -> Iterator[str]:
    """Yield the lines of the notes sheet: what, for which filter, when, from which city, synthetic or not."""
    here = city()
    yield f"{listing.title} · {here.name if here else ''}"
    if here and here.synthetic:
        yield _("Synthetic demo data: every name and figure is invented.")
    filters = listing.describe(params)
    yield _("Filter: %(filters)s") % {"filters": "; ".join(filters) if filters else _("none")}
    yield _("%(n)s rows, taken at %(at)s") % {
        "n": frame.height,
        "at": timezone.localtime().strftime("%Y-%m-%d %H:%M"),
    }


def _pdf(listing: Listing, frame: pl.DataFrame, filters: list[str]) -> bytes:
    """Set the list on paper; the page itself says the filter, the time and whether the data is synthetic."""
    here = city()
    return render_table(
        title=str(listing.title),
        lang="zh" if (get_language() or "zh").startswith("zh") else "en",
        columns=frame.columns,
        rows=frame.rows(),
        filters=filters,
        synthetic=bool(here and here.synthetic),
        created_at=timezone.localtime(),
    )

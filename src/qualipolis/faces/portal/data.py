"""Open data: every dataset as csv and json with its definitions, under a licence the city states."""

from __future__ import annotations

import json
import re
from io import BytesIO
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile

import polars as pl
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.cache import get_conditional_response
from django.utils.html import escape
from django.utils.http import content_disposition_header
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from qualipolis.city.assess.models import Release
from qualipolis.city.core.queries import city, file_stem
from qualipolis.faces.portal import frame
from qualipolis.faces.portal.datasets import DATASETS, Dataset, state_of
from qualipolis.faces.portal.published import cells_held_back
from qualipolis.lake.exports import write_csv

MEDIA = {"csv": "text/csv; charset=utf-8", "json": "application/json"}


def licence() -> str:
    """Return the licence of the open data as the city states it."""
    here = city()
    if settings.OPEN_DATA_LICENCE:
        return str(settings.OPEN_DATA_LICENCE)
    if here is not None and here.synthetic:
        return _("Free to use, also commercially; name the city and the number of the release as the source.")
    return _("The city has not stated a licence yet. Ask before you use the data again.")


def _marked(text: str) -> SafeString:
    """Set the raw values that a Chinese meaning quotes apart from its words."""
    return mark_safe(re.sub(r"[a-z]+(?:_[a-z]+)*", r"<code>\g<0></code>", escape(text)))  # noqa: S308 (escaped first)


@frame.released("data")
def index(request: HttpRequest, release: Release) -> HttpResponse:
    """What can be taken, what each column means, and under which terms."""
    chinese = (get_language() or "zh").startswith("zh")
    tail = f"?year={frame.year_of(release)}"
    sets = [
        {
            "name": one.name,
            "title": one.title_zh if chinese else one.title_en,
            "about": one.about_zh if chinese else one.about_en,
            "rows": one.count(release),
            "columns": [(c.name, _marked(c.zh) if chinese else c.en, c.unit) for c in one.columns],
            "csv": reverse("portal:dataset", args=[one.name, "csv"]) + tail,
            "json": reverse("portal:dataset", args=[one.name, "json"]) + tail,
        }
        for one in DATASETS.values()
    ]
    context = {
        "badge": frame.badge(release),
        "release": release,
        "year": frame.year_of(release),
        "years": frame.years(request, release),
        "sets": sets,
        "licence": licence(),
        "held": cells_held_back(release),
        "all": reverse("portal:data_all") + tail,
        "crumbs": [frame.home_crumb(), (_("Data"), "")],
    }
    return frame.show(request, "data", "data", context)


@frame.released("data")
def dataset(request: HttpRequest, release: Release, name: str, form: str) -> HttpResponse:
    """One dataset as csv or json."""
    found = DATASETS.get(name)
    if found is None or form not in MEDIA:
        raise Http404
    tag = f'"{state_of(release)}-{name}-{form}"'
    if kept := get_conditional_response(request, etag=tag):
        return kept
    data = csv_of(found, release) if form == "csv" else json_of(found, release)
    answer = HttpResponse(data, content_type=MEDIA[form])
    stem = f"{name}-{release.number}" if found.yearly else name
    answer["Content-Disposition"] = content_disposition_header(True, f"{file_stem(stem)}.{form}")
    answer["ETag"] = tag
    return answer


def csv_of(found: Dataset, release: Release) -> bytes:
    """Return a dataset as csv (UTF-8 with byte order mark, text safe from being taken for a formula)."""
    buffer = BytesIO()
    write_csv(buffer, found.frame(release))
    return buffer.getvalue()


def json_of(found: Dataset, release: Release) -> bytes:
    """Return a dataset with its definitions, its release and its terms."""
    about = head(release) | {
        "dataset": found.name,
        "title": {"zh": found.title_zh, "en": found.title_en},
        "description": {"zh": found.about_zh, "en": found.about_en},
        "columns": [
            {"name": c.name, "type": c.type, "unit": c.unit or None, "description": {"zh": c.zh, "en": c.en}}
            for c in found.columns
        ],
        "rows": found.frame(release).to_dicts(),
    }
    return json.dumps(about, ensure_ascii=False, allow_nan=False).encode()


def head(release: Release) -> dict[str, Any]:
    """Return what every file says of itself."""
    here = city()
    return {
        "city": {"code": here.code, "name_zh": here.name_zh, "name_en": here.name_en} if here else None,
        "synthetic": bool(here and here.synthetic),
        "licence": licence(),
        "release": release.number,
        "year": frame.year_of(release),
        "release_hash": release.release_hash,
        "published_at": release.published_at.isoformat(),
    }


@frame.released("data")
def everything(request: HttpRequest, release: Release) -> HttpResponse:
    """Every dataset with the definitions of all columns in one zip."""
    buffer = BytesIO()
    with ZipFile(buffer, "w", ZIP_DEFLATED) as bundle:
        for one in DATASETS.values():
            bundle.writestr(f"{one.name}.csv", csv_of(one, release))
        bundle.writestr("definitions.csv", _definitions())
        bundle.writestr("about.json", json.dumps(head(release), ensure_ascii=False, indent=1))
    answer = HttpResponse(buffer.getvalue(), content_type="application/zip")
    stem = file_stem(f"open-data-{release.number}")
    answer["Content-Disposition"] = content_disposition_header(True, f"{stem}.zip")
    return answer


def _definitions() -> bytes:
    rows = [
        {"dataset": one.name, "column": c.name, "type": c.type, "unit": c.unit, "zh": c.zh, "en": c.en}
        for one in DATASETS.values()
        for c in one.columns
    ]
    buffer = BytesIO()
    write_csv(buffer, pl.DataFrame(rows))
    return buffer.getvalue()

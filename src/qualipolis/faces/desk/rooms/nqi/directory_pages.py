"""The pages of the directory as the desk and the public share them: search, institutions, one institution, what towns can do.

``face`` is ``"desk"`` or ``"portal"``: which frame a page stands in and where its links lead.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from qualipolis.city.nqi.directory import queries
from qualipolis.city.nqi.directory.scope_search import search
from qualipolis.city.registry.models import Institution, Unit
from qualipolis.faces.desk import parts
from qualipolis.faces.desk.rooms.nqi import directory_words as words

PER_PAGE, SHOWN = 30, 10
MOST_WORDS = 200
FRAMES = {"desk": "desk/base.html", "portal": "portal/base.html"}
EXAMPLES = (
    ("zh", "童装 甲醛 GB 31701-2015"),
    ("zh", "充电宝 有效输出容量"),
    ("en", "lead in food GB 5009.12-2023"),
)


def asked_day(request: HttpRequest) -> date:
    """Return the day of ``?on=``, today for none and for what is no day."""
    try:
        return date.fromisoformat(request.GET.get("on", "")[:10])
    except ValueError:
        return timezone.localdate()


def asked_unit(request: HttpRequest) -> Unit | None:
    """Return the town of ``?town=``."""
    code = request.GET.get("town", "")[:12]
    return Unit.objects.filter(code=code).first() if code else None


def shared(face: str, crumbs: list[tuple[str, str]], **more: Any) -> dict[str, Any]:
    """Return what every page of the directory is given."""
    first = (_("Institutions"), reverse(f"{face}:nqi_institutions"))
    return {"frame": FRAMES[face], "face": face, "stage": "build", "crumbs": [first, *crumbs]} | more


def search_context(request: HttpRequest, face: str) -> dict[str, Any]:
    """Return the page of the search: the box, how the question was read, who can."""
    said, day, unit = request.GET.get("q", "").strip()[:MOST_WORDS], asked_day(request), asked_unit(request)
    context = shared(
        face, [(_("Who can test this"), "")], q=said, on=day, unit=unit, towns=_towns(), examples=EXAMPLES, today=timezone.localdate()
    )  # fmt: skip
    if not said:
        return context
    found = search(said, day, unit, top=SHOWN)
    groups = {name: [words.hit_shown(one, face) for one in getattr(found, name)] for name in ("hits", "near", "others")}
    return context | groups | {
        "found": found, "answer": words.answer_words(found), "read": words.question_words(found.question),
        "corrected": found.question.corrected, "more": max(found.total - len(found.hits), 0),
    }  # fmt: skip


def _towns() -> list[Unit]:
    return list(Unit.objects.exclude(kind=Unit.Kind.CITY).order_by("code"))


def list_context(request: HttpRequest, face: str) -> dict[str, Any]:
    """Return the page of the institutions under its filters."""
    params = request.GET.dict()
    rows = queries.institutions(params)
    paged = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    kind = params.get("kind", "")
    columns = [
        parts.Column("name", _("Institution"), title=True),
        parts.Column("kind", _("Kind")),
        parts.Column("town", _("Town")),
        parts.Column("certificates", _("Certificates in force"), numeric=True),
    ]
    day = timezone.localdate()
    held = queries.certificates_of(paged, day)
    cells = [_body_cells(one, face, held.get(one.pk, [])) for one in paged]
    context = shared(
        face, [], q=params.get("q", "").strip()[:60], towns=_towns(), town=params.get("town", ""), kind=kind
    )
    context["crumbs"] = [(_("Institutions"), "")]
    return context | {
        "table": parts.Table(_("Institutions"), columns, cells, links="url"), "paged": paged, "total": paged.paginator.count,
        "filters": words.kind_segments(request, kind), "filtered": any(params.get(name) for name in ("q", "kind", "town")),
    }  # fmt: skip


def _body_cells(row: Institution, face: str, stated: list[queries.Certificate]) -> dict[str, Any]:
    return {
        "name": row.name, "kind": str(row.get_kind_display()), "town": row.unit.name,
        "certificates": sum(one.state == "valid" for one in stated), "url": reverse(f"{face}:nqi_institution", args=[row.code]),
    }  # fmt: skip


def body_of(code: str) -> Institution:
    """Return the institution with a code."""
    return get_object_or_404(Institution.objects.select_related("unit"), code=code)


def body_context(request: HttpRequest, face: str, body: Institution) -> dict[str, Any]:
    """Return the page of one institution: certificates with their states, scope, services."""
    text, day = request.GET.get("q", "").strip()[:60], timezone.localdate()
    lines = queries.scope_of(body, text, day)
    paged = Paginator(lines, PER_PAGE).get_page(request.GET.get("page"))
    context = shared(face, [(body.name, "")], body=body, q=text, today=day)
    return context | {
        "certificates": words.certificate_rows(queries.certificates(body, day)), "paged": paged, "total": paged.paginator.count,
        "lines": [(one, words.source_words(one)) for one in paged], "services": list(queries.services_of(body)[:PER_PAGE]),
    }  # fmt: skip


def map_context(request: HttpRequest, face: str) -> dict[str, Any]:
    """Return the page of what the towns can do."""
    said, kind = request.GET.get("q", "").strip()[:MOST_WORDS], request.GET.get("kind", "")
    rows = queries.capability(said, kind)
    context = shared(
        face, [(_("What the towns can do"), "")], q=said, kind=kind, filters=words.kind_segments(request, kind)
    )
    return context | words.town_map(rows, face)

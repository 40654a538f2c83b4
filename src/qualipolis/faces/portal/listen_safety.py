"""Recalls and warnings for everyone: what, which batches, the danger, what to do; and how to report a danger."""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO
from typing import Any

from django.core.paginator import Paginator
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from qualipolis.city.core.queries import file_stem
from qualipolis.city.listen.models import PublicWarning, Recall
from qualipolis.city.listen.safety import queries
from qualipolis.city.listen.safety.effect import effect_of
from qualipolis.city.listen.safety.lists import product_words
from qualipolis.faces.desk.loop import address
from qualipolis.faces.desk.rooms.listen import safety_words as words
from qualipolis.faces.portal import frame
from qualipolis.faces.report import listening_recall, listening_warning
from qualipolis.law.rules import rule_on
from qualipolis.methods.problems import InputError

PLACE, PER_PAGE, FIRST = "listen", 20, 4


def show(request: HttpRequest, template: str, crumbs: list[tuple[str, str]], context: dict[str, Any]) -> HttpResponse:
    """Answer with a page of product safety."""
    first = [frame.home_crumb(), (_("Product safety"), reverse("portal:safety") if crumbs else "")]
    shared = {"stage": "listen", "crumbs": first + crumbs, "chinese": chinese()}
    return frame.show(request, f"listen/{template}", PLACE, shared | context)


def chinese() -> bool:
    """Whether the page is in Chinese."""
    return (get_language() or "zh").startswith("zh")


@frame.open_page
def safety(request: HttpRequest) -> HttpResponse:
    """What stands now: the warnings and the recalls, and how to report a danger."""
    standing, recalled = queries.shown_warnings(), queries.shown_recalls()
    context = {
        "warnings": [warning_card(row) for row in standing[:FIRST]], "n_warnings": standing.count(),
        "recalls": [recall_card(row) for row in recalled[:FIRST]], "n_recalls": recalled.count(),
        "letter": address("portal:listen_letter"),
    }  # fmt: skip
    return show(request, "safety", [], context)


def warning_card(row: PublicWarning) -> dict[str, Any]:
    """Return a warning as lists show it."""
    return {
        "number": row.number, "title": row.title, "day": row.published_on, "level": words.level_chip(row),
        "new": row.status == "published" and queries.is_new(row.published_on), "products": row.products,
        "state": None if row.status == "published" else words.state_chip(row),
        "ended_on": row.ended_on, "end_reason": row.end_reason, "later": later_of(row), "has_en": bool(row.title_en),
    }  # fmt: skip


def later_of(row: PublicWarning) -> PublicWarning | None:
    """Return the published version that took the place of a warning."""
    later = getattr(row, "replaced_by", None)
    return later if later is not None and later.published_on is not None else None


def recall_card(row: Recall) -> dict[str, Any]:
    """Return a recall as lists show it."""
    return {
        "number": row.number, "title": product_words(row), "firm": words.firm_of(row), "day": row.announced_on,
        "batches": row.batches, "state": words.state_chip(row), "new": queries.is_new(row.announced_on), "defect": row.defect,
    }  # fmt: skip


@frame.open_page
def recalls(request: HttpRequest) -> HttpResponse:
    """The announced recalls, with a search."""
    rows = queries.shown_recalls(request.GET.dict())
    return _listed(request, "recalls", _("Recalls"), rows, recall_card)


@frame.open_page
def warnings(request: HttpRequest) -> HttpResponse:
    """The warnings that stand, or those that no longer do."""
    ended = request.GET.get("show") == "ended"
    rows = queries.shown_warnings(request.GET.dict(), ended=ended)
    return _listed(request, "warnings", _("Public warnings"), rows, warning_card, ended=ended)


def _listed(
    request: HttpRequest, name: str, title: str, rows: Any, card: Callable[[Any], dict[str, Any]], **more: Any
) -> HttpResponse:
    paged = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    text = request.GET.get("q", "").strip()[:60]
    data = [(form, reverse("portal:safety_data", args=[name, form])) for form in ("csv", "json")]
    context = {"rows": [card(row) for row in paged], "paged": paged, "q": text, "data": data,
               "total": paged.paginator.count} | more  # fmt: skip
    return show(request, name, [(title, "")], context)


def recall_of(number: str) -> Recall:
    """Return an announced recall; one that is not announced is not there for anybody."""
    return get_object_or_404(queries.shown_recalls(), number=number)


@frame.open_page
def recall(request: HttpRequest, number: str) -> HttpResponse:
    """One recall: what, which batches, the danger, what to do, how far it is."""
    row = recall_of(number)
    effect = effect_of(row)
    context = {
        "row": row, "title": product_words(row), "firm": words.firm_of(row), "state": words.state_chip(row),
        "effect": words.effect_lines(effect), "progress": list(row.progress.order_by("-on", "-pk")),
        "warnings": [warning_card(one) for one in queries.shown_warnings().filter(recall=row)],
        "papers": _papers("portal:recall_pdf", number),
    }  # fmt: skip
    return show(request, "recall", [(_("Recalls"), reverse("portal:recalls")), (row.number, "")], context)


def warning_of(number: str) -> PublicWarning:
    """Return a warning that was published; a draft is not there for anybody."""
    row = queries.published_warning(number)
    if row is None:
        raise Http404(_("No such warning was published."))
    return row


@frame.open_page
def warning(request: HttpRequest, number: str) -> HttpResponse:
    """One warning; what was taken down says so, with day and reason, and its versions stay to be seen."""
    row = warning_of(number)
    announced = row.recall if row.recall and row.recall.announced_on else None
    context = {
        "row": row, "title": row.title, "level": words.level_chip(row), "state": words.state_chip(row),
        "later": later_of(row), "versions": queries.versions_of(row), "recall": announced,
        "papers": _papers("portal:warning_pdf", number),
    }  # fmt: skip
    return show(request, "warning", [(_("Public warnings"), reverse("portal:warnings")), (row.number, "")], context)


def _papers(name: str, number: str) -> list[tuple[str, str]]:
    return [
        (_("PDF in Chinese"), reverse(name, args=[number, "zh"])),
        (_("PDF in English"), reverse(name, args=[number, "en"])),
    ]


@frame.open_page
def recall_pdf(request: HttpRequest, number: str, lang: str) -> HttpResponse:
    """The notice of a recall."""
    return _pdf(request, listening_recall, recall_of(number), f"recall-{number}", lang)


@frame.open_page
def warning_pdf(request: HttpRequest, number: str, lang: str) -> HttpResponse:
    """A warning as a paper."""
    return _pdf(request, listening_warning, warning_of(number), f"warning-{number}", lang)


def _pdf(request: HttpRequest, paper: Any, row: Any, stem: str, lang: str) -> HttpResponse:
    if lang not in paper.LANGUAGES:
        raise Http404
    try:
        data = BytesIO(paper.pdf(row, lang))
    except InputError as error:
        told = [problem.text(_) for problem in error.problems]
        return render(request, "desk/refused.html", {"title": row.number, "words": told}, status=400)
    return FileResponse(
        data, as_attachment=True, filename=f"{file_stem(stem)}-{lang}.pdf", content_type="application/pdf"
    )


@frame.open_page
def danger(request: HttpRequest) -> HttpResponse:
    """How to report a danger: as a consumer, as a firm, as a hospital."""
    today = timezone.localdate()
    context = {
        "letter": address("portal:listen_letter"), "firm": address("desk:my_incident_new"),
        "firm_days": rule_on("recall.firm_report", today).value, "verify_days": rule_on("incident.verification", today).value,
    }  # fmt: skip
    return show(request, "danger", [(_("Report a danger"), "")], context)

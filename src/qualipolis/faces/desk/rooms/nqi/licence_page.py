"""What the pages of certificates, instruments and declarations share: sections of facts, the row with its steps, links."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from qualipolis.faces.desk import parts
from qualipolis.faces.desk.rooms.flow_page import Act, offers, page_of, progress, take
from qualipolis.faces.desk.rooms.measure.pieces import history, undo_offer
from qualipolis.faces.desk.rooms.supervise import after
from qualipolis.faces.desk.templatetags import desk as tags

STAGE = "build"
Field = Callable[[], forms.Field]
CHIPS = {
    "cma_certificate": {
        "valid": "ok", "renewal_applied": "wait", "cancellation_asked": "wait", "suspended": "bad", "expired": "bad",
        "renewed": "idle", "cancelled": "idle", "withdrawn": "bad", "revoked": "bad",
    },
    "change_filing": {
        "owed": "warn", "ordered": "bad", "filed": "wait", "returned": "warn", "accepted": "ok", "refused": "bad",
        "dismissed": "idle",
    },
    "certification_certificate": {
        "valid": "ok", "suspended": "bad", "cancellation_asked": "wait", "withdrawn": "bad", "cancelled": "idle",
        "expired": "bad",
    },
    "measuring_instrument": {
        "in_use": "ok", "at_verification": "wait", "failed": "bad", "sealed": "idle", "scrapped": "idle",
    },
    "standard_declaration": {
        "draft": "idle", "declared": "ok", "to_check": "warn", "replaced": "idle", "withdrawn": "idle", "discarded": "idle",
    },
}  # fmt: skip
Facts = Sequence[tuple[Any, Any]]


@dataclass(frozen=True)
class Section:
    """One card of a page: a heading, then words, facts, rows or a table, and where the figures come from."""

    title: Any
    facts: Facts = ()
    rows: Sequence[Any] = ()
    words: str = ""
    table: parts.Table | None = None
    note: Any = ""
    small: str = ""

    @property
    def flush(self) -> bool:
        return self.table is not None


@dataclass(frozen=True)
class RowPage:
    """What the page of one row is made of; only the steps of ``leading`` are offered as the next one."""

    url_name: str
    title: Any
    lead: Any
    acts: Sequence[Act]
    facts: Mapping[str, Any]
    sections: Sequence[Section]
    path: Sequence[tuple[Any, Sequence[str], Sequence[str]]]
    crumbs: Sequence[tuple[Any, str]]
    waits: str = ""
    marks: Sequence[after.Mark] = ()
    links: Sequence[tuple[Any, str]] = ()
    leading: Collection[str] = ()


def state_chip(row: Any) -> parts.Chip:
    """Return the state of a row of this part as a chip."""
    return parts.Chip(CHIPS[row.flow_code][row.status], _(row.flow.labels[row.status]))


def state_cell(row: Any) -> Any:
    """Return the state of a row for a table."""
    chip = state_chip(row)
    return tags.chip(chip.kind, chip.text)


def chip_cell(kind: str, words: Any) -> Any:
    """Return a chip for a table or a fact."""
    return tags.chip(kind, str(words))


def day(value: Any) -> str:
    """Return a day as pages write it; none is a dash."""
    return f"{value:%Y-%m-%d}" if value else "—"


def row_page(request: HttpRequest, row: Any, page: RowPage) -> HttpResponse:
    """Answer with the page of a row; a step or a mark that was posted is taken first."""
    found = offers(request, row, page.acts, page.facts)
    marked = after.marks(request, row, page.marks)
    if request.method == "POST" and (take(request, row, found) or after.take_mark(request, row, marked)):
        return redirect(page.url_name, row.pk)
    leading = [one for one in found if one.act.step in page.leading]
    aside = [one for one in found if one not in leading and not one.blocked]
    shown, told = page_of(request, row, leading, page.url_name), history(row)
    label = row._meta.label_lower
    context = shown | {
        "stage": STAGE, "state": state_chip(row), "title": page.title, "lead": page.lead, "sections": page.sections,
        "steps": progress(row, page.path, told, mine=bool(shown["box"])), "waits": page.waits, "marks": marked,
        "beside": [*shown["beside"], *aside], "links": page.links, "history": told, "undo": undo_offer(request.user, f"{label}:{row.pk}"), "crumbs": page.crumbs,
    }  # fmt: skip
    return render(request, "nqi/licence_row.html", context, status=400 if request.method == "POST" else 200)


def sections_page(
    request: HttpRequest, heading: Any, lead: Any, sections: Sequence[Section], **more: Any
) -> HttpResponse:
    """Answer with a page of sections only."""
    shown = {"stage": STAGE, "heading": heading, "lead": lead, "sections": sections, "crumbs": [(heading, "")]}
    return render(request, "nqi/licence_sections.html", shown | more)


def form_page(
    request: HttpRequest, heading: Any, lead: Any, form: Any, button: Any, crumbs: Any, **more: Any
) -> HttpResponse:
    """Answer with a form of its own."""
    shown = {
        "stage": STAGE,
        "heading": heading,
        "lead": lead,
        "form": form,
        "button": button,
        "crumbs": [*crumbs, (heading, "")],
    }
    return render(request, "listen/safety_form.html", shown | more, status=400 if form.errors else 200)


def crumb(words: Any, name: str) -> tuple[Any, str]:
    """Return a crumb to a list."""
    return words, reverse(f"desk:{name}")


def body_link(institution: Any) -> Any:
    """Return the name of a body, leading to its page where that stands."""
    return after.linked(institution.name, "desk:nqi_institution", institution.code)

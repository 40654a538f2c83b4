"""What the pages after a failed result share: lists with filters, cells with a chip, forms beside the way of a row."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django import forms
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from qualipolis.city.core.policy import can
from qualipolis.faces.desk import parts
from qualipolis.faces.desk.rooms.assess.frame import address, exports
from qualipolis.faces.desk.rooms.cycle.town import attempt
from qualipolis.faces.desk.rooms.flow_page import chip_of
from qualipolis.faces.desk.rooms.measure.pieces import deadline
from qualipolis.faces.desk.templatetags import desk as tags

STAGE = "supervise"
PER_PAGE = 50
Shows = Sequence[tuple[str, Any]]


def state_cell(row: Any) -> SafeString:
    """Return the state of a row as a chip for a table."""
    found = chip_of(row)
    return tags.chip(found.kind, found.text, found.icon or None)


def due_cell(row: Any) -> SafeString | str:
    """Return the term of a row for a table; an ended row has none."""
    if row.ended or row.due_on is None:
        return ""
    return format_html("<span>{}</span>", tags.deadline(deadline(row.due_on)))


def day_cell(day: Any) -> str:
    """Return a day, or the day of a moment here, as a table writes it."""
    day = timezone.localtime(day).date() if isinstance(day, datetime) else day
    return f"{day:%Y-%m-%d}" if day else ""


def linked(words: Any, name: str, *args: Any) -> SafeString | str:
    """Return words that lead to a page of the desk; plain words while that page does not stand."""
    try:
        return format_html('<a href="{}">{}</a>', reverse(name, args=args), words)
    except NoReverseMatch:
        return str(words)


@dataclass(frozen=True)
class ListPage:
    """A list: its words, its columns, how a row is written, its filters, its export, and why it may be empty."""

    heading: Any
    lead: Any
    columns: Callable[[], list[parts.Column]]
    cells: Callable[[Any], Mapping[str, Any]]
    shows: Shows
    export: str
    empty: tuple[Any, Any]
    search: bool = False


def list_page(request: HttpRequest, page: ListPage, rows: QuerySet[Any], **more: Any) -> HttpResponse:
    """Answer with a list under its filters; ``more`` joins the context (boxes, forms, crumbs)."""
    paged = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    show = request.GET.get("show", "")
    total = paged.paginator.count
    context = {
        "stage": STAGE,
        "page": page,
        "table": parts.Table(str(page.heading), page.columns(), [page.cells(one) for one in paged], links="url"),
        "filters": [
            parts.Segment(str(words), address(request, show=key or None, page=None), key == show)
            for key, words in page.shows
        ],
        "paged": paged,
        "total": total,
        "filtered": any(request.GET.get(name) for name in ("show", "q", "handler")),
        "exports": exports(page.export, request.GET.urlencode(), total),
        "q": request.GET.get("q", ""),
        "crumbs": [*_above(request), (str(page.heading), "")],
    }
    return render(request, "supervise/after_list.html", context | more)


def handling_crumb() -> tuple[str, str]:
    """Return the crumb that the lists beside the handling hang under."""
    return _("Handling of failed results"), reverse("desk:handling_list")


def _above(request: HttpRequest) -> list[tuple[str, str]]:
    under = {reverse(f"desk:{name}") for name in ("transfers", "penalties", "meetings")}
    return [handling_crumb()] if request.path in under else []


def line(label: Any, most: int = 200, required: bool = True, **more: Any) -> Callable[[], forms.Field]:
    """Return what makes a field of one line."""
    return lambda: forms.CharField(label=label, max_length=most, required=required, **more)


def area(label: Any, most: int = 2000, rows: int = 3, required: bool = True, **more: Any) -> Callable[[], forms.Field]:
    """Return what makes a field of several lines."""
    widget = forms.Textarea(attrs={"rows": rows})
    return lambda: forms.CharField(label=label, max_length=most, required=required, widget=widget, **more)


def day(label: Any, required: bool = True, initial: Any = None, **more: Any) -> Callable[[], forms.Field]:
    """Return what makes a field for a day."""
    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    return lambda: forms.DateField(label=label, required=required, widget=widget, initial=initial, **more)


@dataclass(frozen=True)
class Mark:
    """Something that is recorded beside the way of a row: its verb, its words and its fields."""

    name: str
    verb: str
    title: Any
    fields: Mapping[str, Callable[[], forms.Field]]
    call: Callable[[Any, Any, dict[str, Any]], Any]
    when: Callable[[Any], bool] = field(default=lambda row: True)
    help: Any = ""


class MarkForm(forms.Form):
    """What a person gives with a mark."""

    do = forms.CharField(widget=forms.HiddenInput)

    def __init__(self, mark: Mark, request: HttpRequest) -> None:
        mine = request.method == "POST" and request.POST.get("do") == mark.name
        data, files = (request.POST, request.FILES) if mine else (None, None)
        super().__init__(data, files, initial={"do": mark.name}, auto_id=f"id_{mark.name}_%s")
        for name, make in mark.fields.items():
            self.fields[name] = make()


def marks(request: HttpRequest, row: Any, offered: Sequence[Mark]) -> list[tuple[Mark, MarkForm]]:
    """Return what this person may record beside the way of ``row``, each with its form."""
    return [(one, MarkForm(one, request)) for one in offered if one.when(row) and can(request.user, one.verb, row)]


def take_mark(request: HttpRequest, row: Any, found: Sequence[tuple[Mark, MarkForm]]) -> bool:
    """Record what was posted; False when the form or the law refuses."""
    for mark, form in found:
        if mark.name == request.POST.get("do"):
            return attempt(request, form, lambda said, mark=mark: mark.call(request.user, row, said))
    return False


def uploaded(file: Any) -> tuple[str, Any] | None:
    """Return a file of a form as the verbs take it."""
    return (file.name, file.chunks()) if file else None


def with_whom(words: Mapping[str, Any], row: Any) -> str:
    """Return where a row stands, in words for somebody who has nothing to do with it now."""
    return str(words.get(row.status, "")) or _("Nothing here waits for you.")

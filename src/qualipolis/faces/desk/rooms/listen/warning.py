"""Public warnings for the offices: the list, the draft in both languages, review, publication, versions, taking down."""

from __future__ import annotations

from collections.abc import Mapping
from io import BytesIO
from typing import Any

from django import forms
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from qualipolis.city.core.parameters import whole
from qualipolis.city.core.policy import can, page, visible
from qualipolis.city.core.queries import file_stem
from qualipolis.city.listen import service
from qualipolis.city.listen.investigations.visibility import INVESTIGATORS, READERS
from qualipolis.city.listen.models import PublicWarning, Recall
from qualipolis.city.listen.safety import queries
from qualipolis.city.listen.safety.lists import WARNING_SHOWS, product_words
from qualipolis.faces.desk import parts
from qualipolis.faces.desk.loop import address
from qualipolis.faces.desk.rooms.cycle.town import attempt
from qualipolis.faces.desk.rooms.flow_page import Act, offers, page_of, take
from qualipolis.faces.desk.rooms.listen import safety_words as words
from qualipolis.faces.desk.rooms.listen.incident import chip_cell
from qualipolis.faces.desk.rooms.measure.pieces import history, undo_offer
from qualipolis.faces.desk.rooms.supervise import after
from qualipolis.faces.report import listening_warning
from qualipolis.methods.problems import InputError

SHOW = (("", gettext_lazy("All")), *WARNING_SHOWS.items())
RELATED = ("recall", "investigation", "replaces", "replaced_by", "written_by")
TEXTS = ("title_zh", "level", "products", "hazard", "advice", "title_en", "body_en")


def _columns() -> list[parts.Column]:
    return [
        parts.Column("warning", _("Warning"), title=True),
        parts.Column("state", _("State")),
        parts.Column("written", _("Written by")),
        parts.Column("published", _("Published on")),
        parts.Column("until", _("Shown until")),
    ]


def _cells(row: PublicWarning) -> Mapping[str, Any]:
    ended = row.ended_on or row.due_on
    return {
        "warning": format_html('{}<br><span class="muted">{}</span>', row.title, row.number),
        "state": chip_cell(words.state_chip(row), words.level_chip(row)),
        "written": str(row.written_by or "—"),
        "published": after.day_cell(row.published_on),
        "until": after.day_cell(ended),
        "url": reverse("desk:listen_warning", args=[row.pk]),
    }


LIST = after.ListPage(
    gettext_lazy("Public warnings"),
    gettext_lazy("One writes, another publishes. What was taken down stays to be seen, with its reason."),
    _columns, _cells, SHOW, "listen-warnings",
    (gettext_lazy("No warning here"), gettext_lazy("A warning begins with a draft, from a recall, a signal or on its own.")), search=True,
)  # fmt: skip


@page(*READERS)
def warnings(request: HttpRequest) -> HttpResponse:
    """The warnings, those to be published first."""
    rows = queries.warnings(request.user, request.GET.dict())
    tools = [(_("Public page"), url, "external-link")] if (url := address("portal:warnings")) else []
    if can(request.user, "listen.draft_warning"):
        tools.append((_("Draft a warning"), reverse("desk:listen_warning_new"), "plus"))
    return after.list_page(request, LIST, rows, stage="listen", tools=tools, crumbs=[(_("Public warnings"), "")])


class WarningForm(forms.Form):
    """The words of a warning in both languages."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["title_zh"] = after.line(_("Title, in Chinese"), 160)()
        self.fields["level"] = forms.ChoiceField(label=_("Risk level"), choices=words.level_choices, required=False)
        self.fields["products"] = after.area(
            _("Which products"), 2000, 2, False, help_text=_("Name, brand, model, batches.")
        )()
        self.fields["hazard"] = after.area(_("What the danger is"), 2000, 3, False)()
        self.fields["advice"] = after.area(_("What consumers should do"), 2000, 3, False)()
        self.fields["title_en"] = after.line(_("Title, in English"), 160, False)()
        self.fields["body_en"] = after.area(_("Text in English"), 4000, 5, False)()


@page(*INVESTIGATORS)
def warning_new(request: HttpRequest) -> HttpResponse:
    """Draft a warning: from a recall with its words, or as the corrected version of one that is published."""
    recall, old = _recall(request), _corrected(request)
    form = WarningForm(request.POST or None, initial=_known(recall, old))
    made: list[PublicWarning] = []

    def draft(said: dict[str, Any]) -> None:
        of = recall or (old.recall if old else None)
        made.append(service.draft_warning(request.user, old, recall=of, **said))

    if request.method == "POST" and attempt(request, form, draft):
        return redirect("desk:listen_warning", made[0].pk)
    heading = _("Corrected version of %(number)s") % {"number": old.number} if old else _("Draft a warning")
    return _form_page(request, form, heading, _("Save the draft"), [])


def _known(recall: Recall | None, old: PublicWarning | None) -> dict[str, str]:
    if old is not None:
        return {name: getattr(old, name) for name in TEXTS}
    if recall is None:
        return {}
    products = " ".join(part for part in (product_words(recall), recall.batches) if part)
    title = f"关于{product_words(recall)}的消费安全警示"
    return {
        "title_zh": title,
        "products": products,
        "hazard": recall.defect,
        "advice": recall.measure,
        "body_en": recall.body_en,
    }


def _recall(request: HttpRequest) -> Recall | None:
    rows = visible(request.user, Recall.objects.select_related("product"))
    return rows.filter(pk=whole(request.GET.get("recall", "")) or 0).first()


def _corrected(request: HttpRequest) -> PublicWarning | None:
    rows = visible(request.user, PublicWarning.objects.select_related("recall")).filter(status="published")
    return rows.filter(pk=whole(request.GET.get("corrects", "")) or 0).first()


def _form_page(request: HttpRequest, form: forms.Form, heading: str, button: str, crumbs: list[Any]) -> HttpResponse:
    shown = {
        "stage": "listen", "heading": heading, "form": form, "button": button,
        "lead": _("Short and plain: which products, what may happen, what to do. Name no other makes."),
        "help": _("It is published by somebody else than its author."),
        "crumbs": [(_("Public warnings"), reverse("desk:listen_warnings")), *crumbs, (heading, "")],
    }  # fmt: skip
    return render(request, "listen/safety_form.html", shown, status=400 if form.errors else 200)


def _seen(request: HttpRequest, pk: int) -> PublicWarning:
    return get_object_or_404(visible(request.user, PublicWarning.objects.select_related(*RELATED)), pk=pk)


@page(*INVESTIGATORS)
def warning_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Change a draft; who changes it counts as its author."""
    row = _seen(request, pk)
    form = WarningForm(request.POST or None, initial={name: getattr(row, name) for name in TEXTS})
    if request.method == "POST" and attempt(
        request, form, lambda said: service.edit_warning(request.user, row, **said)
    ):
        return redirect("desk:listen_warning", pk)
    back = [(row.number, reverse("desk:listen_warning", args=[pk]))]
    return _form_page(request, form, _("Change the draft"), _("Save the draft"), back)


def _acts() -> list[Act]:
    reason = {"reason": after.area(gettext_lazy("Reason"), 400)}
    return [
        Act("hand_in", "listen.hand_in_warning", lambda actor, row, said: service.hand_in_warning(actor, row)),
        Act("publish", "listen.publish_warning", lambda actor, row, said: service.publish_warning(actor, row),
            help=gettext_lazy("Everyone reads it from now on, in both languages.")),
        Act("return", "listen.return_warning", lambda actor, row, said: service.return_warning(actor, row, said["reason"]), reason),
        Act("take_down", "listen.take_down_warning",
            lambda actor, row, said: service.take_down_warning(actor, row, said["reason"]), reason,
            help=gettext_lazy("The public page then says that it was taken down, on which day and why.")),
        Act("discard", "listen.discard_warning",
            lambda actor, row, said: service.discard_warning(actor, row, said["reason"]), reason, for_good=True),
    ]  # fmt: skip


def _facts(row: PublicWarning) -> dict[str, Any]:
    return {"title": row.title_zh, "hazard": row.hazard, "advice": row.advice, "products": row.products,
            "written_by": row.written_by_id}  # fmt: skip


@page(*READERS)
def warning(request: HttpRequest, pk: int) -> HttpResponse:
    """The page of one warning."""
    row = _seen(request, pk)
    found = offers(request, row, _acts(), _facts(row))
    if request.method == "POST" and take(request, row, found):
        return redirect("desk:listen_warning", pk)
    lead = [one for one in found if one.act.step in ("hand_in", "publish")]
    shown, told = page_of(request, row, lead, "desk:listen_warning"), history(row)
    context = shown | {
        "stage": "listen", "state": words.state_chip(row), "level": words.level_chip(row), "title": row.title,
        "beside": [*shown["beside"], *(one for one in found if one not in lead)],
        "steps": words.warning_way(row, told, mine=bool(shown["box"])),
        "waits": _waits(row), "links": _links(request, row), "history": told,
        "later": getattr(row, "replaced_by", None),
        "recall_url": words.link_of(request.user, row.recall, "desk:listen_recall"),
        "investigation": words.link_of(request.user, row.investigation, "desk:listen_investigation"),
        "undo": undo_offer(request.user, f"listen.publicwarning:{row.pk}"),
        "crumbs": [(_("Public warnings"), reverse("desk:listen_warnings")), (row.number, "")],
    }  # fmt: skip
    return render(request, "listen/warning.html", context, status=400 if request.method == "POST" else 200)


def _waits(row: PublicWarning) -> str:
    if row.status == "published":
        return _("The public reads it.")
    if row.status == "reviewing":
        return _("Somebody else than its author reads it and publishes it.")
    return _("The public does not read it any more.") if row.ended else _("Its author finishes the draft.")


def _links(request: HttpRequest, row: PublicWarning) -> list[tuple[str, str]]:
    found = []
    if row.status == "drafted" and can(request.user, "listen.edit_warning", row):
        found.append((_("Change the draft"), reverse("desk:listen_warning_edit", args=[row.pk])))
    if row.status == "published" and not hasattr(row, "replaced_by") and can(request.user, "listen.draft_warning"):
        found.append((_("Write a corrected version"), f"{reverse('desk:listen_warning_new')}?corrects={row.pk}"))
    if row.published_on:
        found.append((_("Public page"), address("portal:warning", row.number)))
    for lang, label in (("zh", _("PDF in Chinese")), ("en", _("PDF in English"))):
        found.append((label, reverse("desk:listen_warning_pdf", args=[row.pk, lang])))
    return [(label, url) for label, url in found if url]


@page(*READERS)
@require_safe
def warning_pdf(request: HttpRequest, pk: int, lang: str) -> HttpResponse:
    """The warning as a paper; a draft says that it is one."""
    if lang not in listening_warning.LANGUAGES:
        raise Http404
    row = _seen(request, pk)
    try:
        data = BytesIO(listening_warning.pdf(row, lang))
    except InputError as error:
        told = [problem.text(_) for problem in error.problems]
        return render(request, "desk/refused.html", {"title": row.number, "words": told}, status=400)
    name = f"{file_stem(f'warning-{row.number}')}-{lang}.pdf"
    return FileResponse(data, as_attachment=True, filename=name, content_type="application/pdf")

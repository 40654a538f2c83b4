"""Knowledge cases: the list, the text on its way from draft through the firm to the public, and its form."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from qualipolis.city.core.policy import can, page, visible
from qualipolis.city.core.roles import STAFF
from qualipolis.city.hospital import service
from qualipolis.city.hospital.learning import knowledge as texts
from qualipolis.city.hospital.learning import lists
from qualipolis.city.hospital.models import Case, KnowledgeCase
from qualipolis.city.hospital.reception.defects import words as defect_words
from qualipolis.faces.desk import parts
from qualipolis.faces.desk.rooms.assess.frame import address, exports
from qualipolis.faces.desk.rooms.cycle.town import attempt
from qualipolis.faces.desk.rooms.flow_page import Act, chip_of, offers, page_of, progress, take
from qualipolis.faces.desk.rooms.hospital.case_thread import ROLES, case_of, crumbs_of
from qualipolis.faces.desk.rooms.measure.pieces import history, undo_offer

PER_PAGE = 25
LABELS = {
    "title": gettext_lazy("Title"),
    "symptom": gettext_lazy("Symptom"),
    "cause": gettext_lazy("Cause of the trouble"),
    "treatment": gettext_lazy("Treatment"),
    "effect": gettext_lazy("Effect"),
}
HINTS = {
    "title_zh": gettext_lazy("What product, what trouble; no name, no place."),
    "effect_zh": gettext_lazy("The measured value before and after, with the number of pieces."),
}
PATH = (
    (gettext_lazy("Written"), ("draft",), ("hospital.ask_for_knowledge",)),
    (gettext_lazy("Read by the firm"), ("firm_review",), ("hospital.agree_to_knowledge",)),
    (gettext_lazy("Published"), ("agreed",), ("hospital.publish_knowledge",)),
)
ACTS = (
    Act("agree", "hospital.agree_to_knowledge", lambda actor, row, said: service.agree_to_knowledge(actor, row),
        help=gettext_lazy("Exactly this text becomes public, and nothing else of your case.")),
    Act("ask", "hospital.ask_for_knowledge", lambda actor, row, said: service.ask_for_knowledge(actor, row)),
    Act("publish", "hospital.publish_knowledge", lambda actor, row, said: service.publish_knowledge(actor, row)),
    Act("return", "hospital.return_knowledge",
        lambda actor, row, said: service.return_knowledge(actor, row, said["reason"])),
    Act("refuse", "hospital.refuse_knowledge", lambda actor, row, said: service.refuse_knowledge(actor, row)),
    Act("withdraw", "hospital.withdraw_knowledge",
        lambda actor, row, said: service.withdraw_knowledge(actor, row, said["reason"])),
)  # fmt: skip


class KnowledgeForm(forms.Form):
    """The five parts in Chinese and, where there is one, in English."""

    def __init__(self, case: Case, data: Any = None, initial: Mapping[str, Any] | None = None) -> None:
        super().__init__(data, initial=dict(initial or {}))
        for language, mark in (("zh", _("in Chinese")), ("en", _("in English, may stay empty"))):
            for name, lengths in texts.TEXTS.items():
                key, most = f"{name}_{language}", lengths[language == "en"]
                widget = forms.TextInput() if name == "title" else forms.Textarea(attrs={"rows": 3})
                label = f"{LABELS[name]} ({mark})" if language == "en" else LABELS[name]
                self.fields[key] = forms.CharField(
                    label=label, max_length=most, required=language == "zh", widget=widget, help_text=HINTS.get(key, "")
                )
        if case.consent == Case.Consent.NAMED:
            self.fields["named"] = forms.BooleanField(label=_("Show the name of the firm"), required=False)


@page(*STAFF)
def hospital_knowledge(request: HttpRequest) -> HttpResponse:
    """The knowledge cases somebody sees: everyone what is published, who treats also what is on its way."""
    rows = lists.knowledge(request.user, request.GET.dict())
    paged = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    show, total = request.GET.get("show", ""), paged.paginator.count
    choices = (("", _("All of them")), *((key, str(words)) for key, words in lists.SHOW_WORDS.items()))
    context = {
        "stage": "diagnose",
        "rows": [(one, title_of(one), part_of(one, "symptom"), chip_of(one), defect_words(one.defect_codes or []))
                 for one in paged],
        "filters": [parts.Segment(words, address(request, show=key or None, page=None), key == show)
                    for key, words in choices],
        "paged": paged,
        "total": total,
        "filtered": bool(show or request.GET.get("q")),
        "q": request.GET.get("q", ""),
        "exports": exports("hospital-knowledge", request.GET.urlencode(), total),
        "crumbs": [(_("Knowledge cases"), "")],
    }  # fmt: skip
    return render(request, "hospital/knowledge.html", context)


def title_of(row: KnowledgeCase) -> str:
    """Return the title in the language of the page, else in the other."""
    return part_of(row, "title")


def part_of(row: KnowledgeCase, name: str) -> str:
    """Return a part in the language of the page, else in Chinese."""
    language = "zh" if (get_language() or "zh").startswith("zh") else "en"
    return str(getattr(row, f"{name}_{language}") or getattr(row, f"{name}_zh"))


def read(row: KnowledgeCase) -> list[tuple[Any, str]]:
    """Return the parts of a text with their headings."""
    return [(LABELS[name], part_of(row, name)) for name in ("symptom", "cause", "treatment", "effect")]


@page(*STAFF)
def hospital_knowledge_case(request: HttpRequest, pk: int) -> HttpResponse:
    """One knowledge case with its next step."""
    known = KnowledgeCase.objects.select_related("department", "case__enterprise", "case__unit")
    row = get_object_or_404(visible(request.user, known).distinct(), pk=pk)
    consent = row.case is not None and row.case.consent != Case.Consent.NONE
    found = offers(request, row, ACTS, {"consent": consent}) if row.case else []
    if request.method == "POST" and take(request, row, found):
        return redirect("desk:hospital_knowledge_case", pk)
    seen = row.case is not None and visible(request.user, Case.objects.filter(pk=row.case_id)).exists()
    told = history(row) if seen else []
    context = page_of(request, row, found, "desk:hospital_knowledge_case")
    context |= {
        "stage": "diagnose",
        "title": title_of(row),
        "parts": read(row),
        "other": [(LABELS[name], getattr(row, f"{name}_en")) for name in texts.TEXTS] if row.status != "published" else [],
        "defects": defect_words(row.defect_codes or []),
        "case": row.case if seen else None,
        "firm": row.case.enterprise.name if row.named and row.case else "",
        "may_edit": seen and row.status == "draft" and can(request.user, "hospital.edit_knowledge", row),
        "steps": progress(row, PATH, told, mine=context["box"] is not None) if seen and row.status in (
            "draft", "firm_review", "agreed", "published") else [],
        "history": told,
        "undo": undo_offer(request.user),
        "crumbs": [(_("Knowledge cases"), reverse("desk:hospital_knowledge")), (row.number, "")],
    }  # fmt: skip
    return render(request, "hospital/knowledge_case.html", context, status=400 if request.method == "POST" else 200)


@page(*ROLES)
def hospital_knowledge_write(request: HttpRequest, pk: int) -> HttpResponse:
    """Write the text of a judged case, or change it while it is a draft."""
    case = case_of(request, pk)
    row = KnowledgeCase.objects.filter(case=case).first()
    verb = "hospital.edit_knowledge" if row else "hospital.write_knowledge"
    if not can(request.user, verb, row or case) or (row and row.status != "draft"):
        raise Http404
    form = KnowledgeForm(case, request.POST or None, _initial(case, row))
    made: list[KnowledgeCase] = []

    def keep(said: dict[str, Any]) -> None:
        made.append(service.edit_knowledge(request.user, row, said) if row
                    else service.write_knowledge(request.user, case, said))  # fmt: skip

    if request.method == "POST" and attempt(request, form, keep):
        return redirect("desk:hospital_knowledge_case", made[0].pk)
    context = {
        "stage": "diagnose",
        "case": case,
        "form": form,
        "row": row,
        "diagnosis": texts.diagnosis_of(case),
        "crumbs": crumbs_of(case, _("Knowledge case")),
    }
    return render(request, "hospital/knowledge_write.html", context, status=400 if form.errors else 200)


def _initial(case: Case, row: KnowledgeCase | None) -> dict[str, Any]:
    if row is not None:
        return {name: getattr(row, name) for name in (*texts.FIELDS, "named")}
    found = texts.diagnosis_of(case)
    items = case.items.filter(kind__in=("corrective", "preventive")).exclude(status="dropped").order_by("position")
    return {
        "title_zh": case.product_class,
        "symptom_zh": case.problem_text,
        "cause_zh": found.statement if found else "",
        "treatment_zh": "\n".join(one.action for one in items),
    }

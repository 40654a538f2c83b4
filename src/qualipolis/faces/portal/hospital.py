"""The product hospital for everyone: how to register, departments, fields of the experts, typical cases, numbers."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from qualipolis.city.hospital.learning import outcomes, public
from qualipolis.city.hospital.models import KnowledgeCase
from qualipolis.city.hospital.reception.defects import words as defect_words
from qualipolis.faces.desk import parts
from qualipolis.faces.desk.loop import address
from qualipolis.faces.desk.rooms.hospital import outcome_words as words
from qualipolis.faces.desk.rooms.hospital.knowledge import part_of, read, title_of
from qualipolis.faces.desk.rooms.hospital.outcomes import shown
from qualipolis.faces.portal import frame

PLACE, PER_PAGE, FIRST = "hospital", 20, 3


def show(request: HttpRequest, template: str, crumbs: list[tuple[str, str]], context: dict[str, Any]) -> HttpResponse:
    """Answer with a page of the hospital."""
    first = [frame.home_crumb()]
    first.append((_("Product hospital"), reverse("portal:hospital") if crumbs else ""))
    return frame.show(request, template, PLACE, {"stage": "diagnose", "crumbs": first + crumbs} | context)


@frame.open_page
def overview(request: HttpRequest) -> HttpResponse:
    """How to register, the departments, some typical cases, and the numbers in short."""
    fields = public.fields()
    found = outcomes.outcomes()
    context = {
        "steps": _course(),
        "departments": _departments(fields),
        "experts": len(fields),
        "cases": [_card(one) for one in public.typical()[:FIRST]],
        "figures": words.figures(found) if found.cases else [],
        "found": found,
        "register": address("desk:case_new"),
        "check_up": address("desk:hospital_check_ups"),
    }
    return show(request, "hospital", [], context)


def _course() -> list[tuple[str, str]]:
    return [
        (_("Register"), _("Say in your own words what is wrong; photos and measurement files help. It takes three minutes.")),
        (_("Triage"), _("Within one working day the desk sends the case to a department, or says why not.")),
        (_("Diagnosis"), _("An expert takes the case, has it examined where needed, and names the cause with evidence.")),
        (_("Prescription"), _("Each measure has a day and a criterion. You accept it or object. No pass is ever promised.")),
        (_("Proof of the cure"), _("The case is cured when the measured values prove it, before and after.")),
        (_("Follow-up"), _("After 30, 90 and 180 days somebody asks whether it holds; what comes back is reopened.")),
    ]  # fmt: skip


def _departments(fields: list[public.Field]) -> parts.Table | None:
    rows = list(public.departments())
    if not rows:
        return None
    counted = public.by_department(fields)
    chinese = _chinese()
    columns = [
        parts.Column("name", _("Department"), title=True),
        parts.Column("about", _("What it treats")),
        parts.Column("experts", _("Experts"), numeric=True),
    ]
    values = [
        {
            "name": one.name,
            "about": (one.about_zh or one.about_en) if chinese else (one.about_en or one.about_zh),
            "experts": counted.get(one.pk, 0),
        }
        for one in rows
    ]
    return parts.Table(_("Departments of the hospital"), columns, values)


def _chinese() -> bool:
    return (get_language() or "zh").startswith("zh")


def _card(row: KnowledgeCase) -> dict[str, Any]:
    return {
        "number": row.number, "title": title_of(row), "symptom": part_of(row, "symptom"), "effect": part_of(row, "effect"),
        "department": row.department.name, "class": row.product_class, "cause": row.get_root_cause_display(),
    }  # fmt: skip


@frame.open_page
def experts(request: HttpRequest) -> HttpResponse:
    """The fields of the experts and their organisations; no person is named."""
    chinese = _chinese()
    columns = [
        parts.Column("field", _("Field"), title=True),
        parts.Column("organisation", _("Organisation")),
        parts.Column("departments", _("Departments")),
    ]
    rows = [
        {
            "field": (one.expert.field_zh or one.expert.field_en) if chinese else (one.expert.field_en or one.expert.field_zh),
            "organisation": one.expert.organisation.name,
            "departments": _("; ").join(department.name for department in one.departments),
        }
        for one in public.fields()
    ]  # fmt: skip
    table = parts.Table(_("Experts of the hospital"), columns, rows) if rows else None
    return show(request, "hospital_experts", [(_("Experts"), "")], {"table": table, "n": len(rows)})


@frame.open_page
def cases(request: HttpRequest) -> HttpResponse:
    """The typical cases, with a search."""
    text, department = request.GET.get("q", "").strip()[:60], request.GET.get("department", "")[:24]
    rows = public.typical(text, department)
    paged = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "cases": [_card(one) for one in paged],
        "paged": paged,
        "q": text,
        "department": department,
        "departments": list(public.departments()),
        "filtered": bool(text or department),
        "data": [(form, reverse("portal:hospital_data", args=["hospital-cases", form])) for form in ("csv", "json")],
    }
    return show(request, "hospital_cases", [(_("Typical cases"), "")], context)


@frame.open_page
def case(request: HttpRequest, number: str) -> HttpResponse:
    """One typical case."""
    row = get_object_or_404(public.typical(), number=number)
    firm = public.firm_of(row)
    crumbs = [(_("Typical cases"), reverse("portal:hospital_cases")), (row.number, "")]
    context = {
        "row": row,
        "title": title_of(row),
        "parts": read(row),
        "defects": defect_words(row.defect_codes or []),
        "firm": firm.name if firm else "",
    }
    return show(request, "hospital_case", crumbs, context)


@frame.open_page
def numbers(request: HttpRequest) -> HttpResponse:
    """Outcomes, months, departments; small numbers held back."""
    context = shown(request)
    context["data"] = [
        (form, reverse("portal:hospital_data", args=["hospital-outcomes", form])) for form in ("csv", "json")
    ]
    return show(request, "hospital_numbers", [(_("Outcomes in numbers"), "")], context)

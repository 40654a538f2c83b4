"""Declared standards: the list, the firm's own declaration in one form, and the page of one with its indicators."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from qualipolis.city.core.policy import own_codes, page, roles_of, visible
from qualipolis.city.core.roles import STAFF
from qualipolis.city.nqi import service
from qualipolis.city.nqi.standards import queries
from qualipolis.city.nqi.standards.declaring import below, facts_of
from qualipolis.city.nqi.standards.lists import SHOWS
from qualipolis.city.nqi.standards.models import Side, StandardDeclaration
from qualipolis.city.registry.models import Product, Standard
from qualipolis.faces.desk import parts
from qualipolis.faces.desk.rooms.cycle.town import attempt
from qualipolis.faces.desk.rooms.flow_page import Act
from qualipolis.faces.desk.rooms.measure.pieces import problem_words
from qualipolis.faces.desk.rooms.nqi import licence_page as pages
from qualipolis.faces.desk.rooms.nqi.instrument import firm_field
from qualipolis.faces.desk.rooms.nqi.licence_page import Field, Section, day
from qualipolis.faces.desk.rooms.supervise import after
from qualipolis.faces.desk.rooms.supervise.after import area, line
from qualipolis.lake.cells import number
from qualipolis.methods.problems import InputError

PATH = (
    (gettext_lazy("Draft"), ("draft",), ("nqi.declare_standard",)),
    (
        gettext_lazy("Declared in public"),
        ("declared", "to_check"),
        ("nqi.replace_declaration", "nqi.withdraw_declaration"),
    ),
)
WAITS = {
    "declared": gettext_lazy("The declaration stands and is public."),
    "to_check": gettext_lazy("The firm checks its declaration."),
    "draft": gettext_lazy("The firm has not declared it yet."),
}
SIDES = {"<=": Side.MAX, "≤": Side.MAX, "不大于": Side.MAX, ">=": Side.MIN, "≥": Side.MIN, "不小于": Side.MIN}
HELP = gettext_lazy("One a line: parameter, ≤ or ≥, number, unit. For example: 甲醛含量 ≤ 20 mg/kg")


def _columns() -> list[parts.Column]:
    return [
        parts.Column("standard", _("Standard"), title=True),
        parts.Column("state", _("State")),
        parts.Column("due", _("To be checked by")),
        parts.Column("product", _("Product")),
        parts.Column("firm", _("Firm")),
        parts.Column("on", _("Declared on")),
    ]


def _cells(row: StandardDeclaration) -> Mapping[str, Any]:
    return {
        "standard": f"{row.standard_no} {row.title}".strip(), "state": pages.state_cell(row), "due": after.due_cell(row),
        "product": row.product_name, "firm": row.enterprise.name, "on": day(row.declared_on),
        "url": reverse("desk:nqi_declaration", args=[row.pk]),
    }  # fmt: skip


LIST = after.ListPage(
    gettext_lazy("Declared standards"),
    gettext_lazy("Which standard a firm applies to a product, declared in public. Nothing may be below a mandatory national standard."),
    _columns, _cells, (("", gettext_lazy("All")), *SHOWS.items()), "nqi-declarations",
    (gettext_lazy("No declaration here"), gettext_lazy("Firms declare the standards they apply; the law asks for it.")), search=True,
)  # fmt: skip


@page(*STAFF)
def declarations(request: HttpRequest) -> HttpResponse:
    """The declarations; a firm reads its own."""
    own = "enterprise" in roles_of(request.user)
    rows = (queries.own_declarations if own else queries.declarations)(request.user, request.GET.dict())
    tools = [(_("Catalogue of standards"), reverse("desk:nqi_standards"), "book")]
    if own:
        tools.append((_("Declare a standard"), reverse("desk:nqi_declaration_new"), "plus"))
    return after.list_page(request, LIST, rows, stage=pages.STAGE, tools=tools, crumbs=[(_("Declared standards"), "")])


def parse(text: str) -> list[dict[str, Any]]:
    """Return the indicators that lines of text write; a line that is not understood is named by its place."""
    found = []
    for written in (one.strip() for one in text.splitlines()):
        if not written:
            continue
        sign = next((sign for sign in SIDES if sign in written), "")
        name, _sign, rest = written.partition(sign) if sign else (written, "", "")
        value, _space, unit = rest.strip().partition(" ")
        try:
            limit = number(value, place="indicators") if value else None
        except InputError:
            limit = None
        found.append({"parameter": name.strip(), "side": SIDES.get(sign, ""), "limit": limit, "unit": unit.strip()})
    return found


def written(row: StandardDeclaration) -> str:
    """Return the indicators of a declaration as :func:`parse` reads them."""
    signs = {Side.MAX: "≤", Side.MIN: "≥"}
    return "\n".join(
        f"{one.parameter} {signs[Side(one.side)]} {one.limit:g} {one.unit}".strip() for one in row.indicators.all()
    )


class DeclarationForm(forms.Form):
    """A standard that one's own firm declares."""

    def __init__(self, user: Any, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["enterprise"] = firm_field(user)
        products = Product.objects.filter(enterprise__credit_code__in=own_codes(user)).order_by("name_zh")
        self.fields["product"] = forms.ModelChoiceField(products, label=_("Product"), required=False)
        self.fields["product_name"] = line(_("Another product"), 160, False)()
        self.fields["category"] = line(
            _("Class of product"), 60, False, help_text=_("Only for a product that is not in the register.")
        )()
        known = line(_("Standard number"), 60, help_text=_("With its year, for example GB/T 22849-2014."))()
        self.fields["standard"] = known
        self.fields["title"] = line(
            _("Title of the standard"), 200, False, help_text=_("Only for a standard of your own.")
        )()
        self.fields["indicators"] = area(_("Indicators"), 6000, 4, False, help_text=HELP)()


@page("enterprise")
def declaration_new(request: HttpRequest) -> HttpResponse:
    """Draft a declaration; it is read once more before it is public."""
    initial = {"standard": request.GET.get("standard", "")[:60]}
    form, made = DeclarationForm(request.user, request.POST or None, initial=initial), []

    def act(said: dict[str, Any]) -> None:
        said["indicators"] = parse(said["indicators"])
        made.append(service.draft_declaration(request.user, said.pop("enterprise"), said.pop("standard"), **said))

    if request.method == "POST" and attempt(
        request, form, act, _("The draft is kept. Read it once more and declare it.")
    ):
        return redirect("desk:nqi_declaration", made[0].pk)
    lead = _(
        "The law asks firms to declare in public which standards they apply. An own standard names its indicators."
    )
    crumbs = [pages.crumb(_("Declared standards"), "nqi_declarations")]
    return pages.form_page(request, _("Declare a standard"), lead, form, _("Keep the draft"), crumbs)


@page(*STAFF)
def declaration(request: HttpRequest, pk: int) -> HttpResponse:
    """One declaration with its indicators, and what a mandatory standard asks of them."""
    rows = StandardDeclaration.objects.select_related("enterprise__unit", "replaced_by")
    row = get_object_or_404(visible(request.user, rows), pk=pk)
    crumbs = [pages.crumb(_("Declared standards"), "nqi_declarations"), (row.number, "")]
    lead = _("%(firm)s declares %(standard)s") % {"firm": row.enterprise.name, "standard": row.standard_no}
    page_ = pages.RowPage(
        "desk:nqi_declaration", row.product_name, lead, _acts(row), facts_of(row), _sections(row),
        PATH if row.status in ("draft", "declared", "to_check") else (), crumbs, str(WAITS.get(row.status, "")),
        _marks(row), _links(row), ("declare", "replace", "confirm") if row.status != "declared" else (),
    )  # fmt: skip
    return pages.row_page(request, row, page_)


def _acts(row: StandardDeclaration) -> list[Act]:
    why = {"reason": area(gettext_lazy("Reason"), 400, 2)}
    others = StandardDeclaration.objects.filter(enterprise=row.enterprise_id, status="declared", replaces=None).exclude(
        pk=row.pk
    )
    newer: dict[str, Field] = {"newer": lambda: forms.ModelChoiceField(others, label=_("The new declaration"))}
    replace = Act("replace", "nqi.replace_declaration",
                  lambda actor, one, said: service.replace_declaration(actor, one, said["newer"]), newer)  # fmt: skip
    return [
        Act("declare", "nqi.declare_standard", lambda actor, one, said: service.declare_standard(actor, one), for_good=True,
            help=gettext_lazy("Everyone reads it from now on.")),
        *([replace] if others.exists() else []),
        Act("confirm", "nqi.confirm_declaration", lambda actor, one, said: service.confirm_declaration(actor, one)),
        Act("question", "nqi.question_declaration",
            lambda actor, one, said: service.question_declaration(actor, one, said["reason"]), why),
        Act("withdraw", "nqi.withdraw_declaration",
            lambda actor, one, said: service.withdraw_declaration(actor, one, said["reason"]), why),
        Act("discard", "nqi.discard_declaration", lambda actor, one, said: service.discard_declaration(actor, one)),
    ]  # fmt: skip


def _marks(row: StandardDeclaration) -> list[after.Mark]:
    if row.status not in ("draft", "to_check"):
        return []
    fields: dict[str, Field] = {"text": area(gettext_lazy("Indicators"), 6000, 5, initial=written(row), help_text=HELP)}
    return [after.Mark("indicators", "nqi.set_indicators", gettext_lazy("Change the indicators"), fields,
                       lambda actor, one, said: service.set_indicators(actor, one, parse(said["text"])))]  # fmt: skip


def _links(row: StandardDeclaration) -> list[tuple[Any, str]]:
    known = Standard.objects.filter(number=row.standard_no).first()
    found = [(_("The standard"), reverse("desk:nqi_standard", args=[known.pk]))] if known else []
    if known and known.replaced_by and row.status == "to_check":
        found.append(
            (_("Declare the new standard"), f"{reverse('desk:nqi_declaration_new')}?standard={known.replaced_by}")
        )
    return found


def _sections(row: StandardDeclaration) -> list[Section]:
    facts = [
        (_("Firm"), row.enterprise.name),
        (_("Product"), row.product_name),
        (_("Class of product"), row.category),
        (_("Standard"), row.standard_no),
        (_("Title of the standard"), row.title or "—"),
        (_("Level"), row.get_level_display()),
        (_("Declared on"), day(row.declared_on)),
    ]
    if row.ended_on:
        facts.append((_("Ended on"), day(row.ended_on)))
    if row.reason:
        facts.append((_("Reason"), row.reason))
    if row.replaced_by:
        facts.append((_("Replaced by"), after.linked(str(row.replaced_by), "desk:nqi_declaration", row.replaced_by_id)))
    lines = [
        f"{one.parameter} {one.get_side_display()} {one.limit:g} {one.unit}".strip() for one in row.indicators.all()
    ]
    words = "" if lines else _("No indicator is declared; those of the standard hold.")
    found = [Section(_("The declaration"), facts=facts), Section(_("Indicators"), rows=lines, words=words)]
    faults = [problem_words(one) for one in below(row)] if not row.ended else []
    note = _("While one of these stands, the declaration cannot be made.")
    return [*found, Section(_("Below a mandatory standard"), rows=faults, note=note)] if faults else found

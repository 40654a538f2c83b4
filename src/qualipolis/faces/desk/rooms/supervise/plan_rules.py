"""Pages of detailed rules: the list by product class, one version with its items, and its editor."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from qualipolis.city.core.policy import can, page
from qualipolis.city.core.roles import INSIDE
from qualipolis.city.supervise import service
from qualipolis.city.supervise.models import SamplingRule
from qualipolis.city.supervise.planning import queries as plan_queries
from qualipolis.faces.desk import parts
from qualipolis.faces.desk.rooms.cycle.town import attempt
from qualipolis.faces.desk.rooms.flow_page import law_of
from qualipolis.faces.desk.rooms.measure.pieces import history
from qualipolis.faces.desk.rooms.supervise.plan_forms import ItemForm, RuleForm
from qualipolis.faces.desk.rooms.supervise.plans import classes, top
from qualipolis.law.flows import ALL

STAGE = "supervise"
SPARE = 3
Items = forms.formset_factory(ItemForm, extra=SPARE, max_num=200, absolute_max=210)


def rule_chip(row: SamplingRule, newest: dict[str, int]) -> parts.Chip:
    """Return how a version of rules stands today."""
    if row.published_on is None:
        return parts.Chip("idle", _("being written"))
    if row.published_on > timezone.localdate():
        return parts.Chip("wait", _("public later"))
    if newest.get(row.category) == row.version:
        return parts.Chip("ok", _("in force"))
    return parts.Chip("idle", _("replaced"), "history")


def newest_versions() -> dict[str, int]:
    """Return the newest public version of each product class."""
    today = timezone.localdate()
    rows = SamplingRule.objects.filter(published_on__lte=today).order_by("category", "version")
    return dict(rows.values_list("category", "version"))


@page(*INSIDE)
def rule_list(request: HttpRequest) -> HttpResponse:
    """The detailed rules of all product classes with their versions; a new class begins here."""
    may = can(request.user, "supervise.create_rule")
    form = RuleForm(request.POST or None) if may else None
    made: list[SamplingRule] = []
    act = lambda said: made.append(service.create_rule(request.user, None, **form.said))  # noqa: E731
    if request.method == "POST" and form is not None and attempt(request, form, act):
        return redirect("desk:sampling_rule_edit", made[0].pk)
    newest = newest_versions()
    context = {
        "stage": STAGE,
        "rows": [(row, rule_chip(row, newest)) for row in plan_queries.rules(request.user)],
        "form": form,
        "classes": classes() if may else [],
        "crumbs": [*top(), (_("Detailed rules"), "")],
    }
    return render(request, "supervise/plan_rules.html", context, status=400 if form and form.is_bound else 200)


@page(*INSIDE)
def rule_page(request: HttpRequest, pk: int) -> HttpResponse:
    """One version of rules with its items and its next step."""
    row = get_object_or_404(plan_queries.rules(request.user), pk=pk)
    form = _step_form(request, row)
    made: list[SamplingRule] = []
    act = lambda said: made.append(_take(request.user, row, said))  # noqa: E731
    if request.method == "POST" and form is not None and attempt(request, form, act):
        return redirect("desk:sampling_rule", made[0].pk)
    context = {
        "stage": STAGE,
        "row": row,
        "chip": rule_chip(row, newest_versions()),
        "items": row.items.all(),
        "box": _box(row, form) if form and row.published_on is None else None,
        "again": form if row.published_on is not None else None,
        "may_edit": row.published_on is None and can(request.user, "supervise.edit_rule", row),
        "campaigns": plan_queries.campaigns(request.user).filter(rule=row),
        "history": history(row)[:12],
        "crumbs": _crumbs((f"{row.category} v{row.version}", "")),
    }
    return render(request, "supervise/plan_rule.html", context, status=400 if form and form.is_bound else 200)


def _crumbs(*more: tuple[str, str]) -> list[tuple[str, str]]:
    return [*top(), (_("Detailed rules"), reverse("desk:sampling_rules")), *more]


class _Publish(forms.Form):
    do = forms.CharField(widget=forms.HiddenInput, initial="publish")


class _Replace(forms.Form):
    do = forms.CharField(widget=forms.HiddenInput, initial="replace")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reason"] = forms.CharField(
            label=_("Reason"), max_length=1000, widget=forms.Textarea(attrs={"rows": 2})
        )


def _step_form(request: HttpRequest, row: SamplingRule) -> forms.Form | None:
    newest = not SamplingRule.objects.filter(category=row.category, version__gt=row.version).exists()
    name = "supervise.publish_rule" if row.published_on is None else "supervise.replace_rule"
    if not newest or not can(request.user, name, row):
        return None
    kind = _Publish if row.published_on is None else _Replace
    return kind(request.POST or None)


def _take(user: Any, row: SamplingRule, said: dict[str, Any]) -> SamplingRule:
    if row.published_on is None:
        return service.publish_rule(user, row)
    return service.replace_rule(user, row, said["reason"])


def _box(row: SamplingRule, form: forms.Form) -> parts.NextStep:
    action = reverse("desk:sampling_rule", args=[row.pk])
    law = law_of(ALL["campaign"].find("approved", "publish_rules"))
    words = _("Public rules no longer change; a later version replaces them.")
    return parts.NextStep(_("Publish the rules"), _("Publish"), action, _("yours"), form=form, law=law, missing=words)


@page(*INSIDE)
def rule_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """The editor of rules that are not public yet: the head and the table of items."""
    row = get_object_or_404(plan_queries.rules(request.user), pk=pk)
    if row.published_on is not None or not can(request.user, "supervise.edit_rule", row):
        return redirect("desk:sampling_rule", row.pk)
    head, items = _editor(request, row)
    if request.method == "POST" and items.is_valid():
        rows = [item for item in items.cleaned_data if item and item.get("name_zh")]

        def act(said: dict[str, Any]) -> None:
            service.edit_rule(request.user, row, **head.said)
            service.set_rule_items(request.user, row, rows)

        if attempt(request, head, act):
            return redirect("desk:sampling_rule", row.pk)
    context = {
        "stage": STAGE,
        "row": row,
        "head": head,
        "items": items,
        "crumbs": _crumbs(
            (f"{row.category} v{row.version}", reverse("desk:sampling_rule", args=[pk])), (_("Edit"), "")
        ),
    }
    return render(request, "supervise/plan_rule_edit.html", context, status=400 if request.method == "POST" else 200)


def _editor(request: HttpRequest, row: SamplingRule) -> tuple[RuleForm, Any]:
    if request.method == "POST":
        head, items = RuleForm(request.POST), Items(request.POST, prefix="items")
    else:
        start = {name: getattr(row, name) for name in RuleForm.base_fields}
        fields = list(ItemForm.base_fields)
        held = [{name: _typed(getattr(item, name)) for name in fields} for item in row.items.all()]
        head, items = RuleForm(initial=start), Items(initial=held, prefix="items")
    del head.fields["category"]
    return head, items


def _typed(value: Any) -> Any:
    return f"{value:g}" if isinstance(value, float) else value

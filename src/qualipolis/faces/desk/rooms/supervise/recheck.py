"""The page of one recheck: notice, formalities, the other laboratory and how it was drawn, the conclusion, the fee."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from qualipolis.city.core.policy import page, visible
from qualipolis.city.core.roles import INSIDE
from qualipolis.city.registry.models import Institution
from qualipolis.city.supervise.models import Recheck
from qualipolis.city.supervise.results import clocks as result_clocks
from qualipolis.city.supervise.results import queries as result_queries
from qualipolis.city.supervise.results import recheck_laboratories, rechecks
from qualipolis.faces.desk.rooms.flow_page import Act, Offer, chip_of, offers, page_of, progress, take
from qualipolis.faces.desk.rooms.measure.pieces import history, undo_offer
from qualipolis.faces.desk.rooms.supervise import result_forms as asked
from qualipolis.faces.desk.rooms.supervise.result_words import fee_words, item_rows
from qualipolis.law.supervision import sources as law
from qualipolis.law.supervision.guards import FOOD_NO_RECHECK
from qualipolis.methods.problems import msg

PATH = (
    (gettext_lazy("Ordered"), (), ("supervise.open_recheck",)),
    (gettext_lazy("Formalities of the applicant"), ("ordered",), ("supervise.recheck_formalities",)),
    (gettext_lazy("Another laboratory"), ("ready",), ("supervise.designate_laboratory",)),
    (gettext_lazy("Backup sample tested"), ("designated", "testing"), ("supervise.conclude_recheck",)),
    (gettext_lazy("Concluded"), (), ("supervise.conclude_recheck",)),
)
FOOD_PATH = (
    (gettext_lazy("Applied for"), (), ("supervise.open_recheck",)),
    (gettext_lazy("Accepted"), ("applied",), ("supervise.accept_recheck",)),
    *PATH[2:],
)
NOTICE = msg("Serve the recheck notice")
GONE = ("spoiled", "lost")
ENDED = ("waived", "withdrawn", "ended_spoiled", "backup_lost", "refused")


@page(*INSIDE)
def recheck(request: HttpRequest, pk: int) -> HttpResponse:
    """The page of one recheck."""
    related = (
        "laboratory",
        "objection__service__enterprise",
        "report",
        *(f"result__{n}" for n in result_queries.RELATED),
    )
    row = get_object_or_404(visible(request.user, Recheck.objects.select_related(*related)), pk=pk)
    found, extra = _offers(request, row)
    if request.method == "POST" and take(request, row, [*found, *extra]):
        return redirect("desk:recheck", pk)
    status = 400 if request.method == "POST" else 200
    return render(request, "supervise/recheck.html", _context(request, row, found, extra), status=status)


def _offers(request: HttpRequest, row: Recheck) -> tuple[list[Offer], list[Offer]]:
    """Return the steps forward, and those that end it because the sample is gone."""
    facts = {
        "formalities_until": result_clocks.formalities_until(row),
        "window_until": result_clocks.window_until(row.objection.service),
        "first_laboratory": row.result.report.laboratory_id,
        "recheck_laboratory": 0,
        "laboratory_drawn": True,
        "no_recheck_ground": "other",
    }
    if row.status == "applied":
        facts |= {"today": row.objection.received_on}
    first = []
    if row.status == "ordered" and row.notice_served_on is None:
        act = Act("notice", "supervise.serve_recheck_notice", _notice, {
            "served_on": asked.named_day(gettext_lazy("Received on")),
            "proof": asked.file(gettext_lazy("Proof of service")),
            "proof_words": asked.line(gettext_lazy("Number of the receipt or mail"), required=False),
        })  # fmt: skip
        first = asked.beside(request, row, act, NOTICE, law.O18_38)
    every = offers(request, row, _acts(row), facts)
    return [*first, *(o for o in every if o.act.step not in GONE)], [o for o in every if o.act.step in GONE]


def _acts(row: Recheck) -> list[Act]:
    grounds = asked.choice(gettext_lazy("Ground"), [(code, _(words)) for code, words in FOOD_NO_RECHECK.items()])
    return [
        Act("formalities", "supervise.recheck_formalities",
            lambda actor, one, said: rechecks.formalities(actor, one, said["done_on"]),
            {"done_on": asked.named_day(gettext_lazy("Done on"))}),
        Act("waive", "supervise.waive_recheck", lambda actor, one, said: rechecks.waive(actor, one)),
        Act("accept", "supervise.accept_recheck", lambda actor, one, said: rechecks.accept(actor, one)),
        Act("refuse", "supervise.refuse_recheck",
            lambda actor, one, said: rechecks.refuse_application(actor, one, said["reason_code"], said["reply"]),
            {"reason_code": grounds}),
        Act("designate", "supervise.designate_laboratory", _designate, _laboratory(row),
            help=_("Drawn by lot when no laboratory is chosen; everyone can replay it.")),
        Act("spoiled", "supervise.spoil_backup", lambda actor, one, said: rechecks.spoil(actor, one, said["reason"])),
        Act("lost", "supervise.lose_backup", lambda actor, one, said: rechecks.lose(actor, one, said["reason"])),
    ]  # fmt: skip


def _laboratory(row: Recheck) -> dict[str, Any]:
    if row.status != "ready":
        return {"laboratory": asked.line(gettext_lazy("Laboratory"))}
    food = row.flow_code == "food_recheck"
    known = [(str(one.pk), one.name) for one in recheck_laboratories.qualified(row.result, first_too=not food)]
    chosen = asked.choice(gettext_lazy("Laboratory"), known, required=False, blank=gettext_lazy("Draw it by lot"))
    fields = {} if food else {
        "laboratory": chosen,
        "only_laboratory": lambda: forms.BooleanField(
            label=gettext_lazy("It is the only one qualified in the province"), required=False),
    }  # fmt: skip
    hint = gettext_lazy("A public number nobody here can choose, for example of tonight's lottery.")
    return {
        **(fields or {"laboratory": lambda: forms.CharField(widget=forms.HiddenInput, required=False)}),
        "seed": asked.line(gettext_lazy("Seed"), 80, required=food, hint=hint),
        "seed_source": asked.line(gettext_lazy("Where the seed comes from"), required=food),
    }


def _notice(actor: Any, row: Recheck, said: dict[str, Any]) -> None:
    rechecks.serve_notice(actor, row, said["served_on"], said["proof_words"], said["proof"])


def _designate(actor: Any, row: Recheck, said: dict[str, Any]) -> None:
    chosen = Institution.objects.filter(pk=int(said["laboratory"])).first() if said.get("laboratory") else None
    rechecks.designate(
        actor, row, chosen, only_laboratory=bool(said.get("only_laboratory")),
        seed=said.get("seed", ""), seed_source=said.get("seed_source", ""),
    )  # fmt: skip


def _context(request: HttpRequest, row: Recheck, found: list[Offer], extra: list[Offer]) -> dict[str, Any]:
    told = history(row)
    path = FOOD_PATH if row.flow_code == "food_recheck" else PATH
    shown = page_of(request, row, found, "desk:recheck")
    return shown | {
        "beside": [*shown["beside"], *extra],
        "steps": progress(row, path, told, mine=bool(shown["box"])) if row.status not in ENDED else [],
        "undo": undo_offer(request.user),
        "history": told,
        "food": row.flow_code == "food_recheck",
        "formalities_until": result_clocks.formalities_until(row),
        "backup": result_clocks.backup_of(row.result),
        "backup_state": chip_of(sample) if (sample := result_clocks.backup_of(row.result)) else None,
        "replays": recheck_laboratories.replays(row) if row.draw_lots else None,
        "purpose": recheck_laboratories.PURPOSE,
        "items": item_rows(row.report.items.order_by("position")) if row.report else [],
        "fee": fee_words(row),
        "waits": waits(row),
        "result_state": chip_of(row.result),
        "crumbs": [
            (_("Results"), reverse("desk:results")),
            (row.result.number, reverse("desk:result", args=[row.result_id])),
            (row.number, ""),
        ],
    }


def waits(row: Recheck) -> str:
    """Return with whom a recheck lies."""
    if row.ended:
        return _("It has ended; what follows stands on the page of the result.")
    return {
        "ordered": _("The applicant does the formalities within the term, else the recheck is waived."),
        "applied": _("The organiser accepts or refuses the application."),
        "ready": _("The organiser designates another laboratory."),
        "designated": _("The laboratory receives the backup sample."),
        "testing": _("The laboratory tests the backup sample and reports."),
    }[row.status]

"""The steps of a case as its page offers them, and what can be recorded beside its way."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from qualipolis.city.registry.models import Enterprise
from qualipolis.city.supervise import service
from qualipolis.city.supervise.aftermath import follow_ups
from qualipolis.city.supervise.aftermath.marks import UNDER_ORDER
from qualipolis.city.supervise.models import Campaign, PenaltyPublication
from qualipolis.faces.desk.rooms.flow_page import Act, FileOfLimit
from qualipolis.faces.desk.rooms.supervise.after import Mark, area, day, line, uploaded

TODAY = timezone.localdate


class FirmField(forms.CharField):
    """A firm of the register, by its unified social credit code."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_length=18, min_length=18, **kwargs)

    def clean(self, value: Any) -> Enterprise:
        """Return the firm; an unknown code is named."""
        code = super().clean(value)
        found = Enterprise.objects.filter(credit_code=code.upper()).select_related("unit").first()
        if found is None:
            raise forms.ValidationError(_("The register has no firm with this code."))
        return found


class CampaignField(forms.CharField):
    """A campaign by its number; empty means none."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_length=24, **kwargs)

    def clean(self, value: Any) -> Campaign | None:
        """Return the campaign; an unknown number is named."""
        number = super().clean(value).strip()
        found = Campaign.objects.filter(number=number).select_related("rule").first()
        if number and found is None:
            raise forms.ValidationError(_("There is no campaign with this number."))
        return found


def _serve(actor: Any, row: Any, said: dict[str, Any]) -> Any:
    return service.serve_order(actor, row, said["served_on"], uploaded(said["proof"]), said["words"])


def _finish(actor: Any, row: Any, said: dict[str, Any]) -> Any:
    if said["evidence"]:
        service.attach_food_handling(actor, row, *uploaded(said["evidence"]))  # type: ignore[misc]
    return service.finish_food_handling(actor, row, said["report"])


def file(label: Any, required: bool = False, help_text: Any = "") -> Any:
    """Return what makes a field for a file."""
    return lambda: FileOfLimit(label=label, required=required, help_text=help_text)


DOCUMENT = {"document_no": line(gettext_lazy("Number of the document"), 80)}
REASON = area(gettext_lazy("Reason"))

MAIN = (
    Act("order", "supervise.order_correction",
        lambda actor, row, said: service.order_correction(actor, row, said["document_no"]),
        DOCUMENT, help=gettext_lazy("The order itself is printed from this page, with the failed items.")),
    Act("serve", "supervise.serve_order", _serve,
        {"served_on": day(gettext_lazy("Received on"), initial=TODAY),
         "proof": file(gettext_lazy("Proof of service")),
         "words": line(gettext_lazy("Proof in words"), required=False,
                       help_text=gettext_lazy("Such as the number of the postal receipt; a file or words are needed."))}),
    Act("begin", "supervise.begin_food_handling",
        lambda actor, row, said: service.begin_food_handling(actor, row, said["document_no"]), DOCUMENT),
    Act("finish", "supervise.finish_food_handling", _finish,
        {"evidence": file(gettext_lazy("Evidence file"))}),
    Act("pass", "supervise.pass_review",
        lambda actor, row, said: service.pass_review(actor, row, said["document_no"], said["passed_on"]),
        DOCUMENT | {"passed_on": day(gettext_lazy("Reviewed on"), initial=TODAY)}),
    Act("fail", "supervise.fail_review",
        lambda actor, row, said: service.fail_review(actor, row, said["document_no"], said["words"]),
        DOCUMENT | {"words": area(gettext_lazy("What was found"), required=False)}),
    Act("escalate", "supervise.escalate_handling",
        lambda actor, row, said: service.escalate_handling(actor, row, said["document_no"]), DOCUMENT),
    Act("announce", "supervise.announce_failure",
        lambda actor, row, said: service.announce_failure(actor, row, said["document_no"], said["announced_on"]),
        DOCUMENT | {"announced_on": day(gettext_lazy("Announced on"), initial=TODAY)}),
    Act("second_pass", "supervise.pass_second_review",
        lambda actor, row, said: service.pass_second_review(actor, row, said["document_no"]), DOCUMENT),
    Act("second_fail", "supervise.fail_second_review",
        lambda actor, row, said: service.fail_second_review(actor, row, said["document_no"], said["words"]),
        DOCUMENT | {"words": area(gettext_lazy("What was found"), required=False)}),
    Act("third_pass", "supervise.pass_third_review",
        lambda actor, row, said: service.pass_third_review(actor, row, said["document_no"]), DOCUMENT),
    Act("revoke", "supervise.revoke_licence",
        lambda actor, row, said: service.revoke_licence(actor, row, said["document_no"], said["reason"])),
    Act("not_corrected", "supervise.note_not_corrected",
        lambda actor, row, said: service.note_not_corrected(actor, row, said["reason"])),
    Act("find_successor", "supervise.find_successor",
        lambda actor, row, said: service.find_successor(actor, row, said["successor"], said["reason"]),
        {"successor": lambda: FirmField(label=gettext_lazy("Credit code of the successor"))}),
    Act("close", "supervise.close_handling", lambda actor, row, said: service.close_handling(actor, row)),
)  # fmt: skip
ASIDE = (
    Act("close_ceased", "supervise.close_ceased",
        lambda actor, row, said: service.close_ceased(actor, row, said["reason"])),
    Act("cease", "supervise.cease_firm",
        lambda actor, row, said: service.cease_firm(actor, row, said["reason"], said["ceased_on"]),
        {"ceased_on": day(gettext_lazy("Deregistered on"), initial=TODAY)}),
    Act("cancel", "supervise.cancel_handling",
        lambda actor, row, said: service.cancel_handling(actor, row, said["reason"])),
    Act("reopen", "supervise.reopen_handling",
        lambda actor, row, said: service.reopen_handling(actor, row, said["reason"])),
)  # fmt: skip


def _penalty(actor: Any, row: Any, said: dict[str, Any]) -> Any:
    return service.decide_penalty(
        actor,
        row,
        kind=said["kind"],
        document_no=said["document_no"],
        decided_on=said["decided_on"],
        words=said["words"],
        same_province=not said["other_province"],
        banned_until=said["banned_until"],
    )


def _kind() -> forms.Field:
    return forms.ChoiceField(label=gettext_lazy("Kind of penalty"), choices=PenaltyPublication.Kind.choices)


def _elsewhere() -> forms.Field:
    return forms.BooleanField(label=gettext_lazy("The firm is registered in another province"), required=False)


def _fine() -> forms.Field:
    return forms.DecimalField(
        label=gettext_lazy("Fine, CNY"), required=False, min_value=0, max_digits=10, decimal_places=2,
        help_text=gettext_lazy("May be set later; at most 30,000 CNY where no other law fits (Order 18, from memory)."),
    )  # fmt: skip


MARKS = (
    Mark("restart", "supervise.note_restart", gettext_lazy("Note a restart before the review"),
         {"seen_on": day(gettext_lazy("Seen on"), initial=TODAY), "words": area(gettext_lazy("What was seen")),
          "fine": _fine},
         lambda actor, row, said: service.note_restart(actor, row, said["seen_on"], said["words"], said["fine"]),
         lambda row: row.flow_code == "handling" and row.status in UNDER_ORDER),
    Mark("cause", "supervise.write_cause", gettext_lazy("Write the cause"), {"cause": area(gettext_lazy("Cause found"))},
         lambda actor, row, said: service.write_cause(actor, row, said["cause"]),
         lambda row: row.status != "cancelled"),
    Mark("follow_up", "supervise.ask_follow_up", gettext_lazy("Ask for a follow-up sample"), {"reason": REASON},
         lambda actor, row, said: service.ask_follow_up(actor, row, said["reason"]),
         lambda row: row.status != "cancelled" and row.follow_up_on is None,
         gettext_lazy("The half-year between two samples of the same product does not bar a follow-up.")),
    Mark("make_follow_up", "supervise.make_follow_up", gettext_lazy("Make the follow-up task"),
         {"campaign": lambda: CampaignField(label=gettext_lazy("Number of a follow-up campaign"), required=False,
                                            help_text=gettext_lazy("Empty: a new campaign of one batch is begun."))},
         lambda actor, row, said: service.make_follow_up(actor, row, said["campaign"]),
         lambda row: row.status != "cancelled" and row.follow_up_on is not None and not follow_ups.under_way(row)),
    Mark("serious", "supervise.open_penalty_case", gettext_lazy("Open a penalty case: serious problem"),
         {"reason": REASON}, lambda actor, row, said: service.open_penalty_case(actor, row, said["reason"]),
         lambda row: row.status != "cancelled" and not row.serious),
    Mark("penalty", "supervise.decide_penalty", gettext_lazy("Record a penalty"),
         {"kind": _kind, "document_no": line(gettext_lazy("Number of the decision"), 80),
          "decided_on": day(gettext_lazy("Decided on"), initial=TODAY),
          "words": area(gettext_lazy("The penalty as the public will read it")), "other_province": _elsewhere,
          "banned_until": day(gettext_lazy("Ban until"), required=False)},
         _penalty, lambda row: row.status != "cancelled"),
)  # fmt: skip

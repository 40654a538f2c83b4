"""What is recorded beside the way of a complaint: competence, questions, meetings, tests, the agreement, who mediates."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from qualipolis.city.listen import service
from qualipolis.city.listen.complaints.mediation import mediators
from qualipolis.city.listen.complaints.models import Complaint
from qualipolis.city.registry.models import Enterprise, Unit
from qualipolis.faces.desk.rooms.flow_page import day_field
from qualipolis.faces.desk.rooms.supervise.after import Mark, area, day, line

BEFORE = ("received", "identity_requested", "jurisdiction")
UNDER_WAY = ("accepted", "mediating", "entrusted", "paused")
MEDIATED = ("mediating", "entrusted")
PARTIES = (("complainant", gettext_lazy("complainant")), ("respondent", gettext_lazy("firm")))
HERE = (("yes", gettext_lazy("yes, here")), ("no", gettext_lazy("no, elsewhere")))
AGREES = (("yes", gettext_lazy("agrees")), ("no", gettext_lazy("does not agree")))


def choice(label: Any, choices: Any, **more: Any) -> Any:
    """Return what makes a field of one choice."""
    return lambda: forms.ChoiceField(label=label, choices=choices, **more)


def tick(label: Any) -> Any:
    """Return what makes a field to tick."""
    return lambda: forms.BooleanField(label=label, required=False)


def _of(*states: str) -> Any:
    return lambda row: row.status in states


class CreditCode(forms.CharField):
    """A firm of the register by its unified social credit code."""

    def clean(self, value: Any) -> Enterprise | None:
        """Return the firm; an unknown code is named."""
        from django.utils.translation import gettext as _

        code = super().clean(value).strip()
        found = Enterprise.objects.filter(credit_code=code).first() if code else None
        if code and found is None:
            raise forms.ValidationError(_("The register does not know this code."))
        return found


def competence(row: Complaint) -> Mark:
    """Whether we are competent, in which town, about which firm."""
    units = Unit.objects.exclude(government=None)
    return Mark(
        "competence", "listen.set_competence", gettext_lazy("Who is competent?"),
        {
            "competent": choice(gettext_lazy("Does the respondent do business here, or is it at home here?"), HERE,
                                widget=forms.RadioSelect),
            "unit": lambda: forms.ModelChoiceField(units, label=gettext_lazy("Town"), required=False, initial=row.unit_id),
            "enterprise": lambda: CreditCode(
                label=gettext_lazy("Credit code of the firm, if the register has it"), max_length=18, required=False,
                initial=row.enterprise.credit_code if row.enterprise else ""),
        },
        lambda actor, one, said: service.set_competence(
            actor, one, said["competent"] == "yes", said["unit"], said["enterprise"]),
        _of(*BEFORE),
        gettext_lazy("The place of business or the domicile of the respondent decides; of a seller on a platform also that of the platform."),
    )  # fmt: skip


def _ask() -> Mark:
    return Mark("ask", "listen.ask_respondent", gettext_lazy("Ask the firm"),
                {"question": area(gettext_lazy("Question to the firm"), 2000)},
                lambda actor, row, said: service.ask_respondent(actor, row, said["question"]),
                lambda row: row.status in ("accepted", *MEDIATED) and row.enterprise_id is not None)  # fmt: skip


def meeting() -> Mark:
    """A meeting that was held."""
    return Mark("meeting", "listen.note_meeting", gettext_lazy("Note a meeting"),
                {"held_on": lambda: _day(gettext_lazy("Held on")), "how": line(gettext_lazy("Where or how"), 160),
                 "complainant_came": tick(gettext_lazy("The complainant took part")),
                 "respondent_came": tick(gettext_lazy("The firm took part")),
                 "note": area(gettext_lazy("What was said"), 2000, required=False)},
                lambda actor, row, said: service.note_meeting(
                    actor, row, said["held_on"], said["how"], said["complainant_came"], said["respondent_came"], said["note"]),
                _of(*MEDIATED))  # fmt: skip


def _day(label: Any) -> forms.Field:
    made = day_field()
    made.label = label
    return made


def _tests(row: Complaint) -> list[Mark]:
    return [
        Mark("test", "listen.propose_test", gettext_lazy("Propose a test"),
             {"laboratory": line(gettext_lazy("Laboratory"), 160), "paid_by": line(gettext_lazy("Who pays, and in the end"), 120)},
             lambda actor, one, said: service.propose_test(actor, one, said["laboratory"], said["paid_by"]), _of(*MEDIATED),
             gettext_lazy("Both parties are asked; only when both agree does the clock stand still.")),
        Mark("test_answer", "listen.answer_test", gettext_lazy("Note what a party says about the test"),
             {"party": choice(gettext_lazy("Party"), PARTIES), "agrees": choice(gettext_lazy("Does it agree?"), AGREES)},
             lambda actor, one, said: service.answer_test(actor, one, said["party"], said["agrees"] == "yes"),
             lambda one: one.status in MEDIATED and one.test_asked_on is not None),
    ]  # fmt: skip


def _agreement(row: Complaint) -> list[Mark]:
    return [
        Mark("agreement", "listen.write_agreement",
             gettext_lazy("Change the agreement") if row.terms else gettext_lazy("Write the agreement"),
             {"terms": area(gettext_lazy("What the parties agree"), 2000, initial=row.terms),
              "amount": lambda: forms.DecimalField(label=gettext_lazy("Amount, yuan"), required=False, max_digits=12,
                                                   decimal_places=2, min_value=0, initial=row.amount),
              "perform_by": day(gettext_lazy("To be performed by"), required=False, initial=row.perform_by),
              "no_paper": tick(gettext_lazy("No paper: performed at once, or both want none"))},
             lambda actor, one, said: service.write_agreement(
                 actor, one, said["terms"], said["amount"], said["perform_by"], said["no_paper"]), _of(*MEDIATED),
             gettext_lazy("Other words have to be signed again.")),
        Mark("sign", "listen.sign_agreement", gettext_lazy("Note a signature on paper"),
             {"party": choice(gettext_lazy("Party"), PARTIES), "signed_on": lambda: _day(gettext_lazy("Signed on"))},
             lambda actor, one, said: service.sign_agreement(actor, one, said["party"], said["signed_on"]),
             lambda one: one.status in MEDIATED and bool(one.terms) and not one.no_paper),
        Mark("performed", "listen.note_performance", gettext_lazy("Note that it was performed"),
             {"performed_on": lambda: _day(gettext_lazy("Performed on"))},
             lambda actor, one, said: service.note_performance(actor, one, said["performed_on"]),
             lambda one: one.status in ("agreed", "closed") and bool(one.terms) and one.performed_on is None),
    ]  # fmt: skip


def _who(row: Complaint) -> list[Mark]:
    return [
        Mark("mediator", "listen.name_mediator", gettext_lazy("Name who mediates"),
             {"person": lambda: forms.ModelChoiceField(mediators(row), label=gettext_lazy("Mediator"))},
             lambda actor, one, said: service.name_mediator(actor, one, said["person"]), _of(*UNDER_WAY)),
        Mark("keep", "listen.keep_mediator", gettext_lazy("The mediator stays"),
             {"reason": area(gettext_lazy("Reason"), 1000)},
             lambda actor, one, said: service.keep_mediator(actor, one, said["reason"]),
             lambda one: bool(one.aside_by) and one.status in UNDER_WAY),
        Mark("aside", "listen.ask_aside", gettext_lazy("Note that a party wants another mediator"),
             {"party": choice(gettext_lazy("Party"), PARTIES)},
             lambda actor, one, said: service.ask_aside(actor, one, said["party"]),
             lambda one: one.status in MEDIATED and not one.aside_by),
    ]  # fmt: skip


def _summary(row: Complaint) -> Mark:
    help_ = gettext_lazy(
        "They read this in place of the letter. Leave out who complains, and anything that was reported."
    )
    return Mark("summary", "listen.write_summary", gettext_lazy("Write what the parties read of the facts"),
                {"summary": area(gettext_lazy("Facts for the firm and the mediator"), 2000, 4, initial=row.summary)},
                lambda actor, one, said: service.write_summary(actor, one, said["summary"]),
                _of(*BEFORE, *UNDER_WAY), help_)  # fmt: skip


def _take(mine: bool) -> Mark:
    return Mark("take", "listen.take_complaint", gettext_lazy("Take the complaint as its officer"), {},
                lambda actor, row, said: service.take_complaint(actor, row),
                lambda row: not mine and not row.ended)  # fmt: skip


def marks_of(actor: Any, row: Complaint) -> list[Mark]:
    """Return everything that may be recorded beside the way of a complaint."""
    mine = row.officer_id == getattr(actor, "pk", None)
    return [competence(row), _take(mine), _summary(row), meeting(), _ask(), *_tests(row), *_agreement(row), *_who(row)]

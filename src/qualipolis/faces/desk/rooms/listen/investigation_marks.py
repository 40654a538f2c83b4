"""What is recorded in an investigation: teams, firms, numbers, correspondence, tests, actions, requests, who sees it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from qualipolis.city.core.models import Organisation
from qualipolis.city.listen import service
from qualipolis.city.listen.investigations.visibility import INSIDE
from qualipolis.city.listen.models import (
    Collaborator,
    CorrectiveAction,
    Correspondence,
    Investigation,
    InvestigationBusiness,
    SafetyProduct,
    SafetyTest,
)
from qualipolis.faces.desk.rooms.listen.complaint_marks import CreditCode, choice, tick
from qualipolis.faces.desk.rooms.supervise.after import Mark, area, day, line
from qualipolis.faces.desk.rooms.supervise.result_forms import FilesOfLimit, named_day

Make = Callable[[], forms.Field]


def files(label: Any, *, required: bool = False) -> Make:
    """Return what makes a field for several files."""
    return lambda: FilesOfLimit(label=label, required=required)


def _without_do(said: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in said.items() if name != "do"}


def products_of(row: Investigation) -> Any:
    """Return the products that stand in an investigation now."""
    return SafetyProduct.objects.filter(investigations__in=row.products.filter(removed_on=None)).distinct().order_by("pk")  # fmt: skip


def _product(row: Investigation, *, required: bool) -> Make:
    rows = products_of(row)
    first = rows.first() if required and rows.count() == 1 else None
    return lambda: forms.ModelChoiceField(rows, label=gettext_lazy("Product"), required=required, initial=first)


def _offices(row: Investigation) -> Any:
    return Organisation.objects.filter(kind__in=INSIDE).exclude(pk=row.owner_id).order_by("kind", "code")


def team(row: Investigation) -> Mark:
    """A team that works along."""
    return Mark("team", "listen.set_team", gettext_lazy("Ask a team to work along"),
                {"organisation": lambda: forms.ModelChoiceField(_offices(row), label=gettext_lazy("Office that works along")),
                 "right": choice(gettext_lazy("Right"), Collaborator.Right.choices)},
                lambda actor, one, said: service.set_team(actor, one, said["organisation"], said["right"]),
                help=gettext_lazy("A team that stands here already gets the right that you choose now."))  # fmt: skip


def firm(row: Investigation) -> Mark:
    """A firm in a role."""
    return Mark("firm", "listen.add_business", gettext_lazy("Add a firm"),
                {"role": choice(gettext_lazy("Role of the firm"), InvestigationBusiness.Role.choices),
                 "enterprise": lambda: CreditCode(label=gettext_lazy("Credit code, of a firm in the register"), max_length=18,
                                                  required=False),
                 "name": line(gettext_lazy("Name, of a firm elsewhere"), 160, required=False),
                 "country": line(gettext_lazy("Country or city"), 60, required=False)},
                lambda actor, one, said: service.add_business(
                    actor, one, said["role"], enterprise=said["enterprise"], name=said["name"], country=said["country"]))  # fmt: skip


def reference(row: Investigation) -> Mark:
    """The number of another authority."""
    return Mark("reference", "listen.add_reference", gettext_lazy("Note a number of another authority"),
                {"authority": line(gettext_lazy("Other authority"), 120), "reference": line(gettext_lazy("Its number for the matter"), 80)},
                lambda actor, one, said: service.add_reference(actor, one, said["authority"], said["reference"]))  # fmt: skip


def correspondence(row: Investigation) -> Mark:
    """A letter, a call, a meeting."""
    return Mark("correspondence", "listen.log_correspondence", gettext_lazy("Log a letter, a call or a meeting"),
                {"kind": choice(gettext_lazy("Kind"), Correspondence.Kind.choices), "held_on": named_day(gettext_lazy("Day")),
                 "with_whom": line(gettext_lazy("With whom"), 160), "summary": area(gettext_lazy("What was said or written"), 4000, 4),
                 "files": files(gettext_lazy("Files"))},
                lambda actor, one, said: service.log_correspondence(
                    actor, one, said["kind"], said["held_on"], said["with_whom"], said["summary"], said["files"]))  # fmt: skip


def test(row: Investigation) -> Mark:
    """A test result with who paid."""
    return Mark("test", "listen.add_test", gettext_lazy("Record a test"),
                {"product": _product(row, required=True), "outcome": choice(gettext_lazy("Test result"), SafetyTest.Outcome.choices),
                 "finding": line(gettext_lazy("What the test found"), 400, required=False),
                 "laboratory": line(gettext_lazy("Laboratory"), 160),
                 "standard": line(gettext_lazy("Standard number"), 60, required=False),
                 "tested_on": named_day(gettext_lazy("Tested on")), "paid_by": line(gettext_lazy("Who paid"), 120),
                 "files": files(gettext_lazy("Test report"))},
                lambda actor, one, said: service.add_test(actor, one, **_without_do(said)),
                lambda one: products_of(one).exists())  # fmt: skip


def action(row: Investigation) -> Mark:
    """A corrective action."""
    firms = row.businesses.filter(removed_on=None)
    return Mark("action", "listen.order_action", gettext_lazy("Order a corrective action"),
                {"kind": choice(gettext_lazy("Kind"), CorrectiveAction.Kind.choices),
                 "words": area(gettext_lazy("What must be done"), 2000),
                 "business": lambda: forms.ModelChoiceField(firms, label=gettext_lazy("Firm"), required=False),
                 "product": _product(row, required=False),
                 "legal_basis": line(gettext_lazy("Legal basis"), 200, required=False),
                 "until": day(gettext_lazy("Proof until (the usual term when empty)"), required=False),
                 "voluntary": tick(gettext_lazy("The firm does it of its own accord"))},
                lambda actor, one, said: service.order_action(actor, one, **_without_do(said)),
                help=gettext_lazy("A firm of the register finds it in its work and hands in its proof there."))  # fmt: skip


def request(row: Investigation) -> Mark:
    """A request to the authority of another city."""
    return Mark("request", "listen.draft_request", gettext_lazy("Draft a request to another city"),
                {"authority": line(gettext_lazy("Other authority"), 120), "words": area(gettext_lazy("What help is asked"), 4000, 5)},
                lambda actor, one, said: service.draft_request(actor, one, said["authority"], said["words"]))  # fmt: skip


def _who_sees(row: Investigation) -> list[Mark]:
    restrict = Mark("restrict", "listen.restrict_investigation", gettext_lazy("Restrict it to those who work on it"),
                    {"reason": area(gettext_lazy("Reason"), 400)},
                    lambda actor, one, said: service.restrict_investigation(actor, one, said["reason"]),
                    lambda one: not one.restricted,
                    gettext_lazy("From then on nobody else finds it, in no list, search or product history."))  # fmt: skip
    return [restrict]


def owners(row: Investigation) -> list[Mark]:
    """What only the owner does: lift the restriction, hand it over."""
    lift = Mark("lift", "listen.lift_restriction", gettext_lazy("Lift the restriction"), {},
                lambda actor, one, said: service.lift_restriction(actor, one), lambda one: one.restricted,
                gettext_lazy("The administration sees it again."))  # fmt: skip
    hand = Mark("hand_over", "listen.hand_over_investigation", gettext_lazy("Hand it over to another office"),
                {"owner": lambda: forms.ModelChoiceField(_offices(row), label=gettext_lazy("New owner"))},
                lambda actor, one, said: service.hand_over_investigation(actor, one, said["owner"]),
                help=gettext_lazy("Your office stays as a team that may edit."))  # fmt: skip
    return [lift, hand]


def marks_of(row: Investigation) -> list[Mark]:
    """Return what a team with the right to edit may record."""
    made = (action, test, firm, correspondence, request, team, reference)
    return [*(make(row) for make in made), *_who_sees(row)]


REASON = gettext_lazy("Reason")


def _reason(label: Any = REASON) -> dict[str, Make]:
    return {"reason": area(label, 2000)}


def _bound(
    name: str, verb: str, title: Any, fields: dict[str, Make], act: Callable[[Any, dict[str, Any]], Any]
) -> Mark:
    return Mark(name, verb, title, fields, lambda actor, _row, said: act(actor, said))


def of_action(one: CorrectiveAction) -> list[Mark]:
    """Return what the office does with an action in its state."""
    key = one.pk
    prove = _bound(f"prove-{key}", "listen.prove_action", gettext_lazy("Enter the proof for the firm"),
                   {"done": area(gettext_lazy("What was done"), 2000), "files": files(gettext_lazy("Proof"), required=True)},
                   lambda actor, said: service.prove_action(actor, one, said["done"], said["files"]))  # fmt: skip
    accept = _bound(f"accept-{key}", "listen.accept_action", gettext_lazy("Accept the proof"), {},
                    lambda actor, said: service.accept_action(actor, one))  # fmt: skip
    back = _bound(f"return-{key}", "listen.return_action", gettext_lazy("Return the proof"),
                  _reason(gettext_lazy("What is missing; the firm reads it")),
                  lambda actor, said: service.return_action(actor, one, said["reason"]))  # fmt: skip
    drop = _bound(f"withdraw-{key}", "listen.withdraw_action", gettext_lazy("Take the action back"), _reason(),
                  lambda actor, said: service.withdraw_action(actor, one, said["reason"]))  # fmt: skip
    return {"ordered": [prove, drop], "proved": [accept, back, drop]}.get(one.status, [])


def of_request(one: Any) -> list[Mark]:
    """Return what the office does with a request in its state."""
    key = one.pk
    send = _bound(f"send-{key}", "listen.send_request", gettext_lazy("Send the request"),
                  {"document_no": line(gettext_lazy("Number of the document"), 60)},
                  lambda actor, said: service.send_request(actor, one, said["document_no"]))  # fmt: skip
    answer = _bound(f"answer-{key}", "listen.answer_request", gettext_lazy("Record the answer"),
                    {"answer": area(gettext_lazy("Answer"), 4000, 4), "files": files(gettext_lazy("Files"))},
                    lambda actor, said: service.answer_request(actor, one, said["answer"], said["files"]))  # fmt: skip
    drop = _bound(f"cancel-{key}", "listen.withdraw_request", gettext_lazy("Withdraw the request for help"), _reason(),
                  lambda actor, said: service.withdraw_request(actor, one, said["reason"]))  # fmt: skip
    return {"drafted": [send, drop], "sent": [answer, drop]}.get(one.status, [])


def removals(row: Investigation) -> list[Mark]:
    """Return what takes a product, a firm or a team out again."""
    found = []
    for kind, rows, verb, call in (
        ("product", row.products.all(), "listen.remove_product", service.remove_product),
        ("business", row.businesses.all(), "listen.remove_business", service.remove_business),
        ("team", row.collaborators.all(), "listen.remove_team", service.remove_team),
    ):
        found += [
            _bound(f"remove-{kind}-{one.pk}", verb, gettext_lazy("Take out"), {},
                   lambda actor, said, one=one, call=call: call(actor, one))
            for one in rows.filter(removed_on=None)
        ]  # fmt: skip
    return found

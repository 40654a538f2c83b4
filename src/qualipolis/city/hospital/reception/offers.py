"""A failed sample offers registration: what is known is filled in, and the firm says yes or no."""

from __future__ import annotations

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext, override

from qualipolis.city.core.ledger import record
from qualipolis.city.core.policy import verb as declared
from qualipolis.city.core.policy import visible
from qualipolis.city.core.subscriptions import subscriber
from qualipolis.city.hospital.models import Case, Offer
from qualipolis.city.hospital.reception.checks import firm_and_desk, no_enforcer
from qualipolis.city.hospital.reception.registration import ENTRY, draft_case
from qualipolis.city.registry.models import Enterprise
from qualipolis.methods.problems import Problem, msg, refuse


@subscriber("sample.failed")
def offer_treatment(actor: Any, thing: Any) -> None:
    """Offer the firm that made the product (else the one that was sampled) a place in the hospital, once for a result."""
    firm = _maker(thing)
    if firm is None or Offer.objects.filter(result=thing).exists():
        return
    made = Offer.objects.create(enterprise=firm, result=thing)
    record(actor, "hospital.offer_treatment", made, {"result": thing.number})


def _maker(result: Any) -> Enterprise | None:
    """Return the producer on the label when the register knows it, else the sampled firm."""
    form = getattr(result.sample.task, "form", None)
    producer = getattr(form, "producer", None)
    return producer or result.sample.task.enterprise


@declared("hospital.take_offer", roles=ENTRY, scope=firm_and_desk)
def take_offer(actor: Any, thing: Offer) -> Case:
    """Begin a case from a failed sample, with the product and the failed items filled in."""
    row = _open(actor, thing)
    form = getattr(row.result.sample.task, "form", None)
    said = {
        "source": Case.Source.SAMPLING_FAIL.value,
        "product_name": _cut(form, "product_name", 120),
        "model": _cut(form, "model", 80),
        "standard_no": _cut(form, "standard", 60),
        "product_class": row.result.sample.task.campaign.rule.category[:60],
        "problem_text": failed_items(row.result),
        "first_seen": row.result.report.tested_on,
    }
    made: Case = draft_case(actor, row.enterprise, **said)
    _answer(actor, row, Offer.Answer.TAKEN, "hospital.take_offer", made)
    return made


@declared("hospital.refuse_offer", roles=("enterprise",), scope=firm_and_desk)
def refuse_offer(actor: Any, thing: Offer) -> Offer:
    """Say that no treatment is wanted; nothing follows from it, and the firm may still register by itself."""
    row = _open(actor, thing)
    _answer(actor, row, Offer.Answer.REFUSED, "hospital.refuse_offer")
    return row


def _open(actor: Any, thing: Offer) -> Offer:
    no_enforcer(actor)
    row = visible(actor, Offer.objects.select_for_update(of=("self",))).filter(pk=thing.pk)
    found: Offer | None = row.select_related("enterprise__unit", "result__sample__task__campaign__rule").first()
    if found is None or found.answer != Offer.Answer.OPEN:
        refuse([Problem("answered", msg("This offer was answered already."))])
    assert found is not None
    return found


def _answer(actor: Any, row: Offer, answer: Offer.Answer, name: str, case: Case | None = None) -> None:
    row.answer, row.answered_on, row.case = answer, timezone.localdate(), case
    row.save(update_fields=["answer", "answered_on", "case"])
    record(actor, name, row, {"result": row.result.number})


def _cut(form: Any, name: str, most: int) -> str:
    return str(getattr(form, name, "") or "")[:most]


def failed_items(result: Any) -> str:
    """Return in Chinese which items of a result failed, as the beginning of the firm's own words."""
    items = [one.name_zh for one in result.report.items.filter(outcome="fail").order_by("position")]
    with override("zh-hans"):
        words = gettext("The supervision sample %(number)s failed: %(items)s.")
        return words % {"number": result.number, "items": "、".join(items) or "—"}


def open_offers(actor: Any) -> Any:
    """Return the offers that somebody sees and that wait for an answer."""
    rows = visible(actor, Offer.objects.filter(answer=Offer.Answer.OPEN))
    return rows.select_related("enterprise", "result__sample__task__form", "result__sample__task__campaign__rule")

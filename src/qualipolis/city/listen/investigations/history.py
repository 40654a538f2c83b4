"""The whole history of a product, each line only for those who may see what it tells of."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from qualipolis.city.core.moves import state_words
from qualipolis.city.core.policy import visible
from qualipolis.city.listen.investigations.products import LIKE, key_of
from qualipolis.city.listen.models import (
    Alert,
    Complaint,
    CorrectiveAction,
    Incident,
    Investigation,
    InvestigationBusiness,
    PublicWarning,
    Recall,
    Report,
    RiskAssessment,
    SafetyProduct,
    SafetyTest,
)
from qualipolis.city.registry.models import Enterprise
from qualipolis.city.supervise.models import Result
from qualipolis.methods.signal.risk import LEVEL_NAMES

MOST = 60
KINDS = {
    "investigation": gettext_lazy("Investigation"),
    "test": gettext_lazy("Test"),
    "risk": gettext_lazy("Risk assessment"),
    "action": gettext_lazy("Corrective action"),
    "incident": gettext_lazy("Incident"),
    "recall": gettext_lazy("Recall"),
    "warning": gettext_lazy("Public warning"),
    "result": gettext_lazy("Supervision sampling"),
    "complaint": gettext_lazy("Complaint"),
    "report": gettext_lazy("Report"),
    "alert": gettext_lazy("Alert of another authority"),
}
LEVEL_TONES = {"low": "ok", "medium": "warn", "high": "bad", "serious": "bad"}


@dataclass(frozen=True)
class Known:
    """One thing known of a product: the day, its kind, what it is, how it stands, and the page where it is kept.

    ``sure`` tells whether the record names this product; else it was found by firm and likeness of the name.
    """

    on: date
    kind: str
    what: str
    state: str
    tone: str
    url_name: str
    pk: int
    sure: bool = True

    @property
    def label(self) -> str:
        """The kind in words."""
        return str(KINDS[self.kind])


def history_of(actor: Any, product: SafetyProduct) -> list[Known]:
    """Return everything known of a product that somebody may see, the latest first."""
    firms = firms_of(actor, product)
    found = [
        *_investigated(actor, product),
        *_safety(actor, product),
        *_results(actor, product, firms),
        *_letters(actor, product, firms),
        *_alerts(product),
    ]
    return sorted(found, key=lambda one: (one.on, one.kind, one.pk), reverse=True)


def firms_of(actor: Any, product: SafetyProduct) -> list[Enterprise]:
    """Return the firms of the register that stand with a product in what somebody sees."""
    rows = visible(actor, Investigation.objects.filter(products__product=product, products__removed_on=None))
    roles = InvestigationBusiness.objects.filter(investigation__in=rows.values("pk"), removed_on=None)
    recalls = visible(actor, Recall.objects.filter(product=product)).values("enterprise")
    wanted = Q(pk__in=roles.exclude(enterprise=None).values("enterprise")) | Q(pk__in=recalls)
    return list(Enterprise.objects.filter(wanted).order_by("pk")[:MOST])


def _investigated(actor: Any, product: SafetyProduct) -> Iterator[Known]:
    for row in _seen(actor, Investigation.objects.filter(products__product=product).distinct()):
        yield Known(row.opened_on, "investigation", f"{row.number} {row.title}", state_words(row), _tone(row), "desk:listen_investigation", row.pk)  # fmt: skip
    for test in _seen(actor, SafetyTest.objects.filter(product=product)):
        tone = {"passed": "ok", "failed": "bad"}.get(test.outcome, "idle")
        what = _(", ").join(filter(None, (test.laboratory, test.standard, test.finding)))
        yield Known(test.tested_on, "test", what, str(test.get_outcome_display()), tone, "desk:listen_investigation", test.investigation_id)  # fmt: skip
    for one in _seen(actor, RiskAssessment.objects.filter(product=product)):
        what = _("%(n)s scenarios of harm") % {"n": len(one.scenarios)}
        level = _(LEVEL_NAMES.get(one.level, one.level))
        yield Known(
            one.assessed_on, "risk", what, level, LEVEL_TONES.get(one.level, "idle"), "desk:listen_risk", one.pk
        )
    for action in _seen(actor, CorrectiveAction.objects.filter(product=product)):
        what = f"{action.get_kind_display()}{_(': ')}{action.words}"
        yield Known(action.ordered_on, "action", what, state_words(action), _tone(action), "desk:listen_investigation", action.investigation_id)  # fmt: skip


def _safety(actor: Any, product: SafetyProduct) -> Iterator[Known]:
    for row in _seen(actor, Incident.objects.filter(product=product)):
        day, harm = row.happened_on or row.reported_on, row.get_harm_display() if row.harm is not None else ""
        what = _(", ").join(filter(None, (row.number, str(harm))))
        yield Known(day, "incident", what, state_words(row), _tone(row), "desk:listen_incident", row.pk)
    recalls = Recall.objects.filter(product=product)
    for recall in _seen(actor, recalls):
        what = f"{recall.number} {recall.producer_name}"
        yield Known(recall.announced_on or recall.clue_on, "recall", what, state_words(recall), _tone(recall), "desk:listen_recall", recall.pk)  # fmt: skip
    for warning in _seen(actor, PublicWarning.objects.filter(recall__in=recalls).exclude(published_on=None)):
        what = f"{warning.number} {warning.title_zh}"
        yield Known(warning.published_on, "warning", what, state_words(warning), _tone(warning), "desk:listen_warning", warning.pk)  # fmt: skip


def _results(actor: Any, product: SafetyProduct, firms: Iterable[Enterprise]) -> Iterator[Known]:
    """Results of samples of the same firms whose name is like this one, or of the same brand and model."""
    form, keys = "sample__task__form__", [one.pk for one in firms]
    wanted = Q(sample__task__enterprise__in=keys) | Q(**{f"{form}producer__in": keys})
    if product.brand and product.model:
        wanted |= Q(**{f"{form}brand__iexact": product.brand, f"{form}model__iexact": product.model})
    rows = Result.objects.filter(wanted).select_related("sample__task__form", "sample__task__enterprise")
    for row in visible(actor, rows.distinct())[: 4 * MOST]:
        kept = row.sample.task.form
        if like(product, kept.product_name, kept.brand, kept.model):
            tone = {"pass": "ok", "fail": "bad"}.get(row.verdict, "idle")
            what = _(", ").join(filter(None, (row.number, kept.product_name, kept.batch)))
            yield Known(row.reported_on, "result", what, str(row.get_verdict_display()), tone, "desk:result", row.pk, sure=False)  # fmt: skip


def _letters(actor: Any, product: SafetyProduct, firms: Iterable[Enterprise]) -> Iterator[Known]:
    """Complaints and reports about the same firms or brand whose product is like this one; never what they say."""
    keys = [one.pk for one in firms]
    wanted = Q(letter__enterprise__in=keys)
    if product.brand:
        wanted |= Q(letter__brand__iexact=product.brand)
    for kind, model in (("complaint", Complaint), ("report", Report)):
        rows: QuerySet[Any] = model._default_manager.filter(wanted).select_related("letter")
        for row in visible(actor, rows)[: 4 * MOST]:
            letter = row.letter
            if like(product, letter.product_name, letter.brand, letter.model):
                what = _(", ").join(filter(None, (row.number, letter.product_name, letter.batch)))
                yield Known(row.received_on, kind, what, state_words(row), _tone(row), f"desk:listen_{kind}", row.pk, sure=False)  # fmt: skip


def _alerts(product: SafetyProduct) -> Iterator[Known]:
    """Alerts of others about the same brand or model; they are published, so whoever reads the product reads them."""
    if not product.brand and not product.model:
        return
    wanted = Q(pk__in=())
    if product.brand:
        wanted |= Q(brand__iexact=product.brand)
    if product.model:
        wanted |= Q(model__iexact=product.model)
    for row in Alert.objects.filter(wanted)[:MOST]:
        same = bool(product.model) and row.model.casefold() == product.model.casefold()
        if same or like(product, row.product, row.brand, row.model):
            what = _(", ").join(filter(None, (row.source, row.reference, row.product[:80])))
            yield Known(row.alerted_on, "alert", what, row.measure[:60], "warn", "desk:listen_alert", row.pk, sure=same)


def like(product: SafetyProduct, name: str, brand: str = "", model: str = "") -> bool:
    """Whether a name with its marks may mean this product: the same brand and model, or words alike."""
    from rapidfuzz.fuzz import token_set_ratio

    if (
        product.brand
        and product.model
        and (key_of(brand), key_of(model)) == (key_of(product.brand), key_of(product.model))
    ):
        return True
    if not name or (model and product.model and key_of(model) != key_of(product.model)):
        return False
    near = max(token_set_ratio(key_of(product.name), key_of(name)), 100 * (key_of(product.name) in key_of(name)))
    return bool(near / 100 >= LIKE)


def _seen(actor: Any, rows: QuerySet[Any]) -> Iterable[Any]:
    return visible(actor, rows)[:MOST]


def _tone(row: Any) -> str:
    return "idle" if row.ended else "wait"

"""What everyone may know of product safety: announced recalls and published warnings, in Chinese and English."""

from datetime import date
from typing import Annotated, Any, Literal

from django.http import Http404
from django.utils.translation import gettext as _
from ninja import Router, Schema
from pydantic import Field

from qualipolis.city.core.policy import ANYONE
from qualipolis.city.listen.models import PublicWarning, Recall
from qualipolis.city.listen.safety import queries
from qualipolis.city.listen.safety.effect import effect_of
from qualipolis.faces.api import parameters as p
from qualipolis.faces.api import schemas as s
from qualipolis.faces.api.access import operation
from qualipolis.faces.api.words import PLACES

router = Router(tags=["safety"])
RecallNumber = Annotated[str, Field(max_length=24, pattern=p.CODE, description=PLACES["recall"])]
WarningNumber = Annotated[str, Field(max_length=24, pattern=p.CODE, description=PLACES["warning"])]
Standing = Literal["in_force", "ended"]
Words = Annotated[str, Field(max_length=60, pattern=p.TEXT, description=PLACES["words"])]


class EffectOut(Schema):
    """How far a recall is; null where nothing is known, never zero."""

    units: int | None = Field(description="Pieces to be corrected.")
    corrected: int | None = Field(description="Pieces corrected, as the firm reports.")
    rate: float | None = Field(description="Share corrected, between 0 and 1.")
    sampled: int | None = Field(description="Owners or shops checked.")
    reached: int | None = Field(description="Of these, reached by the recall.")
    low: float | None = Field(description="Lower end of the exact 95 % interval of the share reached.")
    high: float | None = Field(description="Upper end of the exact 95 % interval of the share reached.")


class RecallProductOut(Schema):
    """The product recalled."""

    name: str
    brand: str
    model: str
    barcode: str
    product_class: str


class RecallOut(Schema):
    """An announced recall."""

    number: str
    state: str
    product: RecallProductOut
    batches: str
    producer_zh: str
    producer_en: str
    defect_zh: str = Field(description="Defect and possible harm.")
    measure_zh: str = Field(description="What is done with the products.")
    told_how_zh: str = Field(description="How owners are told.")
    text_en: str = Field(description="Words in English; empty: not translated.")
    ordered: bool = Field(description="Ordered by the authority.")
    announced_on: date
    until: date | None
    effect: EffectOut


class WarningOut(Schema):
    """A warning that was published; one that was taken down says when and why."""

    number: str
    state: str = Field(description="published, replaced, taken_down or lapsed.")
    level: str = Field(description="low, medium, high or serious; empty: not assessed.")
    title_zh: str
    title_en: str
    products_zh: str
    hazard_zh: str
    advice_zh: str
    text_en: str
    recall: str | None
    published_on: date
    ended_on: date | None
    end_reason: str
    replaces: str | None
    replaced_by: str | None


@operation(router, "/recalls", ANYONE, response=s.Page[RecallOut])
def list_recalls(request, words: Words = "", limit: p.Limit = 50, offset: p.Offset = 0):
    """The announced recalls, the latest first."""
    rows = queries.shown_recalls({"q": words})
    return {"count": rows.count(), "items": [_recall(row) for row in rows[offset : offset + limit]]}


@operation(router, "/recalls/{recall}", ANYONE, response=RecallOut)
def get_recall(request, recall: RecallNumber):
    """One announced recall."""
    row = queries.shown_recalls().filter(number=recall).first()
    if row is None:
        raise Http404(_("No such recall was announced; the list is at /api/v1/recalls."))
    return _recall(row)


@operation(router, "/warnings", ANYONE, response=s.Page[WarningOut])
def list_warnings(
    request, words: Words = "", standing: Standing = "in_force", limit: p.Limit = 50, offset: p.Offset = 0
):
    """The warnings that are in force, or those that have ended, the latest first."""
    rows = queries.shown_warnings({"q": words}, ended=standing == "ended")
    return {"count": rows.count(), "items": [_warning(row) for row in rows[offset : offset + limit]]}


@operation(router, "/warnings/{warning}", ANYONE, response=WarningOut)
def get_warning(request, warning: WarningNumber):
    """One warning, also one that has ended."""
    row = queries.published_warning(warning)
    if row is None:
        raise Http404(_("No such warning was published; the list is at /api/v1/warnings."))
    return _warning(row)


def _recall(row: Recall) -> dict[str, Any]:
    found, product, firm = effect_of(row), row.product, row.enterprise
    marks = ("name", "brand", "model", "barcode", "product_class")
    return {
        "number": row.number, "state": row.status, "product": {name: getattr(product, name) for name in marks},
        "batches": row.batches, "producer_zh": firm.name_zh if firm else row.producer_name,
        "producer_en": firm.name_en if firm else "", "defect_zh": row.defect, "measure_zh": row.measure,
        "told_how_zh": row.told_how, "text_en": row.body_en, "ordered": row.ordered, "announced_on": row.announced_on,
        "until": row.until,
        "effect": {"units": found.units, "corrected": found.corrected, "rate": found.rate, "sampled": found.checked,
                   "reached": found.reached, "low": found.low, "high": found.high},
    }  # fmt: skip


def _warning(row: PublicWarning) -> dict[str, Any]:
    later = getattr(row, "replaced_by", None)
    announced = row.recall is not None and row.recall.announced_on is not None
    return {
        "number": row.number, "state": row.status, "level": row.level, "title_zh": row.title_zh, "title_en": row.title_en,
        "products_zh": row.products, "hazard_zh": row.hazard, "advice_zh": row.advice, "text_en": row.body_en,
        "recall": row.recall.number if row.recall and announced else None, "published_on": row.published_on,
        "ended_on": row.ended_on, "end_reason": row.end_reason, "replaces": row.replaces.number if row.replaces else None,
        "replaced_by": later.number if later is not None and later.published_on is not None else None,
    }  # fmt: skip

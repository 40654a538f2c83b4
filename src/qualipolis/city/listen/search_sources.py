"""What can be found: for each kind of row where it is indexed, which words of it, and how a list names it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.apps import apps
from django.db.models import Model, QuerySet
from django.utils.translation import gettext_lazy

from qualipolis.city.core.policy import roles_of
from qualipolis.city.listen.alerts.lists import hazard_words
from qualipolis.city.listen.intake.identities import without_sender
from qualipolis.city.listen.models import Alert, Complaint, Letter, PublicWarning, Recall, SafetyProduct
from qualipolis.lake.alerts import NOT_STATED
from qualipolis.lake.search import Document

DESK, OPEN = "desk", "open"
SHORT = 160


@dataclass(frozen=True)
class Source:
    """One kind of row: its index, its rows, its words, its day, its name and a line about it, and the page it has."""

    kind: str
    part: str
    name: Any
    label: str
    rows: Callable[[], QuerySet[Any]]
    words: Callable[[Any], tuple[str, ...]]
    day: Callable[[Any], date | None]
    title: Callable[[Any], str]
    about: Callable[[Any], str]
    url: str

    def document(self, row: Model) -> Document:
        """Return what the index keeps of a row."""
        text = "\n".join(part for part in self.words(row) if part)
        return Document(f"{self.kind}:{row.pk}", text, {"kind": self.kind, "day": self.day(row)})


def facts_shown(actor: Any, kind: str, row: Any) -> str:
    """Return the line about a row as somebody may read it: facts of a letter only for the desk, without the sender."""
    if kind in ("letter", "complaint") and "complaint_desk" not in roles_of(actor):
        return ""
    return SOURCES[kind].about(row)[:SHORT]


def _letter_words(letter: Letter) -> tuple[str, ...]:
    """Return the words of a letter without its sender; the number as papers show it, without the part that is a key."""
    firm = letter.enterprise
    return (
        letter.reference, letter.product_name, letter.brand, letter.model, letter.batch, letter.respondent_name,
        letter.platform, firm.name_zh if firm else "", firm.name_en if firm else "", without_sender(letter),
        without_sender(letter, letter.claim),
    )  # fmt: skip


def _letters() -> QuerySet[Any]:
    return Letter.objects.filter(complaint=None).select_related("identity", "enterprise")


def _complaints() -> QuerySet[Any]:
    return Complaint.objects.select_related("letter__identity", "letter__enterprise", "enterprise")


def _alert_words(row: Alert) -> tuple[str, ...]:
    dangers = [str(one) for one in row.hazards if one != NOT_STATED]
    return (row.reference, row.product, row.category, row.brand, row.model, row.batch_no, row.firm, row.origin,
            row.notified_by, row.measure, *dangers)  # fmt: skip


def _recall_words(row: Recall) -> tuple[str, ...]:
    return (row.number, str(row.product), row.producer_name, row.defect, row.clue, row.batches, row.measure)


def _warning_words(row: PublicWarning) -> tuple[str, ...]:
    return (row.number, row.title_zh, row.title_en, row.products, row.hazard, row.advice, row.body_en)


def _product_words(row: SafetyProduct) -> tuple[str, ...]:
    return (row.name, row.brand, row.model, row.barcode, row.origin, row.description)


def _knowledge() -> QuerySet[Any]:
    """Return the cases that the hospital has published; its room stands above this one, so it is asked for by name."""
    return apps.get_model("hospital", "KnowledgeCase")._default_manager.filter(status="published")


def _knowledge_words(row: Any) -> tuple[str, ...]:
    return (row.number, row.title_zh, row.title_en, row.symptom_zh, row.symptom_en, row.cause_zh, row.cause_en,
            row.treatment_zh, row.treatment_en)  # fmt: skip


def _of_letter(text: Callable[[Letter], str]) -> Callable[[Complaint], str]:
    return lambda row: text(row.letter)


def _letter_title(letter: Letter) -> str:
    return " ".join(part for part in (letter.reference, letter.product_name or letter.respondent_name) if part)


_ALL = (
    Source("complaint", DESK, gettext_lazy("Complaints"), "listen.complaint", _complaints, _of_letter(_letter_words),
           lambda row: row.received_on, lambda row: f"{row.number} {row.letter.product_name or row.letter.respondent_name}",
           _of_letter(without_sender), "desk:listen_complaint"),
    Source("letter", DESK, gettext_lazy("Letters without a complaint"), "listen.letter", _letters, _letter_words,
           lambda row: row.received_on, _letter_title, without_sender, "desk:listen_letter"),
    Source("alert", OPEN, gettext_lazy("Alerts of other authorities"), "listen.alert", Alert.objects.all, _alert_words,
           lambda row: row.alerted_on, lambda row: row.product,
           lambda row: f"{row.source} {row.reference}: {hazard_words(row.hazards)}", "desk:listen_alert"),
    Source("recall", OPEN, gettext_lazy("Recalls"), "listen.recall", lambda: Recall.objects.select_related("product"),
           _recall_words, lambda row: row.clue_on, lambda row: f"{row.number} {row.product}",
           lambda row: row.defect or row.clue, "desk:listen_recall"),
    Source("warning", OPEN, gettext_lazy("Public warnings"), "listen.publicwarning", PublicWarning.objects.all,
           _warning_words, lambda row: row.published_on, lambda row: f"{row.number} {row.title_zh}",
           lambda row: row.hazard, "desk:listen_warning"),
    Source("product", OPEN, gettext_lazy("Products under observation"), "listen.safetyproduct",
           SafetyProduct.objects.all, _product_words, lambda row: row.added_on, str,
           lambda row: row.description, "desk:listen_product"),
    Source("knowledge", OPEN, gettext_lazy("Knowledge of the product hospital"), "hospital.knowledgecase", _knowledge,
           _knowledge_words, lambda row: row.published_on, lambda row: f"{row.number} {row.title_zh}",
           lambda row: row.symptom_zh, "desk:hospital_knowledge_case"),
)  # fmt: skip
SOURCES: dict[str, Source] = {one.kind: one for one in _ALL}
LABELS: dict[str, Source] = {one.label: one for one in _ALL}


def documents(part: str, chunk: int = 1000) -> Iterator[Document]:
    """Yield every document of an index."""
    for source in (one for one in _ALL if one.part == part):
        for row in source.rows().order_by("pk").iterator(chunk_size=chunk):
            yield source.document(row)

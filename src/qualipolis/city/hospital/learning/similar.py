"""What was like this: cases and published knowledge, each with the reasons in words."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from qualipolis.city.core.policy import visible
from qualipolis.city.hospital.learning.small_numbers import FEWEST
from qualipolis.city.hospital.models import Case, KnowledgeCase, RootCause
from qualipolis.city.hospital.reception.defects import words as defect_words
from qualipolis.methods.text.fields import Field
from qualipolis.methods.text.normalise import plain
from qualipolis.methods.text.retrieve import shared, tfidf

WEIGHTS = {"text": 0.5, "defects": 0.3, "class": 0.2}
LEAST = 0.25
RUNS = Field("char", 2, 3)
CANDIDATES = 2000
NOT_TREATED = ("draft", "rejected", "withdrawn")


@dataclass(frozen=True)
class Like:
    """A case or a knowledge case, how like it is (0 to 1), and why."""

    row: Case | KnowledgeCase
    score: float
    reasons: tuple[str, ...]

    @property
    def known(self) -> bool:
        """Whether it is a published or planned knowledge case."""
        return isinstance(self.row, KnowledgeCase)


@dataclass(frozen=True)
class Pattern:
    """What all like cases had, without telling whose: how many cases and firms, and the causes of three firms or more."""

    cases: int
    firms: int
    causes: tuple[tuple[str, int], ...]


def like(actor: Any, case: Case, most: int = 5) -> list[Like]:
    """Return what ``actor`` may see and is most like ``case``, the most like first; published knowledge among it."""
    rows = [*visible(actor, knowledge(case))[:CANDIDATES], *visible(actor, candidates(case))[:CANDIDATES]]
    scored = [one for one in _scored(case, rows) if one.score >= LEAST]
    return sorted(scored, key=lambda one: (-one.score, not one.known, one.row.pk))[:most]


def pattern(case: Case) -> Pattern | None:
    """Return what the like cases of all firms have in common; None where fewer than three other firms had one."""
    near = [one.row for one in _scored(case, candidates(case)[:CANDIDATES]) if one.score >= LEAST]
    others = [row for row in near if isinstance(row, Case) and row.enterprise_id != case.enterprise_id]
    firms = len({row.enterprise_id for row in others})
    if firms < FEWEST:
        return None
    by_cause: dict[str, set[int]] = {}
    for row in others:
        for one in row.diagnoses.all():
            if one.replaced_on is None:
                by_cause.setdefault(one.root_cause, set()).add(row.enterprise_id)
    counted = Counter({cause: len(found) for cause, found in by_cause.items() if len(found) >= FEWEST})
    causes = tuple((str(RootCause(cause).label), number) for cause, number in counted.most_common())
    return Pattern(len(others), firms, causes)


def candidates(case: Case) -> QuerySet[Case]:
    """Return the other cases that were treated in the same department, class or industry."""
    near = Q(department=case.department_id) if case.department_id else Q(pk__in=())
    near |= Q(product_class=case.product_class) if case.product_class else Q(pk__in=())
    near |= Q(industry__startswith=case.industry[:2]) if len(case.industry) > 1 else Q(pk__in=())
    rows = Case.objects.filter(near).exclude(status__in=NOT_TREATED).exclude(pk=case.pk).order_by("-pk")
    return rows.select_related("enterprise", "department").prefetch_related("diagnoses")


def knowledge(case: Case) -> QuerySet[KnowledgeCase]:
    """Return what is published, but for what came from this very case."""
    return KnowledgeCase.objects.filter(status="published").exclude(case=case.pk).select_related("department")


def words_of(row: Case | KnowledgeCase) -> str:
    """Return what is compared: the product and what is wrong with it."""
    if isinstance(row, KnowledgeCase):
        return f"{row.title_zh} {row.symptom_zh} {row.title_en} {row.symptom_en}"
    return f"{row.product_name} {row.problem_text}"


def _scored(case: Case, rows: Iterable[Case | KnowledgeCase]) -> list[Like]:
    found = list(rows)
    texts = [words_of(row) for row in found]
    likeness = _likeness(words_of(case), texts)
    return [_like(case, row, float(text)) for row, text in zip(found, likeness, strict=True)]


def _likeness(query: str, texts: Sequence[str]) -> np.ndarray:
    """Return the cosine of ``query`` with each text by their runs of two and three characters, letters and digits only."""
    return tfidf([plain(text) for text in texts], RUNS).scores([plain(query)])[0]


def _like(case: Case, row: Case | KnowledgeCase, text: float) -> Like:
    mine, theirs = set(case.defect_codes or []), set(row.defect_codes or [])
    defects = len(mine & theirs) / len(mine | theirs) if mine and theirs else 0.0
    same = bool(case.product_class) and case.product_class == row.product_class
    score = WEIGHTS["text"] * text + WEIGHTS["defects"] * defects + WEIGHTS["class"] * same
    return Like(row, score, tuple(_reasons(case, row, sorted(mine & theirs), same, text)))


def _reasons(case: Case, row: Case | KnowledgeCase, defects: Sequence[str], same: bool, text: float) -> Iterable[str]:
    if same:
        yield _("same class of product: %(class)s") % {"class": row.product_class}
    if defects:
        yield _("same defect: %(codes)s") % {"codes": _("; ").join(defect_words(defects))}
    words = shared(words_of(case), words_of(row)) if text >= 0.05 else ()
    if words:
        yield _("same words: %(words)s") % {"words": _("; ").join(words)}

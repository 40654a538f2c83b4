"""The papers of a case: prescription, 8D report, control plan, failure mode analysis; each in Chinese or English."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any, cast

import numpy as np
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from qualipolis.city.core.moves import state_words
from qualipolis.city.core.queries import city
from qualipolis.city.hospital.models import Case, Prescription, Proof
from qualipolis.city.hospital.treatment import proofs
from qualipolis.city.hospital.treatment.eight_d import parts_of
from qualipolis.city.hospital.treatment.failure_modes import CAVEAT, PRIORITIES, analysis
from qualipolis.city.hospital.treatment.items import containments
from qualipolis.city.hospital.treatment.proof_words import TITLES, chart_of, criterion_of, facts_of, notes_of, reason_of
from qualipolis.faces.report.control_chart_svg import draw_chart
from qualipolis.faces.report.hospital_paper import Paper, Part, render_hospital_paper
from qualipolis.faces.report.words import Lang
from qualipolis.methods.spc.capability import Specification
from qualipolis.methods.spc.findings import Chart

LANGUAGES = {"zh": "zh-hans", "en": "en"}
DASH = "—"


def pdf(case: Case, kind: str, lang: str) -> bytes:
    """Return the paper ``kind`` (a key of ``PAPERS``) of a case in ``lang`` (zh or en)."""
    with override(LANGUAGES[lang]):
        return render_hospital_paper(PAPERS[kind](case, cast(Lang, lang)))


def given(case: Case) -> Prescription | None:
    """Return the version that the firm has or had before it, never a draft."""
    rows = case.prescriptions.exclude(status="draft").order_by("-version")
    return rows.filter(status__in=("accepted", "issued")).first() or rows.first()


def _paper(case: Case, lang: Lang, title: str, **more: Any) -> Paper:
    here = city()
    name = (here.name_zh if lang == "zh" else here.name_en or here.name_zh) if here else ""
    number = more.pop("number", "") or _("Case %(number)s") % {"number": str(case)}
    values = {"facts": _facts(case), "made": timezone.localtime()} | more
    return Paper(lang, name, bool(here and here.synthetic), title, number, **values)


def _facts(case: Case) -> list[tuple[str, str]]:
    product = " ".join(filter(None, (case.product_name, case.model)))
    return [
        (_("Firm"), case.enterprise.name),
        (_("Product"), product),
        (_("Standard"), case.standard_no or DASH),
        (_("Expert"), str(case.expert or DASH)),
        (_("Registered on"), _day(case.registered_on)),
        (_("State"), state_words(case)),
    ]


def _day(day: Any) -> str:
    return f"{day:%Y-%m-%d}" if day else DASH


def _prescription(case: Case, lang: Lang) -> Paper:
    found = given(case)
    rows = [] if found is None else list(found.items.exclude(status="dropped"))
    before = [one for one in containments(case).order_by("pk") if one.prescription_id is None]
    number = _("Case %(case)s, version %(version)s") % {"case": str(case), "version": found.version if found else DASH}
    heads = (
        _("No."),
        _("Measure taken"),
        _("Kind"),
        _("Who, until when"),
        _("Criterion of acceptance"),
        _("Cost, yuan"),
    )
    table = [
        (str(n), one.action, one.get_kind_display(), f"{one.owner}\n{_day(one.finish_on)}",
         "\n".join(filter(None, (one.criterion, criterion_of(one)))), f"{one.cost:,.2f}" if one.cost is not None else DASH)
        for n, one in enumerate([*before, *rows], 1)
    ]  # fmt: skip
    widths = (0.5, 3.2, 1.1, 1.7, 3.2, 1.2)
    parts = [Part(_("Items of the prescription"), heads=heads, widths=widths, rows=table, numeric=(0, 5))]
    diagnosis = case.diagnoses.filter(replaced_on=None).order_by("-version").first()
    if diagnosis is not None:
        cause = f"{diagnosis.get_root_cause_display()}{_(': ')}{diagnosis.statement}"
        parts.insert(0, Part(_("Diagnosis"), paragraphs=(cause,)))
    if found is not None and found.advice:
        parts.append(Part(_("Advice"), paragraphs=(found.advice,)))
    notes = [
        _("A prescription does not promise that the product will pass a test."),
        _(
            "The criteria are fixed when the firm accepts. The case is cured only when the numbers prove every measured one."
        ),
    ]
    signed = (_("Expert, date"), _("Firm, date"))
    return _paper(case, lang, _("Prescription"), number=number, parts=parts, notes=notes, signed=signed)


def _eight_d(case: Case, lang: Lang) -> Paper:
    parts: list[Part] = []
    for one in parts_of(case):
        fact = (one.asks, one.text or _("still missing"))
        title = f"{one.code}　{one.title}" if lang == "zh" else f"{one.code} {one.title}"
        if parts and parts[-1].title == title:
            parts[-1] = Part(title, facts=(*parts[-1].facts, fact))
        else:
            parts.append(Part(title, facts=(fact,)))
    parts += [_proof(one) for one in proofs.current(case).values()]
    notes = [_("Put together from the case; what is missing is named.")]
    return _paper(case, lang, _("8D report"), parts=parts, notes=notes)


def _proof(proof: Proof) -> Part:
    assert proof.item is not None
    title = _("Proof of effect: %(item)s") % {"item": proof.item.action[:60]}
    verdict = f"{TITLES.get(proof.verdict, '')}{_(': ')}{reason_of(proof.figures)}"
    drawn = proof.figures.get("chart")
    picture, alt = "", ""
    if drawn and drawn.get("before") and drawn.get("after"):
        chart = _calm(chart_of(drawn), proof)
        limits = None if drawn.get("subgroups") else _limits(drawn)
        picture = draw_chart(chart, _, unit=str(proof.figures.get("unit") or ""), specification=limits, height=220)
        alt = _("Before and after with the limits of the time before")
    return Part(
        title, paragraphs=(verdict, *notes_of(proof)), facts=facts_of(proof, proof.item), picture=picture, alt=alt
    )


def _calm(chart: Chart, proof: Proof) -> Chart:
    """Return the chart without alarms, unless it got worse: the shift that was wanted is none."""
    return chart if proof.verdict == "worse" else replace(chart, flagged=np.zeros(len(chart.values), dtype=bool))


def _limits(drawn: dict[str, Any]) -> Specification | None:
    low, high = drawn.get("least"), drawn.get("most")
    return None if low is None and high is None else Specification(low, high)


def _control_plan(case: Case, lang: Lang) -> Paper:
    heads = (_("Process step"), _("Characteristic"), _("Specification"), _("Measured with"), _("Sample size and frequency"),
             _("Control method"), _("What to do when it fails"))  # fmt: skip
    names = ("step", "characteristic", "specification", "gauge", "sample", "method", "reaction")
    rows = [tuple(getattr(one, name) or DASH for name in names) for one in case.control_plan.all()]
    table = Part(_("What is watched"), heads=heads, widths=(1.2, 1.4, 1.2, 1.3, 1.5, 1.3, 2.2), rows=rows)
    empty = Part(_("What is watched"), paragraphs=(_("No line is written yet."),))
    signed = (_("Drawn up by, date"), _("Approved by, date"))
    return _paper(case, lang, _("Control plan"), parts=(table if rows else empty,), flipped=True, signed=signed)


def _failure_modes(case: Case, lang: Lang) -> Paper:
    found = analysis(case)
    heads = (_("Process step"), _("How it fails"), _("What follows"), _("Why it happens"), _("Prevention today"), _("Detection today"),
             _("S"), _("O"), _("D"), _("Action priority"), _("What will be done"))  # fmt: skip
    rows = [
        (row.step, row.mode, row.effect, row.cause, row.prevention or DASH, row.detection_by or DASH, str(row.severity),
         str(row.occurrence), str(row.detection), priority, row.action or DASH)
        for row, priority in found
    ]  # fmt: skip
    widths = (1.2, 1.3, 1.2, 1.3, 1.2, 1.2, 0.4, 0.4, 0.4, 0.8, 1.6)
    table = Part(_("Failure modes, the most urgent first"), heads=heads, widths=widths, rows=rows, numeric=(6, 7, 8))
    empty = Part(_("Failure modes"), paragraphs=(_("No failure mode is written yet."),))
    notes = [f"{letter}{_(': ')}{_(words)}" for letter, words in PRIORITIES.items()]
    caveat = _(CAVEAT)
    return _paper(case, lang, _("Failure mode analysis"), parts=(table if rows else empty,), notes=notes, caveat=caveat,
                  flipped=True)  # fmt: skip


PAPERS: dict[str, Callable[[Case, Lang], Paper]] = {
    "prescription": _prescription,
    "8d": _eight_d,
    "control-plan": _control_plan,
    "fmea": _failure_modes,
}

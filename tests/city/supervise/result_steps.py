"""Shorthands for walks through the legal life of a result."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from tests.city.supervise.cast import Cast, make_report, make_sample, make_task

from qualipolis.city.core.subscriptions import tell
from qualipolis.city.supervise.models import Objection, Recheck, Result, Sample, ServedResult
from qualipolis.city.supervise.results import objections, rechecks
from qualipolis.city.supervise.results import serving as results
from qualipolis.city.supervise.results.opening import open_result

PDF = b"%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"


def paper(name: str = "proof.pdf") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, PDF, "application/pdf")


def opened(cast: Cast, *, producer: Any = None, producer_name: str = "", verdict: str = "fail", **form: Any) -> Result:
    """Open a result as the issue of its report does; the producer on the label is the sampled firm unless named."""
    sample = make_sample(cast, make_task(cast, status="sampled"), status="testing")
    label = sample.task.form
    if producer is not None or producer_name:
        label.producer, label.producer_name = producer, producer_name or producer.name_zh
    for name, value in form.items():
        setattr(label, name, value)
    label.save()
    return open_result(make_report(cast, sample, verdict=verdict))


def food_opened(cast: Cast, **more: Any) -> Result:
    """Open a result of food."""
    cast.rule.food = True
    cast.rule.save()
    return opened(cast, **more)


def serve(cast: Cast, result: Result, on: date, party: str = "firm") -> ServedResult:
    service = result.services.get(party=party)
    done = results.serve(cast["planner"], service, on, "mail", proof_words="EMS 1")
    result.refresh_from_db()
    return done


def objected(cast: Cast, result: Result, kind: str = "conclusion", party: str = "firm", **more: Any) -> Objection:
    """Object by letter today and accept it."""
    made = objections.object_to(
        cast["planner"], result.services.get(party=party), "结论不符合事实", kind, more.pop("on", None)
    )
    return objections.accept(cast["planner"], made) if more.pop("accept", True) else made


def ordered(cast: Cast, result: Result) -> Recheck:
    """Object to the conclusion and order the recheck, today."""
    return objections.order_recheck(cast["planner"], objected(cast, result), "复检〔2026〕1号")


def designated(cast: Cast, recheck: Recheck, on: date) -> Recheck:
    """Serve the notice, do the formalities and name the second laboratory, all on one day."""
    rechecks.serve_notice(cast["planner"], recheck, on, "EMS 2")
    rechecks.formalities(cast["planner"], recheck, on)
    return rechecks.designate(cast["planner"], recheck, cast.other_laboratory)


def backup(result: Result) -> Sample:
    return Sample.objects.get(task=result.sample.task, part="backup")


def retested(cast: Cast, result: Result, verdict: str) -> None:
    """Let the second laboratory receive the backup sample and report on it."""
    sample = backup(result)
    seals = {seal.number: "intact" for seal in sample.seals.all()}
    rechecks.receive_backup(cast["other_laboratory"], sample, seals)
    report = make_report(cast, sample, verdict=verdict)
    tell(cast["other_laboratory"], "supervise.report_issued", report)


def fresh(row: Any) -> Any:
    return type(row)._default_manager.get(pk=row.pk)

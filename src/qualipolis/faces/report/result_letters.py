"""The notice of a result with its rights (检验结果通知书) and the recheck notice, from the rows of the city."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from typing import Any

from django.utils import timezone

from qualipolis.city.core.queries import city
from qualipolis.city.supervise.models import Recheck, Result, ServedResult, TestItem
from qualipolis.city.supervise.results.clocks import formalities_until, window_until
from qualipolis.faces.report.letter import Letter, render_letter
from qualipolis.faces.report.result_letter_words import rights_of, said
from qualipolis.faces.report.words import Lang, lang_of

DASH = "—"


def notice_pdf(result: Result, lang: str, service: ServedResult | None = None) -> bytes:
    """Return the notice of a result, to one party or, without one, as the form for all of them."""
    return render_letter(notice_letter(result, lang_of(lang), service))


def recheck_pdf(recheck: Recheck, lang: str) -> bytes:
    """Return the notice of a recheck to its applicant."""
    return render_letter(recheck_letter(recheck, lang_of(lang)))


def notice_letter(result: Result, lang: Lang, service: ServedResult | None) -> Letter:
    """Return what the notice says: the verdict, the items that failed, how and until when to object."""
    task, food = result.sample.task, result.flow_code == "food_result"
    verdict = said(lang, result.verdict)
    until = window_until(service) if service is not None else None
    rows = [_row(one, lang) for one in _items(result)]
    last = said(lang, "until", said(lang, "day", until)) if until else ""
    return Letter(
        **_frame(lang, "notice", result.number, _name(task.campaign.organiser, lang)),
        addressee=said(lang, "to", service.name if service else _parties(result, lang)),
        headline=said(lang, "notice_head", _product(result), verdict),
        paragraphs=[said(lang, "notice_lead", _name(task.campaign, lang), verdict), said(lang, f"{result.verdict}_means")],
        facts=_facts(result, lang),
        heads=[said(lang, key) for key in ("item", "measured", "required", "outcome")],
        rows=rows,
        titles=[said(lang, "items", result.report.number)],
        rights_title=said(lang, "rights"),
        rights=[*rights_of(lang, food=food), *([last] if last else [])],
        receipt=[said(lang, key) for key in ("receipt", "receipt_words", "receipt_sign")],
        note=said(lang, "note_food" if food else "note"),
    )  # fmt: skip


def recheck_letter(recheck: Recheck, lang: Lang) -> Letter:
    """Return what the recheck notice says: what to do until when, and what happens otherwise."""
    result = recheck.result
    until = formalities_until(recheck)
    food = recheck.flow_code == "food_recheck"
    kind = "recheck_food" if food else "recheck"
    rights = [said(lang, key) for key in (f"{kind}_1", f"{kind}_2", "recheck_3", "recheck_4")]
    facts = [*_facts(result, lang), (said(lang, "objection"), recheck.objection.number)]
    if recheck.laboratory:
        facts.append((said(lang, "laboratory_second"), _name(recheck.laboratory, lang)))
    return Letter(
        **_frame(lang, "recheck_notice", recheck.document_no or recheck.number,
                 _name(result.sample.task.campaign.organiser, lang)),
        addressee=said(lang, "to", recheck.objection.service.name),
        headline=said(lang, "recheck_head", result.number),
        paragraphs=[said(lang, "recheck_lead", recheck.objection.number, said(lang, "day", recheck.objection.received_on))],
        facts=facts,
        heads=(), rows=(), titles=(),
        rights_title=said(lang, "recheck_rights"),
        rights=[*rights, *([said(lang, "until", said(lang, "day", until))] if until else [])],
        receipt=[said(lang, key) for key in ("receipt", "receipt_words", "receipt_sign")],
        note=said(lang, "note_food" if food else "note_recheck"),
    )  # fmt: skip


def _frame(lang: Lang, kind: str, number: str, office: str) -> dict[str, Any]:
    here, today = city(), timezone.localdate()
    return {
        "lang": lang,
        "city": _name(here, lang) if here else "",
        "synthetic": bool(here and here.synthetic),
        "kicker": said(lang, kind),
        "number": said(lang, "number", number),
        "office": office,
        "day": said(lang, "day", today),
        "created_at": datetime.combine(today, time(4), UTC),
    }


def _name(thing: Any, lang: Lang) -> str:
    return str(thing.name_zh if lang == "zh" or not thing.name_en else thing.name_en)


def _product(result: Result) -> str:
    form = getattr(result.sample.task, "form", None)
    return (form.product_name if form else "") or DASH


def _parties(result: Result, lang: Lang) -> str:
    names = [one.name for one in result.services.order_by("pk")]
    return ("、" if lang == "zh" else ", ").join(names)


def _facts(result: Result, lang: Lang) -> list[tuple[str, str]]:
    task = result.sample.task
    form = getattr(task, "form", None)
    values = {
        "product": _product(result),
        "model": " ".join(filter(None, (form.brand, form.model))) if form else "",
        "batch": form.batch if form else "",
        "standard": form.standard if form else "",
        "sampled_firm": task.enterprise.name_zh,
        "producer": form.producer_name if form else "",
        "sampled_on": _day(lang, task.sampled_on),
        "laboratory": _name(result.report.laboratory, lang),
        "report": result.report.number,
    }
    return [(said(lang, key), value or DASH) for key, value in values.items()]


def _day(lang: Lang, day: date | None) -> str:
    return said(lang, "day", day) if day else DASH


def _items(result: Result) -> list[TestItem]:
    rows = TestItem.objects.filter(report=result.report).order_by("position")
    failed = [one for one in rows if one.outcome == "fail"]
    return failed or list(rows)


def _row(one: TestItem, lang: Lang) -> list[str]:
    name = one.name_zh if lang == "zh" or not one.name_en else one.name_en
    value = one.observed or DASH
    if one.measured is not None:
        value = f"{one.censored}{one.measured:g} {one.unit}".strip()
        value += f" ± {one.uncertainty:g}" if one.uncertainty else ""
    return [name, value, _limit(one), said(lang, f"item_{one.outcome or 'not_tested'}")]


def _limit(one: TestItem) -> str:
    unit = f" {one.unit}" if one.unit else ""
    if one.lower is not None and one.upper is not None:
        return f"{one.lower:g}–{one.upper:g}{unit}"
    if one.upper is not None:
        return f"≤ {one.upper:g}{unit}"
    return f"≥ {one.lower:g}{unit}" if one.lower is not None else one.requirement or DASH

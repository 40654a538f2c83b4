"""The notice of results (通报): written from a release, numbered and dated, served on every unit, public."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import date
from typing import Any

from django.utils import timezone

from qualipolis.city.assess.models import Adjustment, Assessment, Notice, Rectification, Release, ScoreCard
from qualipolis.city.core.ledger import name_of, record
from qualipolis.city.core.policy import person_of, verb
from qualipolis.city.core.queries import city
from qualipolis.city.measure import service as measure
from qualipolis.city.measure.models import Served
from qualipolis.city.measure.service import advance, roles_for
from qualipolis.lake.canonical import sha256
from qualipolis.methods.problems import InputError, Problem, msg

FLOW = "notice"
Status = Notice.Status
LONGEST = 20_000


def facts_of(release: Release) -> dict[str, Any]:
    """Return what a notice rests on, as plain data: counts by grade, vetoes, falsified data, rectifications, remarks."""
    made = release.assessment
    cards = list(ScoreCard.objects.filter(assessment=made).select_related("unit").order_by("unit__code"))
    open_ = Rectification.objects.filter(round=made.round_id).select_related("unit").order_by("unit__code")
    falsified = Adjustment.objects.filter(round=made.round_id, kind=Adjustment.Kind.FALSIFIED).select_related("unit")
    scored, home = made.scored_set, city()
    return {
        "city": {"zh": home.name_zh if home else "", "en": home.name_en if home else ""},
        "synthetic": bool(home and home.synthetic),
        "year": scored.year,
        "set": {"version": scored.version, "document": scored.approved_doc},
        "release": {"number": release.number, "hash": release.release_hash, "on": _day(release.published_at)},
        "decision": {"document": made.decision_doc, "meeting_on": _day(made.meeting_on)},
        "units": len(cards),
        "grades": dict(sorted(Counter(card.grade for card in cards if card.grade).items())),
        "ungraded": sum(1 for card in cards if not card.grade),
        "vetoes": [_named(card.unit) | {"reason": card.veto} for card in cards if card.veto],
        "falsified": [
            _named(one.unit) | {"indicator": one.indicator_code, "document": one.document}
            for one in falsified.order_by("unit__code", "pk")
        ],
        "remarks": [_named(card.unit) | {"words": card.remark} for card in cards if card.remark],
        "rectifications": [_named(one.unit) | {"cause": one.cause, "due_on": _day(one.due_on)} for one in open_],
    }


def _named(unit: Any) -> dict[str, str]:
    return {"unit": unit.code, "zh": unit.name_zh, "en": unit.name_en}


def _day(moment: Any) -> str:
    return moment.isoformat()[:10] if moment else ""


def text_of(facts: dict[str, Any], language: str = "zh") -> str:
    """Return the text of a notice, one paragraph a line, from its facts; the office may change the words before issue."""
    return "\n".join(_chinese(facts) if language == "zh" else _english(facts))


def _chinese(facts: dict[str, Any]) -> Iterator[str]:
    year, decision, grades = facts["year"], facts["decision"], facts["grades"]
    yield f"关于{year}年度质量发展评价结果的通报"
    held = (
        f"经{_chinese_day(decision['meeting_on'])}领导小组会议审定（{decision['document']}），"
        if decision["document"]
        else ""
    )
    yield f"{held}现将{year}年度评价结果（发布版 {facts['release']['number']}）通报如下。"
    counts = "，".join(f"{grade}级{n}个" for grade, n in grades.items())
    yield f"本年度共评价{facts['units']}个镇街（园区）：{counts}。"
    if facts["vetoes"]:
        names = "；".join(f"{one['zh']}：{one['reason']}" for one in facts["vetoes"])
        yield f"实行一票否决、定为D级的：{names}。"
    if facts["falsified"]:
        names = "；".join(f"{one['zh']}（{one['indicator']}，{one['document']}）" for one in facts["falsified"])
        yield f"数据弄虚作假、该项指标计零分的：{names}。"
    if facts["rectifications"]:
        names = "、".join(one["zh"] for one in facts["rectifications"])
        last = _chinese_day(max(one["due_on"] for one in facts["rectifications"]))
        yield f"下列单位须在{last}前完成整改并提交报告：{names}。"
    for one in facts["remarks"]:
        yield f"对{one['zh']}的意见：{one['words']}"


def _chinese_day(text: str) -> str:
    day = date.fromisoformat(text)
    return f"{day.year}年{day.month}月{day.day}日"


def _english(facts: dict[str, Any]) -> Iterator[str]:
    year, decision, grades = facts["year"], facts["decision"], facts["grades"]
    yield f"Notice of the results of the {year} assessment of quality development"
    held = f"Decided by the leading group on {decision['meeting_on']} ({decision['document']}). "
    yield f"{held if decision['document'] else ''}The results rest on release {facts['release']['number']}."
    counts = ", ".join(f"{n} of grade {grade}" for grade, n in grades.items())
    yield f"{facts['units']} towns, subdistricts and parks were assessed: {counts}."
    if facts["vetoes"]:
        yield "Grade D by veto: " + "; ".join(f"{one['en'] or one['zh']}: {one['reason']}" for one in facts["vetoes"])
    if facts["falsified"]:
        names = "; ".join(f"{one['en'] or one['zh']} ({one['indicator']})" for one in facts["falsified"])
        yield f"Falsified data, the indicator scores 0: {names}."
    if facts["rectifications"]:
        names = ", ".join(one["en"] or one["zh"] for one in facts["rectifications"])
        last = max(one["due_on"] for one in facts["rectifications"])
        yield f"To rectify and report by {last}: {names}."
    for one in facts["remarks"]:
        yield f"On {one['en'] or one['zh']}: {one['words']}"


@verb("assess.draft_notice", roles=("planner",))
def draft_notice(actor: Any, thing: Release) -> Notice:
    """Write the draft of the notice of a standing release; the text comes from the release and can be changed."""
    row = Release.objects.select_related("assessment__round__set", "assessment__set").get(pk=thing.pk)
    wrong = []
    if row.withdrawn_at is not None or row.assessment.status != Assessment.Status.PUBLISHED:
        wrong.append(
            Problem("not_standing", msg("The release %(number)s holds no longer."), "", {"number": row.number})
        )
    if row.notices.exclude(status=Status.WITHDRAWN).exists():
        what = msg("There is a notice of the release %(number)s already.")
        wrong.append(Problem("notice_exists", what, "", {"number": row.number}))
    if wrong:
        raise InputError(wrong)
    facts = facts_of(row)
    made = Notice.objects.create(release=row, facts=facts, text_zh=text_of(facts), text_en=text_of(facts, "en"))
    record(actor, "assess.draft_notice", made, {"release": row.number, "year": facts["year"]})
    return made


def _draft(thing: Notice) -> Notice:
    rows = Notice.objects.select_for_update(of=("self",))
    return rows.select_related("release__assessment__round__set", "release__assessment__set").get(pk=thing.pk)


@verb("assess.edit_notice", roles=("planner",))
def edit_notice(actor: Any, thing: Notice, text_zh: str, text_en: str = "") -> Notice:
    """Change the words of a draft; an empty text is written anew from the release as it is now."""
    row = _draft(thing)
    if row.status != Status.DRAFT:
        raise InputError([Problem("issued", msg("An issued notice is not changed; withdraw it and write another."))])
    if max(len(text_zh), len(text_en)) > LONGEST:
        raise InputError([Problem("too_long", msg("The text is too long."), place="text_zh")])
    facts = facts_of(row.release)
    row.facts = facts
    row.text_zh = text_zh.strip() or text_of(facts)
    row.text_en = text_en.strip() or text_of(facts, "en")
    row.save(update_fields=["facts", "text_zh", "text_en"])
    record(actor, "assess.edit_notice", row, {"hash": sha256(row.text_zh.encode())})
    return row


@verb("assess.issue_notice", roles=roles_for(FLOW, "issue"))
def issue_notice(actor: Any, thing: Notice, document: str = "", issued_on: date | None = None) -> Notice:
    """Issue the notice with its number and date: it is served on every unit and the public sees it."""
    row = _draft(thing)
    if issued_on and issued_on > timezone.localdate():
        raise InputError([Problem("future", msg("The date of the document lies in the future."), place="issued_on")])
    took = advance(actor, FLOW, "issue", row.status, document_no=document, issued_on=issued_on)
    made = row.release.assessment
    row.status, row.facts = took.target, facts_of(row.release)
    row.document, row.issued_on = document.strip()[:80], issued_on
    row.due_on = took.due(issued_on or timezone.localdate())
    row.issued_by = person_of(actor)
    row.save()
    units = list(ScoreCard.objects.filter(assessment=made).values_list("unit_id", flat=True))
    count = measure.serve_units(actor, Served.Kind.NOTICE, name_of(row), made.round, units, day=issued_on)
    payload = {"document": row.document, "issued_on": issued_on, "release": row.release.number, "units": count}
    payload["hash"] = sha256(row.text_zh.encode())
    record(actor, "assess.issue_notice", row, payload, rule_version=took.rule)
    return row


@verb("assess.withdraw_notice", roles=roles_for(FLOW, "withdraw"))
def withdraw_notice(actor: Any, thing: Notice, reason: str) -> Notice:
    """Withdraw an issued notice with its reason; it stays in the register and is no longer shown to the public."""
    row = _draft(thing)
    took = advance(actor, FLOW, "withdraw", row.status, reason=reason)
    row.status, row.withdrawal_reason = took.target, reason.strip()[:400]
    row.save(update_fields=["status", "withdrawal_reason"])
    lines = Served.objects.filter(kind=Served.Kind.NOTICE, thing=name_of(row), ended_on=None)
    lines.update(ended_on=timezone.localdate())
    payload = {"document": row.document, "reason": row.withdrawal_reason}
    record(actor, "assess.withdraw_notice", row, payload, rule_version=took.rule)
    return row

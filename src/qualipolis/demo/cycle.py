"""The yearly cycle of the synthetic city: two years taken to their end, and the next one under way.

What a person would do one by one is done by the verbs a city uses for a few units; the rest is written in bulk, as one
line of the ledger for each table.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import numpy as np
from django.db.models import F
from django.utils import timezone

from qualipolis.city.assess import service as assess
from qualipolis.city.assess.models import (
    NodeScore,
    Rectification,
    RectificationItem,
    Release,
    ScoreCard,
    SelfEvaluation,
    SelfItem,
    SiteFinding,
)
from qualipolis.city.assess.queries import releases_by_year
from qualipolis.city.core.ledger import name_of, record
from qualipolis.city.core.models import Person
from qualipolis.city.core.roles import Role
from qualipolis.city.measure import service as measure
from qualipolis.city.measure.models import CollectionRound, Indicator, Observation, Served, TownTarget
from qualipolis.city.registry.models import Unit
from qualipolis.demo.streams import stream
from qualipolis.law.calendar import add_days

SUMMARY = {
    "strengths": "产品抽检合格率和首席质量官覆盖率稳步提高（演示）",
    "shortcomings": "标准与认证供给不足，部分指标佐证不全（演示）",
    "measures": "围绕弱项逐项制定措施，按季度调度（演示）",
}
WORDS = "按本年度台账和系统记录逐项核对后打分（演示）"
PAPER = "本文件为演示用佐证，内容为合成数据。\n".encode()
TARGETED = ("PQ01", "PQ04", "SR02", "SR05", "MB02", "MB06", "NI02", "NI10")
PLAN = "逐项制定措施，明确责任人和时限（演示）"
TERM = 20
SEEDS = {2020: "21043 0 3 8 8 1", 2021: "22041 5 1 9 0 4"}


def run_cycle(actor: Any, seed: int, years: tuple[int, ...]) -> None:
    """Take the last years to their end: targets, self-evaluations, checks on site, notices, rectifications."""
    releases = releases_by_year()
    for year in releases:
        _previewed(actor, year)
    for year in years:
        release = releases[year]
        _file_targets(actor, release)
        _self_evaluations(actor, release, seed)
        _site_checks(actor, release)
        _open_rectifications(actor, release)
        _notice(actor, release)
    for year in years[:-1]:
        _close_all(actor, releases[year])
    _rectify(actor, releases[years[-1]])
    _serve_late(actor, releases[years[-1]])


def _bulk(actor: Any, thing: str, rows: int) -> None:
    record(actor, "demo.load", thing, {"rows": rows, "synthetic": True})


def _moment(year: int, month: int, day: int) -> datetime:
    return datetime(year, month, day, 2, tzinfo=UTC)


def _previewed(actor: Any, year: int) -> None:
    """The preview of a year was served before its meeting, and every unit acknowledged it without an objection."""
    rows = Served.objects.filter(kind=Served.Kind.PREVIEW, round__set__year=year)
    served, seen = date(year + 1, 3, 30), _moment(year + 1, 4, 2)
    count = rows.update(served_on=served, acknowledged_at=seen, no_objection=True)
    _bulk(actor, f"measure.served/preview{year}", count)


def _acknowledge(actor: Any, kind: str, year: int) -> None:
    """Every unit has acknowledged what was served."""
    rows = Served.objects.filter(kind=kind, acknowledged_at=None, round__set__year=year)
    count = rows.update(acknowledged_at=_moment(year + 1, 5, 9), no_objection=False)
    _bulk(actor, f"measure.served/{kind}{year}", count)


def _file_targets(actor: Any, release: Release) -> None:
    """A little better than the year before, towards the goalpost."""
    set_ = release.assessment.round.set
    leaves = {leaf.code: leaf for leaf in Indicator.objects.filter(set=set_, code__in=TARGETED)}
    rows = Observation.objects.filter(
        round__set__year=set_.year - 1, indicator__code__in=leaves, value__isnull=False, unit__assessed=True
    )
    filed = _moment(set_.year, 3, 10)
    made = [
        TownTarget(
            indicator=leaves[code],
            unit_id=unit,
            value=round(value + 0.05 * ((leaves[code].target or value) - value), 1),
            filed_at=filed,
        )
        for unit, code, value in rows.order_by().values_list("unit_id", "indicator__code", "value")
    ]
    TownTarget.objects.bulk_create(made, batch_size=2000)
    _bulk(actor, f"measure.towntarget/{set_.year}", len(made))


def _self_evaluations(actor: Any, release: Release, seed: int) -> None:
    """Own scores lie a little above the computed ones; a few units see themselves much better."""
    made = release.assessment
    year = made.round.set.year
    assess.call_self_evaluations(actor, made.round)
    rng = stream(seed, "self_evaluation", year=year)
    scores = NodeScore.objects.filter(card__assessment=made, score__isnull=False).order_by()
    computed = {(unit, node): score for unit, node, score in scores.values_list("card__unit_id", "node", "score")}
    items = list(SelfItem.objects.filter(evaluation__round=made.round).select_related("evaluation").order_by("pk"))
    kind = {pk: rng.choice([2.0, 2.0, 2.0, 18.0]) for pk in sorted({item.evaluation_id for item in items})}
    for item, noise in zip(items, rng.normal(0, 2.5, len(items)), strict=True):
        score = computed.get((item.evaluation.unit_id, item.node), 60.0)
        item.score = float(np.clip(np.rint(score + kind[item.evaluation_id] + noise), 0, 100))
        item.words = WORDS
    SelfItem.objects.bulk_update(items, ["score", "words"], batch_size=500)
    SelfEvaluation.objects.filter(round=made.round).update(
        status=SelfEvaluation.Status.ACCEPTED,
        due_on=date(year + 1, 3, 15),
        submitted_at=_moment(year + 1, 3, 11),
        accepted_at=_moment(year + 1, 3, 25),
        signatory="主要负责人（演示）",
        **SUMMARY,
    )
    _bulk(actor, f"assess.selfevaluation/{year}", len(items))


def _site_checks(actor: Any, release: Release) -> None:
    """Three units by risk and three by lot; nearly everything is confirmed, some evidence is missing."""
    round_ = release.assessment.round
    source = "公开开奖号码（演示）"
    plan = assess.plan_site_check(actor, round_, SEEDS[round_.set.year], source, values_each=5)
    checkers = [Person.objects.get(demo_role=role) for role in (Role.INSPECTOR, Role.REVIEWER)]
    for visit in assess.draw_site_check(actor, plan, checkers):
        assess.start_visit(actor, visit, date(round_.set.year + 1, 3, 28))
        for number, finding in enumerate(visit.findings.order_by("ticket")):
            lacking = number == 0 and visit.ticket < "6"
            result = SiteFinding.Result.NO_EVIDENCE if lacking else SiteFinding.Result.CONFIRMED
            words = "未见原始凭证（演示）" if lacking else "与台账一致（演示）"
            assess.record_finding(actor, finding, result, words)
        visit = assess.sign_visit(actor, visit, "分管负责人（演示）")
        for finding in visit.findings.exclude(result=SiteFinding.Result.CONFIRMED):
            assess.settle_finding(actor, finding, "已补交凭证，数值维持（演示）")
        assess.conclude_visit(actor, visit)


def _open_rectifications(actor: Any, release: Release) -> None:
    """Opened with the notice of their year, due by its autumn."""
    round_ = release.assessment.round
    year = round_.set.year
    assess.open_rectifications(actor, release)
    rows = Rectification.objects.filter(round=round_)
    count = rows.update(opened_on=date(year + 1, 5, 6), due_on=date(year + 1, 9, 30))
    _bulk(actor, f"assess.rectification/{year}/terms", count)


def _notice(actor: Any, release: Release) -> None:
    year = release.assessment.round.set.year
    made = assess.draft_notice(actor, release)
    assess.issue_notice(actor, made, f"云汀质领办〔{year + 1}〕演6号", date(year + 1, 5, 6))
    _acknowledge(actor, Served.Kind.NOTICE, year)


def _serve_late(actor: Any, release: Release) -> None:
    """The last notice reaches the town of the demo's officer today, so that there is something to acknowledge."""
    units = list(Unit.objects.filter(government__people__demo_role=Role.TOWN_OFFICER))
    round_, notice = release.assessment.round, release.notices.get()
    today = timezone.localdate()
    told = {"method": Served.Method.ELECTRONIC, "served_on": today, "proof": "", "kind": Served.Kind.NOTICE}
    measure.serve(actor, round_, name_of(notice), units, **told)


def _close_all(actor: Any, release: Release) -> None:
    """An earlier year: planned, reported, checked and closed by its autumn."""
    year = release.assessment.round.set.year
    rows = Rectification.objects.filter(round=release.assessment.round)
    _close(actor, list(rows.values_list("pk", flat=True)), year)


def _close(actor: Any, keys: list[int], year: int) -> None:
    """Write closed rectifications in bulk, with results that reach what was required."""
    RectificationItem.objects.filter(rectification__in=keys).update(
        result=F("required"),
        result_words="已达到要求（演示）",
        fulfilled=True,
        check_words="核对记录属实（演示）",
        checked_at=_moment(year + 1, 9, 20),
    )
    Rectification.objects.filter(pk__in=keys).update(
        status=Rectification.Status.CLOSED,
        opened_on=date(year + 1, 5, 6),
        due_on=date(year + 1, 9, 30),
        plan=PLAN,
        report="各项措施已落实（演示）",
        reported_at=_moment(year + 1, 9, 15),
        closed_on=date(year + 1, 9, 28),
    )
    _bulk(actor, f"assess.rectification/{year}", len(keys))


def _rectify(actor: Any, release: Release) -> None:
    """The last year: nearly all are closed, one is overdue, one waits for its check, one came back, one runs."""
    round_ = release.assessment.round
    mine = Unit.objects.filter(government__people__demo_role=Role.TOWN_OFFICER)
    rows = Rectification.objects.filter(round=round_)
    others = list(rows.exclude(unit__in=mine).order_by("unit__code"))
    for row, stage in zip(others, (_overdue, _reported, _returned, _planned), strict=False):
        stage(actor, row)
    _close(actor, [row.pk for row in others[4:]], round_.set.year)
    _own_rectification(actor, round_)


def _own_rectification(actor: Any, round_: CollectionRound) -> None:
    """The town whose officer plays in the demo has one too: chosen by the office where its grade asks for none."""
    unit = Unit.objects.filter(government__people__demo_role=Role.TOWN_OFFICER).first()
    if unit is None:
        return
    if row := Rectification.objects.filter(round=round_, unit=unit).first():
        _extend(actor, row)
        return
    item = assess.Item("部分数据截止后才报送，佐证未随报（演示）", "", None, str(round_.set.year + 1))
    assess.open_rectification(actor, round_, unit, [item])


def _extend(actor: Any, row: Rectification) -> Rectification:
    later = add_days(timezone.localdate(), TERM, "working").due
    return assess.extend_rectification(actor, row, later, "补报数据后一并整改（演示）")


def _planned(actor: Any, row: Rectification) -> Rectification:
    row = _extend(actor, row)
    return assess.plan_rectification(actor, row, PLAN)


def _overdue(actor: Any, row: Rectification) -> None:
    assess.plan_rectification(actor, row, PLAN)
    due = timezone.localdate() - timedelta(days=12)
    Rectification.objects.filter(pk=row.pk).update(due_on=due)
    record(actor, "demo.set_term", row, {"due_on": due})


def _reported(actor: Any, row: Rectification) -> None:
    """The first item is of the department that plays in the demo, so that its desk has something to check."""
    department = Person.objects.get(demo_role=Role.DEPARTMENT).organisation
    row.items.filter(pk=row.items.values_list("pk", flat=True).first()).update(owner=department)
    _planned(actor, row)
    assess.attach_rectification(actor, row, "整改佐证（演示）.txt", [PAPER])
    results = {item.pk: (item.required, "已按方案落实（演示）") for item in row.items.all()}
    assess.report_rectification(actor, row, "各项措施已落实（演示）", results)


def _returned(actor: Any, row: Rectification) -> None:
    _reported(actor, row)
    assess.return_rectification(actor, row, "第一项佐证不足，请补充（演示）")


def remarks_of(made: Any) -> dict[str, str]:
    """Return the words of the leading group on the first and on the vetoed units of a run."""
    cards = ScoreCard.objects.filter(assessment=made).select_related("unit")
    found = {card.unit.code: "继续发挥示范作用（演示）" for card in cards.filter(rank=1)}
    return found | {card.unit.code: "落实主体责任，限期整改（演示）" for card in cards.exclude(veto="")}

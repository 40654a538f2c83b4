"""What is under way in the synthetic city: the next set is consulted, the late towns are evaluated and checked."""

from __future__ import annotations

from datetime import date
from typing import Any

from qualipolis.city.assess import service as assess
from qualipolis.city.assess.models import SelfEvaluation, SiteFinding
from qualipolis.city.core.ledger import record
from qualipolis.city.core.models import Person
from qualipolis.city.core.roles import Role
from qualipolis.city.measure import service as measure
from qualipolis.city.measure.models import CollectionRound, IndicatorSet, Observation, Statistic
from qualipolis.demo.generate import CityTables
from qualipolis.demo.scale import YEARS

COMMENTS = (
    (Role.DEPARTMENT, "PQ04", "后处理时限的起算口径建议写明以文书送达为准（演示）"),
    (Role.REVIEWER, "MB04", "卓越绩效自评企业数建议按规上企业数折算（演示）"),
    (Role.TOWN_OFFICER, "NI13", "财政投入口径建议剔除一次性基建支出（演示）"),
    (Role.TOWN_OFFICER, "", "希望权重保持稳定，便于镇街逐年比较（演示）"),
)


def begin_next_year(actor: Any) -> IndicatorSet:
    """Send the next year's set out for comments: two are answered, two wait for their answer."""
    made = measure.consult(actor, measure.create_set(actor, None, YEARS[-1] + 1))
    for number, (role, node, text) in enumerate(COMMENTS):
        row = measure.comment(Person.objects.get(demo_role=role), made, text, node)
        if number == 0:
            measure.answer_comment(actor, row, "adopted", "已在口径说明中写明（演示）")
        elif number == 1:
            measure.answer_comment(actor, row, "partly", "先作为参考指标试算一年（演示）")
    return made


def evaluate_latecomers(actor: Any, tables: CityTables) -> None:
    """The two late units: the self-evaluation of one came back, that of the other waits for the office."""
    found = CollectionRound.objects.get(period=str(YEARS[-1]))
    first, second = tables.truth.planted["late"]
    rows = SelfEvaluation.objects.filter(round=found, unit__code__in=(first, second))
    rows.update(status=SelfEvaluation.Status.SUBMITTED, accepted_at=None)
    record(actor, "demo.load", f"assess.selfevaluation/{YEARS[-1]}/late", {"rows": 2, "synthetic": True})
    assess.return_self_evaluation(actor, rows.get(unit__code=first), "补报数据后请重新自评，并补充佐证（演示）")


def check_latecomers(actor: Any, tables: CityTables) -> None:
    """A supplementary check of the reopened values: one gave a different value, the rest is still to be looked at."""
    found = CollectionRound.objects.get(period=str(YEARS[-1]))
    plan = assess.plan_site_check(
        actor, found, "22098 6 6 0 2 7", "公开开奖号码（演示）", by_risk=1, at_random=1, values_each=4
    )
    checkers = [Person.objects.get(demo_role=role) for role in (Role.INSPECTOR, Role.REVIEWER)]
    visits = assess.draw_site_check(actor, plan, checkers)
    assess.start_visit(actor, visits[0])
    rows = visits[0].findings.select_related("observation").order_by("pk")
    for number, finding in enumerate(rows[:2]):
        seen = finding.observation
        if number:
            assess.record_finding(actor, finding, SiteFinding.Result.CONFIRMED, "与台账一致（演示）")
        else:
            _different(actor, finding, seen)


def _different(actor: Any, finding: SiteFinding, seen: Observation) -> None:
    """Found a little lower than reported, in the parts the indicator is made of."""
    parts = {"denominator": seen.denominator}
    if seen.numerator is not None:
        parts["numerator"] = float(round(seen.numerator * 0.96))
    else:
        parts["value"] = round((seen.value or 0.0) * 0.96, 2)
    words = "台账合计少于填报数（演示）"
    assess.record_finding(actor, finding, SiteFinding.Result.DIFFERENT, words, **parts)


def note_what_came_late(actor: Any) -> None:
    """One value of a locked year that came late, and one denominator that its source has revised."""
    year = YEARS[-2]
    rows = Observation.objects.filter(round__set__year=year, indicator__code="NI13", value__isnull=False)
    seen = rows.order_by("unit__code").first()
    if seen is not None and seen.numerator is not None:
        measure.note_late_value(
            actor,
            seen,
            date(year + 1, 6, 15),
            "财政局补充来函（演示）",
            numerator=seen.numerator + 40,
            denominator=seen.denominator,
        )
    revised = Statistic.objects.filter(year=year, key="employees").order_by("unit__code").first()
    if revised is not None:
        source = "统计局年报修订（演示）"
        measure.revise_statistic(actor, revised, float(round(revised.value * 1.04)), source, date(year + 1, 10, 20))

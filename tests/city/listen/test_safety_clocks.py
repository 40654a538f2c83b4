"""The duty clocks from the ledger, the effect of a recall with its interval, what waits for whom, and the lists."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.core.exceptions import PermissionDenied
from django.utils import timezone
from tests.city.listen.cast import Cast

from qualipolis.city.core.listings import LISTINGS
from qualipolis.city.core.undo import open_for
from qualipolis.city.core.undo import undo as take_back
from qualipolis.city.listen import service
from qualipolis.city.listen.models import Incident, PublicWarning, Recall, SafetyProduct
from qualipolis.city.listen.safety import clocks, queries
from qualipolis.city.listen.safety.effect import effect_of
from qualipolis.city.listen.work import work
from qualipolis.methods.problems import InputError

PLAN: dict[str, Any] = {"measure": "免费更换", "told_how": "公告与短信", "batches": "A1-A9"}
TEXT = {"title_zh": "慎用暖示牌电暖器", "products": "NQ-200", "hazard": "过热可致烫伤", "advice": "停止使用"}


def on(words: str) -> Any:
    return time_machine.travel(datetime.fromisoformat(f"{words}T04:00:00+00:00"), tick=False)


def incident(cast: Cast, harm: int | None = 3, **more: Any) -> Incident:
    return service.report_incident(
        cast["inspector"], "hospital", enterprise=cast.firm, narrative="烫伤", harm=harm, **more
    )


def recall(cast: Cast) -> Recall:
    product = service.name_product(cast["enterprise"], name="电暖器", brand="暖示", model="NQ-200")
    row = service.note_recall_clue(cast["enterprise"], product, "客户反映过热", enterprise=cast.firm)
    return service.declare_defect(cast["enterprise"], row, "温控器失效")


def states(found: list[clocks.Clock], today: date) -> list[tuple[str, str]]:
    return [(one.rule, one.state(today)) for one in found]


def test_the_firms_clock_runs_from_the_day_it_learned(cast: Cast) -> None:
    with on("2026-03-02"):
        row = incident(cast)
        service.note_firm_report(cast["inspector"], row, None, date(2026, 3, 2))
    row.refresh_from_db()
    assert row.firm_due_on == date(2026, 3, 4)
    with on("2026-03-05"):
        today = timezone.localdate()
        found = clocks.of_incidents([row])[row.pk]
        assert states(found, today) == [("recall.firm_report", "overdue"), ("incident.verification", "overdue")]
        service.note_firm_report(cast["inspector"], row, today)
        row.refresh_from_db()
        assert clocks.of_incidents([row])[row.pk][0].state(today) == "late"


def test_only_a_serious_incident_has_the_clock_upward(cast: Cast) -> None:
    with on("2026-03-02"):
        serious, slight = incident(cast), incident(cast, harm=1)
        for row in (serious, slight):
            service.verify_incident(cast["inspector"], row)
    with on("2026-03-03"):
        service.report_upward(cast["inspector"], serious, "省局", "1号")
        serious.refresh_from_db()
        slight.refresh_from_db()
        found, today = clocks.of_incidents([serious, slight]), timezone.localdate()
    kept = [("incident.verification", "kept"), ("incident.upward", "kept")]
    assert states(found[serious.pk], today) == kept and states(found[slight.pk], today) == kept[:1]


def test_harm_that_turns_out_serious_later_starts_the_clock_upward(cast: Cast) -> None:
    row = service.verify_incident(cast["inspector"], incident(cast, harm=1))
    assert row.due_on is None
    row = service.grade_incident(cast["inspector"], row, 4)
    assert row.due_on is not None and any(one.verb == "listen.report_upward" for one in work(cast["inspector"]))
    assert service.grade_incident(cast["inspector"], row, 2).due_on is None


def test_a_day_before_the_rule_was_in_force_starts_no_clock(cast: Cast) -> None:
    row = incident(cast, learned_on=date(2019, 5, 6))
    assert row.firm_due_on is None and row.learned_on == date(2019, 5, 6)


def test_the_clocks_of_a_recall_and_one_that_was_taken_back(cast: Cast) -> None:
    with on("2026-03-02"):
        row = recall(cast)
        service.file_recall_plan(cast["enterprise"], row, units=10, until=date(2026, 3, 31), **PLAN)
        take_back(cast["enterprise"], open_for(cast["enterprise"]))
        row.refresh_from_db()
        assert [one.rule for one in clocks.of_recalls([row])[row.pk]] == ["recall.plan"]
        service.file_recall_plan(cast["enterprise"], row, units=10, until=date(2026, 3, 31), **PLAN)
        service.announce_recall(cast["inspector"], row)
    with on("2026-04-02"):
        service.report_recall_progress(cast["enterprise"], row, date(2026, 4, 1), 4)
        row.refresh_from_db()
        found, today = clocks.of_recalls([row])[row.pk], timezone.localdate()
    assert states(found, today) == [
        ("recall.plan", "kept"), ("recall.announce", "kept"), ("recall.progress", "late"),
        ("recall.progress", "running"), ("recall.summary", "running"),
    ]  # fmt: skip
    assert found[3].started_on == date(2026, 4, 1) and found[3].due == date(2026, 5, 6)  # 1 to 5 May are holidays


def test_the_effect_has_a_rate_of_all_and_an_exact_interval_of_the_sample(cast: Cast) -> None:
    row = recall(cast)
    assert effect_of(row).rate is None and effect_of(row).share is None
    row.units, row.corrected, row.sampled, row.sampled_reached = 500, 480, 30, 0
    found = effect_of(row)
    assert found.rate == 0.96 and found.share == 0 and found.low == 0
    assert found.high == pytest.approx(0.1157, abs=1e-4)  # Clopper and Pearson, 0 of 30


def test_a_plan_does_not_fall_below_what_is_corrected(cast: Cast) -> None:
    row = recall(cast)
    Recall.objects.filter(pk=row.pk).update(corrected=6, status="ordered_again")
    with pytest.raises(InputError) as refusal:
        service.file_recall_plan(cast["enterprise"], row, units=5, until=timezone.localdate(), **PLAN)
    assert [one.code for one in refusal.value.problems] == ["fewer"]


def test_a_product_is_found_again_by_its_marks(cast: Cast) -> None:
    first = service.name_product(cast["enterprise"], name="电暖器", brand="暖示", model="NQ-200")
    assert service.name_product(cast["enterprise"], name="电暖器", brand="暖示", model="nq-200") == first
    assert service.name_product(cast["other_enterprise"], name="电暖器", brand="暖示", model="NQ-200") != first
    with pytest.raises(InputError):
        service.name_product(cast["enterprise"], name=" ", barcode="6901234567890")
    with pytest.raises(PermissionDenied):
        service.name_product(cast["planner"], name="电暖器")
    assert SafetyProduct.objects.count() == 2


def verbs(person: Any) -> list[str]:
    return [one.verb for one in work(person)]


def test_what_waits_follows_the_way_of_a_recall(cast: Cast) -> None:
    row = recall(cast)
    assert verbs(cast["enterprise"]) == ["listen.file_recall_plan"] and not verbs(cast["other_enterprise"])
    assert "listen.order_recall" not in verbs(cast["inspector"])
    Recall.objects.filter(pk=row.pk).update(due_on=timezone.localdate() - timedelta(days=1))
    assert "listen.order_recall" in verbs(cast["inspector"])
    service.file_recall_plan(cast["enterprise"], row, units=10, until=timezone.localdate(), **PLAN)
    assert not verbs(cast["enterprise"]) and "listen.announce_recall" in verbs(cast["department"])
    service.announce_recall(cast["inspector"], row)
    assert verbs(cast["enterprise"]) == ["listen.report_recall_progress"]


def test_an_incident_waits_for_the_desk_and_a_warning_for_who_did_not_write_it(cast: Cast) -> None:
    incident(cast)
    assert verbs(cast["complaint_desk"]) == ["listen.verify_incident"]
    row = service.draft_warning(cast["inspector"], **TEXT)
    assert "listen.hand_in_warning" in verbs(cast["inspector"]) and not verbs(cast["leader"])
    service.hand_in_warning(cast["inspector"], row)
    assert verbs(cast["leader"]) == verbs(cast["planner"]) == ["listen.publish_warning"]
    PublicWarning.objects.filter(pk=row.pk).update(written_by=cast["leader"])
    assert not verbs(cast["leader"])


def test_the_versions_of_a_warning_are_those_that_were_published(cast: Cast) -> None:
    first = service.draft_warning(cast["inspector"], **TEXT)
    service.hand_in_warning(cast["inspector"], first)
    service.publish_warning(cast["leader"], first)
    second = service.draft_warning(cast["inspector"], first, **TEXT)
    assert queries.published_warning(second.number) is None
    assert queries.versions_of(queries.published_warning(first.number)) == [first]
    service.hand_in_warning(cast["inspector"], second)
    service.publish_warning(cast["leader"], second)
    assert queries.versions_of(queries.published_warning(first.number)) == [first, second]


@pytest.mark.parametrize("name", ["listen-incidents", "listen-recalls", "listen-warnings", "listen-duty-clocks"])
@pytest.mark.parametrize("show", ["", "late", "over", "no such thing"])
def test_the_lists_can_be_taken_along_and_say_nothing_of_people(cast: Cast, name: str, show: str) -> None:
    incident(cast)
    recall(cast)
    service.draft_warning(cast["inspector"], **TEXT)
    found = LISTINGS[name].frame(cast["inspector"], {"show": show, "q": ""})
    assert found.height == {"": {"listen-duty-clocks": 2}.get(name, 1)}.get(show, found.height)
    assert "烫伤" not in str(found.rows()) or name == "listen-warnings"
    if show == "over" and name != "listen-duty-clocks":
        assert found.height == 0

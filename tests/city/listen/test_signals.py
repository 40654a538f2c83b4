"""The weekly look over all series: what grows is raised once, a person decides, and proposals go to their rooms."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone
from tests.city.listen.cast import Cast

from qualipolis.city.core.models import Event
from qualipolis.city.core.policy import visible
from qualipolis.city.listen import service
from qualipolis.city.listen.models import Alert, Letter, Proposal, Signal, SignalRun
from qualipolis.city.listen.signals.hearing import local_records
from qualipolis.city.listen.signals.running import monday_of, sweep_signals
from qualipolis.city.registry.models import Product
from qualipolis.methods.problems import InputError

WEEK = timedelta(days=7)
CLASSES = (("children_wear", "formaldehyde"), ("heater", "burn"), ("toy", "small_parts"), ("lamp", "shock"))


def last_week() -> date:
    return monday_of(timezone.localdate()) - WEEK


def letters(cast: Cast, weeks: int = 40, burst: int = 0, seed: int = 4) -> None:
    """Make letters of many weeks; the heater's burns come in a burst in the last week."""
    chance, rows = np.random.default_rng(seed), []
    for back in range(weeks):
        day = last_week() - back * WEEK + timedelta(days=2)
        for product, hazard in CLASSES:
            n = int(chance.poisson(1.0)) + (burst if back == 0 and product == "heater" else 0)
            rows += [(day, product, hazard)] * n
    Letter.objects.bulk_create(
        Letter(
            number=f"S{n}", received_on=day, product_class=product, hazard=hazard, unit=cast.unit,
            respondent_name="x", facts="x",
        )
        for n, (day, product, hazard) in enumerate(rows)
    )  # fmt: skip


def codes(refusal: pytest.ExceptionInfo[InputError]) -> list[str]:
    return [one.code for one in refusal.value.problems]


def test_a_burst_is_raised_once_and_a_quiet_week_raises_nothing(cast: Cast) -> None:
    letters(cast, burst=14)
    run = service.hear(cast["department"], last_week())
    raised = Signal.objects.filter(run=run)
    assert run.raised == raised.count() > 0 and run.series >= 8
    assert {row.product_class for row in raised} <= {"heater", ""}
    best = raised.filter(product_class="heater", hazard="burn").order_by("q_value").first()
    assert best is not None and best.q_value is not None and best.q_value < 0.05 and best.count >= 14 and best.evidence
    with pytest.raises(InputError) as refusal:
        service.hear(cast["department"], last_week())
    assert codes(refusal) == ["week_done"]
    before = service.hear(cast["department"], last_week() - WEEK)
    assert before.raised == 0


def test_a_week_is_judged_by_what_came_until_its_end(cast: Cast) -> None:
    letters(cast, burst=14)
    earlier = last_week() - WEEK
    assert service.hear(cast["department"], earlier).raised == 0
    assert max(one.day for one in local_records(earlier + timedelta(days=6))) <= earlier + timedelta(days=6)


def test_it_refuses_a_running_week_no_monday_and_too_little(cast: Cast) -> None:
    letters(cast, weeks=6)
    for day, wrong in (
        (monday_of(timezone.localdate()), "week_running"),
        (last_week() + timedelta(days=1), "no_monday"),
        (last_week(), "too_short"),
    ):
        with pytest.raises(InputError) as refusal:
            service.hear(cast["department"], day)
        assert codes(refusal)[0] == wrong
    assert sweep_signals(timezone.now()) == 0 and not SignalRun.objects.exists()


def test_the_sweep_looks_at_the_last_week_once(cast: Cast) -> None:
    letters(cast, burst=14)
    assert sweep_signals(timezone.now()) > 0
    assert sweep_signals(timezone.now()) == 0
    assert SignalRun.objects.get().week == last_week()


def signal(cast: Cast, **more: object) -> Signal:
    values = {"number": f"SG{Signal.objects.count()}", "kind": "series", "key": "k", "week": last_week(), "count": 9}
    return Signal.objects.create(product_class="heater", hazard="burn", unit=cast.unit, **values | more)


def test_a_person_looks_proposes_and_another_room_decides(cast: Cast) -> None:
    row = signal(cast)
    with pytest.raises(InputError):
        service.propose(cast["department"], row, "sample", "抽查")  # nobody has looked yet
    service.look_at_signal(cast["department"], row)
    made = service.propose(cast["department"], row, "sample", "十四件投诉集中在一种电暖器，建议专项抽查")
    with pytest.raises(InputError) as refusal:
        service.propose(cast["department"], row, "sample", "再提一次")
    assert codes(refusal) == ["twice"]
    for who in ("department", "hospital_desk"):
        with pytest.raises(PermissionDenied):
            service.take_up_proposal(cast[who], made, "2026-C1")
    with pytest.raises(InputError) as refusal:
        service.confirm_signal(cast["department"], row, "属实")
    assert codes(refusal) == ["open_proposals"]
    assert service.take_up_proposal(cast["planner"], made, "2026-C1").became == "2026-C1"
    row.refresh_from_db()
    assert row.status == "acted"
    assert service.confirm_signal(cast["department"], row, "抽查发现同批不合格").status == "confirmed"


def test_the_hospital_sees_what_addresses_it_alone(cast: Cast) -> None:
    row = signal(cast)
    service.look_at_signal(cast["department"], row)
    service.propose(cast["department"], row, "sample", "抽查")
    assert not visible(cast["hospital_desk"], Proposal.objects.all()).exists()
    assert not visible(cast["hospital_desk"], Signal.objects.all()).exists()
    made = service.propose(cast["department"], row, "hospital", "会诊")
    assert list(visible(cast["hospital_desk"], Proposal.objects.all())) == [made]
    assert service.decline_proposal(cast["hospital_desk"], made, "企业已自行登记").status == "declined"
    for who in ("enterprise", "laboratory", "mediator", "town_officer"):
        assert not visible(cast[who], Signal.objects.all()).exists()


def test_what_was_found_to_be_nothing_comes_back_only_when_it_grows(cast: Cast) -> None:
    letters(cast, burst=14)
    earlier = last_week() - WEEK
    service.hear(cast["department"], last_week())
    row = Signal.objects.filter(product_class="heater", hazard="burn").order_by("q_value").first()
    assert row is not None
    service.dismiss_signal(cast["department"], row, "同一人重复来信")
    Signal.objects.update(run=None)
    SignalRun.objects.all().delete()
    service.hear(cast["department"], last_week())
    row.refresh_from_db()
    assert row.status == "dismissed" and earlier < row.week
    Letter.objects.bulk_create(
        Letter(
            number=f"G{n}", received_on=last_week() + timedelta(days=3), product_class="heater", hazard="burn",
            unit=cast.unit, respondent_name="x", facts="x",
        )
        for n in range(10)
    )  # fmt: skip
    Signal.objects.update(run=None)
    SignalRun.objects.all().delete()
    service.hear(cast["department"], last_week())
    row.refresh_from_db()
    assert row.status == "raised"


def test_an_alert_elsewhere_about_what_is_made_here_is_a_signal(cast: Cast) -> None:
    letters(cast)
    made_here = "toys made here"
    Product.objects.create(enterprise=cast.firm, category=made_here, name_zh="玩具")
    for n, product in enumerate((made_here, "submarine")):
        Alert.objects.create(
            source="示例", reference=f"A{n}", alerted_on=last_week() + timedelta(days=1), product="x",
            product_class=product, hazards=["choking"],
        )  # fmt: skip
    service.hear(cast["department"], last_week())
    found = Signal.objects.filter(kind="abroad")
    assert [row.product_class for row in found] == [made_here]
    assert found.get().q_value is None and found.get().hazard == "choking"


def test_the_ledger_keeps_numbers_of_signals_alone(cast: Cast) -> None:
    row = signal(cast)
    service.look_at_signal(cast["department"], row)
    service.propose(cast["department"], row, "warning", "提醒停用")
    said = " ".join(Event.objects.values_list("payload", flat=True))
    assert "提醒停用" not in said and "heater" not in said

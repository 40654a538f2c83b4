"""The hard rules through time: scope on each day, certificates that lapse on the way, campaigns before and after an order."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import pytest
import time_machine
from django.utils import timezone
from tests.city.nqi.cast import CATEGORY, Cast
from tests.city.nqi.service_steps import LINES, file, signatory
from tests.city.supervise.cast import make_campaign, make_sample, make_task

from qualipolis.city.core.subscriptions import tell
from qualipolis.city.core.sweeps import run_sweeps
from qualipolis.city.nqi import service
from qualipolis.city.nqi.models import Demand, Order, Quote
from qualipolis.city.registry.models import Qualification, QualificationPause
from qualipolis.methods.problems import InputError


def on(words: str) -> Any:
    return time_machine.travel(datetime.fromisoformat(f"{words}T01:00:00+00:00"), tick=False)


def again(row: Any) -> Any:
    return type(row).objects.get(pk=row.pk)


def sweep() -> None:
    """Run everything that runs by itself; nothing of it may fail."""
    done = run_sweeps(timezone.now())
    assert not isinstance(done["nqi.services"], Exception), done["nqi.services"]


def codes(call: Any) -> list[str]:
    with pytest.raises(InputError) as refusal:
        call()
    return [one.code for one in refusal.value.problems]


def matched(cast: Cast) -> Demand:
    """A demand of the firm for which both laboratories are asked."""
    row = service.file_demand(cast["enterprise"], cast.firm, "童装出口检测")
    service.accept_demand(cast["steward"], row)
    service.triage_demand(cast["steward"], row, "testing", product_class=CATEGORY, lines=LINES)
    return service.invite_institutions(cast["steward"], row, [cast.laboratory, cast.other_laboratory])


def quoted(cast: Cast) -> Demand:
    row = matched(cast)
    for quote in row.quotes.select_related("institution"):
        who = cast["laboratory"] if quote.institution == cast.laboratory else cast["other_laboratory"]
        prices = {line.pk: 100 for line in row.lines.all()}
        service.give_quote(who, quote, prices, 5, date(2026, 12, 31))
    return again(row)


def of(row: Demand, institution: Any) -> Quote:
    return row.quotes.get(institution=institution)


def ordered(cast: Cast) -> Order:
    row = quoted(cast)
    return service.place_order(cast["enterprise"], row, {of(row, cast.laboratory): []})[0]


def begun(cast: Cast) -> Order:
    order = ordered(cast)
    service.confirm_order(cast["laboratory"], order)
    service.receive_sample(cast["laboratory"], order, "童装", "3件", "完好")
    return service.begin_order(cast["laboratory"], order)


def handed_in(cast: Cast, order: Order) -> Any:
    today = timezone.localdate()
    signatory(cast.laboratory)
    items = [{"line": line.position, "standard": line.standard} for line in order.lines.all()]
    return service.hand_in_report(
        cast["laboratory"], order, "BG-1", today, today, "授权签字人甲", certificate="CMA-LAB1", cma_mark=True, items=items,
        file=file(),
    )  # fmt: skip


def ends_on(cast: Cast, day: date) -> None:
    Qualification.objects.filter(institution=cast.laboratory).update(valid_to=day)


def test_from_demand_to_evaluation(cast: Cast) -> None:
    with on("2026-03-02"):
        order = begun(cast)
    assert order.promised_on == date(2026, 3, 9) and order.certificates == {"1": "CMA-LAB1", "2": "CMA-LAB1"}
    with on("2026-03-06"):
        handed_in(cast, order)
        service.deliver_report(cast["laboratory"], order)
        row = again(order).demand
        service.evaluate_service(cast["enterprise"], row, 5, on_time=True, text="很快")
        service.close_demand(cast["steward"], row)
    row = again(row)
    assert (row.status, row.outcome) == ("closed", "served")
    assert {one.status for one in row.quotes.all()} == {"chosen", "not_needed"}


def test_no_quote_is_asked_for_and_no_order_placed_outside_the_scope_of_the_day(cast: Cast) -> None:
    with on("2026-03-02"):
        row = quoted(cast)
        ends_on(cast, date(2026, 3, 3))
    with on("2026-03-04"):
        wanted = {of(row, cast.laboratory): []}
        assert codes(lambda: service.place_order(cast["enterprise"], row, wanted)) == ["out_of_scope"]
        assert again(row).status == "quoted" and not Order.objects.exists()
        fresh = service.file_demand(cast["enterprise"], cast.firm, "再检一次")
        service.accept_demand(cast["steward"], fresh)
        service.triage_demand(cast["steward"], fresh, "testing", lines=LINES)
        asked = lambda: service.invite_institutions(cast["steward"], fresh, [cast.laboratory])  # noqa: E731
        assert codes(asked) == ["out_of_scope"]


def test_the_last_day_of_a_certificate_still_counts(cast: Cast) -> None:
    with on("2026-03-02"):
        row = quoted(cast)
        ends_on(cast, date(2026, 3, 3))
    with on("2026-03-03"):
        assert service.place_order(cast["enterprise"], row, {of(row, cast.laboratory): []})


def test_a_certificate_that_expires_between_order_and_report_blocks_and_offers_the_other_quotes(cast: Cast) -> None:
    with on("2026-03-02"):
        order = begun(cast)
        ends_on(cast, date(2026, 3, 5))
    with on("2026-03-05"):
        handed_in(cast, order)
    with on("2026-03-06"):
        assert codes(lambda: service.deliver_report(cast["laboratory"], order)) == ["out_of_scope"]
        sweep()
        row = again(order)
        assert (row.status, row.blocked_on, row.blocked_for) == ("blocked", date(2026, 3, 6), [1, 2])
        other = of(row.demand, cast.other_laboratory)
        assert other.status == "quoted"
        made = service.reassign_order(cast["enterprise"], row, other)
        assert made.institution == cast.other_laboratory and made.replaces == row and made.status == "placed"
        assert again(row).status == "reassigned" and again(row.quote).status == "taken_back"
        assert again(row.demand).status == "in_service"


def test_no_order_goes_to_a_quote_that_has_run_out_in_the_meantime(cast: Cast) -> None:
    with on("2026-03-02"):
        order = begun(cast)
        ends_on(cast, date(2026, 3, 5))
        Quote.objects.filter(institution=cast.other_laboratory).update(valid_until=date(2026, 3, 5))
    with on("2026-03-06"):
        sweep()
        row = again(order)
        other = of(row.demand, cast.other_laboratory)
        assert other.status == "expired"
        assert codes(lambda: service.reassign_order(cast["enterprise"], row, other)) == ["quote_over"]
        service.give_quote(
            cast["other_laboratory"], other, {line.pk: 90 for line in row.lines.all()}, 3, date(2026, 6, 1)
        )
        assert service.reassign_order(cast["enterprise"], row, again(other)).price == 180


def test_a_suspension_blocks_at_once_and_its_end_lets_the_work_go_on(cast: Cast) -> None:
    with on("2026-03-02"):
        order = begun(cast)
        held = Qualification.objects.get(institution=cast.laboratory)
        pause = QualificationPause.objects.create(qualification=held, starts_on=date(2026, 3, 3), reason="整改")
    with on("2026-03-03"):
        tell(cast["planner"], "nqi.certificate_lapsed", held)
        assert again(order).status == "blocked"
        assert codes(lambda: service.resume_order(cast["laboratory"], order)) == ["out_of_scope"]
        pause.ends_on = date(2026, 3, 4)
        pause.save()
    with on("2026-03-05"):
        assert service.resume_order(cast["laboratory"], order).status == "in_service"
        assert handed_in(cast, order).checks[1]["ok"]


def test_a_test_made_while_the_certificate_was_suspended_is_not_delivered_later(cast: Cast) -> None:
    with on("2026-03-02"):
        order = begun(cast)
        held = Qualification.objects.get(institution=cast.laboratory)
        QualificationPause.objects.create(
            qualification=held, starts_on=date(2026, 3, 3), ends_on=date(2026, 3, 3), reason="整改"
        )
    with on("2026-03-03"):
        report = handed_in(cast, order)
        failed = [one["code"] for one in report.checks if not one["ok"]]
        assert failed == ["scope_on_test", "scope_on_issue", "certificate"]
    with on("2026-03-05"):
        assert codes(lambda: service.deliver_report(cast["laboratory"], order)) == ["failed_checks"]


def test_a_campaign_that_is_running_keeps_its_laboratory_from_being_asked(cast: Cast) -> None:
    with on("2026-03-02"):
        make_campaign(cast.city)
        row = service.file_demand(cast["enterprise"], cast.firm, "童装检测")
        service.accept_demand(cast["steward"], row)
        service.triage_demand(cast["steward"], row, "testing", product_class=CATEGORY, lines=LINES)
        asked = [cast.laboratory, cast.other_laboratory]
        assert codes(lambda: service.invite_institutions(cast["steward"], row, asked)) == ["conflict"]
        assert service.invite_institutions(cast["steward"], row, asked[1:]).status == "matched"


def test_a_campaign_that_begins_after_the_quote_keeps_the_order_away_and_its_end_lets_it_through(cast: Cast) -> None:
    with on("2026-03-02"):
        row = quoted(cast)
    with on("2026-03-10"):
        campaign = make_campaign(cast.city)
        wanted = {of(row, cast.laboratory): []}
        assert codes(lambda: service.place_order(cast["enterprise"], row, wanted)) == ["conflict"]
    with on("2026-06-01"):
        campaign.status = "settled"
        campaign.save()
        assert service.place_order(cast["enterprise"], row, wanted)


def test_a_campaign_that_begins_after_the_order_keeps_the_work_from_beginning(cast: Cast) -> None:
    with on("2026-03-02"):
        order = ordered(cast)
    with on("2026-03-03"):
        make_campaign(cast.city)
        assert codes(lambda: service.confirm_order(cast["laboratory"], order)) == ["conflict"]
        row = service.refuse_order(cast["laboratory"], order, "承担监督抽查任务")
        assert row.status == "cancelled" and again(row.demand).status == "quoted"


def test_a_sample_of_the_firm_on_the_bench_is_a_conflict_even_after_its_campaign_moved_on(cast: Cast) -> None:
    with on("2026-03-02"):
        campaign = make_campaign(cast.city, status="settled")
        make_sample(cast.city, make_task(cast.city, campaign, status="sampled"), status="testing")
        row = service.file_demand(cast["enterprise"], cast.firm, "童装检测")
        service.accept_demand(cast["steward"], row)
        service.triage_demand(cast["steward"], row, "testing", product_class=CATEGORY, lines=LINES)
        assert codes(lambda: service.invite_institutions(cast["steward"], row, [cast.laboratory])) == ["conflict"]
        other = service.file_demand(cast["other_enterprise"], cast.other_firm, "童装检测")
        service.accept_demand(cast["steward_elsewhere"], other)
        service.triage_demand(cast["steward_elsewhere"], other, "testing", product_class=CATEGORY, lines=LINES)
        assert service.invite_institutions(cast["steward_elsewhere"], other, [cast.laboratory]).status == "matched"


def test_what_nobody_does_in_time_runs_out_by_itself_and_twice_is_as_once(cast: Cast) -> None:
    with on("2026-03-02"):
        row = matched(cast)
        assert again(row).due_on == date(2026, 3, 5)
    with on("2026-03-06"):
        sweep()
        sweep()
        assert {one.status for one in row.quotes.all()} == {"lapsed"} and again(row).status == "matched"
    with on("2026-03-09"):
        late = of(row, cast.laboratory)
        service.give_quote(cast["laboratory"], late, {line.pk: 90 for line in row.lines.all()}, 3, date(2026, 4, 20))
        assert again(row).status == "quoted"
    with on("2026-04-21"):
        sweep()
        assert again(late).status == "expired" and again(row).status == "matched"

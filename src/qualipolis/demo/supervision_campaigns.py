"""One campaign in each stage of its life, taken there by the verbs that a city uses, day by day until today."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from django.utils import timezone

from qualipolis.city.registry.models import Unit
from qualipolis.city.supervise.aftermath import handling as cases
from qualipolis.city.supervise.aftermath import meetings, penalties, publications, transfers
from qualipolis.city.supervise.models import AreaTransfer, Campaign, HandlingCase, Result
from qualipolis.city.supervise.planning import campaigns, plans
from qualipolis.city.supervise.results import ends as result_ends
from qualipolis.city.supervise.results import objections, rechecks
from qualipolis.city.supervise.results.sweep import finalise_due
from qualipolis.demo import supervision_draws as draws
from qualipolis.demo.clock import Clock, telling
from qualipolis.demo.streams import stream
from qualipolis.demo.supervision_people import Players
from qualipolis.demo.supervision_plans import Dated, adopted, closed, draft
from qualipolis.demo.supervision_story import Story
from qualipolis.demo.supervision_words import SAID

Day = tuple[int, Callable[[], Any]]
FIRST_DAY = 74
PAPER = "本文件为演示用佐证，内容为合成数据。\n".encode()


def run_campaigns(actor: Any, players: Players, seed: int) -> None:
    """Tell the story of the demo's campaigns until today."""
    today = timezone.localdate()
    with telling(date(today.year - 2, 12, 1)) as clock:
        told = _Told(actor, players, clock, seed, today.year)
        days = [*told.settled(), *told.served(), *told.tested(), *told.sampled(), *told.prepared()]
        dated = [(today - timedelta(days=ago), happens) for ago, happens in days]
        for day, happens in sorted([*_plans(players, today), *dated], key=lambda one: one[0]):
            clock.to(day)
            happens()


def _plans(players: Players, today: date) -> list[Dated]:
    """The plans of two years; the last year's is closed unless campaigns of it run on."""
    ended = today - timedelta(days=FIRST_DAY) >= date(today.year, 1, 1)
    days = [*adopted(players, today.year - 1), *adopted(players, today.year)]
    return [*days, closed(players, today.year - 1)] if ended else days


class _Told:
    """The stories, each as days: how many days ago, and what happened."""

    def __init__(self, actor: Any, players: Players, clock: Clock, seed: int, year: int) -> None:
        self.actor, self.players, self.clock, self.seed = actor, players, clock, seed
        self.year = year
        self.home = Unit.objects.get(code=_home(players))
        self.own = players.enterprise.organisation.code if players.enterprise.organisation else ""

    def story(self, category: str, place: int) -> Story:
        laboratory = self.players.recheck_laboratory if category == "无线路由器" else self.players.laboratory
        return Story(self.players, self.clock, stream(self.seed, "campaigns", place), category, laboratory)

    def opened(self, one: Story, ago: int, wanted: draws.Wanted) -> list[Day]:
        """The first week of a campaign: agreements, approval, public rules, commitment, draw, begin."""
        return [
            (ago, one.found), (ago - 1, one.approve), (ago - 2, one.publish_rules), (ago - 3, one.commit),
            (ago - 5, one.draw(wanted)), (ago - 6, one.begin),
        ]  # fmt: skip

    def settled(self) -> list[Day]:
        """Settled and published; failed results in handling, one of them reversed by order of a superior."""
        one, home = self.story("皮鞋", 1), self.home.pk
        away = _elsewhere(home)
        failing: dict[int, int] = {}

        def failed(sample: Any) -> int:
            if not failing:
                rows = [row.task for row in one.samples("testing")]
                made_here = [task for task in rows if task.form.producer_id]
                near = [task for task in made_here if task.unit_id == home][:2]
                far = [task for task in made_here if task.unit_id != home][:2]
                foreign = [task for task in rows if not task.form.producer_id]
                found = zip([*near, *far, *foreign], (4, 5, 1, 3, 2), strict=False)
                failing.update({task.pk: place for task, place in found})
            return failing.get(sample.task_id, 0)

        return [
            *self.opened(one, FIRST_DAY, draws.firms_of(self.home.code, 2)),
            (67, one.find_stock_low(which=away)), (67, one.be_refused(away)), (66, one.sample(foreign=True)),
            (65, one.end_sampling), (63, one.receive()), (58, one.measure(failed)), (56, one.report),
            (55, one.send), (54, one.serve()), (28, one.finalise),
            (28, lambda: campaigns.settle(self.players.section, one.campaign)),
            (28, lambda: publications.draft_publication(self.players.section, one.campaign)),
            (26, lambda: self.approve_publication(one.campaign)), (25, lambda: self.publish(one.campaign)),
            (25, lambda: self.order(one.campaign)), (22, lambda: self.serve_orders(one.campaign)),
            (12, lambda: self.correct(one.campaign, passed=True)), (10, lambda: self.reverse(one.campaign)),
            (20, lambda: self.tell_other_city(one.campaign)), (4, lambda: self.correct(one.campaign, passed=False)),
            (3, lambda: self.punish(one.campaign)), (2, lambda: self.meet(one.campaign)),
        ]  # fmt: skip

    def approve_publication(self, campaign: Campaign) -> None:
        row = campaign.publications.get(status="draft")
        publications.approve_publication(self.players.leader, row, f"云汀市监告〔{timezone.localdate().year}〕演1号")

    def publish(self, campaign: Campaign) -> None:
        publications.publish_results(self.players.section, campaign.publications.get(status="approved"))

    def handled(self, campaign: Campaign) -> list[HandlingCase]:
        rows = HandlingCase.objects.filter(result__sample__task__campaign=campaign).exclude(status="cancelled")
        return list(rows.select_related("unit", "handler", "result").order_by("number"))

    def handler(self, case: HandlingCase) -> Any:
        return self.players.inspector if case.unit_id == self.home.pk else self.players.planner

    def order(self, campaign: Campaign) -> None:
        for case in self.handled(campaign):
            number = f"云汀市监责改〔{timezone.localdate().year}〕演{case.number.rpartition('CL')[2]}号"
            cases.order_correction(self.handler(case), case, number)

    def serve_orders(self, campaign: Campaign) -> None:
        for case in self.handled(campaign):
            cases.serve_order(self.handler(case), case, timezone.localdate(), words="送达回证" + SAID)

    def correct(self, campaign: Campaign, *, passed: bool) -> None:
        """One firm far away corrects and passes; one near asks for its review and waits for the branch."""
        near = [case for case in self.handled(campaign) if case.unit_id == self.home.pk]
        far = [case for case in self.handled(campaign) if case.unit_id != self.home.pk]
        case = (far if passed else near)[0]
        cases.attach_correction(self.actor, case, "整改报告（演示）.txt", [PAPER])
        cases.report_correction(self.actor, case, "已更换辅料供应商，完成全批返工和员工培训" + SAID)
        if passed:
            year = timezone.localdate().year
            cases.pass_review(self.handler(case), case, f"演示复检〔{year}〕1号")
            cases.close_handling(self.handler(case), case)

    def reverse(self, campaign: Campaign) -> None:
        """A superior authority orders the last failed result to be opened again, and finds it passed."""
        running = [case for case in self.handled(campaign) if case.unit_id != self.home.pk and not case.ended]
        result = Result.objects.get(pk=running[-1].result_id)
        order, leader = f"演示省监复〔{timezone.localdate().year}〕9号", self.players.leader
        result_ends.reopen(leader, result, "上级机关行政复议决定：检验依据适用有误" + SAID, order)
        result_ends.conclude_by_order(self.players.section, result, "pass", order, "改判为未发现不合格" + SAID)

    def tell_other_city(self, campaign: Campaign) -> None:
        """Tell the authority of the city where the producer on the label has its place."""
        row = AreaTransfer.objects.get(result__sample__task__campaign=campaign)
        number = f"云汀市监移〔{timezone.localdate().year}〕演1号"
        transfers.send_transfer(self.players.section, row, "霁渚市市场监管局" + SAID, number)

    def punish(self, campaign: Campaign) -> None:
        """Decide and publish a light penalty for the firm that has passed its review."""
        case, today = next(one for one in self.handled(campaign) if one.status == "closed"), timezone.localdate()
        row = penalties.decide_penalty(
            self.players.planner,
            case,
            kind="light",
            document_no=f"云汀市监处罚〔{today.year}〕演1号",
            decided_on=today,
            words="责令停止销售，没收违法所得，处以罚款" + SAID,
        )
        penalties.publish_penalty(self.players.section, row)

    def meet(self, campaign: Campaign) -> None:
        """Hold a quality analysis meeting on what failed in the trade."""
        problem = "耐摩擦色牢度和甲醛含量不符合要求较多" + SAID
        made = meetings.call_meeting(self.players.section, campaign, timezone.localdate(), problem, "市局会议室" + SAID)
        meetings.minute_meeting(self.players.section, made, 12, "统一辅料进货查验，三个月内自查" + SAID)

    def served(self) -> list[Day]:
        """Results served: windows run, among them that of the firm a visitor plays; an objection led to a recheck."""
        one = self.story("电源适配器", 2)

        def failed(sample: Any) -> int:
            rest = [row.task_id for row in one.samples("testing") if row.task.enterprise.credit_code != self.own]
            places = dict(zip(rest[:3], (4, 2, 1), strict=False))
            return 5 if sample.task.enterprise.credit_code == self.own else places.get(sample.task_id, 0)

        return [
            *self.opened(one, 46, draws.firm(self.own)), (39, one.sample()), (36, one.end_sampling),
            (34, one.receive()), (28, one.measure(failed)), (24, one.report), (23, one.send),
            (20, one.serve(lambda result: not self.of_visitor(result))), (9, one.serve(self.of_visitor)),
            (12, lambda: self.object(one, 0, "conclusion", "送检样品与留样批次一致，要求用备用样品复检" + SAID)),
            (11, lambda: self.order_recheck(one)), (8, lambda: self.recheck_goes_on(one)),
            (5, lambda: self.object(one, 1, "process", "抽样现场封样时本企业人员不在场" + SAID)),
            (0, lambda: finalise_due(self.actor)),
        ]  # fmt: skip

    def of_visitor(self, result: Result) -> bool:
        return result.sample.task.enterprise.credit_code == self.own

    def object(self, one: Story, place: int, kind: str, words: str) -> None:
        rows = [row for row in one.results("objection_window") if row.verdict == "fail" and not self.of_visitor(row)]
        party = rows[place].services.order_by("pk")[0]
        objections.object_to(self.players.section, party, words, kind, timezone.localdate())

    def order_recheck(self, one: Story) -> None:
        row = one.results("under_objection")[0].objections.get()
        objections.accept(self.players.section, row)
        objections.order_recheck(self.players.section, row, f"演示复通〔{timezone.localdate().year}〕1号")

    def recheck_goes_on(self, one: Story) -> None:
        today, recheck = timezone.localdate(), one.results("under_recheck")[0].rechecks.get()
        recheck = rechecks.serve_notice(self.players.section, recheck, today, "送达回证" + SAID)
        rechecks.formalities(self.players.section, recheck, today)
        rechecks.designate(self.players.section, recheck, self.players.recheck_laboratory)

    def tested(self) -> list[Day]:
        """At the laboratory: some on their way, some under test, some that wait for a signature, some reported."""
        one = self.story("儿童服装", 3)

        def failed(sample: Any) -> int:
            return 4 if sample.task_id == one.samples("testing")[0].task_id else 0

        return [
            *self.opened(one, 22, draws.anyone), (14, one.sample(8)), (11, one.receive()), (7, one.measure(failed, 6)),
            (5, lambda: one.report(2)), (4, lambda: one.submit(2)), (2, one.sample()), (1, one.end_sampling),
        ]  # fmt: skip

    def sampled(self) -> list[Day]:
        """Sampling under way: the inspector whom a visitor plays has firms to go to today."""
        one, person = self.story("无线路由器", 4), self.players.inspector.pk

        def others(task: Any) -> bool:
            return not task.assignments.filter(person=person).exists()

        return [
            *self.opened(one, 14, draws.firms_of(self.home.code, 2)), (6, one.sample(3, others)),
            (4, one.find_stock_low(replace=False, which=others)), (3, one.sample(2, others)),
        ]  # fmt: skip

    def prepared(self) -> list[Day]:
        """Committed and waiting for its randomness; public and not drawn; under agreement; the next year's plan."""
        committed, public, agreed = self.story("毛针织衫", 5), self.story("工程塑料", 6), self.story("糕点", 7)
        return [
            (6, committed.found), (5, committed.approve), (4, committed.publish_rules), (1, committed.commit),
            (5, public.found), (3, public.approve), (2, public.publish_rules), (1, agreed.found),
            (8, self.next_plan),
        ]  # fmt: skip

    def next_plan(self) -> None:
        plan = draft(self.players, self.year + 1, more=1.5)
        plans.submit_plan(self.players.section, plan)


def _home(players: Players) -> str:
    office = players.inspector.organisation
    return office.code.removeprefix("AMR-") if office else ""


def _elsewhere(unit: int) -> Callable[[Any], bool]:
    return lambda task: task.unit_id != unit

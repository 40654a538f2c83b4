"""One campaign of the demo on its way: each method is what happens on one day, by the verbs that a city uses."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import numpy as np
from django.utils import timezone

from qualipolis.city.registry.models import Institution
from qualipolis.city.supervise.draws import ceremony, samplers
from qualipolis.city.supervise.field import tasks
from qualipolis.city.supervise.field import visits as field_visits
from qualipolis.city.supervise.laboratory import reports
from qualipolis.city.supervise.models import Campaign, DrawRun, Result, Sample, SamplingTask, ServedResult, TestReport
from qualipolis.city.supervise.planning import campaigns
from qualipolis.city.supervise.results import serving as results
from qualipolis.demo import supervision_field as field
from qualipolis.demo import supervision_laboratory as bench
from qualipolis.demo.clock import Clock
from qualipolis.demo.supervision_draws import Wanted, commit_draw, reveal_draw
from qualipolis.demo.supervision_people import Players
from qualipolis.demo.supervision_plans import line_of
from qualipolis.demo.supervision_words import ENGLISH, SAID

SCHEME = (
    "范围：本市登记生产{category}的企业。双随机：企业按从业人员数成比例抽取，抽样人员从有资格人员中随机选派。"
    "抽检分离，样品以盲码送检，费用由财政承担。" + SAID
)
SCHEME_EN = (
    "Range: firms of this city registered as makers. Firms are drawn in proportion to their staff, samplers at random "
    "among those qualified; who samples does not test, the laboratory knows codes only, public money pays. (Synthetic)"
)
Which = Callable[[SamplingTask], bool]


class Story:
    """A campaign with its draw, and who takes part in it."""

    def __init__(
        self, players: Players, clock: Clock, chance: np.random.Generator, category: str, laboratory: Institution
    ) -> None:
        self.players, self.clock, self.chance = players, clock, chance
        self.category, self.laboratory = category, laboratory
        self.campaign: Campaign = Campaign()
        self.run: DrawRun = DrawRun()

    def found(self) -> None:
        """Begin the campaign from its line of the plan, and note the agreements."""
        today, office = timezone.localdate(), self.players.section
        made = campaigns.from_line(
            office,
            line_of(today.year, self.category),
            sampling_body=self.players.sampling_body,
            laboratory=self.laboratory,
            name_en=f"Supervision sampling of {ENGLISH[self.category]}",
            scheme_zh=SCHEME.format(category=self.category),
            scheme_en=SCHEME_EN,
            begins_on=today + timedelta(days=6),
            ends_on=today + timedelta(days=60),
            synthetic=True,
        )
        self.campaign = campaigns.contract(office, made, f"演示合〔{today.year}〕{made.number[-1]}号")

    def approve(self) -> None:
        """Have the leader approve scheme and rules."""
        year = timezone.localdate().year
        number = self.campaign.number.rpartition("JC")[2]
        campaigns.approve(self.players.leader, self.campaign, f"云汀市监抽〔{year}〕演{number}号")

    def publish_rules(self) -> None:
        """Make scheme and rules public."""
        campaigns.publish_rules(self.players.section, self.campaign)

    def commit(self) -> None:
        """Freeze the frame and commit the draw to the numbers of tonight."""
        self.run = commit_draw(self.players, self.campaign, timezone.localdate())

    def draw(self, wanted: Wanted) -> Callable[[], None]:
        """Draw firms, make their tasks, draw their samplers."""

        def reveal() -> None:
            reveal_draw(self.players, self.clock, self.run, self.chance, wanted)
            ceremony.make_tasks(self.players.section, self.run)
            samplers.assign(self.players.section, self.campaign)

        return reveal

    def begin(self) -> None:
        """Begin the sampling."""
        campaigns.begin(self.players.section, self.campaign)

    def tasks(self, *states: str) -> list[SamplingTask]:
        """Return the tasks of the campaign in some states, in order."""
        rows = SamplingTask.objects.filter(campaign=self.campaign, status__in=states).order_by("number")
        return list(rows.select_related("campaign__rule", "campaign__laboratory", "enterprise", "product", "unit"))

    def sample(
        self, most: int | None = None, which: Which = lambda task: True, *, foreign: bool = False
    ) -> Callable[[], None]:
        """Sample at firms whose tasks wait; ``foreign`` when the last of them sells a product made in another city."""

        def visit() -> None:
            waiting = [one for one in self.tasks("assigned") if which(one)][:most]
            for task in waiting:
                field.sample(task, self.chance, foreign=foreign and task == waiting[-1])

        return visit

    def find_stock_low(self, *, replace: bool = True, which: Which = lambda task: True) -> Callable[[], None]:
        """Find too little stock at one firm; the reserve takes its place."""

        def visit() -> None:
            task = next(one for one in self.tasks("assigned") if which(one))
            field_visits.not_sample(field.arrive(task), task, "stock_low", "仓库待售成品 3 件，少于规定数量" + SAID)
            if replace:
                tasks.replace_task(self.players.section, task)
                samplers.assign(self.players.section, self.campaign)

        return visit

    def be_refused(self, which: Which) -> Callable[[], None]:
        """Be refused by one firm, and report it."""

        def visit() -> None:
            task = next(one for one in self.tasks("assigned") if which(one))
            person = field.arrive(task)
            field_visits.refuse_sampling(person, task, "负责人拒绝开启仓库，经告知法律后果后仍不配合" + SAID)
            field_visits.report_refusal(person, task, self.players.organiser.name_zh)

        return visit

    def end_sampling(self) -> None:
        """End the sampling."""
        campaigns.end_sampling(self.players.section, self.campaign)

    def samples(self, *states: str) -> list[Sample]:
        """Return the test samples of the campaign in some states, in the order of their tasks."""
        rows = Sample.objects.filter(task__campaign=self.campaign, part="test", status__in=states)
        related = ("task__campaign__rule", "task__enterprise", "laboratory")
        return list(rows.select_related(*related).order_by("task__number"))

    def receive(self, most: int | None = None) -> Callable[[], None]:
        """Receive what is on its way, and begin its test."""

        def arrive() -> None:
            for sample in self.samples("in_transit")[:most]:
                bench.receive(self.players.tester, sample)
                bench.begin(self.players.tester, sample)

        return arrive

    def measure(self, failed: Callable[[Sample], int], most: int | None = None) -> Callable[[], None]:
        """Measure; ``failed`` says the place of the item in which a sample fails, 0 for none."""

        def test() -> None:
            for sample in self.samples("testing")[:most]:
                bench.measure(self.players.tester, sample, self.chance, failed(sample))

        return test

    def report(self, most: int | None = None) -> None:
        """Sign and issue the reports of what was measured; the organiser accepts them."""
        year = timezone.localdate().year
        for place, sample in enumerate(self.samples("testing")[:most], 1):
            number = f"演示检〔{year}〕{self.campaign.number.rpartition('JC')[2]}-{place:03d}"
            report = bench.finish(self.players.tester, self.players.signatory, sample, number)
            reports.accept(self.players.section, report)

    def submit(self, most: int) -> None:
        """Submit reports that wait for a signature."""
        rows = TestReport.objects.filter(sample__task__campaign=self.campaign, status="draft")
        for report in rows.order_by("sample__task__number")[:most]:
            reports.submit(self.players.tester, report)

    def results(self, *states: str) -> list[Result]:
        """Return the results of the campaign in some states."""
        rows = Result.objects.filter(sample__task__campaign=self.campaign, status__in=states)
        return list(rows.select_related("sample__task__enterprise").order_by("number"))

    def send(self) -> None:
        """Send every party its notice."""
        for result in self.results("reported"):
            results.send(self.players.section, result)

    def serve(self, which: Callable[[Result], bool] = lambda result: True) -> Callable[[], None]:
        """Record the receipt by registered mail."""

        def note() -> None:
            today, found = timezone.localdate(), [one for one in self.results("reported", "notified") if which(one)]
            for party in ServedResult.objects.filter(result__in=found, served_on=None).order_by("pk"):
                words = f"挂号回执 演示{party.pk:05d}"
                results.serve(self.players.section, party, today, "mail", proof_words=words)

        return note

    def finalise(self) -> None:
        """Make final what is over."""
        for result in self.results("objection_window", "upheld", "reversed"):
            results.finalise(self.players.section, result)

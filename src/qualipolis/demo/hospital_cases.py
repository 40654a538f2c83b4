"""Cases of the demo that stand in every state today, so that each role has something that waits for it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.utils import timezone

from qualipolis.city.hospital import service as hospital
from qualipolis.city.hospital.models import Case, MeasurementFile, Offer
from qualipolis.city.hospital.treatment.phases import OfFile
from qualipolis.city.registry.models import Enterprise
from qualipolis.demo import hospital_words as words
from qualipolis.demo.hospital_files import Course, days_between, gauge_study
from qualipolis.demo.hospital_people import Doctors
from qualipolis.demo.hospital_story import Story
from qualipolis.demo.hospital_words import Ill
from qualipolis.demo.streams import stream
from qualipolis.demo.supervision_words import SAID

Day = tuple[int, Callable[[], Any]]
HEAT = Course("满载温升", "K", 62.4, 54.1, 1.5, (13, 71.8), upper=65.0)
GLUE = Course("甲醛含量", "mg/kg", 68.9, 41.8, 3.1, (13, 96.4), upper=75.0)
VISITOR = 0


def open_cases(doctors: Doctors, seed: int, today: date) -> list[tuple[date, Callable[[], Any]]]:
    """Return the days of the cases that are told at length."""
    told = _Told(doctors, seed, today)
    days = [
        *told.closed_with_knowledge(), *told.verifying(), *told.own(), *told.waiting_at_the_desk(), *told.examined(),
        *told.before_a_panel(), *told.disputed(), *told.group(), *told.to_diagnose(),
    ]  # fmt: skip
    return [(today - timedelta(days=ago), happens) for ago, happens in days]


class _Told:
    """The stories, each as days: how many days ago, and what happened."""

    def __init__(self, doctors: Doctors, seed: int, today: date) -> None:
        self.doctors, self.seed, self.today = doctors, seed, today
        self.told = 0
        self.visitor = Enterprise.objects.get(credit_code=next(iter(doctors.people)))

    def story(self, ill: Ill, expert: int = VISITOR, firm: Enterprise | None = None, **said: Any) -> Story:
        """Begin a story of a firm that makes this class of product."""
        self.told += 1
        chance = stream(self.seed, "hospital", self.told)
        rows = Enterprise.objects.filter(products__category=ill.category, closed_on=None).exclude(pk=self.visitor.pk)
        rows = rows.exclude(sampling_tasks__isnull=False).order_by("credit_code").distinct()
        keys = list(rows.values_list("pk", flat=True))
        found = firm or rows.get(pk=keys[int(chance.integers(0, len(keys)))])
        return Story(self.doctors, found, ill, expert, chance, **said)

    def begun(self, one: Story, ago: int) -> list[Day]:
        """The first days of a case: registered, sent to its department, taken."""
        return [(ago, one.register), (ago - 1, one.assign)]

    def closed_with_knowledge(self) -> list[Day]:
        """From a failed sample to a proven cure, three follow-ups and a published knowledge case."""
        one = self.story(words.ADAPTER, source="sampling_fail", on_market=True, severity=2)
        return [
            *self.begun(one, 268), (267, one.contain), (265, one.examine), (264, lambda: self.study(one)),
            (260, one.diagnose), (258, one.prescribe), (257, one.agree), (248, one.finish),
            (224, lambda: self.measured(one, HEAT, (290, 262, 20), (247, 225, 24), one.prescribe)), (224, one.hand_in),
            (222, lambda: self.prove(one)), (222, lambda: hospital.cure(one.doctor, one.fresh())),
            (190, one.follow()), (131, one.follow(metric="满载温升均值（K）", metric_before=62.4, metric_after=54.3)),
            (41, one.follow(method="site", saved_cost=Decimal(186000))), (40, one.close), (39, one.rate(5)),
            (36, lambda: self.write_knowledge(one)), (34, lambda: self.agree_to_knowledge(one)),
            (33, lambda: self.publish_knowledge(one)),
        ]  # fmt: skip

    def study(self, one: Story) -> MeasurementFile:
        """Hand in a study of the gauge."""
        return one.upload(gauge_study(one.chance, HEAT.before, 4.0, HEAT.name, HEAT.unit), lower=None, upper=HEAT.upper)

    def measured(
        self, one: Story, course: Course, before: tuple[int, int, int], after: tuple[int, int, int], _next: Any = None
    ) -> MeasurementFile:
        """Hand in the measured values before and after, and tell the phases apart."""
        days = [
            days_between(self.today - timedelta(days=first), self.today - timedelta(days=last), n)
            for first, last, n in (before, after)
        ]
        given = course.file(one.chance, days[0], days[1])
        file = one.upload(given, lower=None, upper=course.upper, target=None, subgroup=1)
        return hospital.set_phases(one.doctor, file, [(before[2] + 1, "治疗后")])

    def prove(self, one: Story, *, but_last: bool = False) -> None:
        """Accept what was done (all, or all but the last) and compare before and after on the file."""
        one.accept_items(but_last=but_last)
        item = one.fresh().items.exclude(measure="words").get(prescription__status="accepted")
        file = one.case.measurement_files.exclude(phases=[]).latest("pk")
        hospital.prove(one.doctor, item, OfFile(file))

    def write_knowledge(self, one: Story) -> None:
        """Write the case down without a trace of the firm, and ask the firm to read it."""
        hospital.ask_for_knowledge(one.doctor, hospital.write_knowledge(one.doctor, one.fresh(), words.KNOWLEDGE))

    def agree_to_knowledge(self, one: Story) -> None:
        """Have the firm agree to every word."""
        hospital.agree_to_knowledge(one.firm_person, one.fresh().knowledge)

    def publish_knowledge(self, one: Story) -> None:
        """Publish the text."""
        hospital.publish_knowledge(self.doctors.desk, one.fresh().knowledge)

    def verifying(self) -> list[Day]:
        """From the offer after a failed sample to evidence that waits for the visiting expert's judgement."""
        offers = Offer.objects.filter(answer="open", result__report__items__name_zh="甲醛含量").distinct()
        offer = offers.filter(result__report__items__outcome="fail").select_related("enterprise").order_by("pk").first()
        assert offer is not None
        one = self.story(words.SHOES, VISITOR, offer.enterprise, on_market=True)
        return [
            (27, one.take(offer)), (26, one.assign), (26, one.contain), (26, lambda: self.order(one)),
            (25, self.take_order), (23, lambda: self.report_order()), (22, lambda: self.panel(one)),
            (21, lambda: self.opine(one)), (21, lambda: self.conclude(one)), (21, one.diagnose),
            (20, lambda: self.prescribe_with_label(one)), (20, one.agree), (15, one.finish),
            (2, lambda: self.measured(one, GLUE, (47, 21, 20), (14, 2, 16))),
            (2, lambda: one.hand_in("换胶和延长晾置已完成，附 36 批记录。想知道 16 批够不够，还要不要再做？" + SAID)),
            (1, lambda: self.prove(one, but_last=True)),
        ]  # fmt: skip

    def prescribe_with_label(self, one: Story) -> None:
        """Prescribe with a third item for the label."""
        one.write(words.LABEL_ROW)
        hospital.prescribe(one.doctor, one.fresh())

    def order(self, one: Story) -> None:
        """Order what was examined."""
        names = tuple((name, unit, wanted) for name, unit, wanted, *_rest in words.EXAMINED)
        one.order(names, "请按批号分别测试，说明不合格集中在哪一部位。" + SAID)

    def take_order(self) -> None:
        """Have the laboratory accept every order that waits."""
        for row in self.doctors.laboratory.hospital_examinations.filter(status="ordered").order_by("pk"):
            hospital.accept_examination(self.doctors.tester, row)

    def report_order(self) -> None:
        """Have the laboratory hand in its report."""
        for row in self.doctors.laboratory.hospital_examinations.filter(status="accepted").order_by("pk"):
            known = {name: (value, verdict, n) for name, _unit, _wanted, value, verdict, n in words.EXAMINED}
            found = [known.get(item["name"], ("61.2", "watch", 8)) for item in row.items]
            readings = [{"value": value, "verdict": verdict, "n": n} for value, verdict, n in found]
            conclusion = "不合格集中在中底板部位，帮面未检出" + SAID
            number = f"演示检字〔{timezone.localdate().year}〕H{row.pk:04d}"
            hospital.report_examination(self.doctors.tester, row, number, readings, conclusion=conclusion)

    def panel(self, one: Story) -> None:
        """Call a panel of three."""
        others = [self.doctors.experts[place] for place in (1, 4)]
        hospital.call_panel(one.doctor, one.fresh(), others, "严重度 3，按工作规则会诊后诊断。" + SAID)

    def opine(self, one: Story, *who: int) -> None:
        """Have members of the panel give their opinions."""
        row = one.fresh().panels.get(status="called")
        said = {
            0: "报告显示不合格集中在中底板，建议沿胶粘剂批号追查。",
            1: "同意先查胶粘剂，再查晾置时间；建议做一次测量系统研究，排除测量误差。",
            4: "原料变更没有验证，建议把进料复测写入控制计划。",
        }
        for place in who or (1, 4, 0):
            hospital.give_opinion(self.doctors.person(place), row, said[place] + SAID, "material")

    def conclude(self, one: Story) -> None:
        """Record the decision."""
        row = one.fresh().panels.get(status="called")
        hospital.conclude_panel(one.doctor, row, "一致认为病因在胶粘剂；先换胶、延长晾置，再看连续批次。" + SAID)

    def own(self) -> list[Day]:
        """Cases of the firm that a visitor plays: to rate, to answer, to do, to accept, and a draft."""
        rated, asked, given, doing, draft = (
            self.own_story(replace(words.ADAPTER, defects=(defect,)))
            for defect in ("endurance", "function", "electrical", "performance", "label")
        )
        return [
            *self.cured(rated), *self.begun(asked, 12), (9, asked.examine),
            (4, lambda: hospital.ask_firm(asked.doctor, asked.fresh(), "请补充最近三个月的退货记录和两只留样的批号。" + SAID)),
            *self.begun(given, 16), (13, given.examine), (6, given.diagnose), (2, given.prescribe),
            *self.begun(doing, 30), (27, doing.examine), (22, doing.diagnose), (19, doing.prescribe), (17, doing.agree),
            (1, draft.draft), (20, self.check_up),
        ]  # fmt: skip

    def own_story(self, ill: Ill) -> Story:
        """Begin a story of the visitor's firm."""
        return self.story(ill, VISITOR, self.visitor)

    def cured(self, one: Story) -> list[Day]:
        """Cured, with the first follow-up due today, a text to read and a treatment to rate."""
        return [
            *self.begun(one, 84), (80, one.examine), (76, one.diagnose), (73, one.prescribe), (72, one.agree),
            (66, one.finish), (35, lambda: self.measured(one, HEAT, (120, 86, 24), (65, 36, 24))), (34, one.hand_in),
            (31, lambda: self.prove(one)), (31, lambda: hospital.cure(one.doctor, one.fresh())),
            (8, lambda: self.write_knowledge(one)),
        ]  # fmt: skip

    def check_up(self) -> None:
        """Have the visitor's firm make its check-up."""
        from qualipolis.city.hospital.learning.check_up_questions import QUESTIONS

        answers = {one.code: "3210322131"[place % 10] for place, one in enumerate(QUESTIONS)}
        hospital.make_check_up(self.doctors.of(self.visitor), self.visitor, answers)

    def waiting_at_the_desk(self) -> list[Day]:
        """New, without an expert, turned away, to be reported by law; and one that the visiting expert may take."""
        new, newer, sorted_, turned = (self.story(ill) for ill in (words.PASTRY, words.GARMENT, words.PART, words.PART))
        danger, proposed, to_write = (
            self.story(words.POWER_BANK, 3, on_market=True),
            self.story(words.ROUTER),
            self.story(words.PLASTIC),
        )
        return [
            (1, new.register), (0, newer.register), (3, sorted_.register), (2, sorted_.triage),
            (9, turned.register), (8, lambda: self.turn_away(turned)),
            (5, danger.register), (4, lambda: self.find_danger(danger)), (4, lambda: self.report_by_law(danger)),
            (3, proposed.register), (2, proposed.triage), (1, proposed.propose),
            *self.begun(to_write, 14), (11, to_write.examine), (3, to_write.diagnose),
        ]  # fmt: skip

    def turn_away(self, one: Story) -> None:
        """Turn a case away with the reason and where help is."""
        why = "这是与买方的合同价格纠纷，不属于产品质量问题；可联系市场监管所调解。" + SAID
        hospital.reject_case(self.doctors.desk, one.fresh(), "out_of_scope", why)

    def find_danger(self, one: Story) -> None:
        """Send the case to its department as a danger to life or health."""
        department = self.doctors.departments[one.ill.department]
        hospital.triage(self.doctors.desk, one.fresh(), department, 4, 3)

    def report_by_law(self, one: Story) -> None:
        """Report what law requires, and nothing else."""
        hospital.report_duty(self.doctors.desk, one.fresh(), "life", "在售移动电源充电时鼓包发烫，可能起火。" + SAID)

    def examined(self) -> list[Day]:
        """Two orders with the laboratory that a visitor plays: one to accept, one to report."""
        first, second = self.story(words.ADAPTER, 2), self.story(words.PASTRY, 5)
        heat, weight = (("温升", "K", "≤ 65"),), (("净含量", "%", "≥ 97"),)
        return [
            *self.begun(first, 8), (6, lambda: first.order(heat, "请在满载两小时后测。" + SAID)), (5, self.take_order),
            *self.begun(second, 5), (2, lambda: second.order(weight, "请按料位分两组测。" + SAID)),
        ]  # fmt: skip

    def before_a_panel(self) -> list[Day]:
        """A severe case before a panel: the visiting expert has not given an opinion yet."""
        one = self.story(words.SHOES, 1)

        def call() -> None:
            others = [self.doctors.experts[place] for place in (0, 4)]
            hospital.call_panel(one.doctor, one.fresh(), others, "严重度 3，按工作规则会诊后诊断。" + SAID, self.today)

        return [*self.begun(one, 6), (4, one.examine), (2, call), (1, lambda: self.opine(one, 4, 1))]

    def disputed(self) -> list[Day]:
        """Two firms dispute their diagnosis: one second opinion is to be appointed, one to be given by the visitor."""
        asked, given = self.story(words.ROUTER, 2), self.story(words.GARMENT, 1)
        why = "我们认为病因在来料而不在工艺，请另一位专家再看。" + SAID

        def appoint() -> None:
            row = given.fresh().second_opinions.get()
            hospital.appoint_second_expert(self.doctors.manager, row, self.doctors.experts[VISITOR])

        return [
            *self.begun(asked, 11), (9, asked.examine), (4, asked.diagnose),
            (1, lambda: hospital.ask_second_opinion(asked.firm_person, asked.fresh(), why)),
            *self.begun(given, 13), (11, given.examine), (6, given.diagnose),
            (3, lambda: hospital.ask_second_opinion(given.firm_person, given.fresh(), why)), (2, appoint),
        ]  # fmt: skip

    def group(self) -> list[Day]:
        """Three like cases within sixty days make a group disease; one of them leads to its supplier."""
        ones = [self.story(words.POWER_BANK, 3) for _place in range(3)]
        supplier = self.story(words.PLASTIC, 4)

        def link() -> None:
            other = Case.objects.get(pk=supplier.case.pk)
            hospital.link_cases(
                self.doctors.manager, ones[0].fresh(), other, "supplier", "外壳塑料件来自这家企业" + SAID
            )

        days = [day for place, one in enumerate(ones) for day in self.begun(one, 40 - 11 * place)]
        return [*days, (33, ones[0].examine), *self.begun(supplier, 24), (21, supplier.examine), (20, link)]

    def to_diagnose(self) -> list[Day]:
        """A case that the visiting expert examines: to order an examination, to diagnose."""
        one = self.story(replace(words.ADAPTER, defects=("surface",)))
        return [*self.begun(one, 7), (5, one.examine)]

"""The cast of supervision sampling and rows in any state, made straight in the database so that each part stands alone."""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.utils import timezone

from qualipolis.city.core.models import Grant, Organisation, Person
from qualipolis.city.core.policy import System
from qualipolis.city.registry.models import Cluster, Enterprise, Institution, Product, Qualification, ScopeItem, Unit
from qualipolis.city.supervise.models import (
    Campaign,
    InspectorProfile,
    Result,
    RuleItem,
    Sample,
    SamplingForm,
    SamplingPlan,
    SamplingRule,
    SamplingTask,
    Seal,
    ServedResult,
    TestItem,
    TestReport,
)

SYSTEM = System("test")
CATEGORY, STANDARD = "儿童服装", "GB 31701-2015"
_CODES = "91441900MA{:08d}"
_serial = itertools.count(1)


@dataclass
class Cast:
    """People by role (``inspector`` and ``inspector2`` sample together), places, bodies, and one product class."""

    people: dict[str, Person]
    units: list[Unit]
    bureau: Organisation
    branch: Organisation
    firms: list[Enterprise]
    products: list[Product]
    laboratory: Institution
    other_laboratory: Institution
    rule: SamplingRule

    def __getitem__(self, role: str) -> Person:
        return self.people[role]


def person(name: str, role: str, scope: Organisation | None = None) -> Person:
    """Make a person with one role."""
    made = Person.objects.create(username=name)
    Grant.objects.create(person=made, role=role, scope=scope, valid_from=date(2016, 1, 1))
    return made


def make_cast(firms: int = 6) -> Cast:
    """Found a small city with two towns, its bureau with a branch, firms with products, two laboratories, a rule."""
    bureau = Organisation.objects.create(code="AMR-QS", kind="department", name_zh="质量监督科", name_en="Supervision")
    units, branches = _places()
    cluster = Cluster.objects.create(code="textiles", name_zh="纺织服装", name_en="Textiles")
    made = [firm(number, units[number % 2], cluster) for number in range(1, firms + 1)]
    products = [
        Product.objects.create(enterprise=one, name_zh=f"童装{n}", category=CATEGORY, standard=STANDARD)
        for n, one in enumerate(made, 1)
    ]
    laboratories = [laboratory(code, units[0]) for code in ("LAB1", "LAB2")]
    scopes = {
        "department": bureau,
        "town_officer": units[0].government,
        "inspector": branches[0],
        "inspector2": branches[0],
        "inspector_elsewhere": branches[1],
        "laboratory": Organisation.objects.create(code="LAB1", kind="institution", name_zh="甲实验室"),
        "laboratory2": Organisation.objects.get(code="LAB1"),
        "other_laboratory": Organisation.objects.create(code="LAB2", kind="institution", name_zh="乙实验室"),
        "enterprise": Organisation.objects.create(code=made[0].credit_code, kind="enterprise", name_zh=made[0].name_zh),
    }
    people = {name: person(name, name, None) for name in ("leader", "planner", "auditor", "admin", "expert")}
    roles = {"inspector2": "inspector", "inspector_elsewhere": "inspector", "laboratory2": "laboratory"}
    roles["other_laboratory"] = "laboratory"
    people |= {name: person(name, roles.get(name, name), scope) for name, scope in scopes.items()}
    for name in ("inspector", "inspector2", "inspector_elsewhere"):
        profile = InspectorProfile.objects.create(
            person=people[name], certificate_no=f"C-{name}", certified_until=timezone.localdate() + timedelta(days=365)
        )
        profile.regions.set(units[1:] if name == "inspector_elsewhere" else units[:1])
    return Cast(people, units, bureau, branches[0], made, products, *laboratories, make_rule())


def _places() -> tuple[list[Unit], list[Organisation]]:
    units, branches = [], []
    for n in (1, 2):
        government = Organisation.objects.create(code=f"T{n}", kind="town", name_zh=f"{n}镇", name_en=f"Town {n}")
        units.append(
            Unit.objects.create(code=f"T{n}", kind="town", name_zh=f"{n}镇", name_en=f"Town {n}", government=government)
        )
        branches.append(Organisation.objects.create(code=f"AMR-T{n}", kind="branch", name_zh=f"{n}镇分局"))
    return units, branches


def firm(number: int, unit: Unit, cluster: Cluster | None = None) -> Enterprise:
    """Make a firm."""
    return Enterprise.objects.create(
        credit_code=_CODES.format(number), name_zh=f"第{number}制衣厂", name_en=f"Garment works {number}",
        unit=unit, cluster=cluster, employees=10 * number, address=f"制衣路{number}号",
    )  # fmt: skip


def laboratory(code: str, unit: Unit) -> Institution:
    """Make a laboratory with a CMA qualification whose scope covers the items of the rule."""
    made = Institution.objects.create(code=code, kind="laboratory", name_zh=f"{code}检测所", unit=unit)
    qualification = Qualification.objects.create(
        institution=made, kind="cma", number=f"CMA-{code}", valid_from=date(2020, 1, 1), valid_to=date(2099, 12, 31)
    )
    for parameter in ("甲醛含量", "pH值"):
        ScopeItem.objects.create(qualification=qualification, product=CATEGORY, parameter=parameter, standard=STANDARD)
    return made


def make_rule(food: bool = False, **more: Any) -> SamplingRule:
    """Make detailed rules with two items: formaldehyde (at most 20 mg/kg, a safety item) and pH (4.0 to 7.5)."""
    values = {
        "category": "糕点" if food else CATEGORY, "standard": STANDARD, "food": food, "name_zh": "儿童服装抽查实施细则",
        "test_quantity": 3, "backup_quantity": 3, "least_stock": 10, "published_on": date(2020, 1, 1),
    }  # fmt: skip
    made = SamplingRule.objects.create(**values | more)
    shared = {"rule": made, "method": "GB/T 2912.1-2009", "clause": "5.1"}
    RuleItem.objects.create(
        position=1, name_zh="甲醛含量", name_en="Formaldehyde", unit="mg/kg", upper=20, safety=True, **shared
    )
    RuleItem.objects.create(position=2, name_zh="pH值", name_en="pH", lower=4.0, upper=7.5, **shared)
    return made


def make_plan(cast: Cast, **more: Any) -> SamplingPlan:
    """Make a plan without lines."""
    values = {"year": timezone.localdate().year, "organiser": cast.bureau, "name_zh": "年度监督抽查计划"}
    return SamplingPlan.objects.create(**values | more)


def make_campaign(cast: Cast, status: str = "sampling", **more: Any) -> Campaign:
    """Make a campaign in any state; its rules were public a week before today."""
    values = {
        "number": f"JC{next(_serial)}", "name_zh": "儿童服装监督抽查", "name_en": "Children's wear", "rule": cast.rule,
        "organiser": cast.bureau, "sampling_body": cast.branch, "laboratory": cast.laboratory, "size": 3, "reserve": 2,
        "rules_public_on": timezone.localdate() - timedelta(days=7), "status": status,
    }  # fmt: skip
    return Campaign.objects.create(**values | more)


def make_task(cast: Cast, campaign: Campaign | None = None, status: str = "assigned", **more: Any) -> SamplingTask:
    """Make a task for the first firm with both inspectors named."""
    campaign = campaign or make_campaign(cast)
    chosen = more.pop("enterprise", cast.firms[0])
    values = {
        "campaign": campaign, "number": f"RW{next(_serial)}", "enterprise": chosen, "unit": chosen.unit,
        "product": chosen.products.first(), "status": status,
    }  # fmt: skip
    made = SamplingTask.objects.create(**values | more)
    for name in ("inspector", "inspector2"):
        made.assignments.create(person=cast[name])
    return made


def make_sample(cast: Cast, task: SamplingTask | None = None, status: str = "in_transit", **more: Any) -> Sample:
    """Make a sampled task with its form, the sealed test sample in ``status`` and its backup; return the test sample."""
    task = task or make_task(cast, status="sampled", sampled_on=timezone.localdate())
    SamplingForm.objects.create(
        task=task, number=f"CY{next(_serial)}", product_name="童装", model="A-1", brand="样牌", batch="B1", standard=STANDARD,
        producer=task.enterprise, producer_name=task.enterprise.name_zh, submitted_at=timezone.now(),
    )  # fmt: skip
    made = []
    for part, state in (("test", status), ("backup", "kept")):
        row = Sample.objects.create(
            task=task, part=part, code=f"Q{next(_serial):07d}", status=state, quantity=3,
            laboratory=task.campaign.laboratory, **(more if part == "test" else {}),
        )  # fmt: skip
        Seal.objects.create(sample=row, number=f"F{next(_serial)}")
        made.append(row)
    return made[0]


def make_report(cast: Cast, sample: Sample | None = None, status: str = "issued", **more: Any) -> TestReport:
    """Make a report; the formaldehyde fails unless ``verdict="pass"``."""
    sample = sample or make_sample(cast, status="testing", received_on=timezone.localdate())
    today = timezone.localdate()
    verdict = more.pop("verdict", "fail")
    values = {
        "sample": sample, "laboratory": sample.laboratory, "number": f"BG{next(_serial)}", "status": status,
        "tested_on": today, "issued_on": today, "verdict": verdict,
    }  # fmt: skip
    made = TestReport.objects.create(**values | more)
    measured = {1: 35.0 if verdict == "fail" else 8.0, 2: 6.8}
    for item in sample.task.campaign.rule.items.all():
        failed = item.position == 1 and verdict == "fail"
        TestItem.objects.create(
            report=made, rule_item=item, position=item.position, name_zh=item.name_zh, name_en=item.name_en,
            unit=item.unit, lower=item.lower, upper=item.upper, clause=item.clause, method=item.method,
            safety=item.safety, measured=measured[item.position], outcome="fail" if failed else "pass",
        )  # fmt: skip
    return made


def make_result(cast: Cast, status: str = "reported", **more: Any) -> Result:
    """Make a result with its report; the sampled firm is the producer and has one service, not yet served."""
    verdict = more.pop("verdict", "fail")
    report = more.pop("report", None) or make_report(cast, status="accepted", verdict=verdict)
    values = {"sample": report.sample, "report": report, "number": f"JG{next(_serial)}", "status": status}
    made = Result.objects.create(**values | {"verdict": verdict, "first_verdict": verdict} | more)
    task = report.sample.task
    ServedResult.objects.create(result=made, party="firm", enterprise=task.enterprise, name=task.enterprise.name_zh)
    return made

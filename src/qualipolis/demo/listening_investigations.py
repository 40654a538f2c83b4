"""Investigations of the demo: one open with two teams, one closed, one restricted."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from django.utils import timezone

from qualipolis.city.core.models import Organisation
from qualipolis.city.listen import service
from qualipolis.city.listen.models import AuthorityRequest, CorrectiveAction, Investigation
from qualipolis.demo.hospital_files import picture
from qualipolis.demo.listening_people import BUREAU, Ears
from qualipolis.demo.listening_safety import Safety
from qualipolis.demo.supervision_words import SAID

Dated = tuple[date, Callable[[], Any]]
OTHER_CITY = "霁渚市市场监督管理局" + SAID
SCENARIO = {
    "name": "夜间充电起火，睡眠中的人被烧伤" + SAID, "severity": 4, "people": "成人和儿童",
    "factors": [
        {"what": "电芯有毛刺缺陷", "probability": "1/200", "low": "1/500", "high": "1/100"},
        {"what": "充电时内短路起火", "probability": "1/50", "low": "1/100", "high": "1/20"},
        {"what": "无人看管而蔓延伤人", "probability": "1/10", "low": "1/20", "high": "1/5"},
    ],
}  # fmt: skip
SLIGHT = {
    "name": "接触后皮肤刺激" + SAID, "severity": 1, "people": "三岁以上儿童",
    "factors": [{"what": "长时间把玩", "probability": "1/3"}, {"what": "出现刺激", "probability": "1/40"}],
}  # fmt: skip


class Investigations:
    """Three of them, each day by the people who work on it."""

    def __init__(self, ears: Ears, safety: Safety) -> None:
        self.ears, self.safety = ears, safety
        self.bureau = Organisation.objects.get(code=BUREAU)
        self.rows: dict[str, int] = {}

    def days(self, today: date) -> list[Dated]:
        """Return their days."""
        told = [*self._open(), *self._closed(), *self._restricted()]
        return [(today - timedelta(days=ago), happens) for ago, happens in told]

    def row(self, key: str) -> Investigation:
        """Return one as it is now."""
        return Investigation.objects.get(pk=self.rows[key])

    def _begin(self, key: str, title: str, **given: Any) -> None:
        self.rows[key] = service.open_investigation(self.ears.section, title + SAID, self.bureau, **given).pk

    def _open(self) -> list[tuple[int, Callable[[], Any]]]:
        """The running outbreak, with the branch of the inspector and a section beside the bureau."""
        return [
            (17, self.begin_banks), (16, self.attach_banks), (14, self.test_bank), (13, self.ask_elsewhere),
            (11, self.talk), (10, self.assess_bank), (9, self.order), (6, self.first_proof),
        ]  # fmt: skip

    def begin_banks(self) -> None:
        """Open it, and ask two teams to work along."""
        self._begin(
            "banks",
            "移动电源充电起火",
            hazard="fire_explosion",
            unit=self.ears.firm.unit,
            summary="住院事故一起，三个相邻镇集中投诉。" + SAID,
        )
        department = self.ears.department.organisation
        for team, right in ((self.ears.branch, "edit"), (department, "view")):
            if team is not None and team.kind in ("bureau", "department", "branch"):
                service.set_team(self.ears.section, self.row("banks"), team, right)
        service.link_incident(self.ears.section, self.safety.row("burn"), self.row("banks"))

    def attach_banks(self) -> None:
        """Attach the products and the firms in their roles."""
        first = {"product": self.safety.power_bank(), "batch": "P20-31", "units_affected": 3400}
        more = {"name": "便携电源 Q8（演示）", "brand": "示例二牌", "model": "Q8", "product_class": "digital", "origin": "霁渚市",
                "batch": "Q8-02", "customs_code": "85076000", "units_affected": 900, "sure": True}  # fmt: skip
        service.add_products(self.ears.section, self.row("banks"), [first, more])
        service.add_business(self.ears.section, self.row("banks"), "manufacturer", enterprise=self.ears.firm)
        for role, name in (("platform", "示例电商平台"), ("seller", "示例数码商行")):
            service.add_business(self.ears.section, self.row("banks"), role, name=name + SAID, country="中国")
        service.add_reference(self.ears.section, self.row("banks"), "澄岚省缺陷产品召回技术中心" + SAID, "演示缺-0031")

    def test_bank(self) -> None:
        """Two tests, with who paid."""
        rows = (("failed", "过充试验中起火", "财政"), ("open", "样品不足，未作结论", "企业委托"))
        for outcome, finding, payer in rows:
            service.add_test(self.ears.inspector, self.row("banks"), self.safety.power_bank(), laboratory="演示检验检测中心" + SAID,
                             standard="GB 31241", outcome=outcome, finding=finding + SAID, paid_by=payer, tested_on=timezone.localdate())  # fmt: skip

    def ask_elsewhere(self) -> None:
        """Ask the authority of another invented city; its answer is awaited."""
        words = "请协助核查电芯供应商的生产记录和流向。" + SAID
        made = service.draft_request(self.ears.section, self.row("banks"), OTHER_CITY, words)
        service.send_request(self.ears.section, made, f"演示协〔{timezone.localdate().year}〕5号")

    def talk(self) -> None:
        """What was said on the telephone and at a meeting."""
        for kind, whom in (("phone", "企业质量部"), ("meeting", "电商平台运营部")):
            service.log_correspondence(
                self.ears.section, self.row("banks"), kind, timezone.localdate(), whom + SAID, "核对批次和销量。" + SAID
            )

    def assess_bank(self) -> None:
        """Assess the risk."""
        service.assess_risk(self.ears.section, self.safety.power_bank(), [SCENARIO], investigation=self.row("banks"),
                            populations=["成人", "儿童"], uncertainty="缺陷率来自两批次的解剖检查。" + SAID)  # fmt: skip

    def order(self) -> None:
        """Order three actions of the visitor's firm."""
        row = self.row("banks")
        firm = row.businesses.get(enterprise=self.ears.firm)
        for kind, words in (
            ("stop_sale", "立即停止销售并封存库存"),
            ("delist", "下架全部网店链接"),
            ("modify", "更换电芯供应商并提交验证记录"),
        ):
            service.order_action(self.ears.section, row, kind, words + SAID, business=firm, product=self.safety.power_bank(),
                                 legal_basis="《产品质量法》" + SAID, until=timezone.localdate() + timedelta(days=20))  # fmt: skip

    def first_proof(self) -> None:
        """The firm proves the first."""
        action = CorrectiveAction.objects.filter(investigation=self.rows["banks"]).order_by("pk")[0]
        service.prove_action(self.ears.officer, action, "已停止销售，封存 1260 台。" + SAID, [_File(action.pk)])

    def _closed(self) -> list[tuple[int, Callable[[], Any]]]:
        """The outbreak that was dealt with."""
        return [(47, self.begin_slime), (43, self.find_slime), (28, self.end_slime)]

    def begin_slime(self) -> None:
        """Open it from the signal."""
        self._begin("slime", "儿童水晶泥皮肤刺激", hazard="poisoning_allergy", summary="三个相邻镇的投诉集中。" + SAID)
        service.add_products(
            self.ears.section,
            self.row("slime"),
            [{"product": self.safety.slime(), "batch": "第7至第9批", "units_affected": 12000}],
        )
        service.add_business(self.ears.section, self.row("slime"), "manufacturer", enterprise=self.safety.maker)

    def find_slime(self) -> None:
        """Test it, ask elsewhere, assess it, order."""
        row, office = self.row("slime"), self.ears.section
        service.add_test(office, row, self.safety.slime(), laboratory="演示检验检测中心" + SAID, standard="GB 6675.4", outcome="failed",
                         finding="硼迁移量超限" + SAID, paid_by="财政", tested_on=timezone.localdate())  # fmt: skip
        service.assess_risk(office, self.safety.slime(), [SLIGHT], investigation=row, populations=["儿童"])
        firm = row.businesses.get(role="manufacturer")
        service.order_action(office, row, "withdraw", "撤回全部库存" + SAID, business=firm, product=self.safety.slime())
        made = service.draft_request(office, row, OTHER_CITY, "请协查原料来源。" + SAID)
        service.send_request(office, made, f"演示协〔{timezone.localdate().year}〕2号")

    def end_slime(self) -> None:
        """Everything is settled, and it is closed."""
        office = self.ears.section
        action = CorrectiveAction.objects.get(investigation=self.rows["slime"])
        service.prove_action(office, action, "现场核对库存为零。" + SAID, [_File(action.pk)])
        service.accept_action(office, CorrectiveAction.objects.get(pk=action.pk))
        request = AuthorityRequest.objects.get(investigation=self.rows["slime"])
        service.answer_request(office, request, "原料供应商已被责令整改。" + SAID)
        service.close_investigation(office, self.row("slime"), "已召回并警示，信号消退。" + SAID)

    def _restricted(self) -> list[tuple[int, Callable[[], Any]]]:
        return [(20, self.hidden)]

    def hidden(self) -> None:
        """One that only its owner sees."""
        self._begin("hidden", "疑似伪造检验报告", summary="涉及举报线索，限知悉范围。" + SAID)
        service.restrict_investigation(self.ears.section, self.row("hidden"), "避免泄露举报线索" + SAID)


class _File:
    """A picture as an upload."""

    def __init__(self, number: int) -> None:
        given = picture(number)
        self.name, self.content = given.name, given.content

    def chunks(self) -> Any:
        """Yield the content."""
        yield self.content

"""Incidents, recalls and warnings of the demo, from the clue to the effect that was found."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from django.utils import timezone

from qualipolis.city.listen import service
from qualipolis.city.listen.models import Recall, SafetyProduct
from qualipolis.city.registry.models import Enterprise
from qualipolis.demo.listening_people import Ears
from qualipolis.demo.supervision_words import SAID

Dated = tuple[date, Callable[[], Any]]
ABOVE = "澄岚省市场监督管理局" + SAID
TOLD = "官网和门店公告、电商平台站内信、电话逐一通知" + SAID


class Safety:
    """What happened with products that are not safe; rows are found again by what was named first."""

    def __init__(self, ears: Ears, maker: Enterprise) -> None:
        self.ears, self.maker = ears, maker
        self.rows: dict[str, Any] = {}
        self.products: dict[str, SafetyProduct] = {}

    def days(self, today: date) -> list[Dated]:
        """Return the days of everything told here."""
        told = [*self._incidents(), *self._closed(), *self._running(), *self._planned(), *self._warnings()]
        return [(today - timedelta(days=ago), happens) for ago, happens in told]

    def product(self, key: str, **marks: str) -> SafetyProduct:
        """Return a product by its marks, named on the first call."""
        if key not in self.products:
            self.products[key] = service.name_product(self.ears.section, None, **marks)
        return self.products[key]

    def power_bank(self) -> SafetyProduct:
        """The product of the running outbreak."""
        return self.product(
            "bank", name="移动电源 P20（演示）", brand="示例牌", model="P20", product_class="digital", origin="云汀市"
        )

    def slime(self) -> SafetyProduct:
        """The product of the outbreak that was dealt with."""
        return self.product(
            "slime",
            name="水晶泥 十二色（演示）",
            brand="示例彩泥",
            model="SJ-12",
            product_class="childcare",
            origin="霁渚市",
        )

    def cooker(self) -> SafetyProduct:
        """The product of the recall that is over."""
        return self.product(
            "cooker",
            name="压力锅 24cm（演示）",
            brand="示例厨",
            model="YL-24",
            product_class="housewares",
            origin="云汀市",
        )

    # --- incidents ---------------------------------------------------------------------------------------------------
    def _incidents(self) -> list[tuple[int, Callable[[], Any]]]:
        return [
            (19, self.burn), (18, self.verify_burn), (17, self.burn_upward),
            (2, self.rash), (4, self.own_report), (95, self.scald), (80, self.close_scald), (33, self.dismissed),
        ]  # fmt: skip

    def _report(self, key: str, actor: Any, source: str, **given: Any) -> None:
        self.rows[key] = service.report_incident(actor, source, **given)

    def row(self, key: str) -> Any:
        """Return a row as it is now."""
        known = self.rows[key]
        return type(known).objects.get(pk=known.pk)

    def burn(self) -> None:
        """A serious injury that a hospital for people reports."""
        today = timezone.localdate()
        self._report("burn", self.ears.section, "hospital", product=self.power_bank(), enterprise=self.ears.firm,
                     happened_on=today - timedelta(days=2), learned_on=today, product_class="digital", hazard="fire_explosion",
                     harm=3, people=1, narrative="移动电源夜间充电时起火，一人手臂二度烧伤住院。" + SAID)  # fmt: skip

    def verify_burn(self) -> None:
        """Verify it."""
        service.verify_incident(self.ears.section, self.row("burn"))

    def burn_upward(self) -> None:
        """Report it upward."""
        service.report_upward(self.ears.section, self.row("burn"), ABOVE, f"演示报〔{timezone.localdate().year}〕3号")

    def rash(self) -> None:
        """One that waits for its verification."""
        self._report("rash", self.ears.desk, "hospital", unit=self.ears.firm.unit, happened_on=timezone.localdate(),
                     product_class="cosmetics", hazard="poisoning_allergy", people=2, narrative="门诊报告两名患者使用同款面膜后面部红肿。" + SAID)  # fmt: skip

    def own_report(self) -> None:
        """One that the visitor's firm reports itself."""
        today = timezone.localdate()
        self._report("own", self.ears.officer, "firm", enterprise=self.ears.firm, happened_on=today - timedelta(days=3),
                     learned_on=today - timedelta(days=1), product_class="digital", hazard="fire_explosion", harm=0, people=0,
                     narrative="用户反映适配器外壳变形，未起火，无人受伤。" + SAID)  # fmt: skip

    def scald(self) -> None:
        """A slight one."""
        self._report("scald", self.ears.desk, "consumer", product=self.cooker(), enterprise=self.maker, product_class="housewares",
                     hazard="injury", happened_on=timezone.localdate(), harm=1, people=1, narrative="开盖时喷汽，手指轻度烫伤。" + SAID)  # fmt: skip
        service.verify_incident(self.ears.desk, self.row("scald"))

    def close_scald(self) -> None:
        """Close it."""
        service.close_incident(self.ears.section, self.row("scald"), "已纳入压力锅召回处理" + SAID)

    def dismissed(self) -> None:
        """One in which no product had a part."""
        self._report("fall", self.ears.desk, "consumer", unit=self.ears.town, happened_on=timezone.localdate(),
                     product_class="ebikes", hazard="injury", harm=1, people=1, narrative="骑行中自行滑倒。" + SAID)  # fmt: skip
        service.dismiss_incident(self.ears.section, self.row("fall"), "路面湿滑，与产品无关" + SAID)

    # --- recalls -----------------------------------------------------------------------------------------------------
    def _clue(self, key: str, product: SafetyProduct, firm: Enterprise, clue: str) -> None:
        self.rows[key] = service.note_recall_clue(self.ears.section, product, clue + SAID, enterprise=firm)

    def _plan(self, key: str, actor: Any, units: int, days: int, batches: str, measure: str) -> None:
        until = timezone.localdate() + timedelta(days=days)
        service.file_recall_plan(
            actor, self.row(key), units=units, until=until, batches=batches, measure=measure + SAID, told_how=TOLD
        )

    def _closed(self) -> list[tuple[int, Callable[[], Any]]]:
        office, firm = self.ears.section, self.ears.actor
        return [
            (300, lambda: self._clue("old", self.cooker(), self.maker, "三起开盖喷汽的投诉")),
            (296, lambda: service.assess_defect(office, self.row("old"))),
            (281, lambda: service.find_defect(office, self.row("old"), "限压阀弹簧偏软，余压未泄即可开盖" + SAID)),
            (277, lambda: self._plan("old", firm, 4200, 120, "2025年第1至第3批", "免费更换限压阀和锅盖")),
            (274, lambda: service.announce_recall(office, self.row("old"))),
            (240, lambda: self._progress("old", firm, 1650, 3900)), (205, lambda: self._progress("old", firm, 3020, 4100)),
            (160, lambda: self._progress("old", firm, 3610, 4200)),
            (150, lambda: service.complete_recall(firm, self.row("old"), "共更换 3610 台，其余用户多次联系未回复。" + SAID)),
            (120, lambda: service.evaluate_recall(office, self.row("old"), "抽查 60 户，多数已更换。" + SAID, sampled=60, reached=51)),
            (112, lambda: service.close_recall(office, self.row("old"))),
        ]  # fmt: skip

    def _progress(self, key: str, actor: Any, corrected: int, notified: int) -> None:
        service.report_recall_progress(actor, self.row(key), timezone.localdate(), corrected, notified=notified)

    def _running(self) -> list[tuple[int, Callable[[], Any]]]:
        office = self.ears.section
        return [
            (48, lambda: self._clue("slime", self.slime(), self.maker, "三个相邻镇的投诉显示儿童皮肤刺激")),
            (47, lambda: service.assess_defect(office, self.row("slime"))),
            (42, lambda: service.find_defect(office, self.row("slime"), "硼元素迁移量超过限值" + SAID)),
            (40, lambda: self._plan("slime", self.ears.actor, 12000, 120, "SJ-12 第7至第9批", "停止销售，退货退款")),
            (38, lambda: service.announce_recall(office, self.row("slime"))),
            (24, lambda: self._progress("slime", self.ears.actor, 3900, 8000)),
            (9, lambda: self._progress("slime", self.ears.actor, 7150, 11200)),
        ]  # fmt: skip

    def _planned(self) -> list[tuple[int, Callable[[], Any]]]:
        """The firm of the visitor has declared a defect itself, and its plan waits for the announcement; one is a clue."""
        office, officer = self.ears.section, self.ears.officer
        return [
            (16, lambda: self._clue("bank", self.power_bank(), self.ears.firm, "住院事故和集中投诉")),
            (12, lambda: service.assess_defect(office, self.row("bank"))),
            (8, lambda: service.declare_defect(officer, self.row("bank"), "一批电芯极片毛刺，充电时可能内短路" + SAID)),
            (3, lambda: self._plan("bank", officer, 6800, 90, "P20 第31至第34批", "停止充电，免费换新")),
            (5, lambda: self._clue("toy", self.product("toy", name="惯性玩具车（演示）", brand="示例车", model="W3",
                                                       product_class="childcare"), self.maker, "边缘锋利划伤手指")),
        ]  # fmt: skip

    # --- warnings ----------------------------------------------------------------------------------------------------
    def _warnings(self) -> list[tuple[int, Callable[[], Any]]]:
        leader = self.ears.leader
        return [
            (41, lambda: self._draft("w1", "儿童水晶泥风险警示", "示例彩泥SJ-12水晶泥，第7至第9批", "硼元素可能超标，误食或长时间接触会刺激皮肤和胃肠。")),
            (40, lambda: service.hand_in_warning(self.ears.section, self.row("w1"))),
            (39, lambda: service.publish_warning(leader, self.row("w1"))),
            (210, lambda: self._draft("w2", "某批次保温杯漆面警示", "示例牌保温杯，2026年第2批", "漆面可能脱落。")),
            (209, lambda: service.hand_in_warning(self.ears.section, self.row("w2"))),
            (207, lambda: service.publish_warning(leader, self.row("w2"))),
            (190, lambda: service.take_down_warning(leader, self.row("w2"), "复检合格，原检测样品混淆" + SAID)),
            (4, lambda: self._draft("w3", "移动电源充电起火风险警示", "示例牌P20移动电源，第31至第34批", "充电时可能起火，请勿过夜充电。")),
            (3, lambda: service.hand_in_warning(self.ears.section, self.row("w3"))),
            (1, lambda: self._draft("w4", "面膜过敏风险提示", "示例牌补水面膜", "已有两例面部红肿报告，正在核实。")),
        ]  # fmt: skip

    def _draft(self, key: str, title: str, products: str, hazard: str) -> None:
        recall = self.rows.get({"w1": "slime", "w3": "bank"}.get(key, ""))
        self.rows[key] = service.draft_warning(
            self.ears.section, recall=recall if isinstance(recall, Recall) else None, title_zh=title + SAID,
            title_en="Safety warning (synthetic)", products=products, hazard=hazard + SAID,
            advice="请立即停止使用，保留购买凭证，联系商家退货；身体不适请就医。" + SAID,
            body_en="Stop using the product, keep your receipt and ask the seller for a refund. (Synthetic)", level="medium",
        )  # fmt: skip

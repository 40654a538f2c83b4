"""Reports of violations in the demo, in every state; nobody but the officer of a report may know who sent it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from functools import partial
from typing import Any

from qualipolis.city.listen import service
from qualipolis.city.listen.models import Document, Report
from qualipolis.demo.listening_people import Ears
from qualipolis.demo.listening_story import Matter, Said
from qualipolis.demo.supervision_words import SAID

Dated = tuple[date, Callable[[], Any]]
UNLICENSED = Said("food", "label", "糕点", "作坊生产的糕点没有标签和生产日期，夜里装车送往市场。")
FAKE = Said("digital", "counterfeit", "充电宝", "仓库里堆着没有认证标志的充电宝，正在贴别人的商标。")
WEIGHT = Said("food", "short_weight", "海鲜", "电子秤动过手脚，一斤少二两。")
ADVERT = Said("cosmetics", "false_claim", "面霜", "宣传页写可以治疗湿疹，实际是普通化妆品。")
GAS = Said("gas_fire", "defect", "燃气软管", "卖的软管没有中文标识，同批在家里漏气。")
BAKERY = "示例食品作坊" + SAID
# how many days ago it came in, what it tells, how, and what happened on which day after
REPORTS: tuple[tuple[int, Said, dict[str, Any], tuple[tuple[Any, ...], ...]], ...] = (
    (0, FAKE, {}, ()),
    (2, GAS, {"anonymous": True}, ()),
    (4, ADVERT, {"track": "both"}, ()),
    (6, UNLICENSED, {}, ((1, "take"),)),
    (11, FAKE, {"anonymous": True}, ((1, "take"), (2, "send"), (4, "check"))),
    (14, WEIGHT, {}, ((1, "take"), (2, "send"), (5, "check"))),
    (19, GAS, {}, ((2, "take"), (3, "check"))),
    (33, ADVERT, {}, ((1, "take"), (3, "send"), (5, "check"), (18, "extend"))),
    (25, UNLICENSED, {"shop": BAKERY}, ((1, "take"), (2, "send"), (3, "check"), (16, "file"))),
    (48, FAKE, {}, ((1, "take"), (2, "send"), (3, "check"), (13, "file"), (16, "inform"))),
    (22, WEIGHT, {}, ((1, "take"), (2, "check"), (14, "not_file", "slight", "当场改正，未造成危害"))),
    (61, ADVERT, {}, ((1, "take"), (3, "check"), (12, "not_file", "no_facts", "未发现违法事实"), (14, "inform"), (20, "close"))),
    (55, GAS, {"anonymous": True}, ((1, "take"), (2, "send"), (3, "check"), (15, "not_file", "no_facts", "现场未见该产品"), (16, "close"))),
    (17, WEIGHT, {}, ((2, "take"), (3, "transfer"))),
    (9, UNLICENSED, {"shop": BAKERY}, ((1, "take"), (2, "merge"))),
    (290, UNLICENSED, {}, ((1, "take"), (3, "send"), (4, "check"), (16, "file"), (18, "inform"), (40, "close"))),
)  # fmt: skip


class Reported:
    """A report on its way."""

    def __init__(
        self, ears: Ears, number: int, said: Said, *, track: str = "report", anonymous: bool = False, shop: str = ""
    ) -> None:
        self.ears = ears
        self.matter = Matter(ears, number, said, track=track, unit=ears.town, anonymous=anonymous, shop=shop)

    def days(self, received: date, steps: tuple[tuple[Any, ...], ...]) -> list[Dated]:
        """Return the days of the report."""
        found: list[Dated] = [(received, self.matter.receive)]
        for after, name, *rest in steps:
            found.append((received + timedelta(days=after), partial(getattr(self, name), *rest)))
        return found

    @property
    def row(self) -> Report:
        """The report as it is now."""
        return self.matter.report

    def take(self) -> None:
        """The officer of the desk takes it."""
        service.take_report(self.ears.desk, self.row)

    def send(self) -> None:
        """Give it to the inspector of the branch."""
        service.assign_inspector(self.ears.desk, self.row, self.ears.inspector)

    def check(self) -> None:
        """Begin to check, by the inspector where one was sent."""
        service.begin_check(self._handler(), self.row)

    def _handler(self) -> Any:
        return self.ears.inspector if self.row.inspector_id else self.ears.desk

    def extend(self) -> None:
        """Extend the check with a second person."""
        service.extend_check(self._handler(), self.row, "需要委托检验，等待结果" + SAID, self.ears.second)

    def file(self) -> None:
        """Open a case."""
        row = self.row
        service.file_report(
            self._handler(), row, f"演示立〔{row.received_on.year}〕{row.pk}号", "核查发现涉嫌违法的事实" + SAID
        )

    def not_file(self, code: str, reason: str) -> None:
        """Open no case."""
        service.not_file_report(self._handler(), self.row, code, reason + SAID)

    def inform(self) -> None:
        """Tell the informant, and serve the document."""
        row = self.row
        told = "立案" if row.case_no else "不予立案"
        service.inform_informant(self.ears.desk, row, f"您举报的线索已经核查，处理结果：{told}。{row.reason}")
        paper = Document.objects.get(report=row, code="report_result")
        service.serve_document(self.ears.desk, paper, "informant", "message", None, "短信送达回执" + SAID)

    def close(self) -> None:
        """Close it."""
        service.close_report(self.ears.desk, self.row)

    def transfer(self) -> None:
        """Pass it on."""
        text = "您举报的事项由霁渚市市场监管局（演示）管辖，已移送该局处理。"
        service.transfer_report(
            self.ears.desk, self.row, "霁渚市市场监管局" + SAID, "违法行为发生地在霁渚市" + SAID, text
        )

    def merge(self) -> None:
        """Join it with the earlier one about the same firm."""
        row = self.row
        earlier = Report.objects.filter(respondent_name=row.respondent_name).exclude(pk=row.pk).order_by("pk")[0]
        service.merge_report(self.ears.desk, row, earlier, "与先前举报为同一事实" + SAID)

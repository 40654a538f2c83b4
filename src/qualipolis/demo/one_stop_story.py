"""One demand of the demo on its way: each method is what happens on one day, by the verbs that a city uses."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from django.core.files.base import ContentFile
from django.utils import timezone

from qualipolis.city.core.policy import System
from qualipolis.city.nqi import service
from qualipolis.city.nqi.models import Demand, Order
from qualipolis.city.registry.models import Enterprise
from qualipolis.demo.one_stop_people import Bench, Service
from qualipolis.demo.supervision_words import ITEMS, SAID, STANDARDS
from qualipolis.methods.problems import InputError

ANY_FIRM = System("demo")
PAGE = (
    b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n"
    b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
)


@dataclass(frozen=True)
class Wish:
    """What a firm asks for: the kind of need, the class of product, its words, how many items, free of charge or not."""

    kind: str
    product: str
    words: str
    items: int = 2
    free: bool = False
    standard: str = ""
    parameter: str = ""

    def lines(self) -> list[dict[str, str]]:
        """Return the lines: items of the class under the standard of the class, or what is said."""
        if self.parameter:
            return [{"product": self.product, "parameter": self.parameter, "standard": self.standard}]
        named = ITEMS.get(self.product, ())[: self.items]
        return [{"product": self.product, "parameter": item.zh, "standard": STANDARDS[self.product]} for item in named]


class Need:
    """A demand and the steps it may take; the visitor's firm acts for itself, other firms by the demo."""

    def __init__(self, people: Service, firm: Enterprise, wish: Wish) -> None:
        self.people, self.firm, self.wish = people, firm, wish
        self.own = firm.pk == people.firm.pk
        self.actor = people.officer if self.own else ANY_FIRM
        self.station = people.steward if self.own else people.desk
        self._key = 0

    @property
    def row(self) -> Demand:
        """The demand as it is now."""
        return Demand.objects.select_related("enterprise", "unit").get(pk=self._key)

    @property
    def order(self) -> Order:
        """The newest order."""
        found = Order.objects.filter(demand=self._key).select_related("institution").order_by("-pk").first()
        assert found is not None
        return found

    def bench(self) -> Bench:
        """The laboratory of the newest order."""
        return next(one for one in self.people.laboratories if one.body.pk == self.order.institution_id)

    def file(self) -> None:
        """The firm writes what it needs."""
        wish = self.wish
        made = service.file_demand(
            self.actor, self.firm, wish.words + SAID, need_type=wish.kind, free=wish.free, lines=wish.lines(),
            product_name=wish.product, product_class=wish.product,
        )  # fmt: skip
        self._key = made.pk

    def accept(self) -> None:
        """The steward takes it."""
        service.accept_demand(self.station, self.row)

    def triage(self) -> None:
        """The steward says what is needed, line by line."""
        service.triage_demand(
            self.station, self.row, self.wish.kind, free=self.wish.free, product_class=self.wish.product,
            lines=self.wish.lines(),
        )  # fmt: skip

    def answer(self) -> None:
        """The station answers at once, free of charge."""
        service.answer_demand(self.station, self.row, "已查到现行标准和可办机构，清单和办理步骤已发给企业。" + SAID)

    def invite(self) -> None:
        """Those laboratories are asked that may do it."""
        able = []
        for one in self.people.laboratories:
            try:
                service.invite_institutions(self.station, self.row, [one.body])
            except InputError:
                continue
            able.append(one)
        assert able, self.wish

    def quote(self) -> None:
        """Each laboratory that was asked says price and days; the first is dearer and quicker than the last."""
        until = timezone.localdate() + timedelta(days=45)
        for place, one in enumerate(self.people.laboratories):
            for row in self.row.quotes.filter(institution=one.body, status="invited"):
                prices = {line.pk: 320 - 40 * place for line in row.demand.lines.all()}
                service.give_quote(one.person, row, prices, 5 + 2 * place, until)

    def place(self, bench: str = "") -> None:
        """The firm orders from one of them."""
        quotes = self.row.quotes.filter(status="quoted").order_by("pk")
        wanted = getattr(self.people, bench or "bench").body
        quote = quotes.filter(institution=wanted).first() or quotes.first()
        assert quote is not None
        service.place_order(self.actor, self.row, {quote: []})

    def confirm(self) -> None:
        """The laboratory confirms."""
        service.confirm_order(self.bench().person, self.order)

    def begin(self) -> None:
        """The sample comes in and the work begins."""
        person = self.bench().person
        service.receive_sample(person, self.order, self.wish.product, "3件", "完好", mark="示例批次")
        service.begin_order(person, self.order)

    def report(self) -> None:
        """The laboratory hands in a report."""
        bench, today, order = self.bench(), timezone.localdate(), self.order
        items = [
            {"line": line.position, "standard": line.standard, "result": "符合" + SAID, "verdict": "pass"}
            for line in order.lines.all()
        ]
        service.hand_in_report(
            bench.person, order, f"示例报告第{order.pk}号", today, today, bench.signatory, certificate=next(iter(order.certificates.values())),
            cma_mark=True, items=items, conclusion="所检项目符合标准要求。" + SAID,
            file=_named("report.pdf"),
        )  # fmt: skip

    def deliver(self) -> None:
        """The report is issued."""
        service.deliver_report(self.bench().person, self.order)

    def evaluate(self, stars: int = 5) -> None:
        """The firm says how it was."""
        service.evaluate_service(self.actor, self.row, stars, on_time=stars > 3, text="流程清楚，报告按时。" + SAID)

    def close(self) -> None:
        """The station closes the demand."""
        service.close_demand(self.station, self.row)

    def withdraw(self) -> None:
        """The firm no longer needs it."""
        service.withdraw_demand(self.actor, self.row, "客户取消了订单" + SAID)

    def reject(self) -> None:
        """It does not belong here."""
        service.reject_demand(self.station, self.row, "appraisal", "司法鉴定请向法院申请" + SAID)

    def nobody(self) -> None:
        """Nobody here can do it."""
        service.find_nobody(self.station, self.row, "本市没有机构的能力附表写有这个项目" + SAID)

    def escalate(self) -> None:
        """It goes to the general platform."""
        service.escalate_demand(self.station, self.row)

    def outside(self) -> None:
        """An institution outside the city can do it."""
        service.refer_outside(self.people.desk, self.row, "省外示例检验机构" + SAID, "本市无此能力")

    def gap(self) -> None:
        """It is recorded as a gap."""
        wish = self.wish
        service.record_gap(
            self.people.desk, self.row, wish.kind, wish.product, wish.parameter, wish.standard, note="本市无此能力" + SAID
        )  # fmt: skip

    def complain(self) -> None:
        """The firm complains about the service."""
        service.file_service_complaint(
            self.actor, self.row, "报告比约定晚了四天，没有提前说明。" + SAID, order=self.order, claim="说明原因" + SAID
        )


def _named(name: str) -> ContentFile[bytes]:
    return ContentFile(PAGE, name=name)

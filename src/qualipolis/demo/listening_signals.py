"""What the engine really heard in the letters of the demo, and what people did with it; and alerts of invented authorities."""

from __future__ import annotations

import csv
from collections.abc import Callable
from datetime import date, timedelta
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from qualipolis.city.listen import service
from qualipolis.city.listen.alerts.imports import import_alerts, understand
from qualipolis.city.listen.alerts.linking import confirm_classes
from qualipolis.city.listen.models import Proposal, Signal
from qualipolis.demo.listening_letters import monday_of
from qualipolis.demo.listening_people import Ears
from qualipolis.demo.listening_words import RUNNING, SETTLED
from qualipolis.demo.supervision_words import SAID

Dated = tuple[date, Callable[[], Any]]
HEARD = 10
SOURCE = "示例国际通报" + SAID
# how many days before this week, product, category, danger, brand, model, country, measure
ALERTS = (
    (200, "Power bank 20000 mAh", "Communication and media equipment", "Fire", "ShiLi", "P20", "Recall"),
    (171, "Modelling slime", "Toys", "Chemical", "ShiLi Color", "SJ-12", "Withdrawal"),
    (150, "Children's jacket with cords", "Clothing", "Strangulation", "Demo Kids", "K7", "Recall"),
    (122, "USB charger", "Electrical appliances and equipment", "Electric shock", "DemoVolt", "C5", "Sales ban"),
    (97, "Leather shoes", "Footwear", "Chemical", "Demo Step", "L2", "Withdrawal"),
    (66, "Travel adaptor", "Electrical appliances and equipment", "Electric shock", "DemoVolt", "T1", "Recall"),
    (41, "Pressure cooker", "Kitchen", "Burns", "Demo Chef", "YL-24", "Recall"),
    (27, "Toy car", "Toys", "Injuries", "Demo Car", "W3", "Withdrawal"),
    (5, "Portable charger", "Communication and media equipment", "Fire", "ShiLi Two", "Q8", "Recall"),
    (4, "Smart watch", "Communication and media equipment", "Burns", "Demo Time", "S1", "Recall"),
)
COLUMNS = (
    "Reference",
    "Date",
    "Product",
    "Category",
    "Risk type",
    "Brand",
    "Model",
    "Manufacturer",
    "Country of origin",
    "Measures",
)
OF_A_FIRM_HERE = ("Power bank 20000 mAh", "Portable charger")


class Signals:
    """The weekly looks, and what was done with the signals."""

    def __init__(self, ears: Ears) -> None:
        self.ears = ears

    def days(self, today: date) -> list[Dated]:
        """Return a look for each of the last weeks, on the Monday after, and what people did."""
        week = monday_of(today)
        found: list[Dated] = []
        for back in range(HEARD, 0, -1):
            monday = week - timedelta(weeks=back)
            found.append((monday + timedelta(days=7), lambda monday=monday: service.hear(self.ears.planner, monday)))  # type: ignore[misc]
        found += [
            (week - timedelta(weeks=7), self.warn), (week - timedelta(weeks=3), self.recall), (week - timedelta(weeks=2), self.confirm),
            (week - timedelta(days=6), self.look), (week - timedelta(weeks=2), self.sort),
        ]  # fmt: skip
        middle = len(ALERTS) // 2
        return [
            *found, (week - timedelta(days=90), partial(self.alerts, week, 0, middle)),
            (week - timedelta(days=1), partial(self.alerts, week, middle, len(ALERTS))),
        ]  # fmt: skip

    def of(self, product: str, problem: str = "") -> list[Signal]:
        """Return the signals of a class, the surest first."""
        rows = Signal.objects.filter(product_class=product).order_by("q_value", "pk")
        return list(rows.filter(hazard__in=(problem, ""))) if problem else list(rows)

    def warn(self) -> None:
        """The older outbreak is looked at for the first time."""
        self._answered(("warning", "sample"))

    def recall(self) -> None:
        """It has grown since, and is looked at again."""
        self._answered(("recall",))

    def _answered(self, kinds: tuple[str, ...]) -> None:
        """Look at the surest signal of the older outbreak, join the others with it, propose, and have it answered."""
        found = [one for one in self.of(SETTLED.product, SETTLED.problem) if one.status == "raised"]
        for one in found[:1]:
            service.look_at_signal(self.ears.planner, one)
            for kind in kinds:
                words = "三个相邻镇的投诉集中于同一类产品，建议处置。" + SAID
                service.propose(self.ears.planner, Signal.objects.get(pk=one.pk), kind, words)
            self._merge(found[1:], one)
        for proposal in Proposal.objects.filter(status="proposed").order_by("pk"):
            if proposal.kind == "sample":
                service.decline_proposal(self.ears.planner, proposal, "已并入召回核查，不另行抽查" + SAID)
            else:
                service.take_up_proposal(self.ears.section, proposal, "儿童水晶泥" + SAID)

    def _merge(self, others: list[Signal], into: Signal) -> None:
        for other in others:
            service.merge_signal(self.ears.planner, other, Signal.objects.get(pk=into.pk))

    def confirm(self) -> None:
        """What was found was true."""
        for one in Signal.objects.filter(status="acted", product_class=SETTLED.product):
            service.confirm_signal(self.ears.planner, one, "检验证实硼迁移量超限，已召回" + SAID)

    def look(self) -> None:
        """The running outbreak: somebody looks, and proposes a sample and the hospital."""
        found = [one for one in self.of(RUNNING.product, RUNNING.problem) if one.status == "raised"]
        for one in found[:1]:
            service.look_at_signal(self.ears.planner, one)
            for kind in ("sample", "hospital"):
                row = Signal.objects.get(pk=one.pk)
                service.propose(self.ears.planner, row, kind, "充电宝起火投诉连续五周上升，集中在三个相邻镇。" + SAID)

    def sort(self) -> None:
        """One of the others is looked into and was false; one is dismissed."""
        shadows = Signal.objects.filter(
            status="raised", product_class__in=("", SETTLED.product), hazard__in=("", SETTLED.problem)
        )
        known = Signal.objects.filter(status="confirmed").first()
        if known is not None:
            self._merge(list(shadows.exclude(pk=known.pk).order_by("pk")), known)
        told = {RUNNING.product, SETTLED.product}
        others = [one for one in Signal.objects.filter(status="raised").order_by("pk") if one.product_class not in told]
        others = [one for one in others if one.hazard != RUNNING.problem]
        for one in others[:1]:
            service.look_at_signal(self.ears.planner, one)
            service.propose(
                self.ears.planner, Signal.objects.get(pk=one.pk), "investigation", "请核实是否同一原因。" + SAID
            )
            proposal = Proposal.objects.filter(signal=one).latest("pk")
            service.decline_proposal(self.ears.section, proposal, "各件投诉原因不同" + SAID)
            service.refute_signal(
                self.ears.planner, Signal.objects.get(pk=one.pk), "逐件核对，产品和原因各不相同" + SAID
            )
        for one in others[1:3]:
            service.dismiss_signal(self.ears.planner, one, "数量小，来自同一人的重复来信" + SAID)

    def alerts(self, week: date, first: int, last: int) -> None:
        """A table of an invented authority, taken in as a person does; what its words suggest is confirmed."""
        lines: list[tuple[str, ...]] = [COLUMNS]
        for number, (ago, *said, measure) in enumerate(ALERTS[first:last], first + 1):
            day = week - timedelta(days=ago)
            firm = self._firm_named() if said[0] in OF_A_FIRM_HERE else ""
            lines.append((f"DEMO-{number:03d}", day.isoformat(), *said, firm, "Demoland", measure))
        with TemporaryDirectory() as folder:
            path = Path(folder) / f"alerts-demo-{first}.csv"
            with path.open("w", encoding="utf-8", newline="") as file:
                csv.writer(file).writerows(lines)
            shown = understand(path, path.name)
            made = import_alerts(self.ears.department, None, path, path.name, shown.shown.mapping, SOURCE)
        sure = {str(one.suggested.get("class", "")) for one in made.alerts.all()} - {""}
        confirm_classes(self.ears.department, made, sure)
        service.find_pairs(self.ears.planner)

    def _firm_named(self) -> str:
        """The firm of the visitor as somebody far away writes it: near enough to be asked about, not to be taken for sure."""
        return self.ears.firm.name_en.replace("Co., Ltd.", "Company Limited")

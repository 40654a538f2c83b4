"""The one-stop service of the synthetic city: demands in every state, certificates, instruments, declared standards."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from functools import partial
from typing import Any

from django.utils import timezone

from qualipolis.city.nqi import service
from qualipolis.city.nqi.models import Licence
from qualipolis.city.registry.models import Enterprise, Product, Standard
from qualipolis.demo.clock import telling
from qualipolis.demo.one_stop_people import Service, make_service
from qualipolis.demo.one_stop_story import Need, Wish
from qualipolis.demo.supervision_words import SAID

Dated = tuple[date, Callable[[], Any]]
CLOTHES = Wish("testing", "儿童服装", "出口订单要求检测童装，想知道哪家能做、多少钱、几天出报告。")
SHOES = Wish("testing", "皮鞋", "新款皮鞋上市前要做委托检验。", 3)
KNIT = Wish("testing", "毛针织衫", "客户要求提供起球和缩水的检测报告。")
POWER = Wish("testing", "电源适配器", "电源适配器换了供应商，想先送检再量产。", 3)
ROUTER = Wish("testing", "无线路由器", "招标文件要求带 CMA 标志的检测报告。")
ADVICE = Wish("standards", "儿童服装", "想知道童装现在执行哪几个标准，哪些是强制的。", free=True)
SCALE = Wish("metrology", "电子汽车衡", "厂里的汽车衡快到检定期了，找谁检？", free=True)
BATTERY = Wish(
    "testing", "储能电池", "储能电池要做热失控试验，市内找不到机构。", parameter="热失控", standard="GB/T 36276-2023"
)
EMC = Wish(
    "testing", "车载充电机", "车载充电机要做整车级电磁兼容试验。", parameter="整车辐射发射", standard="GB 34660-2017"
)
COURT = Wish("testing", "皮鞋", "和客户打官司，要一份司法鉴定。")
ASKED = ((0, "accept"), (1, "triage"))
QUOTED = (*ASKED, (2, "invite"), (5, "quote"))
ORDERED = (*QUOTED, (7, "place"))
TESTING = (*ORDERED, (8, "confirm"), (10, "begin"))
DONE = (*TESTING, (17, "report"), (18, "deliver"))
# how many days ago, whether the firm is that of the visitor, what is asked for, and what happened on which day after
NEEDS: tuple[tuple[int, bool, Wish, tuple[tuple[Any, ...], ...]], ...] = (
    (0, True, ADVICE, ()),
    (0, False, SHOES, ()),
    (2, False, KNIT, ((0, "accept"),)),
    (3, True, CLOTHES, ASKED),
    (5, False, ROUTER, (*ASKED, (2, "invite"))),
    (9, True, SHOES, QUOTED),
    (11, False, SHOES, ORDERED),
    (14, True, SHOES, (*ORDERED, (9, "confirm"))),
    (16, False, SHOES, TESTING),
    (21, True, CLOTHES, (*TESTING, (17, "report"))),
    (26, True, SHOES, DONE),
    (33, False, SHOES, (*DONE, (20, "complain"))),
    (40, True, KNIT, (*DONE, (22, "evaluate", 5))),
    (55, False, ROUTER, (*DONE, (21, "evaluate", 4), (24, "close"))),
    (70, True, CLOTHES, (*DONE, (20, "evaluate", 3), (23, "close"))),
    (96, False, KNIT, (*DONE, (20, "evaluate", 5), (23, "close"))),
    (12, True, SCALE, ((1, "accept"), (2, "triage"), (2, "answer"))),
    (30, False, ADVICE, ((1, "accept"), (1, "triage"), (1, "answer"), (4, "evaluate", 5), (6, "close"))),
    (18, False, COURT, ((1, "reject"),)),
    (28, False, POWER, (*ASKED, (3, "withdraw"))),
    (8, False, BATTERY, (*ASKED, (3, "nobody"))),
    (20, False, EMC, (*ASKED, (3, "nobody"), (5, "escalate"))),
    (44, False, EMC, (*ASKED, (3, "nobody"), (5, "escalate"), (11, "outside"))),
    (60, False, BATTERY, (*ASKED, (3, "nobody"), (5, "escalate"), (12, "gap"))),
    (13, False, CLOTHES, (*QUOTED, (6, "place", "ending"), (7, "confirm"), (8, "begin"), (11, "suspend"))),
)  # fmt: skip
INSTRUMENTS = (
    ("truck_scale", "电子汽车衡", "示例-0001", 359),
    ("truck_scale", "地上衡", "示例-0002", 400),
    ("pressure_gauge", "空压机储气罐压力表", "示例-0003", 90),
    ("pressure_gauge", "锅炉压力表", "示例-0004", 180),
)


def serve_firms(actor: Any) -> None:
    """Open the service points and tell what happened, each step on its own day until today."""
    people = make_service(actor)
    today = timezone.localdate()
    days = [*_needs(people, today), *_licences(people, today), *_instruments(people, today), *_standards(people, today)]
    with telling(min(day for day, _happens in days) - timedelta(days=1)) as clock:
        for day, happens in sorted(days, key=lambda one: one[0]):
            clock.to(day)
            happens()


def _needs(people: Service, today: date) -> list[Dated]:
    others = list(
        Enterprise.objects.exclude(pk=people.firm.pk).filter(closed_on=None, above_scale=True).order_by("pk")[:40]
    )
    days: list[Dated] = []
    for place, (ago, own, wish, steps) in enumerate(NEEDS):
        need = Need(people, people.firm if own else others[place], wish)
        start = today - timedelta(days=ago)
        days.append((start, need.file))
        days += [(start + timedelta(days=after), _told(people, need, name, *how)) for after, name, *how in steps]
    return [one for one in days if one[0] <= today]


def _told(people: Service, need: Need, name: str, *how: Any) -> Callable[[], Any]:
    if name == "suspend":
        return partial(_suspend, people)
    return lambda: getattr(need, name)(*how)


def _suspend(people: Service) -> None:
    row = Licence.objects.get(qualification__institution=people.ending.body)
    until = timezone.localdate() + timedelta(days=90)
    service.suspend_licence(
        people.planner, row, f"示例决〔{until.year}〕3号{SAID}", "现场检查发现原始记录不全" + SAID, until
    )


def _licences(people: Service, today: date) -> list[Dated]:
    """A change that is filed and one that is owed, certificates of products and systems in every state."""

    def change() -> None:
        row = Licence.objects.get(qualification__institution=people.bench.body)
        service.file_change(people.bench.person, row, "people", timezone.localdate() - timedelta(days=5),
                            "技术负责人变更，任命文件随附" + SAID)  # fmt: skip

    def owed() -> None:
        service.note_change(people.planner, people.second.body, "other", timezone.localdate() - timedelta(days=20),
                            "检验场所搬迁，尚未备案" + SAID)  # fmt: skip

    def issue() -> None:
        for number, (kind, scheme) in enumerate(
            (("system", "质量管理体系认证"), ("product", "自愿性产品认证"), ("ccc", "强制性产品认证"))
        ):
            made = service.issue_certificate(
                people.certifier.person, people.certifier.body, kind=kind, holder=people.firm, scheme=scheme + SAID,
                number=f"DEMO-{kind.upper()}-{number + 1:03d}", covers="示例产品的设计和生产" + SAID,
                standard="GB/T 19001-2016" if kind == "system" else "", issued_on=timezone.localdate() - timedelta(days=100),
                valid_to=timezone.localdate() + timedelta(days=900),
            )  # fmt: skip
            if kind == "product":
                until = timezone.localdate() + timedelta(days=60)
                service.suspend_certificate(people.certifier.person, made, "监督审核发现一致性不符" + SAID, until)

    return [
        (today - timedelta(days=6), change), (today - timedelta(days=4), owed), (today - timedelta(days=30), issue),
    ]  # fmt: skip


def _instruments(people: Service, today: date) -> list[Dated]:
    def register() -> None:
        for kind, name, serial, ago in INSTRUMENTS:
            last = timezone.localdate() - timedelta(days=ago - 20)
            service.register_instrument(
                people.officer, people.firm, kind, name=name + SAID, serial_no=serial, last_on=last, place="厂区" + SAID
            )

    return [(today - timedelta(days=20), register)]


def _standards(people: Service, today: date) -> list[Dated]:
    product = Product.objects.filter(enterprise=people.firm).order_by("pk").first()
    assert product is not None

    def declare() -> None:
        row = service.draft_declaration(
            people.officer, people.firm, product.standard, product=product, category=product.category
        )
        service.declare_standard(people.officer, row)

    def change() -> None:
        listed = Standard.objects.get(number=product.standard)
        newer = product.standard.rsplit("-", 1)[0] + f"-{today.year}"
        service.change_standard(
            people.planner, listed, "superseded", timezone.localdate() + timedelta(days=60), new_number=newer,
            new_title=listed.name_zh, note="新版六十日后实施" + SAID,
        )  # fmt: skip

    return [(today - timedelta(days=50), declare), (today - timedelta(days=3), change)]

"""Complaints and reports of the demo in every state, under both orders, so that each role has something that waits."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from functools import partial
from typing import Any

from qualipolis.city.registry.models import Enterprise, Unit
from qualipolis.demo.listening_people import Ears
from qualipolis.demo.listening_reports import REPORTS, Reported
from qualipolis.demo.listening_story import Matter, Said
from qualipolis.law.listening.rules import ORDER_20_TO

Dated = tuple[date, Callable[[], Any]]
Step = tuple[Any, ...]
POWER = Said(
    "digital", "fire_explosion", "充电宝", "新买的充电宝充电时鼓包冒烟，桌面被烫坏，商家说已过七天不管。", price=129
)
ADAPTER = Said("digital", "defect", "充电器", "充电器用了一周就不能充电，客服一直说在核实。", "更换合格的产品", 89)
SHOES = Said("shoes_bags", "defect", "皮鞋", "皮鞋穿了三天就开胶，门店只肯修不肯退。", price=399)
COAT = Said("clothing", "false_claim", "羽绒服", "吊牌写含绒量九成，送检只有六成。", "退货并三倍赔偿", 699)
CAKE = Said("food", "spoiled", "糕点", "礼盒里的糕点打开就有霉点，还在保质期内。", "退款并赔偿一千元", 168)
HEATER = Said(
    "appliances", "electric_shock", "电热水器", "洗澡时感觉麻手，维修人员承认接地有问题。", "更换合格的产品", 1499
)
SOFA = Said("furniture", "refund", "沙发", "送来的沙发和样品颜色不同，商家不同意退。", price=3280)
GYM = Said(
    "beauty_fitness", "prepaid_contract", "健身卡", "健身房换了老板，剩下的次数不给用也不退。", "退还未消费的余额", 2600
)
EBIKE = Said("ebikes", "warranty", "电动自行车", "电池续航一个月就减半，售后说是正常损耗。", "免费维修", 2899)
TOY = Said("childcare", "injury", "玩具车", "玩具车边缘锋利，孩子手被划破。", price=76)
LABEL = Said("digital", "label", "数据线", "包装上没有生产日期和厂址。", price=39)
WATCH = Said("digital", "warranty", "智能手表", "保修期内屏幕失灵，要求自付一半维修费。", "免费维修", 899)
ROUTER = Said("digital", "false_claim", "路由器", "宣传千兆，实测只有百兆。", price=199)
PARTS = Said("digital", "delivery_service", "耳机", "少发一副耳机，客服推给快递。", "补足差额", 159)
SPEAKER = Said("digital", "refund", "音箱", "七天内未拆封也不给退。", price=329)
KINDS = (POWER, ADAPTER, SHOES, COAT, CAKE, HEATER, SOFA, GYM, EBIKE, TOY)
AGREED = ((2, "accept"), (5, "mediate"), (9, "meet"), (11, "agree"))
CLOSED: tuple[Step, ...] = (*AGREED, (13, "close"), (15, "rate", 5))
# how many days ago it came in, what it is about, how it is told, and what happened on which day after
OPEN: tuple[tuple[int, Said, dict[str, Any], tuple[Step, ...]], ...] = (
    (0, POWER, {}, ()),
    (1, SHOES, {"proof": False}, ()),
    (2, GYM, {"channel": "phone"}, ()),
    (5, LABEL, {"own": True}, ()),
    (9, HEATER, {"channel": "visit"}, ()),
    (5, TOY, {"proof": False}, ((3, "ask_identity"),)),
    (34, CAKE, {"proof": False}, ((4, "ask_identity"),)),
    (8, EBIKE, {"proof": False}, ((2, "ask_identity"), (5, "give_identity"))),
    (9, SOFA, {}, ((3, "dispute"),)),
    (6, ADAPTER, {"own": True}, ((3, "accept"), (4, "ask"))),
    (12, TOY, {}, ((4, "accept"),)),
    (58, SOFA, {}, ((1, "accept"),)),
    (20, WATCH, {"own": True}, ((3, "accept"), (5, "mediate"), (15, "ask"))),
    (24, SPEAKER, {"own": True}, ((3, "accept"), (4, "ask"), (7, "answer"), (9, "mediate"), (13, "meet"))),
    (26, SHOES, {"firm": "皮鞋"}, ((4, "accept"), (6, "mediate"), (7, "ask"), (22, "silence"))),
    (57, COAT, {"firm": "儿童服装"}, ((1, "accept"), (4, "mediate"), (20, "meet"), (41, "meet"))),
    (16, EBIKE, {}, ((2, "accept"), (6, "mediate"))),
    (13, CAKE, {"firm": "糕点"}, ((2, "accept"), (3, "entrust"))),
    (21, HEATER, {}, ((2, "accept"), (4, "entrust"), (8, "call"), (11, "meet"))),
    (33, ROUTER, {"own": True}, ((2, "accept"), (4, "entrust"), (7, "call"), (10, "meet"), (14, "write"), (15, "sign", "complainant"))),
    (37, GYM, {}, ((2, "accept"), (3, "entrust"), (8, "call"), (12, "meet"), (19, "propose_test"))),
    (40, POWER, {"own": True}, ((2, "accept"), (5, "mediate"), (9, "meet"), (12, "pause"))),
    (44, HEATER, {}, ((3, "accept"), (5, "entrust"), (11, "call"), (16, "pause"))),
    (29, SHOES, {"firm": "皮鞋"}, (*AGREED,)),
    (27, PARTS, {"own": True}, (*AGREED, (13, "serve", "agreement", "complainant"))),
    (46, TOY, {}, ((2, "accept"), (6, "mediate"), (13, "meet"), (40, "end"))),
    (80, EBIKE, {}, ((2, "accept"), (5, "mediate"), (12, "meet"), (75, "end", "out_of_time", "调解期限届满，未达成一致"))),
    (75, COAT, {"firm": "儿童服装"}, CLOSED),
    (90, CAKE, {"firm": "糕点"}, ((2, "accept"), (4, "entrust"), (9, "call"), (12, "meet"), (17, "agree"), (19, "close"), (22, "rate", 4))),
    (98, ADAPTER, {"own": True}, ((2, "accept"), (3, "ask"), (6, "answer"), (8, "mediate"), (14, "pause"), (30, "resume"), (33, "agree"), (36, "close"), (40, "rate", 3))),
    (52, GYM, {"channel": "platform"}, ((5, "refuse", "no_dispute", "所诉为经营场地转租纠纷"),)),
    (18, SHOES, {}, ((2, "accept"), (4, "mediate"), (9, "withdraw"))),
    (30, SOFA, {}, ((3, "transfer"),)),
)  # fmt: skip
# the day before the new order, and what happened under the old one
EARLIER: tuple[tuple[int, Said, dict[str, Any], tuple[Step, ...]], ...] = (
    (0, SHOES, {"channel": "post"}, CLOSED),
    (2, POWER, {"own": True}, ((3, "accept"), (6, "mediate"), (10, "meet"), (14, "pause"))),
    (6, EBIKE, {"proof": False}, CLOSED),
    (15, CAKE, {"firm": "糕点"}, ((2, "accept"), (6, "mediate"), (12, "meet"), (20, "end"), (22, "close"))),
    (21, COAT, {}, ((4, "refuse", "three_years", "权利受损已超过三年"),)),
    (28, GYM, {}, ((1, "accept"), (5, "withdraw"))),
    (-1, SHOES, {"channel": "post"}, CLOSED),
    (-3, TOY, {"proof": False}, ((3, "ask_identity"), (34, "refuse", "identity", "未在期限内提供身份证明"))),
)  # fmt: skip


def letters_told(ears: Ears, today: date) -> list[Dated]:
    """Return the days of the letters that are told at length; nothing happens after today."""
    days: list[Dated] = []
    number = 0
    for start, table in ((today, OPEN), (min(ORDER_20_TO, today - timedelta(days=40)), EARLIER)):
        for ago, said, how, steps in table:
            number += 1
            days += _matter(ears, number, start - timedelta(days=ago), said, how, steps)
    for ago, kind, how, steps in REPORTS:
        number += 1
        days += Reported(ears, number, kind, **how).days(today - timedelta(days=ago), steps)
    return [one for one in days if one[0] <= today]


def _matter(
    ears: Ears, number: int, day: date, said: Said, how: dict[str, Any], steps: tuple[Step, ...]
) -> list[Dated]:
    """Return the days of one complaint: received, and what happened after."""
    given = dict(how)
    maker = given.pop("firm", "")
    firm = ears.firm if given.pop("own", False) else maker_of(maker, number) if maker else None
    unit = firm.unit if firm else ears.town if number % 9 == 0 else _town(number)
    one = Matter(ears, number, said, firm=firm, unit=unit, **given)
    days: list[Dated] = [(day, one.receive)]
    for after, name, *rest in steps:
        days.append((day + timedelta(days=after), partial(getattr(one, name), *rest)))
    return days


def _town(number: int) -> Unit:
    """Return a town, each letter another one: what is told here is no outbreak."""
    rows = Unit.objects.filter(assessed=True).order_by("code")
    return rows[number * 7 % rows.count()]


def maker_of(category: str, number: int) -> Enterprise:
    """Return a firm that makes a class of product."""
    rows = Enterprise.objects.filter(products__category=category, closed_on=None).select_related("unit")
    return rows.order_by("credit_code")[number % 40]

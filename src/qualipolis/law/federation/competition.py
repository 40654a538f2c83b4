"""The fair-competition check of a pact: what two people answer, and words that draw their attention.

The words only point; they never decide. What no word list finds is still asked, point by point.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass

from qualipolis.methods.problems import Problem, msg

ANTI_MONOPOLY = msg("Anti-Monopoly Law, article 17")
ASSOCIATIONS = msg("Anti-Monopoly Law, article 21")
ANSWERS = {"no": msg("no"), "doubt": msg("it may"), "": msg("not answered")}


@dataclass(frozen=True)
class Point:
    """One question of the check.

    Parameters
    ----------
    code : stable name
    asks : the question, as a message id; "no" is the answer that lets the pact pass
    law : what it rests on, as a message id
    hints : patterns of words, Chinese and English, that draw attention to the point
    """

    code: str
    asks: str
    law: str
    hints: tuple[str, ...]


POINTS: tuple[Point, ...] = (
    Point("prices", msg("Does it fix, limit or align prices, discounts or fees?"), ANTI_MONOPOLY,
          (r"统一.{0,4}(?:定价|价格|售价|报价|收费)", r"(?:最低|最高|限定|固定|指导|保护)(?:价|售价|限价|价格)", r"不得低于.{0,8}(?:价|元)", r"不得.{0,3}(?:降价|打折|压价|低价)",
           r"(?:涨价|调价|提价).{0,4}(?:一致|同步|幅度)", r"价格(?:同盟|联盟|自律)", r"(?:minimum|maximum|fixed|uniform|common|floor) prices?", r"price (?:floor|fixing|list|discipline)",
           r"(?:no|not) (?:discounts?|undercut\w*)", r"(?:not|never) (?:sell|quote) below")),
    Point("division", msg("Does it divide markets, customers, regions or suppliers?"), ANTI_MONOPOLY,
          (r"(?:划分|分割|瓜分|分配).{0,6}(?:市场|区域|地区|片区|客户|客源|渠道)", r"(?:不得|互不).{0,4}(?:跨区|进入对方|争抢|抢夺|挖角|招揽).{0,6}", r"(?:各自|专属|独占).{0,4}(?:区域|市场|客户)",
           r"(?:divid|shar|allocat|split)\w* .{0,20}(?:markets?|territor\w+|customers?|regions?)", r"exclusive territor\w+", r"not (?:poach|solicit)")),
    Point("quantity", msg("Does it limit output or sales?"), ANTI_MONOPOLY,
          (r"(?:限制|控制|压减|统一|分配).{0,4}(?:产量|产能|销量|供货量|配额)", r"(?:限产|停产保价|联合减产|生产配额)", r"(?:limit|restrict|reduc)\w* .{0,12}(?:output|production|sales volumes?|capacity)",
           r"(?:production|sales) quotas?")),
    Point("boycott", msg("Does it call for a joint boycott of a firm, a customer or a supplier?"), ANTI_MONOPOLY,
          (r"(?:联合|共同|集体|一致).{0,4}(?:抵制|拒绝|封杀|不予|停止供货|断供)", r"(?:拒绝|不得|禁止).{0,4}与.{0,12}(?:交易|合作|供货|往来)", r"黑名单.{0,8}(?:不得|拒绝|禁止)",
           r"boycott\w*", r"refus\w+ to (?:deal|supply|sell|trade)", r"shall not (?:deal|trade|supply)")),
    Point("innovation", msg("Does it restrict buying new technology or equipment, or developing new products?"), ANTI_MONOPOLY,
          (r"(?:限制|不得|禁止).{0,6}(?:购买|采用|引进|开发|研发).{0,6}(?:新技术|新设备|新产品|新工艺)", r"(?:not|restrict\w*) .{0,12}(?:new technolog\w+|new products?|new equipment)")),
    Point("barrier", msg("Do its standards or conditions shut out competitors without a reason of quality?"), ASSOCIATIONS,
          (r"(?:仅限|只有|必须).{0,6}(?:会员|成员|本市|本地|本协会).{0,10}(?:方可|才能|才可|产品|企业|采购)", r"(?:指定|唯一|独家).{0,6}(?:供应商|检验机构|检测机构|认证机构|品牌|原料)",
           r"(?:非会员|外地).{0,8}(?:不得|禁止|加收|排除)", r"only (?:members?|local) .{0,20}(?:may|can|are)", r"(?:designated|sole|exclusive) (?:supplier|laborator\w+|certifier|brand)", r"non-members? .{0,12}(?:not|excluded|pay)")),
    Point("information", msg("Does it have members exchange prices, costs, customers or plans?"), ANTI_MONOPOLY,
          (r"(?:交换|共享|互通|通报|上报).{0,6}(?:价格|成本|客户|订单|报价|产销|销售计划|投标)", r"(?:exchang|shar|report)\w* .{0,16}(?:prices?|costs?|customer lists?|bids?|order books?)")),
    Point("bids", msg("Does it agree on bids or tenders?"), ANTI_MONOPOLY,
          (r"(?:围标|串标|陪标|轮流中标)", r"(?:统一|协商|约定).{0,4}(?:投标|报价|中标)", r"(?:rotat|rig|coordinat)\w* .{0,10}(?:bids?|tenders?)")),
    Point("membership", msg("Does it force firms to join, or punish who leaves?"), ASSOCIATIONS,
          (r"(?:强制|必须|一律).{0,4}(?:入会|加入|签署)", r"退出.{0,8}(?:罚款|处罚|违约金|通报)", r"(?:must|shall) (?:join|sign)", r"(?:penalt\w+|fines?) .{0,12}(?:leav|withdraw)\w*")),
)  # fmt: skip
BY_CODE = {one.code: one for one in POINTS}
ENDORSING = (
    r"(?:政府|监管部门|市监局|协会|联合会)?(?:推荐|指定|认可)(?:产品|品牌|企业|单位)", r"(?:全国|全省|全市|行业|销量)(?:第一|最佳|首选|领先)", r"(?:最好|最佳|最优|第一|顶级|国家级|免检)",
    r"\b(?:best|number one|no\. ?1|top[- ]ranked|leading brand|recommended by|endorsed by|inspection[- ]free)\b",
)  # fmt: skip
_WITHIN = "[^，。；、,;.]{"  # words belong together within a part of a sentence


@dataclass(frozen=True)
class Hint:
    """Words of a text that draw attention to a point: which point, the words, and where they begin."""

    point: str
    words: str
    at: int


def _narrow(text: str) -> str:
    """Return a text with wide letters and digits read as the narrow ones, character by character."""
    return "".join(one if len(one) == 1 else raw for raw in text for one in (unicodedata.normalize("NFKC", raw),))


def hints(text: str) -> tuple[Hint, ...]:
    """Return the words of a text that draw attention to a point, in their order.

    >>> [(one.point, one.words) for one in hints("会员统一销售价格，不得低于每件20元。")]
    [('prices', '统一销售价格'), ('prices', '不得低于每件20元')]
    >>> hints("会员承诺出厂前逐批检验，并公开检验结果。")
    ()
    """
    plain = _narrow(text)
    found = [
        Hint(point.code, text[match.start() : match.end()].strip(), match.start())
        for point in POINTS
        for pattern in point.hints
        for match in re.finditer(pattern.replace(".{", _WITHIN), plain, re.IGNORECASE)
    ]
    return tuple(sorted(set(found), key=lambda one: (one.at, one.point, -len(one.words))))


def endorsing(text: str) -> tuple[str, ...]:
    """Return the words that read as a recommendation or a ranking.

    >>> endorsing("本市第一品牌，政府推荐产品"), endorsing("承诺七日内退货")
    (('第一', '政府推荐产品'), ())
    """
    plain = _narrow(text)
    spans: list[tuple[int, int]] = []
    for pattern in ENDORSING:
        for match in re.finditer(pattern, plain, re.IGNORECASE):
            if not any(a <= match.start() and match.end() <= b for a, b in spans):
                spans.append(match.span())
    return tuple(text[a:b] for a, b in sorted(spans))


def check_problems(answers: Mapping[str, str], note: str) -> list[Problem]:
    """Return what is wrong with one person's check: points without an answer, unknown ones, a doubt without words.

    >>> [one.code for one in check_problems({"prices": "doubt"}, "")][-1]
    'no_note'
    """
    found = [
        Problem("not_answered", msg("Answer every point of the check."), place=point.code)
        for point in POINTS
        if answers.get(point.code) not in ("no", "doubt")
    ]
    found += [
        Problem("unknown_point", msg("There is no such point in the check."), place=code)
        for code in answers
        if code not in BY_CODE
    ]
    if "doubt" in answers.values() and not note.strip():
        found.append(Problem("no_note", msg("Say what raises the doubt, and what would mend it."), place="note"))
    return found

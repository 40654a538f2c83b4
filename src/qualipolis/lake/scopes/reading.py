"""What a question about testing asks for: standards by number, products and parameters by their terms, and what is left."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field

from qualipolis.lake.scopes.numbers import Number, clean, placed
from qualipolis.lake.scopes.terms import terms
from qualipolis.methods.text.normalise import normalise
from qualipolis.methods.text.retrieve import Guess

MOST = 300
MOST_WANTED = 8
BARE = re.compile(
    r"(?<![\d.a-z-])(\d{2,6}(?:\.\d{1,3})?)(?:\s*-\s*((?:19|20)\d\d))?(?![\d.]|\s*(?:度|℃|°|kg|kv|v\b|w\b|mm|号|月|年|码|级|%))"
)
STOP_ZH = re.compile(
    "谁能|谁可以|哪里可以|哪里能|在哪里|哪里|哪家|哪个|机构|实验室|检测中心|检验|检测|测试|试验|化验|送检|测一下|测量|分析|找谁|"
    "有没有|是不是|能不能|可以|能做|会不会|合不合格|怎么|多少|什么|超标|标准|新版|最新|国标|新国标|报告|资质|需要|我们|我要|想做|想要|"
    "请问|附近|做个|做一下|公司|产品|的|吗|呢|里面|里|按照|按|依据|根据|根据|和|与|及|或|、|做|测|检|查|要|想|还有|是否|"
    "含量|性能|要求|指标|项目|参数|方法|新"
)
STOP_EN = frozenset(
    [
        "who",
        "can",
        "could",
        "test",
        "tests",
        "testing",
        "tested",
        "lab",
        "labs",
        "laboratory",
        "laboratories",
        "find",
        "where",
        "which",
        "what",
        "how",
        "need",
        "want",
        "please",
        "the",
        "a",
        "an",
        "of",
        "in",
        "for",
        "to",
        "by",
        "with",
        "on",
        "at",
        "is",
        "are",
        "my",
        "our",
        "we",
        "i",
        "me",
        "it",
        "its",
        "near",
        "nearby",
        "from",
        "and",
        "or",
        "do",
        "does",
        "done",
        "according",
        "per",
        "under",
        "into",
        "get",
        "any",
        "some",
        "check",
        "checking",
        "analysis",
        "analyse",
        "measure",
        "measurement",
        "measuring",
        "determination",
        "determine",
        "standard",
        "method",
        "report",
        "certificate",
        "content",
        "new",
        "against",
        "within",
        "using",
        "use",
        "against",
        "company",
        "product",
        "products",
        "item",
        "items",
        "sample",
        "samples",
        "real",
        "level",
        "levels",
    ]
)
WORD = re.compile(r"[a-z][a-z0-9-]*|[^\W0-9a-z_]+")


@dataclass(frozen=True)
class Question:
    """A question as it was understood.

    ``standards`` are named by number and bind; ``products`` and ``parameters`` are codes of terms; ``text`` is what is
    left without the numbers; ``unread`` are its words no term explains; ``corrected`` are pairs of typed and meant.
    """

    text: str
    standards: tuple[Number, ...] = ()
    products: tuple[str, ...] = ()
    parameters: tuple[str, ...] = ()
    unread: tuple[str, ...] = ()
    corrected: tuple[tuple[str, str], ...] = field(default=())

    @property
    def empty(self) -> bool:
        """Whether nothing was asked."""
        return not (self.standards or self.products or self.parameters or self.unread)


def read(
    said: str,
    guess: Callable[[str], Guess | None] = lambda word: None,
    bare: Callable[[str], Number | None] = lambda body: None,
) -> Question:
    """Return what ``said`` asks for.

    ``guess`` proposes what a word that nothing explains may have meant, which is taken only where it then names a term;
    ``bare`` knows the standard of a number written without its letters. Both are told in ``corrected``.

    >>> made = read("谁能按 gb31701—2015 测童装甲醛")
    >>> [one.text for one in made.standards], made.products, made.parameters, made.unread
    (['GB 31701-2015'], ('children_textile',), ('formaldehyde',), ())
    >>> read("who can test quantum spin in socks").unread
    ('quantum', 'spin', 'socks')
    """
    text, standards = _numbers(clean(said[:MOST]))
    text, more = _bare(normalise(text), bare)
    products, parameters, unread = _terms(text)
    corrected = [*more.items()]
    for word in unread:
        meant = _meant(word, guess)
        if meant:
            corrected.append((word, meant))
            text = text.replace(word, meant, 1)
    if len(corrected) > len(more):
        products, parameters, unread = _terms(text)
    named = tuple(dict.fromkeys((*standards, *(one for body in more if (one := bare(body))))))
    return Question(
        text.strip(), named[:MOST_WANTED], products, parameters[:MOST_WANTED], unread,
        tuple((typed, bare(typed).text if typed in more else meant) for typed, meant in corrected),  # type: ignore[union-attr]
    )  # fmt: skip


def _numbers(text: str) -> tuple[str, list[Number]]:
    found = placed(text)
    for one in reversed(found):
        text = f"{text[: one.start]} {text[one.stop :]}"
    return text, [one.number for one in found]


def _bare(text: str, known: Callable[[str], Number | None]) -> tuple[str, dict[str, str]]:
    """Return the text without numbers that only a standard can be, and those numbers."""
    taken: dict[str, str] = {}
    for match in BARE.finditer(text):
        body = match[1]
        if len(body) >= 4 and not re.fullmatch(r"(?:19|20)\d\d", body) and known(body) is not None:
            taken[body] = body
    for body in taken:
        text = text.replace(body, " ", 1)
    return text, taken


def _terms(text: str) -> tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...]]:
    known = terms()
    spots = known.found(text)
    rest = list(text)
    for spot in spots:
        rest[spot.start : spot.stop] = " " * (spot.stop - spot.start)
    said = dict.fromkeys(spot.term for spot in spots)
    wide = {code for one in said for code in known.above(one)}
    codes = [code for code in said if code not in wide]
    kinds = {
        kind: tuple(code for code in codes if known.by_code[code].kind == kind) for kind in ("product", "parameter")
    }
    left = STOP_ZH.sub(" ", "".join(rest))
    unread = [word for word in WORD.findall(left) if len(word) > 1 and word not in STOP_EN]
    return kinds["product"], kinds["parameter"], tuple(dict.fromkeys(unread))


def _meant(word: str, guess: Callable[[str], Guess | None]) -> str:
    found = guess(word)
    return found.text if found and terms().found(found.text) else ""

"""What a question about testing asks for: standards by number, products and parameters by their terms, and what is left."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field

from qualipolis.lake.scopes.numbers import Number, clean, placed
from qualipolis.lake.scopes.terms import LATIN, terms
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
    ('quantum', 'spin')
    """
    text, standards = _numbers(clean(said[:MOST]))
    text, more = _bare(normalise(text), bare)
    products, parameters, unread = _terms(text)
    corrected = [(typed, one.text) for typed, one in more.items()]
    mended = text
    for word in unread:
        if meant := _meant(word, guess, len(LATIN.findall(text)) > 1):
            corrected.append((word, meant))
            mended = mended.replace(word, meant, 1)
    if mended != text:
        text, (products, parameters, unread) = mended, _terms(mended)
    named = tuple(dict.fromkeys((*standards, *more.values())))
    return Question(
        text.strip(), named[:MOST_WANTED], products, parameters[:MOST_WANTED], unread, tuple(corrected)
    )  # fmt: skip


def _numbers(text: str) -> tuple[str, list[Number]]:
    found = placed(text)
    for one in reversed(found):
        text = f"{text[: one.start]} {text[one.stop :]}"
    return text, [one.number for one in found]


def _bare(text: str, known: Callable[[str], Number | None]) -> tuple[str, dict[str, Number]]:
    """Return the text without numbers that only a standard can be, and those standards by what was typed."""
    taken: dict[str, Number] = {}
    for match in BARE.finditer(text):
        body = match[1]
        if len(body) >= 4 and not re.fullmatch(r"(?:19|20)\d\d", body) and (found := known(body)) is not None:
            taken[match[0]] = Number(found.prefix, found.body, match[2] or "")
    for typed in taken:
        text = text.replace(typed, " ", 1)
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


def _meant(word: str, guess: Callable[[str], Guess | None], latin: bool) -> str:
    """Return what a word may have meant, where that names a term; in a sentence of Latin words none is pinyin."""
    found = guess(word)
    if found is None or (found.how == "pinyin" and latin):
        return ""
    return found.text if terms().found(found.text) else ""

"""What the index keeps of a text: pairs of Chinese characters, longer Chinese words, and whole Latin words and numbers.

The same reading is used for texts and for queries; a change of it is a new :data:`VERSION`, and an index of another
version asks to be rebuilt. A text's order is not kept: the index cannot tell the text again.
"""

from __future__ import annotations

import re
from operator import add

import rjieba

from qualipolis.methods.text.normalise import normalise

VERSION = 1
MOST_TEXT = 4000
LONGEST_WORD = 8
ACROSS = 0.3
LONGEST_LATIN = 40
PARTS = re.compile(r"[0-9a-zà-ɏа-я]+|[^\W0-9a-zà-ɏа-я_]+")
SIMPLE = re.compile(r"[0-9a-zà-ɏа-я]")


def tokens(text: str) -> set[str]:
    """Return what is indexed of ``text``, each once.

    >>> sorted(tokens("热水器ABC-12漏水"))
    ['12', 'abc', '水器', '漏水', '热水', '热水器']
    """
    said = normalise(text, MOST_TEXT)
    kept: set[str] = set()
    long = False
    for part in PARTS.findall(said):
        if len(part) == 1 or SIMPLE.match(part):
            kept.add(part[:LONGEST_LATIN])
        else:
            kept.update(map(add, part, part[1:]))
            long = long or len(part) > 2
    if long:
        kept.update([word for word in rjieba.cut(said) if 2 < len(word) <= LONGEST_WORD and word.isalnum()])
    return kept


def units(query: str) -> list[str]:
    """Return the words of a query as they were typed: Latin words, numbers, and runs of Chinese.

    >>> units("手机 发烫，iPhone15")
    ['手机', '发烫', 'iphone15']
    """
    return PARTS.findall(normalise(query, MOST_TEXT))


def parts(unit: str) -> list[str]:
    """Return the tokens of one unit in their order: a Latin word itself, a Chinese run its pairs.

    >>> parts("充电宝"), parts("abc"), parts("茶")
    (['充电', '电宝'], ['abc'], ['茶'])
    """
    if SIMPLE.match(unit) or len(unit) == 1:
        return [unit[:LONGEST_LATIN]]
    return list(dict.fromkeys(map(add, unit, unit[1:])))


def weighed(unit: str) -> dict[str, float]:
    """Return the tokens of a unit of a sentence with what they weigh: pairs over the edge of a word less than others.

    >>> weighed("热水器漏水")
    {'热水': 1.0, '水器': 1.0, '器漏': 0.3, '漏水': 1.0, '热水器': 1.0}
    """
    if SIMPLE.match(unit) or len(unit) == 1:
        return {unit[:LONGEST_LATIN]: 1.0}
    cut = rjieba.cut(unit)
    inside = {pair for word in cut for pair in map(add, word, word[1:])}
    found = {pair: 1.0 if pair in inside else ACROSS for pair in parts(unit)}
    return found | {word: 1.0 for word in cut if 2 < len(word) <= LONGEST_WORD and word.isalnum()}

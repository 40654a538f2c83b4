"""What was meant: words typed in pinyin, with a homophone or another wrong character, or with a slip in Latin letters.

A speller knows only the words of the collection it was made for (with how many texts have each), so that it never proposes
a word that finds nothing. It proposes; who asks is told what was changed.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

FUZZY = (("zh", "z"), ("ch", "c"), ("sh", "s"), ("ang", "an"), ("eng", "en"), ("ing", "in"), ("l", "n"))
LATIN = re.compile(r"[a-z]+")
LONGEST = 12
BEAM = 24
SAME = 3.0
NEARLY = -1.5
LEAST_LIKE = 75.0
SYLLABLE = 6


@dataclass(frozen=True)
class Guess:
    """What may have been meant, how: ``"pinyin"``, ``"homophone"``, ``"character"`` or ``"letters"``, and its support.

    ``count`` is the number of texts that have its rarest part.
    """

    text: str
    how: str
    count: int


@dataclass(frozen=True, eq=False)
class Speller:
    """The words of a collection by sound and by letters; made by :func:`speller`."""

    counts: Mapping[str, int]
    sounds: Mapping[tuple[str, str], list[str]]
    readings: Mapping[str, tuple[str, ...]]
    latin: tuple[str, ...]
    after: Mapping[str, dict[str, int]]

    def guess(self, word: str) -> Guess | None:
        """Return what was most likely meant by ``word``, None where nothing better is known.

        >>> known = speller({"手机": 90, "首季": 2, "充电": 50, "电宝": 40, "bluetooth": 9})
        >>> [known.guess(word).text for word in ("shouji", "手鸡", "congdianbao", "充申宝", "blutooth")]
        ['手机', '手机', '充电宝', '充电宝', 'bluetooth']
        >>> known.guess("手机") is None
        True
        """
        said = word.casefold()
        if said.isascii():
            return self._letters(said) if said in self.counts else self._pinyin(said) or self._letters(said)
        if not 2 <= len(said) <= LONGEST:
            return None
        own = self._support(said)
        for found in (self._homophone(said), self._character(said)):
            if found and found.text != said and found.count > 4 * own:
                return found
        return None

    def _support(self, text: str) -> int:
        return min((self.counts.get(text[at : at + 2], 0) for at in range(len(text) - 1)), default=0)

    def _pinyin(self, word: str) -> Guess | None:
        if not LATIN.fullmatch(word) or len(word) > SYLLABLE * LONGEST:
            return None
        ways = [self._chain([(one,) for one in way]) for way in split_syllables(word) if 2 <= len(way) <= LONGEST]
        found = [text for text in ways if text]
        best = max(found, key=self._support, default="")
        return Guess(best, "pinyin", self._support(best)) if best else None

    def _homophone(self, word: str) -> Guess | None:
        heard = [self.readings.get(mark) or readings_of(mark) for mark in word]
        if not all(heard):
            return None
        text = self._chain(heard, word)
        kept = sum(one == other for one, other in zip(text, word, strict=False))
        return Guess(text, "homophone", self._support(text)) if text and 2 * kept >= len(word) else None

    def _chain(self, heard: list[tuple[str, ...]], written: str = "") -> str:
        """Return the likeliest characters with these sounds of which every two neighbours stand together somewhere."""
        paths: list[tuple[float, str]] = [(0.0, "")]
        for at in range(len(heard) - 1):
            pairs = [one for first in heard[at] for second in heard[at + 1] for one in self._pairs(first, second)]
            best: dict[str, tuple[float, str]] = {}
            for (pair, exact), (score, text) in ((pair, path) for pair in pairs for path in paths):
                if text and text[-1] != pair[0]:
                    continue
                kept = sum(SAME for place, mark in enumerate(pair) if written[at + place : at + place + 1] == mark)
                whole = score + float(np.log(self.counts[pair])) + kept + (0.0 if exact else NEARLY)
                made = (text or pair[0]) + pair[1]
                if made[-1] not in best or whole > best[made[-1]][0]:
                    best[made[-1]] = (whole, made)
            paths = sorted(best.values(), reverse=True)[:BEAM]
        return paths[0][1] if paths else ""

    def _pairs(self, first: str, second: str) -> list[tuple[str, bool]]:
        found = self.sounds.get((nearly(first), nearly(second)), [])
        return [(pair, self._sounds_so(pair, first, second)) for pair in found[:BEAM]]

    def _sounds_so(self, pair: str, first: str, second: str) -> bool:
        return first in self.readings[pair[0]] and second in self.readings[pair[1]]

    def _character(self, word: str) -> Guess | None:
        """Return the word with one character changed so that its neighbours are known with it."""
        if len(word) < 3:
            return None
        found: list[Guess] = []
        for at in range(1, len(word) - 1):
            before, behind = word[at - 1], word[at + 1]
            fits = [mark for mark in self.after.get(before, {}) if self.counts.get(mark + behind, 0)]
            tried = [word[:at] + mark + word[at + 1 :] for mark in fits]
            found += [Guess(text, "character", self._support(text)) for text in tried if self._support(text)]
        return max(found, key=lambda one: one.count, default=None)

    def _letters(self, word: str) -> Guess | None:
        from rapidfuzz import fuzz, process

        if len(word) < 4 or word.isdigit():
            return None
        own = self.counts.get(word, 0)
        near = process.extract(word, self.latin, scorer=fuzz.ratio, score_cutoff=LEAST_LIKE, limit=5)
        kept = [(score, self.counts[text], text) for text, score, _ in near if text != word and text[0] == word[0]]
        score, count, text = max(kept, default=(0.0, 0, ""))
        return Guess(text, "letters", count) if score and count > 4 * own else None


def speller(counts: Mapping[str, int]) -> Speller:
    """Return the speller of a collection whose words and character pairs ``counts`` has, with the texts having each.

    Pairs of ideographs are known by their sounds, every reading of a character counts (长: chang, zhang), and by sounds
    that many confuse (zh and z, n and l, -ing and -in), which weigh less.
    """
    pairs = {word: count for word, count in counts.items() if len(word) == 2 and not word.isascii() and count > 0}
    readings = {mark: readings_of(mark) for mark in {mark for pair in pairs for mark in pair}}
    sounds: dict[tuple[str, str], list[str]] = defaultdict(list)
    after: dict[str, dict[str, int]] = defaultdict(dict)
    for pair, count in sorted(pairs.items(), key=lambda one: (-one[1], one[0])):
        after[pair[0]][pair[1]] = count
        for heard in {(nearly(a), nearly(b)) for a in readings[pair[0]] for b in readings[pair[1]]}:
            sounds[heard].append(pair)
    latin = tuple(sorted(word for word in counts if word.isascii() and len(word) > 3 and word.isalpha()))
    return Speller(counts, sounds, readings, latin, after)


@lru_cache(maxsize=30_000)
def readings_of(mark: str) -> tuple[str, ...]:
    """Return the readings of a character without tones; none for what is not Chinese.

    >>> readings_of("长"), readings_of("x")
    (('zhang', 'chang'), ())
    """
    from pypinyin import Style, pinyin

    found = pinyin(mark, style=Style.NORMAL, heteronym=True, errors="ignore")
    return tuple(dict.fromkeys(one.replace("ü", "v") for one in found[0])) if found else ()


@lru_cache(maxsize=1)
def syllables() -> frozenset[str]:
    """Return the syllables of Mandarin without tones, as the commonest characters read."""
    marks = (chr(code) for code in range(0x4E00, 0x9FA6))
    return frozenset(one for mark in marks for one in readings_of(mark) if LATIN.fullmatch(one) and one not in ODD)


@lru_cache(maxsize=1)
def _nearly_syllables() -> frozenset[str]:
    return frozenset(nearly(one) for one in syllables())


ODD = frozenset(["m", "n", "ng", "hm", "hng", "ê", "r"])


def split_syllables(word: str, most: int = 8) -> list[tuple[str, ...]]:
    """Return the ways to read letters as syllables of Mandarin or as they are often mistyped, the fewest first.

    >>> split_syllables("xian"), split_syllables("battery")
    ([('xian',), ('xi', 'an')], [])
    """
    known, near = syllables(), _nearly_syllables()
    ways: list[list[tuple[str, ...]]] = [[()], *([] for _ in word)]
    for end in range(1, len(word) + 1):
        for start in range(max(0, end - SYLLABLE), end):
            if ways[start] and (word[start:end] in known or nearly(word[start:end]) in near):
                ways[end] += [(*way, word[start:end]) for way in ways[start]]
        ways[end] = sorted(ways[end], key=lambda way: (len(way), way))[:most]
    return ways[-1]


@lru_cache(maxsize=2000)
def nearly(syllable: str) -> str:
    """Return a syllable with the sounds made one that many confuse.

    >>> nearly("zhang"), nearly("lin"), nearly("ning")
    ('zan', 'nin', 'nin')
    """
    said = syllable
    for one, other in FUZZY:
        ending = one.endswith("ng")
        if said.endswith(one) if ending else said.startswith(one):
            said = said[: -len(one)] + other if ending else other + said[len(one) :]
    return said


def pinyin_words(texts: Iterable[str]) -> list[str]:
    """Return texts as their first readings without spaces, for tests and for boxes that complete what is typed.

    >>> pinyin_words(["充电宝"])
    ['chongdianbao']
    """
    return ["".join((readings_of(mark) or (mark,))[0] for mark in text) for text in texts]

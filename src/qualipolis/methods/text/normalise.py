"""One spelling for the same words: width, case, traditional and variant characters, invisible marks, figures and dates.

This is the one home of normalising: the hospital, the search index and the classifiers all read texts through it.
:func:`plain` keeps letters and digits only, :func:`normalise` keeps the marks too and writes traditional Chinese in
simplified characters; :func:`qualipolis.methods.text.figures.with_figures` writes numbers and dates in figures.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import Protocol

MOST = 6000
VARIANTS = str.maketrans("囯菓讚峯羣衞綫裏麪啓牀緖鷄", "国果赞峰群卫线里面启床绪鸡")
SPACES = re.compile(r"\s+")
IDEOGRAPH = re.compile(r"[㐀-鿿豈-﫿\U00020000-\U0003134f]")


class _Converter(Protocol):
    def convert(self, text: str) -> str: ...


def plain(text: str, most: int = MOST) -> str:
    """Return ``text`` composed (NFKC), in lower case, with one space for all that is neither letter nor digit.

    Only the first ``most`` characters are read.

    >>> plain("ＧＢ 31701，洗三次　褪色！")
    'gb 31701 洗三次 褪色'
    """
    said = unicodedata.normalize("NFKC", text[:most]).casefold()
    return " ".join("".join(mark if mark.isalnum() else " " for mark in said).split())


def normalise(text: str, most: int = MOST) -> str:
    """Return ``text`` in the one spelling of this project; the same again when it is normalised again.

    In this order: the first ``most`` characters; composition NFKC (Unicode Standard Annex 15), which turns full-width
    letters, circled figures and compatibility ideographs into the common ones; control and format characters (byte
    order marks, zero-width spaces) out; lower case by full case folding; variant and traditional characters into the
    simplified ones of the General Standard Chinese Characters (2013), phrase by phrase with OpenCC's table ``t2s``, so
    that 乾 becomes 干 in 乾麵包 and stays in 乾隆; one space for each run of spaces.

    >>> normalise("ＡＢＣ－１２３　這個手機後來發現電池鼓脹\\ufeff！")
    'abc-123 这个手机后来发现电池鼓胀!'
    >>> normalise("乾麵包、乾隆")
    '干面包、乾隆'
    """
    said = unicodedata.normalize("NFKC", text[:most])
    if not said.isprintable():
        said = "".join(" " if mark.isspace() else mark for mark in said if mark.isspace() or _shown(mark))
    said = unicodedata.normalize("NFKC", simplified(said.casefold()))
    return SPACES.sub(" ", said).strip()


def _shown(mark: str) -> bool:
    return unicodedata.category(mark)[0] != "C"


def simplified(text: str) -> str:
    """Return ``text`` with traditional and variant Chinese characters written as simplified ones.

    >>> simplified("發霉的麵條"), simplified("已经是简体")
    ('发霉的面条', '已经是简体')
    """
    if not IDEOGRAPH.search(text):
        return text
    return str(_converter().convert(text.translate(VARIANTS)))


@lru_cache(maxsize=1)
def _converter() -> _Converter:
    from opencc import OpenCC

    return OpenCC("t2s")

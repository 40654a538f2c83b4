"""Numbers of standards as people and laboratories write them: read, compared, with the edition apart."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

YEARS = (1950, 2049)
_DOMESTIC = [
    "AQ",
    "BB",
    "CB",
    "CECS",
    "CH",
    "CJ",
    "CJJ",
    "CNAS",
    "CTL",
    "CY",
    "DA",
    "DB",
    "DBJ",
    "DL",
    "DZ",
    "EJ",
    "FZ",
    "GA",
    "GBJ",
    "GBZ",
    "GD",
    "GH",
    "GJB",
    "GM",
    "GY",
    "HB",
    "HG",
    "HJ",
    "HS",
    "HY",
    "JB",
    "JC",
    "JG",
    "JGJ",
    "JJF",
    "JJG",
    "JR",
    "JT",
    "JTG",
    "JY",
    "LB",
    "LD",
    "LS",
    "LY",
    "MH",
    "MT",
    "MZ",
    "NB",
    "NY",
    "QB",
    "QC",
    "QJ",
    "QX",
    "RB",
    "SB",
    "SC",
    "SH",
    "SJ",
    "SL",
    "SN",
    "SW",
    "SY",
    "TB",
    "TD",
    "TY",
    "WB",
    "WH",
    "WJ",
    "WM",
    "WS",
    "XB",
    "YB",
    "YC",
    "YD",
    "YS",
    "YY",
    "YZ",
    "ZY",
]
_ABROAD = [
    "AATCC",
    "ANSI",
    "AOAC",
    "AS",
    "ASME",
    "ASTM",
    "AWS",
    "BS",
    "CAN",
    "CEN",
    "CFR",
    "CIE",
    "CISPR",
    "CNS",
    "CSA",
    "DIN",
    "EN",
    "EPA",
    "ETSI",
    "FCC",
    "FMVSS",
    "ICH",
    "IEC",
    "IEEE",
    "IPC",
    "ISO",
    "ISTA",
    "ITU",
    "JEDEC",
    "JESD",
    "JIS",
    "KS",
    "MIL",
    "NF",
    "NIST",
    "NSF",
    "PPP",
    "SAE",
    "TAPPI",
    "UL",
    "UN",
    "USP",
    "VDA",
    "VDE",
]
_NAMES = "|".join(sorted((*_DOMESTIC, *_ABROAD), key=len, reverse=True))
_PREFIX = (
    r"(?P<prefix>GB\s*/?\s*[TZ](?![A-Z])|GB(?![A-Z])|DB\s*[A-Z]{0,2}\s*\d{2,6}\s*/\s*T?|T\s*/\s*[A-Z]{2,10}|Q\s*/\s*[A-Z0-9]{2,12}"
    r"|(?:BS\s+|DIN\s+|NF\s+)?EN(?:\s+(?:ISO|IEC))?(?:\s*/\s*(?:ISO|IEC))?(?![A-Z])"
    r"|ISO\s*/\s*(?:IEC|TS|TR|CIE|ASTM|PAS|DIS|FDIS|CD|OIML|IEEE|SAE|HL7|CIE|IDF)(?:\s+(?:TS|TR|DIS|FDIS|CD))?|IEC\s*/\s*(?:TS|TR|ISO|IEEE)|AS\s*/\s*NZS"
    rf"|(?:{_NAMES})(?:\s*/\s*T|T(?=\s*\d))?(?![A-Z]{{2}}))"
)
_BODY = r"(?P<body>[A-Z]{0,2}\s?\d{1,6}[A-Z]?(?:(?:\s*[.-]\s*|\s+(?=[A-Z]\d\d(?!\d)))(?:[A-Z]{1,3})?\d{1,5}(?:[A-Z](?![A-Z]))?)*)"
_YEAR = r"(?:(?:\s*:\s*|\s+)(?P<year>(?:19|20)\d{2})(?!\d))?"
NUMBER = re.compile(rf"(?<![A-Z]){_PREFIX}[\s\-.]*{_BODY}{_YEAR}", re.IGNORECASE)
_MORE = re.compile(r"\s*[、,，;；/和及与&]\s*(?P<body>\d{3,6}(?:\.\d{1,3})?)\s*[-:]\s*(?P<year>(?:19|20)\d{2})(?!\d)")
_DASHES = str.maketrans(dict.fromkeys("‐‑‒–—―−－ー", "-") | {"．": ".", "／": "/", "∕": "/", "﹣": "-"})


@dataclass(frozen=True)
class Number:
    """The number of a standard: who issues it, its number with parts, and the edition; empty where none is given.

    >>> Number("GB/T", "2912.1", "2009").text, Number("ISO", "17075-1", "2017").text
    ('GB/T 2912.1-2009', 'ISO 17075-1:2017')
    """

    prefix: str
    body: str
    year: str = ""

    @property
    def family(self) -> tuple[str, str]:
        """The same for all editions, and for GB and GB/T, which share one row of numbers."""
        return ("GB" if self.prefix in ("GB/T", "GB/Z") else self.prefix.removesuffix("/T"), self.body)

    @property
    def key(self) -> str:
        """The family in one word."""
        return " ".join(self.family)

    @property
    def series(self) -> str:
        """The family without its last part: of GB/T 2912.1 and of GB/T 2912 alike."""
        return f"{self.family[0]} {re.split(r'[.-]', self.body)[0]}"

    @property
    def text(self) -> str:
        """The number as the standard itself writes it."""
        return f"{self.prefix} {self.body}" + (f"{self.mark}{self.year}" if self.year else "")

    @property
    def mark(self) -> str:
        """What stands before the edition."""
        return ":" if self.prefix.split()[0].split("/")[0] in ("ISO", "IEC", "EN", "BS", "DIN", "NF", "CISPR") else "-"


@dataclass(frozen=True)
class Placed:
    """A number and where it stands in a text."""

    number: Number
    start: int
    stop: int


def clean(text: str) -> str:
    """Return ``text`` in half width, every dash one dash; its length may change, its words do not."""
    return unicodedata.normalize("NFKC", text).translate(_DASHES)


def placed(text: str) -> tuple[Placed, ...]:
    """Return every number in ``text`` (already :func:`clean`) with its place.

    >>> [one.number.text for one in placed("GB/T 3920-2008、3921-2008，按gbt2912.1 做")]
    ['GB/T 3920-2008', 'GB/T 3921-2008', 'GB/T 2912.1']
    """
    found: list[Placed] = []
    at = 0
    while match := NUMBER.search(text, at):
        number = _number(match["prefix"], match["body"], match["year"] or "")
        found.append(Placed(number, match.start(), match.end()))
        at = match.end()
        while more := _MORE.match(text, at):
            found.append(Placed(Number(number.prefix, more["body"], more["year"]), more.start(), more.end()))
            at = more.end()
    return tuple(found)


def numbers(text: str) -> tuple[Number, ...]:
    """Return the numbers of standards in a text, each once, in their order.

    >>> [one.text for one in numbers("ＧＢ／Ｔ　2912.1—2009、GB 18401-2010；ISO 14184-1:2011, EN ISO 105-C06:2010")]
    ['GB/T 2912.1-2009', 'GB 18401-2010', 'ISO 14184-1:2011', 'EN ISO 105-C06:2010']
    >>> [one.text for one in numbers("model X-2009 weighs 12 kg")]
    []
    """
    return tuple(dict.fromkeys(one.number for one in placed(clean(text))))


def number_of(text: str) -> Number | None:
    """Return the first number in a text."""
    return next(iter(numbers(text)), None)


def _number(prefix: str, body: str, year: str) -> Number:
    name, body = _prefix(prefix), re.sub(r"\s+", "", re.sub(r"\s+(?=[A-Z]\d)", "-", body.upper().strip()))
    if not year:
        head, _, tail = body.rpartition("-")
        if head and re.fullmatch(r"\d{4}", tail) and YEARS[0] <= int(tail) <= YEARS[1]:
            body, year = head, tail
        elif head and re.fullmatch(r"[7-9]\d", tail) and name.split("/")[0] not in _ABROAD and "." not in tail:
            body, year = head, f"19{tail}"
    return Number(name, body, year)


def _prefix(text: str) -> str:
    said = re.sub(r"\s*/\s*", "/", " ".join(text.upper().split())).rstrip("/")
    said = re.sub(r"^GB ?/?([TZ])$", r"GB/\1", said)
    said = re.sub(r"^(DB) ?([A-Z]*) ?(\d+)(/T)?$", r"\1\2\3\4", said)
    if said.endswith("T") and "/" not in said and said[:-1] in _DOMESTIC and said not in _DOMESTIC:
        return f"{said[:-1]}/T"
    return said


def fits(asked: Number, listed: Number) -> str:
    """Return how a listed standard answers the one asked: ``same``, ``open`` (an edition is not said), ``older``,
    ``newer`` (another edition), or nothing for another standard.

    >>> one, other = number_of("GB 31241-2014"), number_of("GB 31241-2022")
    >>> fits(other, one), fits(one, other), fits(number_of("GB 31241"), one), fits(one, number_of("GB 4943.1-2022"))
    ('older', 'newer', 'open', '')
    """
    if asked.family != listed.family:
        return ""
    if asked.year == listed.year and asked.year:
        return "same"
    if not asked.year or not listed.year:
        return "open"
    return "older" if listed.year < asked.year else "newer"

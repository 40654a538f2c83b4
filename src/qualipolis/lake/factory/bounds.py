"""How much of a factory file is read, and the encoding of its text."""

from __future__ import annotations

import codecs
from dataclasses import dataclass, field
from itertools import pairwise

from qualipolis.lake.cells import Place
from qualipolis.lake.encodings import Limits, decode
from qualipolis.methods.problems import InputError, Problem, msg

ENCODINGS = ("utf-8", "utf-8-sig", "utf-16", "gb18030", "gbk", "gb2312", "cp1252", "latin-1", "big5", "shift_jis")
_PARTS = bytes.maketrans(b"\x0f\x14", b"\t\t")


def _wide() -> Limits:
    """A table from a machine is longer and wider than one from an office."""
    return Limits(bytes=256 << 20, rows=12_000_000, columns=4_096, cells=50_000_000)


@dataclass(frozen=True)
class Bounds:
    """Every bound is checked before the memory is spent."""

    table: Limits = field(default_factory=_wide)
    values: int = 12_000_000
    characteristics: int = 20_000
    lines: int = 12_000_000
    markup_bytes: int = 64 << 20
    markup_elements: int = 1_500_000
    markup_depth: int = 100
    markup_attributes: int = 1 << 20
    text: int = 4_000


@dataclass(frozen=True)
class Asked:
    """What the caller knows better than the file: encoding, decimal mark, sheet, layout, languages wanted."""

    encoding: str = ""
    decimal: str = ""
    sheet: str | None = None
    layout: str = "auto"
    languages: tuple[str, ...] = ()


def text_of(data: bytes, name: str, wanted: str = "") -> tuple[str, str, bool]:
    """Return the text of ``data``, its encoding and whether that is a guess: mark, UTF-8, GB18030, then cp1252.

    Western text with a few accents is also sound GB18030; it is told from Chinese by which characters it would give.

    >>> text_of("孔径 µm".encode("gb18030"), "a.dfq")[1:], text_of("Länge µm".encode("cp1252"), "a.dfq")[1:]
    (('gb18030', True), ('cp1252', True))
    """
    if wanted:
        return _as_asked(data, name, wanted), wanted.lower(), False
    plain = data.translate(_PARTS) if b"\x0f" in data[: 1 << 20] or b"\x14" in data[: 1 << 20] else data
    try:
        text, encoding = decode(plain, name)
    except InputError as error:
        if {p.code for p in error.problems} == {"binary_text"} or not _western(data):
            raise
        return data.decode("cp1252"), "cp1252", True
    if encoding == "gb18030" and not _chinese(plain):
        if _western(data):
            return data.decode("cp1252"), "cp1252", True
        return data.decode(encoding), encoding, True
    return (text if plain is data else data.decode(encoding)), encoding, encoding == "gb18030"


def _as_asked(data: bytes, name: str, wanted: str) -> str:
    if wanted.lower() not in ENCODINGS:
        what, remedy = msg("The encoding %(wanted)s is not known."), msg("Choose one of: %(known)s.")
        params = {"wanted": wanted[:40], "known": ", ".join(ENCODINGS)}
        raise InputError([Problem("encoding", what, remedy, params, place=Place(name))])
    try:
        return data.decode(wanted)
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        what = msg("The text is not valid %(encoding)s at line %(line)s.")
        remedy = msg("Choose another encoding, or leave it to be recognised.")
        params = {"encoding": wanted, "line": line}
        raise InputError([Problem("damaged_text", what, remedy, params, place=Place(name))]) from None


def _western(data: bytes) -> bool:
    """Return whether every byte means something in cp1252 and no broken UTF-8 stands behind it."""
    if data.startswith((codecs.BOM_UTF8, codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return False
    try:
        high = data.decode("cp1252")
    except UnicodeDecodeError:
        return False
    foreign = [c for c in high[:2_000_000] if c > "\x7f"]
    letters = sum(1 for c in foreign if c.isalpha() or c in "°²³±–—’“”‰·§€®©½¼¾×÷¹")
    pairs = sum(1 for a, b in pairwise(high[:2_000_000]) if a in "ÃÂâ" and b > "\x7f")
    return letters * 10 >= len(foreign) * 9 and pairs * 4 < len(foreign)


def _chinese(data: bytes) -> bool:
    """Return whether most characters outside ASCII would be common Chinese ones or marks (GB 2312, first level)."""
    common = other = i = 0
    sample = data[:2_000_000]
    while i < len(sample) - 1:
        lead, trail = sample[i], sample[i + 1]
        if lead < 0x80:
            i += 1
            continue
        good = trail >= 0xA1 and (0xB0 <= lead <= 0xD7 or 0xA1 <= lead <= 0xA3)
        common, other = common + good, other + (not good)
        i += 4 if 0x30 <= trail <= 0x39 else 2
    return common >= other

"""Files that firms of the synthetic city hand in: measured values in the order of time, a gauge study, a picture."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np


@dataclass(frozen=True)
class Given:
    """An upload of bytes."""

    name: str
    content: bytes

    def chunks(self) -> Iterable[bytes]:
        """Yield the content."""
        yield self.content


@dataclass(frozen=True)
class Course:
    """A process before and after a treatment; ``outlier`` is the value of the batch of that number."""

    name: str
    unit: str
    before: float
    after: float
    spread: float
    outlier: tuple[int, float] | None = None
    upper: float | None = None
    lower: float | None = None

    def values(self, chance: np.random.Generator, n: int, m: int) -> list[float]:
        """Return ``n`` values before and ``m`` after the treatment."""
        found = np.r_[chance.normal(self.before, self.spread, n), chance.normal(self.after, self.spread, m)]
        if self.outlier:
            found[self.outlier[0] - 1] = self.outlier[1]
        return [round(float(value), 2) for value in found]

    def file(self, chance: np.random.Generator, before: list[date], after: list[date]) -> Given:
        """Return the table as an office writes it, one batch a line with its day."""
        values = self.values(chance, len(before), len(after))
        days = [*before, *after]
        lines = [f"{n},{day},{value}" for n, (day, value) in enumerate(zip(days, values, strict=True), 1)]
        text = "\n".join([f"批次,日期,{self.name}({self.unit})", *lines, ""])
        return Given(f"{self.name}记录（演示）.csv", text.encode("utf-8-sig"))


def gauge_study(chance: np.random.Generator, middle: float, spread: float, name: str, unit: str) -> Given:
    """Return a study of a gauge: ten parts, three people, two readings each."""
    parts, people = chance.normal(middle, spread, 10), chance.normal(0, spread / 30, 3)
    lines = [f"零件,检验员,次数,{name}({unit})"]
    for part, true in enumerate(parts, 1):
        for person, shift in zip("甲乙丙", people, strict=True):
            read = chance.normal(true + shift, spread / 18, 2)
            lines += [f"{part},{person},{turn},{value:.2f}" for turn, value in enumerate(read, 1)]
    return Given("测量系统研究（演示）.csv", ("\n".join(lines) + "\n").encode("utf-8-sig"))


def days_between(first: date, last: date, n: int) -> list[date]:
    """Return ``n`` days from the first to the last, evenly spread.

    >>> days_between(date(2026, 1, 1), date(2026, 1, 3), 3)[1]
    datetime.date(2026, 1, 2)
    """
    steps = np.linspace(0, (last - first).days, n)
    return [first + timedelta(days=int(step)) for step in steps]


def picture(seed: int, width: int = 480, height: int = 320) -> Given:
    """Return a picture of nothing: grey stripes that stand for a photo."""
    across = np.linspace(90, 200, width) + 20 * np.sin(np.arange(width) / (6 + seed % 7))
    rows = np.clip(across[None, :] + np.linspace(0, 40, height)[:, None], 0, 255).astype(np.uint8)
    raw = np.concatenate([np.zeros((height, 1), np.uint8), rows], axis=1).tobytes()
    head = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    parts = (b"IHDR" + head, b"IDAT" + zlib.compress(raw, 9), b"IEND")
    body = b"".join(struct.pack(">I", len(one) - 4) + one + struct.pack(">I", zlib.crc32(one)) for one in parts)
    return Given("照片（演示）.png", b"\x89PNG\r\n\x1a\n" + body)

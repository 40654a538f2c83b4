"""Performance excellence by GB/T 19580-2012: items and points, bands in steps of 5 per cent, what each band looks like.

The points are those of the guide GB/Z 19579-2012, appendix A. The texts were not at hand when this table was written;
the sums of the seven categories and of the whole (1000) are held by a test.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from qualipolis.methods.problems import msg

Kind = Literal["process", "result"]
STEP = 5
TOTAL = 1000
STANDARD = "GB/T 19580-2012"
SOURCE = msg("GB/T 19580-2012 with GB/Z 19579-2012; points from memory, sums checked.")


@dataclass(frozen=True)
class Item:
    """One scored item: its number in the standard, its words, its points."""

    code: str
    name: str
    points: int
    category: str
    kind: Kind


@dataclass(frozen=True)
class Category:
    code: str
    name: str
    items: tuple[Item, ...]

    @property
    def points(self) -> int:
        return sum(item.points for item in self.items)


@dataclass(frozen=True)
class Band:
    """A stretch of scores, both ends inclusive, with what a process and a result of it look like."""

    low: int
    high: int
    process: str
    result: str


def _category(code: str, name: str, *items: tuple[str, int]) -> Category:
    kind: Kind = "result" if code == "4.7" else "process"
    first = 2  # x.1 is the general part of each category and is not scored
    return Category(
        code,
        name,
        tuple(Item(f"{code}.{first + k}", words, worth, code, kind) for k, (words, worth) in enumerate(items)),
    )


CATEGORIES = (
    _category("4.1", msg("Leadership"), (msg("Role of the senior leaders"), 50), (msg("Governance"), 30),
              (msg("Social responsibility"), 30)),
    _category("4.2", msg("Strategy"), (msg("Making the strategy"), 40), (msg("Deploying the strategy"), 50)),
    _category("4.3", msg("Customers and market"), (msg("Knowing customers and market"), 40),
              (msg("Customer relations and satisfaction"), 50)),
    _category("4.4", msg("Resources"), (msg("Human resources"), 60), (msg("Financial resources"), 15),
              (msg("Information and knowledge"), 20), (msg("Technology"), 15), (msg("Infrastructure"), 10),
              (msg("Relations with partners"), 10)),
    _category("4.5", msg("Process management"), (msg("Identifying and designing processes"), 50),
              (msg("Running and improving processes"), 50)),
    _category("4.6", msg("Measurement, analysis and improvement"), (msg("Measurement, analysis and review"), 40),
              (msg("Improvement and innovation"), 40)),
    _category("4.7", msg("Results of operation"), (msg("Results of products and services"), 80),
              (msg("Results with customers and market"), 80), (msg("Financial results"), 80),
              (msg("Results of resources"), 60), (msg("Results of processes"), 50), (msg("Results of leadership"), 50)),
)  # fmt: skip
ITEMS: tuple[Item, ...] = tuple(item for category in CATEGORIES for item in category.items)
POINTS: dict[str, float] = {item.code: float(item.points) for item in ITEMS}

BANDS = (
    Band(0, 5, msg("No systematic approach is to be seen."), msg("No results, or poor ones; no trends, no comparisons.")),
    Band(10, 25, msg("A systematic approach begins; it is used in few parts."),
         msg("Few results; some early good levels; hardly a comparison.")),
    Band(30, 45, msg("The approach answers the main requirements and is used, in some parts only just."),
         msg("Good levels in areas that matter; trends of some; comparisons begin.")),
    Band(50, 65, msg("The approach answers the whole and is well used; it is reviewed on facts and improved."),
         msg("Good levels and trends in most areas that matter; some compare well.")),
    Band(70, 85, msg("The approach answers the many parts, used without gaps, improved by learning, in line with the rest."),
         msg("Good to excellent levels; trends sustained; many lead their comparisons.")),
    Band(90, 100, msg("Fully used without weakness; learning and innovation are the way of work; one with the rest."),
         msg("Excellent levels and trends in nearly all areas; among the leaders and a model for others.")),
)  # fmt: skip
PROCESS_LOOK = (msg("approach"), msg("deployment"), msg("learning"), msg("integration"))
RESULT_LOOK = (msg("levels"), msg("trends"), msg("comparisons"), msg("integration"))


def scores() -> tuple[int, ...]:
    """Return every score that may be given.

    >>> scores()[:3], scores()[-1], len(scores())
    ((0, 5, 10), 100, 21)
    """
    return tuple(range(0, 101, STEP))


def band_of(score: float) -> Band:
    """Return the band of a score; a mean of several scores between two bands belongs to the lower one.

    >>> band_of(45).low, band_of(47.5).low, band_of(50).low
    (30, 30, 50)
    """
    return next(band for band in reversed(BANDS) if score >= band.low)


def item_of(code: str) -> Item:
    """Return the item of that number; ``KeyError`` when the scheme has none."""
    found = next((item for item in ITEMS if item.code == code), None)
    if found is None:
        raise KeyError(code)
    return found

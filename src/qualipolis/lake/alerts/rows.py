"""The one form of an alert, whoever sent it: what, when, where from, why dangerous, what was done."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from qualipolis.methods.problems import Problem, msg

NOT_STATED = msg("not stated")
"""The hazard of an alert that names none: a value to count and to filter by, never an empty text, never left out."""
NONE_FOUND = msg("none found")
"""The hazard where the table says that there is none, which is something else than saying nothing."""


@dataclass(frozen=True)
class Finding:
    """One item that did not conform: what was tested, what was found, what is allowed, as the table writes them."""

    item: str
    result: str = ""
    limit: str = ""


@dataclass(frozen=True)
class AlertRow:
    """One alert, recall or finding in the form that every source is brought to.

    Texts that the table leaves empty are ``""``; figures and the date are ``None``; only hazards have a word for it.

    Parameters
    ----------
    source : who publishes the table, for example ``"RASFF"``
    number : the number of the publisher, as text
    date : day of the alert; ``None`` when the cell is empty or no day (``date_text`` keeps what it said)
    product, categories, description : words for the product and what is told about it
    brands, models, firms, sellers, origins, notifying : several may be named; in the order of the table, each once
    batch, barcodes, place : batch or day of production, codes of goods, address or place of the firm
    hazards : what is dangerous, each once; ``("not stated",)`` when the table names none
    hazard_kinds : their kinds, likewise
    findings : items with result and limit, where the table joins or lists them
    measure, risk, url : what was done, how serious, where it is published
    units, injuries : figures as far as the words give one, with the words beside them
    row : number of the row in the file
    """

    source: str
    number: str = ""
    date: date | None = None
    date_text: str = ""
    product: str = ""
    categories: tuple[str, ...] = ()
    description: str = ""
    brands: tuple[str, ...] = ()
    models: tuple[str, ...] = ()
    batch: str = ""
    barcodes: tuple[str, ...] = ()
    firms: tuple[str, ...] = ()
    sellers: tuple[str, ...] = ()
    place: str = ""
    origins: tuple[str, ...] = ()
    notifying: tuple[str, ...] = ()
    hazards: tuple[str, ...] = (NOT_STATED,)
    hazard_kinds: tuple[str, ...] = (NOT_STATED,)
    findings: tuple[Finding, ...] = ()
    measure: str = ""
    risk: str = ""
    url: str = ""
    units: int | None = None
    units_text: str = ""
    injuries: int | None = None
    injuries_text: str = ""
    row: int = 0

    @property
    def firm(self) -> str:
        """The first firm named, or nothing."""
        return self.firms[0] if self.firms else ""

    @property
    def brand(self) -> str:
        """The first brand named, or nothing."""
        return self.brands[0] if self.brands else ""

    @property
    def origin(self) -> str:
        """The first country of origin named, or nothing."""
        return self.origins[0] if self.origins else ""

    @property
    def category(self) -> str:
        """The first category named, or nothing."""
        return self.categories[0] if self.categories else ""

    @property
    def hazard_stated(self) -> bool:
        """Whether the table names a hazard, or says that there is none."""
        return self.hazards != (NOT_STATED,)


@dataclass(frozen=True)
class Counts:
    """What came of the rows of a table; ``read = taken + refused``."""

    read: int
    taken: int
    refused: int
    hazard_not_stated: int
    hazard_none_found: int
    date_missing: int
    origin_missing: int
    firm_missing: int
    repeated_numbers: int


@dataclass(frozen=True)
class AlertBatch:
    """The alerts of one table, what is wrong with it (each with its place), and how many of what."""

    rows: tuple[AlertRow, ...]
    problems: tuple[Problem, ...]
    counts: Counts

    @property
    def ok(self) -> bool:
        """Whether no row was refused."""
        return not any(problem.severity == "error" for problem in self.problems)


def counted(rows: Sequence[AlertRow], refused: int) -> Counts:
    """Return the counts of ``rows`` after ``refused`` others were not taken."""
    numbers = [row.number for row in rows if row.number]
    return Counts(
        read=len(rows) + refused,
        taken=len(rows),
        refused=refused,
        hazard_not_stated=sum(not row.hazard_stated for row in rows),
        hazard_none_found=sum(row.hazards == (NONE_FOUND,) for row in rows),
        date_missing=sum(row.date is None for row in rows),
        origin_missing=sum(not row.origins for row in rows),
        firm_missing=sum(not row.firms for row in rows),
        repeated_numbers=len(numbers) - len(set(numbers)),
    )

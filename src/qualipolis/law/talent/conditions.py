"""Who may be chief quality officer: conditions by size of the firm, as data with the place and the days they hold.

Places differ, and no text of the city itself was seen. The set in use is the city's own; the others are kept to show
what another place would have said.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass

from qualipolis.methods.problems import Problem, msg

EDUCATION = {
    "none": msg("no certificate"),
    "secondary": msg("secondary school"),
    "vocational": msg("secondary vocational school"),
    "college": msg("junior college"),
    "bachelor": msg("bachelor"),
    "master": msg("master"),
    "doctor": msg("doctor"),
}
TITLES = {
    "none": msg("no title"),
    "junior": msg("junior title"),
    "engineer": msg("quality engineer, or another intermediate title"),
    "senior": msg("senior title"),
}
SIZES = {
    "large": msg("large"),
    "medium": msg("medium-sized"),
    "small": msg("small"),
    "micro": msg("micro"),
    "unknown": msg("size not known"),
}
BARS = {
    "fault": msg("a major fault, or a crime, in a post of quality"),
    "gain": msg("gain from the office"),
    "secrets": msg("gave secrets of a firm away"),
    "abuse": msg("abused the office"),
}
LARGE_EMPLOYEES, MEDIUM_EMPLOYEES, SMALL_EMPLOYEES = 1000, 300, 20
_EDUCATION, _TITLES = tuple(EDUCATION), tuple(TITLES)


@dataclass(frozen=True)
class Requirement:
    """What firms of ``sizes`` ask for: years of quality work, and this education or (where there is one) this title."""

    sizes: tuple[str, ...]
    years: float
    education: str
    or_title: str = ""


@dataclass(frozen=True)
class ConditionSet:
    """The conditions of one place with the days on which they hold."""

    code: str
    place: str
    valid_from: dt.date
    valid_to: dt.date | None
    requirements: tuple[Requirement, ...]
    source: str
    verified: bool
    note: str = ""
    bars: tuple[str, ...] = tuple(BARS)

    def holds_on(self, day: dt.date) -> bool:
        return self.valid_from <= day and (self.valid_to is None or day <= self.valid_to)

    @property
    def version(self) -> str:
        """Return what a filing pins: the code and the first day of the set."""
        return f"{self.code}@{self.valid_from.isoformat()}"

    def requirement(self, size: str) -> Requirement | None:
        return next((one for one in self.requirements if size in one.sizes), None)


_BIG, _LITTLE = ("large", "medium"), ("small", "micro")
_EVERY = (*_BIG, *_LITTLE)
_OTHER_PLACE = msg("Of another place; shown for comparison, not applied here.")
SETS: tuple[ConditionSet, ...] = (
    ConditionSet(
        "city", msg("this city"), dt.date(1949, 10, 1), None,
        (Requirement(_BIG, 5, "bachelor"), Requirement(_LITTLE, 3, "vocational")), msg("Set by the city"), False,
        msg("No text of the city was seen; these are the conditions of Zhangzhou, taken over until there is one."),
    ),
    ConditionSet(
        "zhangzhou", msg("Zhangzhou"), dt.date(2025, 1, 1), None,
        (Requirement(_BIG, 5, "bachelor"), Requirement(_LITTLE, 3, "vocational")),
        msg("Measures of Zhangzhou for chief quality officers, 2025"), True, _OTHER_PLACE,
    ),
    ConditionSet(
        "hubei", msg("Hubei"), dt.date(2022, 1, 1), None, (Requirement(_EVERY, 3, "bachelor", "engineer"),),
        msg("Measures of Hubei for chief quality officers, 2022"), True, _OTHER_PLACE,
    ),
    ConditionSet(
        "nantong", msg("Nantong"), dt.date(2016, 1, 1), None, (Requirement(_EVERY, 3, "college", "engineer"),),
        msg("Measures of Nantong for chief quality officers"), False,
        msg("Of another place; the day on which it came into force was not seen."),
    ),
)  # fmt: skip


class NoConditions(LookupError):
    """No set of conditions of that place is known for that day."""


def conditions_on(day: dt.date, code: str = "city") -> ConditionSet:
    """Return the set of a place in force on ``day``.

    >>> conditions_on(dt.date(2026, 5, 6)).requirement("medium")
    Requirement(sizes=('large', 'medium'), years=5, education='bachelor', or_title='')
    """
    found = [one for one in SETS if one.code == code and one.holds_on(day)]
    if len(found) != 1:
        raise NoConditions(f"{len(found)} sets of {code} on {day.isoformat()}")
    return found[0]


def size_of(employees: int | None) -> str:
    """Return the size of an industrial firm by its employees alone; what is not known is not small.

    The national classes of industry ask for the turnover too, which the register does not keep.

    >>> [size_of(n) for n in (1000, 300, 20, 19, None)]
    ['large', 'medium', 'small', 'micro', 'unknown']
    """
    if employees is None:
        return "unknown"
    floors = ((LARGE_EMPLOYEES, "large"), (MEDIUM_EMPLOYEES, "medium"), (SMALL_EMPLOYEES, "small"))
    return next((name for floor, name in floors if employees >= floor), "micro")


def unmet(
    conditions: ConditionSet, size: str, education: str, title: str, years: float | None, bars: Collection[str] | None
) -> tuple[Problem, ...]:
    """Return every condition that a person does not meet; what was not said is not met.

    >>> city = conditions_on(dt.date(2026, 5, 6))
    >>> [one.code for one in unmet(city, "large", "college", "senior", 4, ())]
    ['too_few_years', 'education']
    >>> unmet(city, "micro", "vocational", "none", 3, ())
    ()
    """
    found = [*_barred(conditions, bars)]
    asked = conditions.requirement(size)
    if asked is None:
        return (*found, Problem("size_unknown", msg("Say how large the firm is: the conditions differ."), place="size"))
    if years is None or years < asked.years:
        what = msg("%(years)s years of quality work are asked for.")
        found.append(Problem("too_few_years", what, "", {"years": asked.years}, "years"))
    taught = education in _EDUCATION and _EDUCATION.index(education) >= _EDUCATION.index(asked.education)
    titled = bool(asked.or_title) and title in _TITLES and _TITLES.index(title) >= _TITLES.index(asked.or_title)
    if not (taught or titled):
        found.append(_not_taught(asked))
    return tuple(found)


@dataclass(frozen=True)
class Spoken:
    """A word of a table inside a sentence: it is said in the language of the reader."""

    word: str

    def text(self, translate: object) -> str:
        return str(translate(self.word)) if callable(translate) else self.word


def _not_taught(asked: Requirement) -> Problem:
    level = Spoken(EDUCATION[asked.education])
    if not asked.or_title:
        return Problem("education", msg("The education asked for is: %(level)s."), "", {"level": level}, "education")
    what = msg("The education asked for is: %(level)s; or the title: %(title)s.")
    return Problem("education", what, "", {"level": level, "title": Spoken(TITLES[asked.or_title])}, "education")


def _barred(conditions: ConditionSet, bars: Collection[str] | None) -> list[Problem]:
    if bars is None:
        return [Problem("bars_unsaid", msg("Declare whether one of the bars stands against the person."), place="bars")]
    stand = [one for one in conditions.bars if one in bars]
    what = msg("The person may not hold the office: %(bar)s.")
    return [Problem(f"bar_{one}", what, "", {"bar": Spoken(BARS[one])}, "bars") for one in stand]

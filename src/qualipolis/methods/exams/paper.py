"""Papers drawn from a question bank by ticket and seed.

The whole definition, so that anyone can draw a paper again::

    place of a question in the draw = SHA-256 ticket of (seed, candidate's ticket | section, code of the question)
    a section takes its ``count`` questions with the smallest places; the paper asks them in the order of a second ticket
    the options of a question stand in the order of a third one

The ticket is that of :mod:`qualipolis.methods.sampling.draws.tickets`, with the purposes ``exam``, ``exam order`` and
``exam option``. A paper depends on nothing but the seed, the candidate's ticket, the sections and the pool; neither the
order of the pool nor the other candidates change it.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from hashlib import sha256

from qualipolis.methods.problems import InputError, Problem, msg
from qualipolis.methods.sampling.draws.tickets import ticket as ticket_of

DRAW, ORDER, OPTION = "exam", "exam order", "exam option"
MOST_QUESTIONS = 400


@dataclass(frozen=True)
class Item:
    """One question of the pool as far as the draw needs it: code, version, topic, kind, number of options."""

    code: str
    version: int
    topic: str
    kind: str
    options: int = 0
    level: int = 2

    @property
    def key(self) -> str:
        """What stands for the question in the draw."""
        return f"{self.code}@{self.version}"


@dataclass(frozen=True)
class Section:
    """So many questions of these topics and kinds, each worth ``points``; an empty tuple leaves it open."""

    name: str
    count: int
    points: float
    topics: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    levels: tuple[int, ...] = ()

    def takes(self, item: Item) -> bool:
        """Whether a question belongs to what this section draws from."""
        topic = not self.topics or item.topic in self.topics
        return topic and (not self.kinds or item.kind in self.kinds) and (not self.levels or item.level in self.levels)


@dataclass(frozen=True)
class Asked:
    """One question on a paper: which version, what it is worth, in which order its options stand."""

    place: int
    section: str
    code: str
    version: int
    points: float
    order: tuple[int, ...] = ()

    @property
    def key(self) -> str:
        return f"{self.code}@{self.version}"


@dataclass(frozen=True)
class Paper:
    """The paper of one candidate."""

    ticket: str
    asked: tuple[Asked, ...]

    @property
    def points(self) -> float:
        """The most that can be reached."""
        return float(sum(one.points for one in self.asked))

    @property
    def fingerprint(self) -> str:
        """SHA-256 over the whole paper, to compare a drawn one with one drawn again."""
        told = json.dumps([self.ticket, [asdict(one) for one in self.asked]], sort_keys=True, separators=(",", ":"))
        return sha256(told.encode()).hexdigest()

    def __str__(self) -> str:
        return f"paper of {self.ticket}: {len(self.asked)} questions, {self.points:g} points, {self.fingerprint[:16]}"


def draw_paper(seed: str, ticket: str, sections: Sequence[Section], pool: Sequence[Item]) -> Paper:
    """Draw the paper of one candidate.

    Parameters
    ----------
    seed : one line of text, fixed (and its hash shown) before the first candidate begins
    ticket : the candidate's ticket, one line of text
    sections : composition; a question that two sections could take goes to the first that draws it
    pool : the questions the examination draws from; each code once

    Raises
    ------
    InputError
        a code that stands twice, a section that finds too few questions, no section at all, an empty seed or ticket

    Notes
    -----
    Each question that a section takes from has the same probability to be asked, ``count`` out of those left for the
    section, and draws of different candidates are independent: SHA-256 is taken for a random function. The tickets and
    their sources are described in :mod:`qualipolis.methods.sampling.draws.tickets`.

    >>> pool = [Item(f"Q{n}", 1, "law" if n % 2 else "tools", "single", 4) for n in range(1, 9)]
    >>> paper = draw_paper("seed", "T-1", [Section("law", 2, 5, ("law",)), Section("tools", 1, 10, ("tools",))], pool)
    >>> [(one.code, one.points) for one in paper.asked], paper.points
    ([('Q1', 5), ('Q5', 5), ('Q8', 10)], 20.0)
    >>> paper == draw_paper("seed", "T-1", [Section("law", 2, 5, ("law",)), Section("tools", 1, 10, ("tools",))], pool[::-1])
    True
    """
    _check(seed, ticket, sections, pool)
    left = {item.key: item for item in pool}
    asked: list[Asked] = []
    for section in sections:
        fit = sorted((item for item in left.values() if section.takes(item)), key=lambda one: one.key)
        stratum = f"{ticket}|{section.name}"
        if len(fit) < section.count:
            raise InputError([_too_few(section, len(fit))])
        drawn = sorted(fit, key=lambda one: ticket_of(seed, stratum, one.key, DRAW))[: section.count]
        for item in sorted(drawn, key=lambda one: ticket_of(seed, stratum, one.key, ORDER)):
            order = _order(seed, ticket, item)
            asked.append(Asked(len(asked) + 1, section.name, item.code, item.version, section.points, order))
            del left[item.key]
    return Paper(ticket, tuple(asked))


def _order(seed: str, ticket: str, item: Item) -> tuple[int, ...]:
    places = range(item.options)
    if item.kind == "true_false":
        return tuple(places)
    return tuple(sorted(places, key=lambda place: ticket_of(seed, ticket, f"{item.key}|{place}", OPTION)))


def shortfalls(sections: Sequence[Section], pool: Sequence[Item]) -> tuple[Problem, ...]:
    """Return every section for which a pool has too few questions, those taken by earlier sections left out.

    >>> [str(one) for one in shortfalls([Section("law", 3, 5, ("law",))], [Item("Q1", 1, "law", "single", 4)])]
    ['law: 3 questions are asked for, the bank has 1.']
    """
    left, found = list(pool), []
    for section in sections:
        fit = [item for item in left if section.takes(item)]
        if len(fit) < section.count:
            found.append(_too_few(section, len(fit)))
        taken = {item.key for item in fit[: section.count]}
        left = [item for item in left if item.key not in taken]
    return tuple(found)


def _too_few(section: Section, found: int) -> Problem:
    what = msg("%(asked)s questions are asked for, the bank has %(found)s.")
    return Problem("too_few_questions", what, "", {"asked": section.count, "found": found}, section.name)


def _check(seed: str, ticket: str, sections: Sequence[Section], pool: Sequence[Item]) -> None:
    problems = []
    if not seed.strip() or not ticket.strip() or "\n" in seed + ticket:
        problems.append(Problem("no_seed", msg("Seed and ticket are each one line of text."), place="seed"))
    if not sections:
        problems.append(Problem("no_section", msg("The paper has no section."), place="sections"))
    names = Counter(one.name for one in sections)
    problems += [
        Problem("section_twice", msg("The section %(name)s stands twice."), "", {"name": name}, "sections")
        for name, n in names.items() if n > 1
    ]  # fmt: skip
    problems += [
        Problem("bad_section", msg("A section asks at least one question and gives points for it."), place=one.name)
        for one in sections if one.count < 1 or not one.points > 0
    ]  # fmt: skip
    if sum(one.count for one in sections) > MOST_QUESTIONS:
        what = msg("A paper has at most %(most)s questions.")
        problems.append(Problem("too_long", what, "", {"most": MOST_QUESTIONS}, "sections"))
    problems += [
        Problem("code_twice", msg("The question %(code)s stands twice in the pool."), "", {"code": code}, "pool")
        for code, n in Counter(one.code for one in pool).items() if n > 1
    ]  # fmt: skip
    if problems:
        raise InputError(problems)


def commitment(seed: str) -> str:
    """Return what is shown of a seed before it is told: its SHA-256.

    >>> commitment("seed")[:16]
    '19b25856e1c150ca'
    """
    return sha256(seed.encode()).hexdigest()

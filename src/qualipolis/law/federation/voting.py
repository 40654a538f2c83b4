"""Counting a vote of the federation: quorum, majorities of votes and of kinds of members, members concerned left out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Literal

from qualipolis.methods.problems import InputError, Problem, msg

Choice = Literal["yes", "no", "abstain"]
CHOICES: dict[str, str] = {"yes": msg("for"), "no": msg("against"), "abstain": msg("abstain")}
KINDS: dict[str, str] = {
    "association": msg("trade association"),
    "enterprise": msg("firm"),
    "consumer": msg("consumer representative"),
}
ORDINARY, SPECIAL = "ordinary", "special"
MAJORITIES: dict[str, str] = {
    ORDINARY: msg("more votes for than against"),
    SPECIAL: msg("two thirds of the votes for or against"),
}
NO_QUORUM = msg("There is no quorum: more than half of the votes, of two kinds of members.")
ONE_KIND = msg("Only one kind of members is for it: two kinds have to be.")
TOO_FEW = msg("There are not enough votes for it.")
CARRIED = msg("It is carried.")


@dataclass(frozen=True)
class Ballot:
    """What one member may cast: its kind, how many votes, whether it is there, what it chose (None: not yet)."""

    member: int
    kind: str
    votes: int
    present: bool = True
    choice: Choice | None = None
    concerned: bool = False


@dataclass(frozen=True)
class Tally:
    """The votes for, against and abstaining."""

    yes: int = 0
    no: int = 0
    abstain: int = 0

    @property
    def cast(self) -> int:
        """Votes for or against; who abstains was there but gave none."""
        return self.yes + self.no


@dataclass(frozen=True)
class Outcome:
    """The count: what came out, by how much, by which kinds, and the words that say why."""

    carried: bool
    why: str
    quorum: bool
    entitled: int
    present: int
    all: Tally
    by_kind: Mapping[str, Tally] = field(hash=False)
    concerned: tuple[int, ...] = ()
    waiting: int = 0


def quorum_of(ballots: Iterable[Ballot], *, share: float = 0.5, kinds: int = 2) -> tuple[bool, int, int]:
    """Return (whether there is a quorum, votes entitled, votes present); members concerned count on neither side.

    More than ``share`` of the votes must be present, of at least ``kinds`` kinds (of all kinds when fewer are entitled).

    >>> quorum_of([Ballot(1, "association", 2), Ballot(2, "enterprise", 1, present=False)])
    (False, 3, 2)
    >>> quorum_of([Ballot(1, "association", 2), Ballot(2, "enterprise", 1)])
    (True, 3, 3)
    """
    entitled = [one for one in ballots if not one.concerned]
    there = [one for one in entitled if one.present]
    everyone, present = sum(one.votes for one in entitled), sum(one.votes for one in there)
    needed = min(kinds, len({one.kind for one in entitled}))
    enough = everyone > 0 and present > share * everyone and len({one.kind for one in there}) >= needed
    return enough, everyone, present


def count(
    ballots: Iterable[Ballot],
    majority: str = ORDINARY,
    *,
    share: float = 0.5,
    special: float = 2 / 3,
    kinds: int = 2,
) -> Outcome:
    """Count a vote. A tie is not carried, silence is no vote, and one kind of members alone carries nothing.

    Parameters
    ----------
    ballots : one for each member entitled to vote; those ``concerned`` are left out whatever they chose
    majority : ``"ordinary"`` (more for than against) or ``"special"`` (at least ``special`` of those for or against)
    share, kinds : the quorum, see :func:`quorum_of`; as many kinds must also have more votes for than against

    Raises
    ------
    InputError
        The majority is unknown, a member stands twice, or votes are below one.

    >>> yes = [Ballot(1, "association", 3, choice="yes"), Ballot(2, "enterprise", 1, choice="yes")]
    >>> count([*yes, Ballot(3, "consumer", 2, choice="no")]).carried
    True
    >>> count([Ballot(1, "association", 3, choice="yes"), Ballot(3, "consumer", 2, choice="no")]).why
    'Only one kind of members is for it: two kinds have to be.'
    """
    every = tuple(ballots)
    _sound(every, majority)
    counted = [one for one in every if not one.concerned]
    quorum, entitled, present = quorum_of(every, share=share, kinds=kinds)
    there = [one for one in counted if one.present]
    by_kind = {
        kind: _tally(one for one in there if one.kind == kind) for kind in dict.fromkeys(o.kind for o in counted)
    }
    total = _tally(there)
    agreeing = sum(tally.yes > tally.no for tally in by_kind.values())
    why = _why(quorum, total, majority, special, agreeing >= min(kinds, len(by_kind)))
    concerned = tuple(one.member for one in every if one.concerned)
    waiting = sum(one.choice is None for one in there)
    return Outcome(why == CARRIED, why, quorum, entitled, present, total, by_kind, concerned, waiting)


def _why(quorum: bool, total: Tally, majority: str, special: float, kinds_agree: bool) -> str:
    if not quorum:
        return NO_QUORUM
    enough = (
        total.yes > total.no if majority == ORDINARY else total.cast > 0 and total.yes >= special * total.cast - 1e-9
    )
    if not enough:
        return TOO_FEW
    return CARRIED if kinds_agree else ONE_KIND


def _tally(ballots: Iterable[Ballot]) -> Tally:
    sums = dict.fromkeys(CHOICES, 0)
    for one in ballots:
        if one.choice is not None:
            sums[one.choice] += one.votes
    return Tally(**sums)


def _sound(ballots: tuple[Ballot, ...], majority: str) -> None:
    members = [one.member for one in ballots]
    found = []
    if majority not in MAJORITIES:
        found.append(Problem("bad_majority", msg("Choose which majority is needed."), place="majority"))
    if len(set(members)) != len(members):
        found.append(Problem("twice", msg("A member stands twice on the list of votes.")))
    if any(one.votes < 1 for one in ballots):
        found.append(Problem("no_votes", msg("A member has at least one vote.")))
    if any(one.choice is not None and one.choice not in CHOICES for one in ballots):
        found.append(Problem("bad_choice", msg("Vote for, against, or abstain."), place="choice"))
    if found:
        raise InputError(found)

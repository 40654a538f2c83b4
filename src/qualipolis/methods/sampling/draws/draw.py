"""One draw of one frame by one rule and one seed: the same for everyone who has the three."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from qualipolis.methods.problems import InputError, Problem, msg
from qualipolis.methods.sampling.draws import unequal
from qualipolis.methods.sampling.draws.frame import Frame
from qualipolis.methods.sampling.draws.ordered import ordered, systematic
from qualipolis.methods.sampling.draws.pareto import needs_work, working_probabilities
from qualipolis.methods.sampling.draws.probabilities import certainties, inclusion_probabilities
from qualipolis.methods.sampling.draws.tickets import (
    RESERVE,
    START,
    STREAM,
    UNIT,
    Each,
    key_bytes,
    secret,
    stream,
    ticket,
    tickets,
    uniform,
)

if TYPE_CHECKING:
    import polars as pl

Numbers = NDArray[np.float64]
Places = NDArray[np.intp]
BY_TICKET = {"srs": "srs", "pps_pareto": "pareto", "pps_sequential_poisson": "sequential_poisson"}
BY_START = ("systematic", "pps_systematic")
BY_STREAM = {f"pps_{name}": name for name in unequal.METHODS if name != "systematic"}
DRAWS = (*BY_TICKET, *BY_START, *BY_STREAM)


@dataclass(frozen=True)
class Rule:
    """What is drawn: method, number for each stratum, reserve for each stratum.

    ``working`` holds, for small strata of a draw by ticket with unequal probabilities, the working probabilities of the
    units that are not certain, in the order of the frame (:mod:`.pareto`); :func:`worked` fills it in.
    """

    method: str
    n: Mapping[str, int]
    reserve: Mapping[str, int] = field(default_factory=dict)
    working: Mapping[str, tuple[float, ...]] = field(default_factory=dict)


@dataclass(frozen=True, eq=False)
class Drawn:
    """The units drawn, by stratum and in the order of their stratum; the reserve after the sample.

    ``places`` point into the frame; ``pi`` are inclusion probabilities (of the sample; NaN for the reserve).
    """

    frame: Frame
    rule: Rule
    places: Places
    pi: Numbers
    reserve: NDArray[np.bool_]
    order: NDArray[np.int64]
    tickets: tuple[str, ...]

    @property
    def n(self) -> int:
        """Number of units in the sample."""
        return int((~self.reserve).sum())

    def ids(self, reserve: bool = False) -> list[str]:
        """Return the keys of the sample, or of the reserve, in order."""
        return [self.key(int(place)) for place in self.places[self.reserve == reserve]]

    def key(self, place: int) -> str:
        """Return the key of one unit of the frame."""
        return key_bytes(self.frame.ids[place : place + 1])[0].decode()

    def rows(self, reserve: bool = False) -> list[dict[str, object]]:
        """Return the sample, or the reserve, as rows for a table."""
        return [
            {
                "stratum": self.frame.labels[self.frame.codes[place]],
                "order": int(self.order[i]),
                "id": self.key(int(place)),
                "size": float(self.frame.sizes[place]),
                "probability": float(self.pi[i]),
                "ticket": self.tickets[i],
            }
            for i, place in enumerate(self.places)
            if self.reserve[i] == reserve
        ]

    def to_frame(self, reserve: bool = False) -> pl.DataFrame:
        """Return :meth:`rows` as a polars data frame."""
        import polars as pl

        return pl.DataFrame(self.rows(reserve))

    def __repr__(self) -> str:
        return f"Drawn({self.rule.method}: {self.n} of {len(self.frame):,} units, reserve {int(self.reserve.sum())})"


def draw(frame: Frame, rule: Rule, seed: str, each: Each = map) -> Drawn:
    """Draw a sample from each stratum, and a reserve in order.

    Methods whose units come in the order of their tickets (``srs``, ``pps_pareto``, ``pps_sequential_poisson``) keep what
    was drawn when units are added, removed or corrected and when n grows; their reserve is what comes next. The others
    (``systematic``, ``pps_systematic`` with one start for a stratum; ``pps_brewer``, ``pps_sampford``, ``pps_pivotal`` and
    so on with a stream for a stratum) have exact probabilities but do not keep it; their reserve is drawn by Pareto (or
    simple random) tickets of the purpose "reserve" among the units left.

    Parameters
    ----------
    frame : units in their frozen order
    rule : method and numbers; strata without a number are not drawn from, nor have they a reserve
    seed : the published randomness, one line of text
    each : ``map`` or that of an executor, for hashing large frames

    Raises
    ------
    InputError
        unknown method, a stratum that is not in the frame, more units than there are

    >>> from qualipolis.methods.sampling.draws.frame import frame_of
    >>> frame = frame_of([f"E{k:03d}" for k in range(100)])
    >>> drawn = draw(frame, Rule("srs", {"": 3}, {"": 2}), "2026-11-22")
    >>> drawn
    Drawn(srs: 3 of 100 units, reserve 2)
    >>> fewer = frame_of([key for key in frame.ids if key != drawn.ids()[0]])
    >>> draw(fewer, Rule("srs", {"": 3}), "2026-11-22").ids() == drawn.ids()[1:] + drawn.ids(reserve=True)[:1]
    True
    """
    strata = frame.places()
    check_rule(frame, rule, strata)
    parts = []
    for label, places in zip(frame.labels, strata, strict=True):
        if rule.n.get(label, 0):
            parts.append(_Stratum(frame, rule, seed, label, places, each).drawn())
    if not parts:
        parts = [(np.empty(0, np.intp), np.empty(0), 0)]
    places = np.concatenate([part[0] for part in parts])
    reserve = np.concatenate([np.arange(len(part[0])) >= part[2] for part in parts])
    orders = [np.concatenate([np.arange(part[2]), np.arange(len(part[0]) - part[2])]) + 1 for part in parts]
    keys = [key_bytes(frame.ids[int(p) : int(p) + 1])[0].decode() for p in places]
    labels = [frame.labels[frame.codes[p]] for p in places]
    shown = tuple(ticket(seed, label, key).hex() for label, key in zip(labels, keys, strict=True))
    pi = np.concatenate([part[1] for part in parts])
    return Drawn(frame, rule, places, pi, reserve, np.concatenate(orders).astype(np.int64), shown)


@dataclass(frozen=True, eq=False)
class _Stratum:
    frame: Frame
    rule: Rule
    seed: str
    label: str
    places: Places
    each: Each

    def drawn(self) -> tuple[Places, Numbers, int]:
        """Return places (sample, then reserve), probabilities of the sample, and the size of the sample."""
        n, more = self.rule.n.get(self.label, 0), self.rule.reserve.get(self.label, 0)
        method = self.rule.method
        contiguous = len(self.places) and self.places[-1] - self.places[0] == len(self.places) - 1
        cut = slice(int(self.places[0]), int(self.places[-1]) + 1) if contiguous else self.places
        sizes = self.frame.sizes[cut] if method.startswith("pps") else np.ones(len(self.places))
        certain, total, places = certainties(sizes, n)
        rest = None
        if len(certain) or sizes.min() <= 0:
            rest = np.setdiff1d(np.flatnonzero(sizes > 0), certain, assume_unique=True)
        share = places / total if total > 0 else 0.0
        if method in BY_TICKET:
            found = self.by_ticket(BY_TICKET[method], rest, sizes, (places, total), places + more, UNIT)
            chosen, reserve = found[:places], found[places:]
        else:
            chosen = self.by_start(sizes, rest, places) if method in BY_START else self.by_stream(sizes * share, rest)
            reserve = self.after(sizes, np.concatenate([certain, chosen]), more)
        sample = np.concatenate([certain, chosen])
        pi = np.concatenate([np.ones(len(certain)), sizes[chosen] * places / total, np.full(len(reserve), np.nan)])
        return self.places[np.concatenate([sample, reserve]).astype(np.intp)], pi, len(sample)

    def keys(self, rest: Places | None) -> Any:
        """Return the keys of the stratum, or of some of its units."""
        where = self.places if rest is None else self.places[rest]
        if len(where) and where[-1] - where[0] == len(where) - 1:
            return self.frame.ids[int(where[0]) : int(where[-1]) + 1]
        if hasattr(self.frame.ids, "dtype"):
            return self.frame.ids[where]
        return [self.frame.ids[int(i)] for i in where]

    def by_ticket(
        self, method: str, rest: Places | None, sizes: Numbers, share: tuple[int, float], n: int, purpose: str
    ) -> Places:
        keys = self.keys(rest)
        words = tickets(self.seed, self.label, keys, purpose, self.each)
        target = None
        if method != "srs":
            target = (sizes if rest is None else sizes[rest]) * share[0] / share[1]
            if purpose == UNIT and self.label in self.rule.working:
                target = np.array(self.rule.working[self.label])
        head = secret(self.seed, self.label, purpose)

        def whole(i: int) -> bytes:
            from hashlib import sha256

            return sha256(head + key_bytes(keys[i : i + 1])[0]).digest()

        found = ordered(words, target, n, method, whole)
        return found if rest is None else rest[found]

    def by_start(self, sizes: Numbers, rest: Places | None, n: int) -> Places:
        start = uniform(ticket(self.seed, self.label, "", START))
        found = systematic(sizes if rest is None else sizes[rest], n, start)
        return found if rest is None else rest[found]

    def by_stream(self, pi: Numbers, rest: Places | None) -> Places:
        numbers = stream(self.seed, self.label, STREAM)
        inside = pi if rest is None else pi[rest]
        found = unequal.sampler(BY_STREAM[self.rule.method], inside)(numbers)
        return found if rest is None else rest[found]

    def after(self, sizes: Numbers, sample: Places, more: int) -> Places:
        """Return the reserve: units left, in the order of their own tickets, with probability by size."""
        if not more:
            return np.empty(0, np.intp)
        left = np.setdiff1d(np.flatnonzero(sizes > 0), sample)
        certain, total, places = certainties(sizes[left], min(more, len(left)))
        first, second = left[certain], np.delete(left, certain)
        method = "pareto" if self.rule.method.startswith("pps") else "srs"
        rest = self.by_ticket(method, second, sizes, (places, total), places, RESERVE) if places else second[:0]
        return np.concatenate([first, rest])


def worked(frame: Frame, rule: Rule) -> Rule:
    """Return the rule with the working probabilities of its small strata, computed before any seed is known.

    >>> from qualipolis.methods.sampling.draws.frame import frame_of
    >>> frame = frame_of(["a", "b"], sizes=[3, 7])
    >>> [round(p, 4) for p in worked(frame, Rule("pps_pareto", {"": 1})).working[""]]
    [0.3471, 0.6529]
    """
    strata = frame.places()
    check_rule(frame, rule, strata)
    if rule.method not in ("pps_pareto", "pps_sequential_poisson"):
        return rule
    method, found = BY_TICKET[rule.method], {}
    for label, places in zip(frame.labels, strata, strict=True):
        n = rule.n.get(label, 0)
        sizes = frame.sizes[places]
        inclusion = inclusion_probabilities(sizes, n)
        pi = inclusion.pi[~inclusion.certain & (sizes > 0)]
        if n > inclusion.n_certainty and needs_work(pi, method):
            found[label] = tuple(float(p) for p in working_probabilities(pi, method))
    return Rule(rule.method, dict(rule.n), dict(rule.reserve), found)


def check_rule(frame: Frame, rule: Rule, strata: Sequence[Places]) -> None:
    """Raise ``InputError`` with all that is wrong with a rule for a frame."""
    problems = []
    if rule.method not in DRAWS:
        what, remedy = msg("There is no draw called %(method)s."), msg("Use one of: %(known)s.")
        words = {"method": rule.method, "known": ", ".join(DRAWS)}
        problems.append(Problem("unknown_method", what, remedy, words, place="method"))
    strangers = [label for label in (*rule.n, *rule.reserve) if label not in frame.labels]
    if strangers:
        what, remedy = msg("The frame has no stratum %(strata)s."), msg("Correct the rule or the frame.")
        problems.append(
            Problem("no_stratum", what, remedy, {"strata": ", ".join(sorted(set(strangers)))}, place="rule")
        )
    empty = rule.method.startswith("pps") and bool(len(frame) and float(frame.sizes.min()) <= 0)
    for label, places in zip(frame.labels, strata, strict=True):
        possible = int((frame.sizes[places] > 0).sum()) if empty else len(places)
        asked = rule.n.get(label, 0)
        if not 0 <= asked <= possible:
            what, remedy = (
                msg("%(n)s units cannot be drawn from stratum %(label)s: it has %(possible)s."),
                msg("Lower the number, or set a cap."),
            )
            problems.append(
                Problem("n_outside", what, remedy, {"n": asked, "label": label, "possible": possible}, place="rule")
            )
    if problems:
        raise InputError(problems)


def strata_of(frame: Frame, numbers: Sequence[int]) -> dict[str, int]:
    """Return numbers of units by name of stratum, from a list in the order of the frame's labels."""
    return {label: int(n) for label, n in zip(frame.labels, numbers, strict=True)}

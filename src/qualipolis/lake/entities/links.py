"""What came of comparing rows: pairs with probability, band and reasons, and the groups that belong together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

from qualipolis.lake.entities.weights import Reason
from qualipolis.lake.entities.words import FIELD_WORDS, LEVEL_WORDS
from qualipolis.methods.problems import msg

Band = Literal["same", "review", "different"]
BAND_WORDS = {"same": msg("the same"), "review": msg("to be reviewed"), "different": msg("different")}
SAME = 0.95
"""The lowest of the thresholds tried at which, on the training set of every kind, 99 % of pairs are surely right."""
REVIEW = 0.4
WITNESSES = frozenset({"code", "phone", "address", "firm", "model"})
"""Fields that, when they are the same, speak for rows whose names are not."""
CODES_DIFFER = msg("their codes differ, so a person decides")
GROUP_DIFFERS = msg("taking them as one would join two different codes, so a person decides")
SPELLING = msg("only the spelling is alike and nothing else agrees, so a person decides")
NAME_ALONE = msg("one word of a name is all that agrees, and others bear it too, so a person decides")
BRANCH = msg("one is a branch of the other, so a person decides")


@dataclass(frozen=True)
class Pair:
    """Two rows: how probably they are the same, what follows from that, and why.

    ``note`` is a sentence where a rule, not the probability, decided the band.
    """

    left: str
    right: str
    probability: float
    band: Band
    why: tuple[Reason, ...]
    note: str = ""

    def words(self) -> tuple[tuple[str, str], ...]:
        """Return the reasons as pairs of message ids: which field, how it agreed."""
        return tuple((FIELD_WORDS[reason.field], LEVEL_WORDS[reason.agreed]) for reason in self.why)


@dataclass(frozen=True)
class Links:
    """The pairs found among ``n`` rows, the likeliest first, and the groups of keys that are the same.

    ``compared`` pairs shared a key and were compared; what was not compared counts as different.
    """

    kind: str
    n: int
    compared: int
    pairs: tuple[Pair, ...]
    groups: tuple[tuple[str, ...], ...]
    method: str

    def band(self, name: Band) -> tuple[Pair, ...]:
        """Return the pairs of one band."""
        return tuple(pair for pair in self.pairs if pair.band == name)


def banded(probability: float, why: Sequence[Reason], short: bool = False) -> tuple[Band, str]:
    """Return the band of a pair and, where a rule decided it, the rule; ``short`` says that a firm's name is one word.

    Two different codes, a branch beside its firm, or names that are spelled alike with nothing else to go by are never
    taken as the same without a person. Nor is a firm of which one word is all that is known.
    """
    agreed = {reason.field: reason.agreed for reason in why}
    if probability < REVIEW:
        return "different", ""
    if agreed.get("code") == "else":
        return "review", CODES_DIFFER
    if probability >= SAME and agreed.get("branch") == "else":
        return "review", BRANCH
    same = {field for field, how in agreed.items() if how == "exact"}
    if probability >= SAME and agreed.get("core") != "exact" and not WITNESSES & same:
        return "review", SPELLING
    if probability >= SAME and short and not (WITNESSES | {"place", "trade"}) & same:
        return "review", NAME_ALONE
    return ("same", "") if probability >= SAME else ("review", "")


def grouped(pairs: Sequence[Pair], codes: dict[str, str]) -> tuple[tuple[Pair, ...], tuple[tuple[str, ...], ...]]:
    """Return the pairs and the groups that the same ones make, the surest joined first.

    A pair that would bring two different codes into one group is left to be reviewed instead.
    """
    parent: dict[str, str] = {}
    held = {key: {code} for key, code in codes.items() if code}

    def root(key: str) -> str:
        while parent.setdefault(key, key) != key:
            parent[key] = parent[parent[key]]
            key = parent[key]
        return key

    done = []
    for pair in pairs:
        left, right = root(pair.left), root(pair.right)
        if pair.band == "same" and left != right:
            both = held.get(left, set()) | held.get(right, set())
            if len(both) > 1:
                pair = replace(pair, band="review", note=GROUP_DIFFERS)
            else:
                parent[right] = left
                held[left] = both
        done.append(pair)
    members: dict[str, list[str]] = {}
    for key in parent:
        members.setdefault(root(key), []).append(key)
    groups = sorted(tuple(sorted(keys)) for keys in members.values() if len(keys) > 1)
    return tuple(done), tuple(groups)

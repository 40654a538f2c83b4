"""What the explanation of a town's result stands on: who reads it, the release computed again, its peers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext as _
from numpy.typing import NDArray

from qualipolis.city.assess.analysis_basis import Basis, basis
from qualipolis.city.assess.book import Book, CardFacts, NodeFacts, book
from qualipolis.city.assess.models import Release
from qualipolis.city.assess.profile import _peers
from qualipolis.city.assess.registers import previous_release
from qualipolis.city.assess.visibility import OVERSEERS
from qualipolis.city.core.policy import city_wide, organisations_of
from qualipolis.city.registry.models import Unit

READERS = (*OVERSEERS, "town_officer")
FEW_UNITS = 200
FEW_REPLICATES = 200


def explainable(actor: Any, unit: Unit) -> bool:
    """Whether someone reads the explanation of a unit: overseers of every one, a town officer of the own town."""
    if city_wide(actor, READERS):
        return True
    return unit.government_id is not None and unit.government_id in set(organisations_of(actor, ("town_officer",)))


def require_explainable(actor: Any, unit: Unit) -> None:
    """Raise ``PermissionDenied`` with words for the person when :func:`explainable` says no."""
    if not explainable(actor, unit):
        raise PermissionDenied(_("The explanation of a result is for the town itself and for the city's overseers."))


@dataclass(frozen=True, eq=False)
class Case:
    """One unit in one release: what the release says, how it was computed, and the release of the year before."""

    release: Release
    unit: str
    read: Book
    base: Basis
    before: Release | None
    earlier: Book | None

    @property
    def card(self) -> CardFacts:
        """The scorecard."""
        return self.read.cards[self.read.rows[self.unit]]

    @property
    def root(self) -> str:
        """The composite."""
        return self.read.root

    @property
    def peers(self) -> NDArray[np.bool_]:
        """Which cards are of the same group; all where the group is small."""
        return np.asarray(_peers(self.read, self.card))

    @property
    def peers_are_all(self) -> bool:
        """Whether the group is too small to compare inside it."""
        return bool(self.peers.all())

    @property
    def group(self) -> str | None:
        """The grouping inside which to compare, nothing where the group is small."""
        return None if self.peers_are_all or "peer" not in self.base.result.data.groups else "peer"

    @property
    def replicates(self) -> int:
        """How often a simulation of this page repeats: as the release did, fewer for very many units."""
        made = max(self.release.assessment.replicates, 100)
        return made if len(self.read.cards) <= FEW_UNITS else min(made, FEW_REPLICATES)

    @property
    def interval(self) -> tuple[float | None, float | None]:
        """The published 90 % interval of the rank."""
        return self.read.at("rank_p05", self.unit, self.root), self.read.at("rank_p95", self.unit, self.root)

    @property
    def rank(self) -> int | None:
        """The published rank of the composite."""
        found = self.read.at("rank", self.unit, self.root)
        return None if found is None else int(found)

    @property
    def score(self) -> float | None:
        """The published composite."""
        return self.read.at("score", self.unit, self.root)

    @property
    def tied(self) -> bool:
        """Whether another unit has the same rank."""
        return self.tied_at(self.unit)

    def tied_at(self, unit: str) -> bool:
        """Whether another unit has the rank of this one."""
        ranks = self.read.of("rank", self.root)
        return bool((ranks == ranks[self.read.rows[unit]]).sum() > 1)

    def node(self, code: str) -> NodeFacts | None:
        """Return a node of this year's tree, or of last year's where this year has none of the code."""
        return self.read.nodes.get(code) or (self.earlier.nodes.get(code) if self.earlier else None)

    def beyond(self, rank: int | None) -> bool | None:
        """Whether a rank lies outside the published interval; None where there is none."""
        low, high = self.interval
        return None if rank is None or low is None or high is None else not low <= rank <= high


def case(release: Release, unit: str) -> Case | None:
    """Return what the explanation of a unit stands on, or None when the unit has no score in the release.

    Raises
    ------
    InputError
        the bundle of the release cannot be read
    """
    read = book(release)
    if unit not in read.rows or read.at("score", unit, read.root) is None:
        return None
    base = basis(release.assessment)
    if unit not in base.result.units:
        return None
    before = previous_release(release)
    return Case(release, unit, read, base, before, book(before) if before else None)

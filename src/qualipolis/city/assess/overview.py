"""The whole city at a glance: means, tiers, grades, and one honest sentence for each stop of the loop."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

import numpy as np
from django.utils.translation import gettext as _

from qualipolis.city.assess.book import Book, CardFacts, NodeFacts, book
from qualipolis.city.assess.indicators import YearValue, city_value
from qualipolis.city.assess.models import Release
from qualipolis.city.assess.registers import latest_release, previous_release
from qualipolis.city.measure.models import CollectionRound, Observation


@dataclass(frozen=True)
class StageLine:
    """What one stop of the loop can say: a sentence and its number, or that there is no data yet."""

    slug: str
    sentence: str
    value: float | None = None
    unit: str = ""
    low: float | None = None
    high: float | None = None
    n: float | None = None
    period: str = ""
    indicator: str = ""

    @property
    def empty(self) -> bool:
        """Whether there is nothing to say yet."""
        return self.value is None


@dataclass(frozen=True)
class NodeMean:
    """Mean, median and change of one sub-index or dimension over all units."""

    node: NodeFacts
    mean: float
    median: float
    previous_mean: float | None


@dataclass(frozen=True)
class Overview:
    """The city in one release."""

    release: Release | None
    previous: Release | None
    units: int
    means: tuple[NodeMean, ...]
    tiers: dict[int, int]
    grades: dict[str, int]
    quadrants: dict[str, int]
    vetoes: int
    cards: tuple[CardFacts, ...]
    stages: tuple[StageLine, ...]


def overview(release: Release | None = None) -> Overview:
    """Return the city at a glance, for the given release or the latest."""
    release = release or latest_release()
    if release is None:
        return Overview(None, None, 0, (), {}, {}, {}, 0, (), _stages(None))
    read = book(release)
    before = previous_release(release)
    earlier = book(before) if before else None
    return Overview(
        release=release,
        previous=before,
        units=len(read.cards),
        means=tuple(
            _mean(read, earlier, fact) for fact in read.nodes.values() if fact.level > 1 and fact.code in read.columns
        ),
        tiers=dict(sorted(Counter(card.tier for card in read.cards if card.tier).items())),
        grades=dict(sorted(Counter(card.grade for card in read.cards if card.grade).items())),
        quadrants=dict(Counter(card.quadrant for card in read.cards if card.quadrant)),
        vetoes=sum(1 for card in read.cards if card.veto),
        cards=read.cards,
        stages=_stages(read),
    )


def _mean(read: Book, earlier: Book | None, fact: NodeFacts) -> NodeMean:
    scores = read.of("score", fact.code)
    before = earlier.of("score", fact.code) if earlier and fact.code in earlier.columns else None
    return NodeMean(
        fact,
        float(np.nanmean(scores)),
        float(np.nanmedian(scores)),
        None if before is None or np.isnan(before).all() else float(np.nanmean(before)),
    )


def _stages(read: Book | None) -> tuple[StageLine, ...]:
    return (
        _measure(),
        _from(read, "supervise", "PQ01", _("of the randomly sampled batches passed")),
        _from(read, "listen", "SR01", _("complaints per 10,000 people")),
        _from(read, "diagnose", "EF03", _("of the closed product cases were cured")),
        _from(read, "build", "MB02", _("of the above-scale firms have a chief quality officer")),
        _from(read, "govern", "GV01", _("of the quality tasks were done on time")),
        _assess(read),
        StageLine("honour", _("No honours are recorded here yet.")),
    )


def _measure() -> StageLine:
    """How much of the round now collected (or of the latest) has a value or a stated reason of not applying."""
    row = CollectionRound.objects.order_by("-period", "-set__version").first()
    if row is None:
        return StageLine("measure", _("Nothing has been collected yet."))
    cells = Observation.objects.filter(round=row)
    total = cells.count()
    known = cells.filter(value__isnull=False).count()
    known += cells.filter(missing=Observation.Missing.NOT_APPLICABLE).count()
    share = 100 * known / total if total else None
    return StageLine("measure", _("of the observations are collected"), share, "%", n=total, period=row.period)


def _from(read: Book | None, slug: str, code: str, sentence: str) -> StageLine:
    found: YearValue | None = city_value(read, code) if read else None
    if read is None or found is None or found.value is None:
        return StageLine(slug, _("There are no data yet."))
    unit = str(read.nodes[code].unit)
    return StageLine(slug, sentence, found.value, unit, found.low, found.high, found.n, str(found.year), indicator=code)


def _assess(read: Book | None) -> StageLine:
    if read is None:
        return StageLine("assess", _("No release has been published yet."))
    tiers = len({card.tier for card in read.cards if card.tier})
    words = _("units assessed, in %(tiers)s tiers that the data can tell apart") % {"tiers": tiers}
    return StageLine("assess", words, float(len(read.cards)), "", n=len(read.cards), period=str(read.year))

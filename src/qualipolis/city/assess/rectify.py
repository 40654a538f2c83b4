"""What a release asks to be put right: which units, why, and the number that each item has to reach."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from qualipolis.city.assess.models import Adjustment, NodeScore, Rectification, RectificationItem, Release, ScoreCard
from qualipolis.city.measure.models import Indicator

WEAKEST = 3
PASSING, GOOD = 60.0, 80.0
GRADES = ("C", "D")
Cause = Rectification.Cause


@dataclass(frozen=True)
class Wanted:
    """A rectification to be opened: unit, cause, and its items (not written yet)."""

    unit: int
    code: str
    cause: str
    items: tuple[RectificationItem, ...]


def value_at(leaf: Indicator, score: float) -> float | None:
    """Return the value of an indicator that scores ``score`` between its goalposts; None without goalposts."""
    full = leaf.target_low if leaf.direction == Indicator.Direction.TARGET else leaf.target
    if leaf.floor is None or full is None:
        return None
    return leaf.floor + (full - leaf.floor) * score / 100


def wanted_of(release: Release, skipped: Collection[int] = ()) -> list[Wanted]:
    """Return what to open after a release, by unit: a veto before falsified data before grade C or D."""
    made = release.assessment
    cards = [
        card
        for card in ScoreCard.objects.filter(assessment=made).select_related("unit").order_by("unit__code")
        if card.unit_id not in skipped
    ]
    rows = Adjustment.objects.filter(round=made.round_id, kind=Adjustment.Kind.FALSIFIED).order_by("pk")
    false: dict[int, list[Adjustment]] = defaultdict(list)
    for one in rows:
        false[one.unit_id].append(one)
    chosen = [card for card in cards if card.veto or card.unit_id in false or card.grade in GRADES]
    leaves = {leaf.code: leaf for leaf in Indicator.objects.filter(set=made.scored_set)}
    weak = _weakest([card for card in chosen if card.grade in GRADES], made.pk)
    period = str(made.round.set.year + 1)
    return [_wanted(card, false.get(card.unit_id, []), weak.get(card.pk, []), leaves, period) for card in chosen]


def _weakest(cards: Collection[ScoreCard], assessment: int) -> dict[int, list[tuple[str, float]]]:
    """The lowest scores of each card, one query."""
    keys = {card.pk for card in cards}
    found: dict[int, list[tuple[str, float]]] = defaultdict(list)
    rows = NodeScore.objects.filter(card__assessment=assessment, level=1, score__isnull=False)
    for card, node, score in rows.order_by("score", "node").values_list("card_id", "node", "score"):
        if card in keys and len(found[card]) < WEAKEST:
            found[card].append((node, score))
    return found


def _wanted(
    card: ScoreCard,
    false: Collection[Adjustment],
    weak: Collection[tuple[str, float]],
    leaves: Mapping[str, Indicator],
    period: str,
) -> Wanted:
    items = []
    if card.veto:
        items.append(RectificationItem(problem=f"一票否决：{card.veto}"[:1000], period=period))
    for one in false:
        leaf = leaves.get(one.indicator_code)
        words = f"数据弄虚作假（{one.document}）：{one.reason}"[:1000]
        owner = leaf.owner_id if leaf else None
        items.append(RectificationItem(indicator=leaf, owner_id=owner, problem=words, period=period))
    for code, score in weak:
        aim = PASSING if score < PASSING else GOOD
        words = f"{leaves[code].name_zh}得分{score:.1f}，应达到{aim:.0f}分"
        number = value_at(leaves[code], aim)
        items.append(
            RectificationItem(
                indicator=leaves[code], owner_id=leaves[code].owner_id, problem=words, required=number, period=period
            )
        )
    cause = Cause.VETO if card.veto else Cause.FALSIFIED if false else Cause.GRADE
    return Wanted(card.unit_id, card.unit.code, cause, tuple(items))

"""What was found, in words: the headline, each numbered signal, its suspects and what to check, the report card."""

from __future__ import annotations

from dataclasses import dataclass, field

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from qualipolis.faces.desk import parts
from qualipolis.methods.spc.findings import Findings, sentences
from qualipolis.methods.spc.patterns import CATEGORIES
from qualipolis.methods.spc.report_card import ReportCard

MOODS = {"good": "ok", "attention": "warn", "bad": "bad", "plain": "idle"}
STATES = {
    "green": ("ok", gettext_lazy("holds")),
    "amber": ("warn", gettext_lazy("with caution")),
    "red": ("bad", gettext_lazy("does not hold")),
}
MOST_TOLD = 12


@dataclass(frozen=True)
class Numbered:
    """A signal in words, with the number of its disc."""

    number: int
    words: str
    out: bool


@dataclass(frozen=True)
class Told:
    """The findings in sentences, by where they stand on the page; ``brief`` are signals told by their rule alone."""

    headline: str = ""
    mood: str = "idle"
    signals: list[Numbered] = field(default_factory=list)
    brief: list[Numbered] = field(default_factory=list)
    other: list[tuple[str, str]] = field(default_factory=list)


@dataclass(frozen=True)
class Cause:
    """A pattern that was seen: what it may come from, by category, and how to confirm it."""

    label: str
    numbers: str
    suspects: list[tuple[str, str]]
    confirm: str


def told(found: Findings) -> Told:
    """Return the sentences of the findings, sorted by where they stand."""
    spoken = sentences(found, _)
    head = next((one for one in spoken if one.kind == "headline"), None)
    single = {signal.number for chart in found.charts[:1] for signal in chart.signals if signal.pattern == "single"}
    hits = [Numbered(s.number, s.text, s.number in single) for s in spoken if s.kind == "found" and s.number]
    known = " ".join([check.text(_) for check in found.card] + [one.confirm for one in causes(found)])
    other = [
        (MOODS.get(one.mood, "idle"), one.text)
        for one in spoken
        if one.kind not in ("headline", "cause") and not (one.kind == "found" and one.number) and one.text not in known
    ]
    mood = MOODS.get(head.mood, "idle") if head else "idle"
    return Told(head.text if head else "", mood, hits, _brief(found, {one.number for one in hits}), other)


def _brief(found: Findings, known: set[int]) -> list[Numbered]:
    """Return the signals that no sentence speaks of: which points, and what rule."""
    made = []
    for chart in found.charts[:1]:
        for one in chart.signals:
            if one.number not in known:
                where = {"first": f"{one.first + 1:,}", "last": f"{one.last + 1:,}"}
                words = _("point %(first)s") if one.first == one.last else _("points %(first)s to %(last)s")
                text = _("%(where)s: %(rule)s") % {"where": words % where, "rule": _(one.label)}
                made.append(Numbered(one.number, text, one.pattern == "single"))
    return made


def causes(found: Findings) -> list[Cause]:
    """Return the patterns seen with their suspects; the numbers of the discs say which signals they belong to."""
    by_pattern: dict[str, list[int]] = {}
    for chart in found.charts[:1]:
        for signal in chart.signals:
            by_pattern.setdefault(signal.pattern, []).append(signal.number)
    made = []
    for seen in found.patterns:
        pattern = seen.pattern
        numbers = by_pattern.get(pattern.code, [])
        shown = " ".join(map(str, numbers[:MOST_TOLD])) + (" …" if len(numbers) > MOST_TOLD else "")
        suspects = [(_(CATEGORIES[one.category]), _(one.words)) for one in pattern.suspects]
        made.append(Cause(_(pattern.label), shown, suspects, _(pattern.confirm) if pattern.confirm else ""))
    return made


def card_lines(card: ReportCard) -> list[tuple[parts.Chip, str]]:
    """Return the checks of the report card, the worst first."""
    order = {"red": 0, "amber": 1, "green": 2}
    checks = sorted(card, key=lambda check: order[check.state])
    return [(parts.Chip(*_state(check.state)), check.text(_)) for check in checks]


def _state(state: str) -> tuple[str, str]:
    kind, words = STATES[state]
    return kind, str(words)

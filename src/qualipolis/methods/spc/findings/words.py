"""What was found in sentences that a workshop owner understands: what it is, what it probably was, what to do next."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from math import floor, log10
from typing import Literal

from qualipolis.methods.problems import msg
from qualipolis.methods.spc.comparison.before_after import Proof
from qualipolis.methods.spc.findings.result import EARLIER, Capability, Chart, Findings, Life, Signal
from qualipolis.methods.spc.msa.gauge import GaugeRR
from qualipolis.methods.spc.patterns import CATEGORIES, PATTERNS, Pattern, Sighting

Translate = Callable[[str], str]
Kind = Literal["headline", "found", "cause", "next", "proof", "capability", "gauge", "life", "note"]
Mood = Literal["good", "attention", "bad", "plain"]
TOLD = 6  # signals that are told in words; the table has all
WANTED, FAIR = 1.33, 1.0
FEW_POINTS = 10  # below which an index is told, but no headline


@dataclass(frozen=True)
class Sentence:
    """One sentence; ``number`` is the disc of the signal it speaks of."""

    kind: Kind
    text: str
    mood: Mood = "plain"
    number: int | None = None


SPREADS = ("R", "S", "MR", "e", "EWMA", "u", "u′")


def decimals(found: Findings, chart: Chart | None = None) -> int:
    """Return how many decimals a value of this characteristic is told with: two figures of its spread.

    A chart of spreads has one more; shares have four.

    >>> from qualipolis.methods.spc.findings.study import study
    >>> decimals(study([25.003, 25.001, 24.998, 25.004, 25.000, 25.002]))
    4
    """
    if chart is not None and chart.code in ("p", "p′"):
        return 4
    return _places(found) + (chart is not None and chart.code in SPREADS)


def _places(found: Findings) -> int:
    sd = found.summary.sd if found.summary is not None else float("nan")
    if not sd > 0:
        middle = abs(found.summary.mean) if found.summary is not None else 0.0
        return 0 if middle == round(middle) else 3
    return int(min(10, max(0, 1 - floor(log10(sd)))))


def sentences(found: Findings, translate: Translate = msg) -> tuple[Sentence, ...]:
    """Return the findings in words, the most important first.

    >>> from qualipolis.methods.spc.findings.study import study
    >>> [s.kind for s in sentences(study([5.0] * 30))]
    ['headline', 'next']
    """
    speech = _Speech(found, translate)
    return tuple(s for s in speech.all() if s.text)


class _Speech:
    def __init__(self, found: Findings, translate: Translate) -> None:
        self.found, self.translate, self.places = found, translate, decimals(found)

    def say(self, text: str, **params: object) -> str:
        return self.translate(text) % params

    def value(self, x: float | None) -> str:
        """Return a value of the characteristic with its unit."""
        if x is None or x != x:
            return "—"
        shown = f"{x:.{self.places}f}"
        return f"{shown} {self.found.unit}" if self.found.unit else shown

    def all(self) -> Iterator[Sentence]:
        found = self.found
        yield self.headline()
        if not found.charts:
            yield from self._remedies()
            return
        if found.proof is not None:
            yield self.proof(found.proof)
        if found.gauge is not None:
            yield self.gauge(found.gauge)
        yield from self.signals()
        yield from self.causes()
        if found.capability is not None:
            yield from self.capability(found.capability)
        if found.life is not None:
            yield self.life(found.life)
        yield from self.next_steps()
        for remark in found.remarks:
            if remark.code != "few":
                yield Sentence("note", remark.text(self.translate))

    def headline(self) -> Sentence:
        found = self.found
        if found.gauge is not None:
            return self._trusted(found.gauge)
        if not found.charts:
            first = found.remarks[0].what if found.remarks else msg("No chart can be drawn from these values.")
            params = dict(found.remarks[0].params) if found.remarks else {}
            return Sentence("headline", self.translate(first) % params, "attention")
        if found.proof is not None:
            return self._verdict(found.proof)
        stability = next(check for check in found.card if check.code == "stability")
        if stability.state == "red":
            return Sentence(
                "headline", self.say(msg("The process is not steady: something acts on it beyond chance.")), "bad"
            )
        few = next((remark for remark in found.remarks if remark.code == "few"), None)
        if few is not None:
            return Sentence("headline", self.translate(few.what) % dict(few.params), "attention")
        if found.capability is not None and len(found.charts[0]) >= FEW_POINTS:
            return self._able(found.capability)
        if len(found.charts[0]) < 25:
            text = msg("Nothing speaks against a steady process, but %(n)s points are few.")
            return Sentence("headline", self.say(text, n=len(found.charts[0])), "attention")
        return Sentence("headline", self.say(msg("The process is steady: what it shows is chance.")), "good")

    def _verdict(self, proof: Proof) -> Sentence:
        words: dict[str, tuple[str, Mood]] = {
            "proven": (msg("The treatment worked, and the numbers prove it."), "good"),
            "not proven": (msg("It is not proven that the treatment worked."), "attention"),
            "worse": (msg("It got worse after the treatment."), "bad"),
            "insufficient data": (
                msg("There are too few values yet to say whether the treatment worked."),
                "attention",
            ),
        }
        text, mood = words[proof.verdict]
        return Sentence("headline", self.say(text), mood)

    def _trusted(self, study: GaugeRR) -> Sentence:
        share = study.percent_study["grr"]
        if share <= 10:
            return Sentence(
                "headline", self.say(msg("The gauge can be trusted: %%GRR is %(share)s."), share=f"{share:.1f}"), "good"
            )
        if share <= 30 and study.ndc >= 5:
            text = msg("The gauge is usable with care: %%GRR is %(share)s; 10 or less is good.")
            return Sentence("headline", self.say(text, share=f"{share:.1f}"), "attention")
        text = msg("Mend the measuring first: %%GRR is %(share)s, the gauge tells %(ndc)s classes apart; 5 are wanted.")
        return Sentence("headline", self.say(text, share=f"{share:.1f}", ndc=study.ndc), "bad")

    def _able(self, ability: Capability) -> Sentence:
        name = ability.leading
        bound = ability.indices[name].bound
        params = {"index": name, "bound": f"{bound:.2f}", "wanted": f"{WANTED:.2f}"}
        if bound >= WANTED:
            text = msg("The process is steady and keeps well inside its limits: %(index)s is at least %(bound)s.")
            return Sentence("headline", self.say(text, **params), "good")
        if ability.indices[name].value >= WANTED:
            text = msg("The process is steady and seems good enough, but %(index)s is only sure to be %(bound)s;"
                       " %(wanted)s is wanted.")  # fmt: skip
            return Sentence("headline", self.say(text, **params), "attention")
        text = msg(
            "The process is steady, but not good enough for its limits: %(index)s is %(value)s; %(wanted)s is wanted."
        )
        return Sentence("headline", self.say(text, value=f"{ability.indices[name].value:.2f}", **params), "bad")

    def proof(self, proof: Proof) -> Sentence:
        """Return the effect with its interval and what a study of this size could have found."""
        was, now = proof.before, proof.after
        text = msg(
            "Mean before %(was)s, after %(now)s; spread (standard deviation) before %(sd_was)s, after %(sd_now)s."
        )
        first = self.say(
            text,
            was=self.value(was.mean),
            now=self.value(now.mean),
            sd_was=self.value(was.sd),
            sd_now=self.value(now.sd),
        )
        better = proof.improvement
        what = {
            "higher": msg("mean higher"), "lower": msg("mean lower"), "target": msg("nearer the target"),
            "spread": msg("spread smaller, in %%"), "outside": msg("fewer outside the limits"),
            "ppm": msg("fewer outside the limits, per million"), "Ppk": msg("Ppk higher"),
        }[proof.aim]  # fmt: skip
        told = msg(
            "Improvement (%(aim)s): %(value)s, with %(level)s %% confidence from %(low)s to %(high)s;"
            " this study would find %(detectable)s."
        )
        scale = 100.0 if proof.aim == "outside" else 1.0
        numbers = {
            "value": f"{scale * better.value:.3g}", "low": f"{scale * better.low:.3g}",
            "high": f"{scale * better.high:.3g}", "detectable": f"{scale * proof.detectable:.3g}",
        }  # fmt: skip
        second = self.say(told, aim=self.say(what), level=f"{100 * better.confidence:g}", **numbers)
        reason = self.translate(proof.reason) % dict(proof.params)
        mood: Mood = "good" if proof.verdict == "proven" else "bad" if proof.verdict == "worse" else "attention"
        whole = self.say(msg("%(reason)s %(means)s %(effect)s"), reason=reason, means=first, effect=second)
        return Sentence("proof", whole, mood)

    def signals(self) -> Iterator[Sentence]:
        """Yield one sentence for each of the first signals, location before spread."""
        for chart in self.found.charts[:1]:
            told = sorted(chart.signals, key=lambda signal: -signal.strength)[:TOLD]
            for signal in sorted(told, key=lambda signal: signal.number):
                yield Sentence("found", self.signal(chart, signal), "attention", signal.number)
            rest = len(chart.signals) - TOLD
            if rest > 0:
                yield Sentence(
                    "found", self.say(msg("%(n)s more signals are marked on the chart and in its table."), n=rest)
                )
        for chart in self.found.charts[1:]:
            if chart.signals:
                text = msg("%(chart)s: %(n)s points signal, the first at point %(first)s.")
                n, first = int(chart.flagged.sum()), chart.signals[0].points[0] + 1
                yield Sentence("found", self.say(text, chart=self.say(chart.label), n=n, first=first), "attention")

    def signal(self, chart: Chart, signal: Signal) -> str:
        """Return which points, what rule, by the numbers."""
        phase = next(p for p in chart.earlier if p.start == chart.phases[signal.phase].start) if (
            signal.against == EARLIER
        ) else chart.phases[signal.phase]  # fmt: skip
        center = phase.center if phase.center is not None else float(chart.center[signal.points[0]])
        first, last = signal.first + 1, signal.last + 1
        if signal.pattern == "single":
            return self._beyond(chart, signal, phase.lower, phase.upper)
        moved = self.value(float(chart.values[signal.first : signal.last + 1].mean()) - center).lstrip("-−")
        if signal.against == EARLIER:
            text = msg("Points %(first)s to %(last)s lie on one side of the centre line of the phase before (%(center)s):"
                       " the level moved by %(moved)s.")  # fmt: skip
            return self.say(text, first=first, last=last, center=self.value(center), moved=moved)
        if signal.pattern == "shift":
            text = msg("Points %(first)s to %(last)s, %(n)s in a row, lie above the centre line %(center)s.") if (
                signal.side > 0
            ) else msg("Points %(first)s to %(last)s, %(n)s in a row, lie below the centre line %(center)s.")  # fmt: skip
            return self.say(text, first=first, last=last, n=last - first + 1, center=self.value(center))
        text = msg("Points %(first)s to %(last)s: %(rule)s.")
        return self.say(text, first=first, last=last, rule=self.say(signal.label))

    def _beyond(self, chart: Chart, signal: Signal, lower: float | None, upper: float | None) -> str:
        at = signal.points[0]
        low = lower if lower is not None else float(chart.lower[at])
        high = upper if upper is not None else float(chart.upper[at])
        above = signal.side > 0
        many = len(signal.points) > 1
        text = {
            (True, False): msg("Point %(first)s lies above the upper limit: %(value)s, limit %(limit)s."),
            (False, False): msg("Point %(first)s lies below the lower limit: %(value)s, limit %(limit)s."),
            (True, True): msg(
                "Points %(first)s to %(last)s lie above the upper limit, up to %(value)s, limit %(limit)s."
            ),
            (False, True): msg(
                "Points %(first)s to %(last)s lie below the lower limit, down to %(value)s, limit %(limit)s."
            ),
        }[above, many]
        limit = high if above else low
        return self.say(
            text, first=at + 1, last=signal.points[-1] + 1, value=self.value(signal.value), limit=self.value(limit)
        )

    def causes(self) -> Iterator[Sentence]:
        """Yield the first suspects of each pattern that was seen."""
        for seen in self.found.patterns[:4]:
            suspects = self.say(msg("; ")).join(
                self.say(
                    msg("%(category)s: %(words)s"), category=self.say(CATEGORIES[s.category]), words=self.say(s.words)
                )
                for s in seen.pattern.suspects
            )
            text = msg("%(pattern)s. First suspects: %(suspects)s.")
            label = self._label(seen)
            yield Sentence("cause", self.say(text, pattern=label, suspects=suspects), number=self._disc(seen.pattern))

    def _label(self, seen: Sighting) -> str:
        label = self.say(seen.pattern.label)
        if seen.pattern.code == "cycle" and seen.statistic is not None:
            return self.say(msg("%(label)s of about %(n)s points"), label=label, n=f"{seen.statistic:.0f}")
        return label

    def _disc(self, pattern: Pattern) -> int | None:
        chart = self.found.charts[0]
        return next((s.number for s in chart.signals if s.pattern == pattern.code), None)

    def capability(self, ability: Capability) -> Iterator[Sentence]:
        """Yield the index with its interval, and how many were outside."""
        name = ability.leading
        index, level = ability.indices[name], f"{100 * ability.confidence:g}"
        params = {"index": name, "value": f"{index.value:.2f}", "low": f"{index.low:.2f}", "high": f"{index.high:.2f}"}
        text = msg("%(index)s is %(value)s, with %(level)s %% confidence from %(low)s to %(high)s (n = %(n)s).")
        mood: Mood = "plain" if not ability.valid else "good" if index.bound >= WANTED else (
            "attention" if index.value >= FAIR else "bad"
        )  # fmt: skip
        words = self.say(text, level=level, n=f"{ability.study.n:,}", **params)
        if not ability.valid:
            words = self.say(msg("%(why)s %(index)s"), why=self.say(ability.why), index=words)
        yield Sentence("capability", words, mood)
        summary = self.found.summary
        if summary is not None and summary.outside is not None:
            text = msg("%(count)s of %(n)s values lie outside the limits.") if summary.outside else (
                msg("None of the %(n)s values lies outside the limits.")
            )  # fmt: skip
            yield Sentence(
                "capability", self.say(text, count=f"{summary.outside:,}", n=f"{self._measured():,}"),
                "bad" if summary.outside else "plain",
            )  # fmt: skip

    def _measured(self) -> int:
        """Return how many values of the last phase were measured."""
        chart = self.found.charts[0]
        last = chart.phases[-1]
        if chart.size is not None:
            return int(chart.size[last.start :].sum())
        return self.found.n if last.start == 0 else last.n

    def gauge(self, study: GaugeRR) -> Sentence:
        """Return what the gauge study says."""
        share = study.percent_study["grr"]
        low, high = study.intervals.get("study.grr", (float("nan"), float("nan")))
        mood: Mood = "good" if share <= 10 else "attention" if share <= 30 else "bad"
        text = msg("Gauge study: %%GRR is %(share)s (%(low)s to %(high)s); the gauge tells %(ndc)s classes apart.")
        return Sentence(
            "gauge", self.say(text, share=f"{share:.1f}", low=f"{low:.1f}", high=f"{high:.1f}", ndc=study.ndc), mood
        )

    def life(self, life: Life) -> Sentence:
        """Return how long products last and which way they age."""
        text = msg("One in ten has failed by %(b10)s (%(low)s to %(high)s). %(side)s")
        side = {
            "wear": msg("Failures become more frequent with age: wear."),
            "infant": msg("Early failures prevail: look at how it is made and first used."),
            "random": msg("Failures come at any age, as far as can be seen."),
        }[life.side]
        b10, low, high = (self.value(v) for v in life.b10)
        return Sentence("life", self.say(text, b10=b10, low=low, high=high, side=self.say(side)))

    def next_steps(self) -> Iterator[Sentence]:
        """Yield what to do: confirm the patterns seen, then the remedies of red and amber checks."""
        said = set()
        for seen in self.found.patterns[:3]:
            if seen.pattern.confirm and seen.pattern.code in PATTERNS:
                said.add(seen.pattern.confirm)
                yield Sentence("next", self.say(seen.pattern.confirm), number=self._disc(seen.pattern))
        for state in ("red", "amber"):
            for check in self.found.card.of(state):
                if check.remedy and check.remedy not in said and len(said) < 6:
                    said.add(check.remedy)
                    yield Sentence("next", self.translate(check.remedy) % dict(check.params))

    def _remedies(self) -> Iterator[Sentence]:
        told = {remark.remedy: remark for remark in self.found.remarks if remark.remedy}
        for remedy, remark in told.items():
            yield Sentence("next", self.translate(remedy) % dict(remark.params))
        for remark in self.found.remarks[1:]:
            yield Sentence("note", self.translate(remark.what) % dict(remark.params))

"""Effects of a treatment, each with its interval, and how far they moved towards the aim."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from math import sqrt

import numpy as np

from qualipolis.methods.sampling.estimation.binomial import binomial_interval
from qualipolis.methods.spc.capability.specification import Specification
from qualipolis.methods.spc.charts.result import Floats
from qualipolis.methods.spc.comparison.counts import share_difference
from qualipolis.methods.spc.comparison.phase import Phase
from qualipolis.methods.spc.comparison.result import Effect
from qualipolis.methods.spc.comparison.two import bonett

GENERALISED = "generalised"


@dataclass(frozen=True, eq=False)
class Study:
    """Two phases and what is asked of them."""

    before: Phase
    after: Phase
    asked: Specification | None
    target: float | None
    confidence: float
    draws: int
    rng: np.random.Generator

    @cached_property
    def pivots(self) -> tuple[tuple[Floats, Floats], tuple[Floats, Floats]]:
        """Generalised draws of mean and standard deviation of each phase."""
        one, two = (self._pivot(p) for p in (self.before, self.after))
        return one, two

    def _pivot(self, phase: Phase) -> tuple[Floats, Floats]:
        mean = phase.mean - phase.error * self.rng.standard_t(phase.freedom_mean, self.draws)
        sd = phase.sd * np.sqrt(phase.freedom_sd / self.rng.chisquare(phase.freedom_sd, self.draws))
        return mean, sd

    def _drawn(self, value: float, draws: Floats) -> Effect:
        tail = (1 - self.confidence) / 2
        low, high = np.quantile(draws, [tail, 1 - tail])
        return Effect(value, float(low), float(high), self.confidence, GENERALISED)

    def mean(self) -> Effect:
        """Return mean after − mean before, by Welch over points."""
        from scipy.special import stdtrit

        u, v = self.after.error**2, self.before.error**2
        nu = (u + v) ** 2 / (u**2 / self.after.freedom_mean + v**2 / self.before.freedom_mean)
        half, value = float(stdtrit(nu, (1 + self.confidence) / 2)) * sqrt(u + v), self.after.mean - self.before.mean
        return Effect(value, value - half, value + half, self.confidence, "Welch over points")

    def variance_ratio(self) -> Effect:
        """Return variance after ÷ before."""
        freedom = (self.after.freedom_sd, self.before.freedom_sd)
        found = bonett(self.after.values, self.before.values, self.confidence, freedom).effect
        assert found is not None
        return found

    def outside(self) -> Effect:
        """Return the share of values outside after − before."""
        one, two = ((p.beyond or 0, p.n) for p in (self.after, self.before))
        found = share_difference(one, two, confidence=self.confidence).effect
        assert found is not None
        return found

    def _normal(self, name: str, mean: Floats | float, sd: Floats | float) -> Floats:
        """Return ppm outside, or Ppk, of a normal process."""
        from scipy.special import ndtr

        assert self.asked is not None
        sides = [sign * (limit - np.asarray(mean)) / np.asarray(sd) for sign, limit in self.asked.judged.items()]
        if name == "Ppk":
            return np.asarray(np.min(sides, axis=0) / 3)
        return np.asarray(1e6 * np.sum([ndtr(-z) for z in sides], axis=0))

    def normal(self, name: str) -> tuple[Effect, Effect]:
        """Return the difference after − before of ppm or Ppk, and its value after."""
        was, now = (float(self._normal(name, p.mean, p.sd)) for p in (self.before, self.after))
        old, new = (self._normal(name, *pivot) for pivot in self.pivots)
        return self._drawn(now - was, new - old), self._drawn(now, new)

    def effects(self) -> dict[str, Effect]:
        """Return every effect that has a meaning here."""
        found = {"mean": self.mean(), "variance_ratio": self.variance_ratio()}
        if self.asked is not None:
            found |= {"outside": self.outside(), "ppm": self.normal("ppm")[0], "Ppk": self.normal("Ppk")[0]}
        return found

    def aimed(self, aim: str) -> tuple[Effect, Effect]:
        """Return the improvement of the aim, above 0 when better, and the measure after the treatment."""
        if aim in ("higher", "lower"):
            change = self.mean()
            return (change if aim == "higher" else _turned(change)), self._mean_after()
        if aim == "target":
            return self._nearer()
        if aim == "spread":
            return self._narrower()
        if aim == "outside":
            low, high = (float(v) for v in binomial_interval(self.after.beyond or 0, self.after.n, self.confidence))
            share = (self.after.beyond or 0) / self.after.n
            return _turned(self.outside()), Effect(share, low, high, self.confidence, "exact")
        change, state = self.normal(aim)
        return (change if aim == "Ppk" else _turned(change)), state

    def _mean_after(self) -> Effect:
        from scipy.special import stdtrit

        half = float(stdtrit(self.after.freedom_mean, (1 + self.confidence) / 2)) * self.after.error
        return Effect(self.after.mean, self.after.mean - half, self.after.mean + half, self.confidence, "t")

    def _nearer(self) -> tuple[Effect, Effect]:
        assert self.target is not None
        was, now = abs(self.before.mean - self.target), abs(self.after.mean - self.target)
        (old, _), (new, _) = self.pivots
        far, near = np.abs(old - self.target), np.abs(new - self.target)
        return self._drawn(was - now, far - near), self._drawn(now, near)

    def _narrower(self) -> tuple[Effect, Effect]:
        """Return by how many per cent the standard deviation fell, and what it is now."""
        ratio = self.variance_ratio()
        fall = [100 * (1 - sqrt(v)) for v in (ratio.value, ratio.high, ratio.low)]
        state = self._drawn(self.after.sd, self.pivots[1][1])
        return Effect(fall[0], fall[1], fall[2], self.confidence, ratio.method), state


def _turned(effect: Effect) -> Effect:
    return Effect(-effect.value, -effect.high, -effect.low, effect.confidence, effect.method)


def detectable(effect: Effect, power: float) -> float:
    """Return the true improvement that is found with probability ``power`` by an interval of this width."""
    from scipy.special import ndtri

    z = float(ndtri((1 + effect.confidence) / 2))
    return (z + float(ndtri(power))) * (effect.high - effect.low) / (2 * z)

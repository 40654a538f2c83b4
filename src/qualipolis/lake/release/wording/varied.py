"""What was varied between the replicates of the rank intervals, in words."""

from __future__ import annotations

from collections.abc import Iterator

from qualipolis.lake.release.wording.sentences import Section, Sentence
from qualipolis.methods.composite import Alternatives, DataNoise, Factor, Step, WeightNoise
from qualipolis.methods.problems import msg

SAISANA = "Saisana, Saltelli & Tarantola (2005), JRSS A 168(2), 307–323"


def varied(factors: tuple[Factor, ...], replicates: int, seed: int | None) -> Section:
    """Return how the rank intervals were drawn."""
    text = msg("The whole calculation was repeated %(count)s times (seed %(seed)s), each time with other assumptions:")
    said = [Sentence(text, {"count": replicates, "seed": "—" if seed is None else seed})]
    for factor in factors:
        said.extend(of_factor(factor))
    said.append(
        Sentence(
            msg(
                "Nine in ten of the ranks that a unit got lie inside its interval. Where two intervals overlap, do not "
                "read an order into the two ranks."
            )
        )
    )
    formula = ("[ Q(0.05) ; Q(0.95) ]",)
    return Section("", "factors", msg("How certain the ranks are"), tuple(said), formula, SAISANA)


def of_factor(factor: Factor) -> Iterator[Sentence]:
    """Yield what varies by one factor."""
    if isinstance(factor, WeightNoise):
        share = f"{factor.relative:.0%}"
        if factor.levels is None:
            yield Sentence(msg("Every weight was moved by up to %(share)s either way."), {"share": share})
        else:
            text = msg("The weights on level %(levels)s were moved by up to %(share)s either way.")
            yield Sentence(text, {"share": share, "levels": factor.levels})
    elif isinstance(factor, Alternatives):
        yield of_alternatives(factor)
    elif isinstance(factor, DataNoise):
        yield Sentence(msg("The data were moved by their own errors of measurement (normal distribution)."))
    else:
        yield Sentence(msg("Also varied: %(what)s."), {"what": type(factor).__name__})


def of_alternatives(factor: Alternatives) -> Sentence:
    """Return what is said of alternatives, or of one value that held in all replicates."""
    values = tuple(value.to_dict() if isinstance(value, Step) else value for value in factor.values)
    if factor.address == "aggregate.method" and set(map(str, values)) == {"arithmetic", "geometric"}:
        return Sentence(
            msg("A strength makes up for a weakness fully (arithmetic mean) or only in part (geometric mean).")
        )
    if len(values) == 1:
        return Sentence(
            msg("%(address)s was %(value)s in all replicates."), {"address": factor.address, "value": values[0]}
        )
    return Sentence(msg("%(address)s was one of: %(values)s."), {"address": factor.address, "values": values})

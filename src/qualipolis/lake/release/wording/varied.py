"""What was varied between the replicates of the rank intervals, in words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from qualipolis.lake.release.wording.names import EACH_TIME, USUAL, placed, settings, worded
from qualipolis.lake.release.wording.sentences import Section, Sentence
from qualipolis.methods.composite import Alternatives, DataNoise, Factor, Framework, Step, WeightNoise, step_from_dict
from qualipolis.methods.composite.factors import Imputation, WeightSets
from qualipolis.methods.problems import msg

SAISANA = "Saisana, Saltelli & Tarantola (2005), JRSS A 168(2), 307–323"


def varied(
    factors: tuple[Factor, ...],
    replicates: int,
    seed: int | None,
    failed: int | None = None,
    framework: Framework | None = None,
) -> Section:
    """Return how the rank intervals were drawn."""
    text = msg("The whole calculation was repeated %(count)s times (seed %(seed)s), each time with other assumptions:")
    said = [Sentence(text, {"count": replicates, "seed": "—" if seed is None else seed})]
    for factor in factors:
        said.extend(of_factor(factor, framework))
    if failed:
        text = msg("%(failed)s of these calculations failed and are in no interval.")
        said.append(Sentence(text, {"failed": failed}))
    elif failed is not None:
        said.append(Sentence(msg("None of these calculations failed.")))
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


NAMES = {
    "aggregate.method": msg("how points are added up"),
    "normalise.low": msg("where the scale begins"),
    "normalise.method": msg("how values become points"),
    "normalise": msg("how values become points"),
    "treat": msg("how outliers are treated"),
    "treat.winmax": msg("how many outliers are pulled in"),
    "impute": msg("how gaps are filled"),
    "impute.method": msg("how gaps are filled"),
    "weigh": msg("where the weights come from"),
    "weigh.method": msg("where the weights come from"),
    "screen": msg("how much data a unit must have"),
    "screen.available": msg("how much data a unit must have"),
    "denominate": msg("what values are divided by"),
    "aggregate": msg("how points are added up"),
    "impute_panel": msg("how gaps are filled from other years"),
    "impute_panel.method": msg("how gaps are filled from other years"),
    "normalise.high": msg("where the scale ends"),
    "treat.first": msg("how outliers are treated at first"),
    "treat.transform": msg("how outliers are treated at last"),
    "weigh.use": msg("whose weights count"),
}


def factor_name(factor: Factor, framework: Framework | None = None) -> Sentence:
    """Return a short name of what varies, for tables; a node by its name where the framework is known."""
    if isinstance(factor, Alternatives):
        found = address_name(factor.address)
        if "node" in found.params:
            return Sentence(found.text, {"node": placed(framework, str(found.params["node"]))})
        return found
    return Sentence(
        {
            WeightNoise: msg("the weights"),
            WeightSets: msg("whose weights count"),
            DataNoise: msg("errors in the data"),
            Imputation: msg("the values that are missing"),
        }.get(type(factor), type(factor).__name__)
    )


def address_name(address: str) -> Sentence:
    """Return a short name of what stands at an address; its values are plain, so that it can be kept as data.

    >>> address_name("aggregate.nodes.QDI").said(), address_name("treat.skew").said()
    ('how points are added up (QDI)', 'how outliers are treated')
    """
    step, _, parameter = address.removeprefix(EACH_TIME).partition(".")
    if f"{step}.{parameter}" in NAMES:
        return Sentence(NAMES[f"{step}.{parameter}"])
    if step == "aggregate" and parameter.startswith("nodes."):
        return Sentence(msg("how points are added up (%(node)s)"), {"node": parameter.removeprefix("nodes.")})
    if step == "aggregate" and parameter.startswith("levels."):
        text = msg("how points are added up on level %(level)s")
        return Sentence(text, {"level": parameter.removeprefix("levels.")})
    return Sentence(NAMES[step]) if step in NAMES else Sentence("%(name)s", {"name": address})


def of_factor(factor: Factor, framework: Framework | None = None) -> Iterator[Sentence]:
    """Yield what varies by one factor."""
    if isinstance(factor, WeightNoise):
        share = f"{factor.relative:.0%}"
        if factor.levels is None:
            yield Sentence(msg("Every weight was moved by up to %(share)s either way."), {"share": share})
        else:
            text = msg("The weights on level %(levels)s were moved by up to %(share)s either way.")
            yield Sentence(text, {"share": share, "levels": factor.levels})
    elif isinstance(factor, WeightSets):
        yield Sentence(
            msg("The weights were one of %(count)s sets, for example of several experts."), {"count": factor.count}
        )
    elif isinstance(factor, Alternatives):
        yield of_alternatives(factor, framework)
    elif isinstance(factor, Imputation):
        yield Sentence(msg("Every missing value was drawn anew from what the other values make likely."))
    elif isinstance(factor, DataNoise):
        yield Sentence(msg("The data were moved by their own errors of measurement (normal distribution)."))
        if factor.observed:
            text = msg("As the data already hold one such error, the scores of the replicates are drawn in for it.")
            yield Sentence(text)
    if getattr(factor, "probabilities", None):
        likely = tuple(f"{100 * one:.3g}%" for one in factor.probabilities or ())  # type: ignore[union-attr]
        yield Sentence(msg("They were drawn with the probabilities %(shares)s."), {"shares": likely})


def of_alternatives(factor: Alternatives, framework: Framework | None = None) -> Sentence:
    """Return what is said of alternatives, or of one value that held in all replicates."""
    values = told_apart(factor, framework)
    named = factor_name(factor, framework)
    if factor.address == "aggregate.method" and set(map(str, factor.values)) == {"arithmetic", "geometric"}:
        return Sentence(
            msg("A strength makes up for a weakness fully (arithmetic mean) or only in part (geometric mean).")
        )
    if factor.address == "normalise.low" and len(values) == 1:
        text = msg("The scale began at %(value)s in all replicates, because a geometric mean needs values above 0.")
        return Sentence(text, {"value": values[0]})
    if len(values) == 1:
        return Sentence(msg("Held fixed in all replicates: %(what)s (%(value)s)."), {"what": named, "value": values[0]})
    return Sentence(msg("Varied: %(what)s, each time one of: %(values)s."), {"what": named, "values": values})


def told_apart(factor: Alternatives, framework: Framework | None = None) -> tuple[object, ...]:
    """Return the values of a factor in words; of whole steps only what they differ in, in a fixed order.

    >>> from qualipolis.methods.composite import Normalise
    >>> both = told_apart(Alternatives("normalise", (Normalise(), {"step": "normalise", "method": "zscore"})))
    >>> [value.said() for value in both]
    ['from the worst to the best unit', 'standard deviations from the mean']
    """
    step, _, parameter = factor.address.removeprefix(EACH_TIME).partition(".")
    if all(isinstance(value, Step | Mapping) for value in factor.values) and not parameter:
        return steps_told_apart(factor, framework)
    last = parameter.rpartition(".")[2]
    last = "method" if parameter.startswith(("levels.", "nodes.")) else last
    if factor.address in NAMES or last == "method":
        return tuple(worded(step, last, value, framework) for value in factor.values)
    return tuple(next(settings(step, {last: value}, framework), Sentence(USUAL)) for value in factor.values)


def steps_told_apart(factor: Alternatives, framework: Framework | None) -> tuple[object, ...]:
    """Return what alternative steps differ in."""
    steps = [(value if isinstance(value, Step) else step_from_dict(value)).to_dict() for value in factor.values]
    kinds = [str(step["step"]).removeprefix(EACH_TIME) for step in steps]
    differ = {key for step in steps for key in step if any(step.get(key) != one.get(key) for one in steps)}
    keys = sorted(differ, key=lambda key: (key != "method", key))
    pairs = list(zip(kinds, steps, strict=True))
    if keys == ["method"]:
        return tuple(worded(kind, "method", step["method"]) for kind, step in pairs)
    told = [tuple(settings(kind, {key: step.get(key) for key in keys}, framework)) for kind, step in pairs]
    return tuple(one or Sentence(USUAL) for one in told)

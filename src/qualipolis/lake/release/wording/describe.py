"""From a pipeline to sections that say what it does: what is assessed, every step in order, what was varied."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator

from qualipolis.lake.release.wording.early import EARLY
from qualipolis.lake.release.wording.late import LATE
from qualipolis.lake.release.wording.names import EACH_TIME, named
from qualipolis.lake.release.wording.sentences import Section, Sentence
from qualipolis.lake.release.wording.varied import varied
from qualipolis.lake.release.wording.yearly import TIME_BY_TIME, YEARLY
from qualipolis.methods.composite import Denominate, Factor, Framework, Pipeline, Step
from qualipolis.methods.problems import msg

WORDS = {**EARLY, **YEARLY, **LATE}
HANDBOOK = "OECD/JRC (2008), Handbook on Constructing Composite Indicators"


def describe_pipeline(
    pipeline: Pipeline,
    framework: Framework,
    factors: tuple[Factor, ...] = (),
    replicates: int = 0,
    seed: int | None = None,
    failed: int | None = None,
) -> list[Section]:
    """Return the method in sections: the framework, each step of the pipeline, and how the intervals were drawn.

    Parameters
    ----------
    pipeline, framework : what ran
    factors, replicates, seed, failed : of the rank intervals; the last section is left out when ``replicates`` is 0

    Every parameter of a step that is not at its default is said, in a sentence or by its name.

    >>> from qualipolis.methods.composite import CITY_PIPELINE, Node
    >>> fw = Framework((Node("a", parent="X"), Node("b", parent="X"), Node("X", level=2, kind="aggregate")))
    >>> [section.heading for section in describe_pipeline(CITY_PIPELINE, fw)]
    ['What is assessed', 'Adjust for size', 'Bring to one scale', 'Weights', 'Add up']
    """
    sections = [of_framework(framework), *(of_step(step, framework) for step in pipeline.steps)]
    return [*sections, varied(factors, replicates, seed, failed, framework)] if replicates else sections


def of_framework(framework: Framework) -> Section:
    """Return what is said of the tree of indicators."""
    nodes = [framework.node(code) for code in framework.indicators]
    ways = {way: sum(node.direction == way for node in nodes) for way in (1, -1, 0)}
    words = {
        "indicators": len(nodes),
        "levels": len(framework.levels),
        "top": tuple(named(framework, root) for root in framework.roots),
    }
    said = [Sentence(msg("%(indicators)s indicators on %(levels)s levels lead up to %(top)s."), words)]
    if ways[1] == len(nodes):
        said.append(Sentence(msg("More is better for all of them.")))
    else:
        text = msg("More is better for %(more)s of them, less is better for %(less)s.")
        said.append(Sentence(text, {"more": ways[1], "less": ways[-1]}))
    if ways[0]:
        said.append(Sentence(msg("For %(middle)s of them a range is best."), {"middle": ways[0]}))
    return Section("", "", msg("What is assessed"), tuple(said), (), HANDBOOK)


def of_step(step: Step, framework: Framework) -> Section:
    """Return what is said of one step; one that nobody wrote words for shows its parameters by name."""
    words = WORDS.get(step.step.removeprefix(EACH_TIME))
    if words is None:
        own = Sentence(msg("This is a step of its own, added to the software by whoever made this release."))
        return Section(step.step, step.name, step.step, (own, *parameters(step, frozenset())))
    yearly = (TIME_BY_TIME,) if step.step.startswith(EACH_TIME) else ()
    said = (*words.sentences(step, framework), *yearly, *parameters(step, words.covers))
    idle = isinstance(step, Denominate) and not step.chosen(framework)  # nothing is divided: no formula
    formula = () if idle else tuple(words.formula(step))
    return Section(step.step, step.name, words.heading, said, formula, words.source(step))


def parameters(step: Step, covered: frozenset[str]) -> Iterator[Sentence]:
    """Yield the parameters that no sentence has said and that are not at their default."""
    for field in dataclasses.fields(step):
        value = getattr(step, field.name)
        usual = field.default_factory() if field.default_factory is not dataclasses.MISSING else field.default
        if field.name not in covered and field.name != "id" and value != usual:
            text = msg("Parameter %(parameter)s: %(value)s.")
            yield Sentence(text, {"parameter": field.name, "value": "—" if value is None else value})

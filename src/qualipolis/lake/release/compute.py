"""From stored inputs to scores and intervals: the one way in which a release is computed, and computed again."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from qualipolis.lake.canonical import canonical_json, sha256
from qualipolis.lake.cells import Place
from qualipolis.lake.frames import csv_bytes, data_to_frame, framework_to_frame
from qualipolis.lake.frameworks import TwoTables, open_two_tables
from qualipolis.lake.grids import Source
from qualipolis.lake.pipelines import read_toml, to_toml
from qualipolis.lake.release.comparison import Comparison, compare
from qualipolis.lake.release.factors import Factors, factor_to_dict, factors_from
from qualipolis.lake.release.format import INTERVALS, SCORES, Inputs
from qualipolis.lake.release.robustness import Robustness, tested
from qualipolis.lake.tables import Limits
from qualipolis.methods.composite import (
    DEFAULT_FACTORS,
    DEFAULT_PIPELINE,
    CompositeResult,
    Framework,
    IndicatorData,
    Pipeline,
    RankIntervals,
)
from qualipolis.methods.problems import InputError, Problem, msg

Step = Callable[[str], None]


@dataclass(frozen=True, eq=False)
class Assessment:
    """Inputs and what follows from them. ``intervals`` is ``None`` when no replicates were asked for."""

    inputs: Inputs
    tables: TwoTables
    result: CompositeResult
    intervals: RankIntervals | None
    replicates: int
    seed: int
    factors: Factors
    problems: tuple[Problem, ...]
    robustness: Robustness | None = None
    comparison: Comparison | None = None

    @property
    def method(self) -> str:
        """Version of the method: the hash of the serialised pipeline."""
        return method_version(self.result.pipeline)

    @property
    def content_hash(self) -> str:
        """Hash of what went in and what came out, without the documents that show it: they can print it."""
        inputs = {file: source.content for file, source in self.inputs.stored().values()}
        files = {name: sha256(content) for name, content in {**inputs, **self.outputs()}.items()}
        return sha256(canonical_json({"method": self.method, "files": files}))

    def outputs(self) -> dict[str, bytes]:
        """Return the tables of numbers that a verification computes again."""
        found = {SCORES: csv_bytes(self.result.to_frame())}
        if self.intervals is not None:
            found[INTERVALS] = csv_bytes(self.intervals.to_frame())
        for part in (self.robustness, self.comparison):
            if part is not None:
                found |= {name: csv_bytes(frame) for name, frame in part.tables.items()}
        return found


def method_version(pipeline: Pipeline) -> str:
    """Return the SHA-256 of the canonical JSON of a pipeline."""
    return sha256(canonical_json(pipeline.to_dict()))


def silent(_: str) -> None:
    """Take note of no step."""


def compute(
    inputs: Inputs,
    *,
    replicates: int = 0,
    seed: int = 0,
    factors: Factors | None = None,
    limits: Limits | None = None,
    sensitivity: int = 0,
    step: Step = silent,
) -> Assessment:
    """Read the inputs, run the pipeline, draw the rank intervals, test the assumptions.

    Parameters
    ----------
    inputs : the two tables and the pipeline, as bytes
    replicates, seed : of the rank intervals; 0 replicates for none
    factors : what varies in it; ``None`` for those of the pipeline file, or else the default ones
    sensitivity : rows of the design that tests the assumptions; 0 for none
    step : called with the name of each part of the work when it begins

    Raises InputError with every problem, each at its place in the files.
    """
    step("read")
    tables, (pipeline, own) = read_both(inputs, limits)
    chosen, place = own if factors is None else factors, inputs.pipeline.name
    step("score")
    try:
        result = pipeline.run(tables.framework, tables.data)
        step("replicate")
        intervals = draw(result, replicates, seed, chosen)
        step("sensitivity")
        robustness = tested(result, intervals, chosen, sensitivity, seed)
    except InputError as error:
        raise InputError([located(problem, tables, place) for problem in error.problems]) from error
    comparison = compared_with(inputs.others, tables, result)
    noted = result.problems + (robustness.problems if robustness else ())
    notices = tuple(located(one, tables, place) for one in noted)
    return Assessment(inputs, tables, result, intervals, replicates, seed, chosen, notices, robustness, comparison)


def compared_with(
    others: tuple[tuple[str, Source], ...], tables: TwoTables, result: CompositeResult
) -> Comparison | None:
    """Return the results of the other pipelines beside this one; ``InputError`` names the file of each that fails."""
    if not others:
        return None
    found: dict[str, CompositeResult] = {}
    problems: list[Problem] = []
    for name, source in sorted(others):
        try:
            pipeline, _ = read_pipeline(source)
            found[name] = pipeline.run(tables.framework, tables.data)
        except InputError as error:
            problems += [located(problem, tables, source.name) for problem in error.problems]
    if problems:
        raise InputError(problems)
    return compare(result, found)


def draw(result: CompositeResult, replicates: int, seed: int, factors: Factors) -> RankIntervals | None:
    """Return the rank intervals; ``InputError`` says first that it is what varies that does not fit the pipeline."""
    if not replicates:
        return None
    try:
        return result.uncertainty(replicates, seed, factors)
    except InputError as error:
        what = msg("What varies between the replicates does not fit this pipeline; the scores alone could be computed.")
        remedy = msg("Write [[factors]] that fit into the pipeline file, or ask for no intervals with --uncertainty 0.")
        raise InputError([Problem("factors_misfit", what, remedy, place="PIPELINE"), *error.problems]) from error


def read_both(inputs: Inputs, limits: Limits | None) -> tuple[TwoTables, tuple[Pipeline, Factors]]:
    """Return tables and pipeline; ``InputError`` with the problems of both."""
    problems: list[Problem] = []
    tables = pipeline = None
    try:
        tables = open_two_tables(inputs.framework, inputs.data, limits)
    except InputError as error:
        problems += error.problems
    try:
        pipeline = read_pipeline(inputs.pipeline)
    except InputError as error:
        problems += error.problems
    if tables is None or pipeline is None:
        raise InputError(problems)
    return tables, pipeline


def read_pipeline(source: Source) -> tuple[Pipeline, Factors]:
    """Return the pipeline in a TOML file and what is uncertain in it; ``InputError`` names the file and step."""
    document = read_toml(source.content, source.name)
    what, remedy = msg("The pipeline file has no part called %(name)s."), msg("Its parts are steps and factors.")
    problems = [
        Problem("unknown_part", what, remedy, {"name": key}, Place(source.name))
        for key in document
        if key not in ("steps", "factors")
    ]
    try:
        pipeline = Pipeline.from_dict(document)
        factors = factors_from(document["factors"], source.name) if "factors" in document else DEFAULT_FACTORS
    except InputError as error:
        problems += [in_pipeline(problem, source.name) for problem in error.problems]
    if problems:
        raise InputError(problems)
    return pipeline, factors


def in_pipeline(problem: Problem, name: str) -> Problem:
    """Return a problem of ``PIPELINE step`` with the name of the file."""
    if not problem.place.startswith("PIPELINE"):
        return problem
    return replace(problem, place=Place(problem.place.replace("PIPELINE", name, 1)))


def located(problem: Problem, tables: TwoTables, pipeline_name: str) -> Problem:
    """Return a problem of a method at its place in the files."""
    return in_pipeline(tables.places.of(problem), pipeline_name)


def pipeline_source(pipeline: Pipeline, factors: Factors = DEFAULT_FACTORS) -> Source:
    """Return a pipeline, and what is uncertain in it, as the TOML file that says the same."""
    document = {**pipeline.to_dict(), "factors": [factor_to_dict(factor) for factor in factors]}
    return Source("pipeline.toml", to_toml(document).encode())


def default_pipeline() -> Source:
    """Return the pipeline that runs when none is given, with what is uncertain in it, as a file."""
    return pipeline_source(DEFAULT_PIPELINE)


def inputs_of(
    framework: Framework, data: IndicatorData, pipeline: Pipeline, factors: Factors = DEFAULT_FACTORS
) -> Inputs:
    """Return what is in memory as the input files that say the same, in our own layout."""
    meta = Source("meta.csv", csv_bytes(framework_to_frame(framework)))
    return Inputs(meta, Source("data.csv", csv_bytes(data_to_frame(data))), pipeline_source(pipeline, factors))

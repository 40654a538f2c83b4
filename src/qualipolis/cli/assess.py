"""``qualipolis assess``: from two tables to scores, ranks with intervals, a workbook, a report and a release."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import typer

from qualipolis.cli import assess_options as options
from qualipolis.cli.showing import Progress, progress, say, say_problems
from qualipolis.cli.words import Translate, language, translator
from qualipolis.methods.problems import InputError, Problem, msg

PARTS = {
    "read": msg("Reading the tables"),
    "score": msg("Computing scores"),
    "replicate": msg("Drawing rank intervals"),
    "sensitivity": msg("Testing the assumptions"),
    "workbook": msg("Writing the workbook"),
    "report": msg("Setting the report"),
    "write": msg("Writing the release"),
}


@dataclass(frozen=True)
class Request:
    """What was asked for on the command line."""

    framework: Path
    data: Path
    pipeline: Path | None
    out: Path
    replicates: int
    seed: int
    lang: str
    sheets: tuple[str | None, str | None]
    force: bool
    title: str
    number: str
    synthetic: bool
    audit: bool = False
    sensitivity: int = 0
    compare: tuple[str, ...] = ()


def assess(
    framework: options.Meta,
    data: options.Data,
    out: options.Out,
    pipeline: options.Steps = None,
    uncertainty: options.Replicates = 1000,
    seed: options.Seed = 1,
    framework_sheet: options.MetaSheet = None,
    data_sheet: options.DataSheet = None,
    title: options.Title = "",
    number: options.Number = "",
    synthetic: options.Synthetic = False,
    sensitivity: options.Sensitivity = 0,
    compare: options.Compare = None,
    audit: options.Audit = False,
    force: options.Force = False,
    lang: options.Language = None,
) -> None:
    spoken = language(lang)
    translate = translator(spoken)
    sheets, others = (framework_sheet, data_sheet), tuple(compare or ())
    files = (framework, data, pipeline, out, uncertainty, seed, spoken, sheets)
    request = Request(*files, force, title, number, synthetic, audit, sensitivity, others)
    try:
        with progress(PARTS, translate) as step:
            assessment, release = carry_out(request, step, translate)
    except (InputError, OSError) as error:
        refuse(error, out, translate)
        raise typer.Exit(2) from None
    tell(assessment, release, translate)


def refuse(error: InputError | OSError, out: Path, translate: Translate) -> None:
    """Say that nothing was written, and what to mend."""
    say(translate(msg("Nothing was written. Please mend:")), error=True)
    say_problems(error.problems if isinstance(error, InputError) else [no_room(error, out)], translate)


def no_room(error: OSError, out: Path) -> Problem:
    """Return what the system says against writing, as a problem."""
    what, remedy = msg("The release cannot be written: %(why)s."), msg("Choose a place with room where you may write.")
    return Problem("unwritable", what, remedy, {"why": error.strerror or str(error)}, place=str(out))


def carry_out(request: Request, step: Progress, translate: Translate):
    """Compute, render and write; ``InputError`` before anything is written."""
    from qualipolis.lake.audit import audit_document
    from qualipolis.lake.release import About, compute, refuse_occupied, results_workbook, write_release

    refuse_occupied(request.out, request.force)
    inputs = inputs_of(request)
    assessment = compute(
        inputs, replicates=request.replicates, seed=request.seed, sensitivity=request.sensitivity, step=step
    )
    now = datetime.now(UTC)
    title = request.title or translate(msg("Assessment"))
    number = request.number or f"{now:%Y%m%d-%H%M%S}"
    about = About(title, now, number, request.synthetic, request.lang)
    step("workbook")
    extra = {"results.xlsx": results_workbook(about, assessment, translate)}
    step("report")
    extra["report.pdf"] = rendered(about, assessment, translate)
    if request.audit:
        name, content = audit_document(about, assessment)
        extra[name] = content
    step("write")
    return assessment, write_release(request.out, about, assessment, extra, force=request.force)


def rendered(about, assessment, translate: Translate) -> bytes:
    """Return the report as PDF."""
    from qualipolis.cli.reporting import report_of
    from qualipolis.faces.report.assessment import render_assessment

    return render_assessment(report_of(about, assessment, translate))


def inputs_of(request: Request):
    """Return the input files as bytes; ``InputError`` names every one that cannot be read or is too large."""
    from qualipolis.lake.grids import source_of
    from qualipolis.lake.release import Inputs, default_pipeline

    problems: list[Problem] = []
    found = {}
    files = {"framework": (request.framework, request.sheets[0]), "data": (request.data, request.sheets[1])}
    if request.pipeline is not None:
        files["pipeline"] = (request.pipeline, None)
    for role, (path, sheet) in files.items():
        try:
            found[role] = source_of(path, sheet=sheet)
        except InputError as error:
            problems += error.problems
    others, wrong = others_of(request.compare)
    if problems + wrong:
        raise InputError(problems + wrong)
    return Inputs(**{"pipeline": default_pipeline(), **found}, others=others)


def others_of(asked: tuple[str, ...]):
    """Return the pipelines to compare with, each with its name, and what is wrong with them."""
    from qualipolis.lake.grids import source_of
    from qualipolis.lake.release.comparison import MOST, name_problem

    found: dict[str, object] = {}
    problems: list[Problem] = []
    for text in asked:
        name, sign, path = text.partition("=")
        if not sign:
            name, path = Path(text).stem, text
        if (wrong := name_problem(name, frozenset(found))) is not None:
            problems.append(wrong)
            continue
        try:
            found[name] = source_of(path)
        except InputError as error:
            problems += error.problems
    if len(asked) > MOST:
        problems.append(Problem("too_many", msg("At most %(most)s pipelines are compared."), "", {"most": MOST}))
    return tuple(found.items()), problems


def tell(assessment, release, translate: Translate) -> None:
    """Say what was done, the warnings last."""
    counts = release.document["counts"]
    text = msg("%(scored)s of %(units)s units scored on %(indicators)s indicators, written to %(directory)s")
    words = {"scored": counts["units_scored"], "units": counts["units"], "indicators": counts["indicators"]}
    say(translate(text) % {**words, "directory": release.directory})
    say(translate(msg("Release hash %(hash)s")) % {"hash": release.release_hash})
    if assessment.problems:
        say(translate(msg("Please note:")), error=True)
        say_problems(assessment.problems, translate, error=False)

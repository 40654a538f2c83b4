"""``qualipolis plan``: acceptance plans as JSON on standard output: find one, draw its curve, look it up in GB/T 2828.1."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Annotated, Any

import typer

from qualipolis.cli.showing import say, say_problems
from qualipolis.cli.words import Translate, language, translator
from qualipolis.methods.problems import InputError, Problem, msg

app = typer.Typer(add_completion=False, no_args_is_help=True)
Language = Annotated[str | None, typer.Option("--lang", metavar="zh|en", help=msg("Language of messages."))]
DISTRIBUTION = msg("binomial, hypergeometric, poisson, or normal for a measured characteristic.")
Distribution = Annotated[str, typer.Option(help=DISTRIBUTION)]
Lot = Annotated[int | None, typer.Option("--lot", help=msg("Units in the lot."))]
Sigma = Annotated[str, typer.Option(help=msg("known or unknown, for the normal distribution."))]
Points = Annotated[str, typer.Option("--p", help=msg("Quality levels of the curve, separated by commas."))]


@app.command("find", help=msg("Find the smallest plan for a good and a bad quality with their risks."))
def find(
    p1: Annotated[float, typer.Option("--p1", help=msg("Good quality: the fraction that should be accepted."))],
    alpha: Annotated[float, typer.Option(help=msg("Risk of not accepting the good quality."))],
    p2: Annotated[float, typer.Option("--p2", help=msg("Bad quality: the fraction that should not be accepted."))],
    beta: Annotated[float, typer.Option(help=msg("Risk of accepting the bad quality."))],
    distribution: Distribution = "binomial",
    lot: Lot = None,
    sigma: Sigma = "unknown",
    sequential: Annotated[bool, typer.Option("--sequential", help=msg("Wald's plan, unit by unit, cut off."))] = False,
    lang: Language = None,
) -> None:
    from qualipolis.cli.plan_answers import found_attributes, found_sequential, found_variables

    translate = translator(language(lang))
    points = (p1, alpha, p2, beta)
    with refusals(translate):
        if sequential:
            answer = found_sequential(points)
        elif distribution == "normal":
            answer = found_variables(points, sigma)
        else:
            answer = found_attributes(points, distribution, lot)
        tell({"asked": {"p1": p1, "alpha": alpha, "p2": p2, "beta": beta}} | answer)


@app.command("oc", help=msg("Compute the operating characteristic of a plan."))
def oc(
    n: Annotated[str, typer.Option("--n", help=msg("Sample size; of several samples, separated by commas."))],
    c: Annotated[str, typer.Option("--c", help=msg("Acceptance numbers, cumulative."))] = "",
    r: Annotated[str, typer.Option("--r", help=msg("Rejection numbers; for one sample c + 1."))] = "",
    k: Annotated[
        float | None, typer.Option("--k", help=msg("Acceptance constant, for the normal distribution."))
    ] = None,
    distribution: Distribution = "binomial",
    lot: Lot = None,
    sigma: Sigma = "unknown",
    p: Points = "",
    lang: Language = None,
) -> None:
    from qualipolis.cli.plan_answers import curve_of_attributes, curve_of_variables

    translate = translator(language(lang))
    with refusals(translate):
        sizes, points = wholes(n, "--n"), numbers(p, "--p")
        if distribution == "normal":
            tell(curve_of_variables(sizes, k, sigma, points))
        else:
            tell(curve_of_attributes((sizes, wholes(c, "--c"), wholes(r, "--r")), distribution, lot, points))


@app.command("gbt2828", help=msg("Look up a plan of GB/T 2828.1, with its edition; arrows are followed."))
def gbt2828(
    lot: Annotated[int, typer.Option("--lot", help=msg("Units in the lot."))],
    aql: Annotated[str, typer.Option(help=msg("AQL, one of the standard's series."))],
    level: Annotated[str, typer.Option(help=msg("Inspection level: I, II, III or S-1 to S-4."))] = "II",
    inspection: Annotated[str, typer.Option(help=msg("normal, tightened or reduced."))] = "normal",
    sampling: Annotated[str, typer.Option(help=msg("single or double."))] = "single",
    edition: Annotated[str, typer.Option(help=msg("GB/T 2828.1-2012 or MIL-STD-105E."))] = "GB/T 2828.1-2012",
    per_100: Annotated[bool, typer.Option("--per-100", help=msg("Count nonconformities per 100 units."))] = False,
    reading: Annotated[int | None, typer.Option(help=msg("1 or 2, where the sources disagree."))] = None,
    found: Annotated[str, typer.Option(help=msg("Nonconforming units found: adds the words of the result."))] = "",
    p: Points = "",
    lang: Language = None,
) -> None:
    from qualipolis.cli.plan_answers import looked_up, result_of
    from qualipolis.methods.sampling.acceptance.standard import NONCONFORMITIES, standard_plan

    translate = translator(language(lang))
    with refusals(translate):
        counts, points = wholes(found, "--found"), numbers(p, "--p")
        regime = NONCONFORMITIES if per_100 else None
        options: dict[str, Any] = {"sampling": sampling, "edition": edition, "regime": regime, "reading": reading}
        plan = standard_plan(lot, level, aql, inspection, **options)
        tell(looked_up(plan, points, translate) | (result_of(plan, counts, translate) if counts else {}))


@contextmanager
def refusals(translate: Translate) -> Iterator[None]:
    """Say every problem with the input, and end with exit status 2."""
    try:
        yield
    except InputError as error:
        say_problems(error.problems, translate)
        raise typer.Exit(2) from None


def tell(answer: dict[str, Any]) -> None:
    """Print an answer as JSON."""
    say(json.dumps(answer, ensure_ascii=False, indent=2, allow_nan=False))


def numbers(text: str, place: str) -> list[float]:
    """Return the numbers of a list separated by commas.

    >>> numbers("0.01, 0.05", "--p")
    [0.01, 0.05]
    """
    return [_read(part, float, place) for part in text.split(",") if part.strip()]


def wholes(text: str, place: str) -> tuple[int, ...]:
    """Return the whole numbers of a list separated by commas."""
    return tuple(_read(part, int, place) for part in text.split(",") if part.strip())


def _read[T](part: str, kind: Callable[[str], T], place: str) -> T:
    try:
        return kind(part.strip())
    except ValueError:
        what = msg("%(part)s is not a number here.")
        remedy = msg("Give numbers separated by commas, such as 50,50.")
        raise InputError([Problem("not_a_number", what, remedy, {"part": part.strip()}, place)]) from None

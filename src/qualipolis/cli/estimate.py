"""``qualipolis estimate``: from a sample and its design to estimates with error, interval and reliability."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any

import typer

from qualipolis.cli.estimate_inputs import STATISTICS, Inputs, inputs_of
from qualipolis.cli.showing import printable, say, say_problems
from qualipolis.cli.words import Translate, language, translator
from qualipolis.methods.problems import InputError, Problem, msg

FLAGS = {
    "reliable": msg("reliable"),
    "caution": msg("caution"),
    "unreliable": msg("unreliable"),
    "none": msg("no estimate"),
}


def estimate(
    sample: Annotated[Path, typer.Option(metavar="FILE", help=msg("Table of the sample, csv or xlsx."))],
    design: Annotated[Path, typer.Option(metavar="DESIGN.toml", help=msg("How it was drawn and what to estimate."))],
    out: Annotated[Path, typer.Option(metavar="FILE", help=msg("Where the estimates go: csv, xlsx or json."))],
    lang: Annotated[str | None, typer.Option(metavar="zh|en", help=msg("Language of messages."))] = None,
) -> None:
    translate = translator(language(lang))
    try:
        rows = carried_out(inputs_of(sample, design), translate)
        written(rows, out)
    except InputError as error:
        say(translate(msg("Nothing was written. Please mend:")), error=True)
        say_problems(error.problems, translate)
        raise typer.Exit(2) from None
    except OSError as error:
        what = msg("A file cannot be read or written: %(why)s.")
        place = str(error.filename or out)
        say_problems([Problem("no_file", what, "", {"why": error.strerror or str(error)}, place=place)], translate)
        raise typer.Exit(2) from None
    tell(rows, out, translate)


def carried_out(inputs: Inputs, translate: Translate) -> list[dict[str, Any]]:
    """Return one row for each estimate and domain."""
    from qualipolis.methods.sampling.estimation import REASONS

    design = design_of(inputs)
    rows: list[dict[str, Any]] = []
    for number, words in enumerate(inputs.words["estimates"], 1):
        found, by = asked_for(inputs, design, words, f"{inputs.place}, [[estimates]] {number}")
        for row in found or ():
            reasons = "; ".join(translate(REASONS[key]) for key in row.pop("reasons"))
            flag = translate(FLAGS[row.pop("flag")])
            about = {"statistic": found.statistic, "variable": found.variable, "by": by}
            end = {"level": found.level, "method": found.method, "purpose": found.purpose}
            rows.append({**about, **row, "domain": str(row["domain"]), "flag": flag, "reasons": reasons, **end})
    if inputs.problems:
        raise InputError(inputs.problems)
    return rows


def design_of(inputs: Inputs) -> Any:
    """Build the design from the words of the file."""
    from qualipolis.methods.sampling.estimation import survey_design

    words = inputs.words
    columns = {
        "weights": inputs.numbers(words["weights"]) if "weights" in words else None,
        "probabilities": inputs.numbers(words["probabilities"]) if "probabilities" in words else None,
        "strata": inputs.stages("strata", "labels"),
        "clusters": inputs.stages("clusters", "labels"),
        "fpc": inputs.stages("fpc", "numbers"),
        "purposes": inputs.labels(words["purpose_column"]) if "purpose_column" in words else None,
    }
    options = {key: inputs.choice(words, key, usual, str) for key, usual in USUAL.items()}
    if inputs.problems:
        raise InputError(inputs.problems)
    return survey_design(**columns, **options)


USUAL = {"pps": "", "lonely": "fail", "purpose": ""}


def asked_for(inputs: Inputs, design: Any, words: Mapping[str, Any], place: str) -> tuple[Any, str]:
    """Return one family of estimates and the names of its domains' columns."""
    import numpy as np

    from qualipolis.methods.sampling import estimation

    statistic = words.get("statistic")
    if statistic not in STATISTICS:
        what, remedy = msg("“%(given)s” is no known choice."), msg("Use one of: %(known)s.")
        params = {"given": str(statistic)[:40], "known": ", ".join(STATISTICS)}
        inputs.problems.append(Problem("unknown_option", what, remedy, params, place=place))
        return None, ""
    named = words.get("by", [])
    names = [named] if isinstance(named, str) else list(named)
    parts = [inputs.labels(name) for name in names]
    columns = values_of(inputs, words, statistic)
    if inputs.problems:
        return None, ""
    by = None
    if parts:
        lost = np.any([part == "" for part in parts], axis=0)
        by = np.where(lost, "", [" / ".join(one) for one in zip(*parts, strict=True)])
    options = options_of(inputs, words, statistic)
    given = [float(words.get("quantile", 0.5))] if statistic == "quantile" else []
    name = str(words.get("variable", ""))
    if statistic == "proportion":
        name = f"{name} = {words.get('has', 1)}"
    return getattr(estimation, statistic)(design, *columns, *given, by=by, name=name, **options), ", ".join(names)


def options_of(inputs: Inputs, words: Mapping[str, Any], statistic: str) -> dict[str, Any]:
    """Return level and method where they are told."""
    level = words.get("level", inputs.words.get("level", 0.95))
    options: dict[str, Any] = {"level": inputs.choice({"level": level}, "level", 0.95, (int, float))}
    if "method" in words and statistic in ("proportion", "quantile"):
        options["method"] = inputs.choice(words, "method", "", str)
    return options


def values_of(inputs: Inputs, words: Mapping[str, Any], statistic: str) -> list[Any]:
    """Return the columns that a statistic needs; a proportion is that of the rows whose cell is ``has``."""
    import numpy as np

    variable = words.get("variable")
    if statistic == "proportion" and "has" in words:
        cells = inputs.labels(variable)
        wanted = words["has"] if isinstance(words["has"], list) else [words["has"]]
        known = {str(one) for one in wanted}
        return [] if cells is None else [np.where(cells == "", np.nan, np.isin(cells, list(known)).astype(float))]
    columns = [inputs.numbers(variable)]
    if statistic == "ratio":
        columns.append(inputs.numbers(words.get("denominator")))
    return columns


def written(rows: list[dict[str, Any]], out: Path) -> None:
    """Write the estimates by the ending of the file's name; an infinite effective size is left empty."""
    import polars as pl

    from qualipolis.lake.exports import write_csv, write_xlsx

    frame = pl.DataFrame(rows, infer_schema_length=None)
    numbers = pl.selectors.float()
    frame = frame.with_columns(pl.when(numbers.is_finite()).then(numbers))
    if out.suffix.lower() == ".xlsx":
        write_xlsx(out, {"estimates": frame})
    elif out.suffix.lower() == ".json":
        import json

        out.write_text(json.dumps(frame.to_dicts(), ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    elif out.suffix.lower() == ".csv":
        write_csv(out, frame)
    else:
        what, remedy = msg("The ending “%(ending)s” is not known."), msg("Use csv, xlsx or json.")
        raise InputError([Problem("unknown_ending", what, remedy, {"ending": out.suffix}, place=str(out))])


def tell(rows: list[dict[str, Any]], out: Path, translate: Translate) -> None:
    """Say what was estimated, the first forty rows."""
    for row in rows[:40]:
        ends = f"[{row['low']:.6g}, {row['high']:.6g}]" if row["low"] == row["low"] else translate(msg("no interval"))
        head = f"{row['statistic']} {row['variable']} · {row['domain']}"
        say(printable(f"{head}: {row['estimate']:.6g} {ends} n {row['n']}, df {row['df']}, {row['flag']}"))
    if len(rows) > 40:
        say(translate(msg("… and %(count)s more.")) % {"count": len(rows) - 40})
    say(translate(msg("Estimates: %(file)s")) % {"file": out})

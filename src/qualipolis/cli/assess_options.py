"""The options of ``qualipolis assess``, each with its help."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from qualipolis.methods.problems import msg

MOST_REPLICATES = 100_000
MOST_ROWS = 2**17

Meta = Annotated[Path, typer.Option(metavar="META", help=msg("Table of indicators, csv or xlsx."))]
Data = Annotated[Path, typer.Option(metavar="DATA", help=msg("Table of units, csv or xlsx; may be the same workbook."))]
Out = Annotated[Path, typer.Option(metavar="DIR", help=msg("Where the release goes; new or empty."))]
Steps = Annotated[
    Path | None, typer.Option(metavar="PIPELINE.toml", help=msg("Steps and parameters; without it the default."))
]
Replicates = Annotated[
    int, typer.Option(metavar="N", min=0, max=MOST_REPLICATES, help=msg("Replicates for the rank intervals."))
]
Seed = Annotated[int, typer.Option(metavar="S", min=0, help=msg("Seed of the replicates."))]
MetaSheet = Annotated[str | None, typer.Option(help=msg("Sheet of the table of indicators."))]
DataSheet = Annotated[str | None, typer.Option(help=msg("Sheet of the table of units."))]
Title = Annotated[str, typer.Option(help=msg("Title of the report."))]
Number = Annotated[str, typer.Option(help=msg("Number of the release; without it the time."))]
Synthetic = Annotated[bool, typer.Option("--synthetic", help=msg("Mark the data as synthetic."))]
Sensitivity = Annotated[
    int,
    typer.Option(metavar="[N]", min=0, max=MOST_ROWS, help=msg("Also say which assumption matters; N rows, 1024.")),
]
Compare = Annotated[
    list[str] | None,
    typer.Option(metavar="NAME=PIPELINE.toml", help=msg("Another pipeline to set beside this one; repeatable.")),
]
Audit = Annotated[
    bool, typer.Option("--audit", help=msg("Also write an audit document: one file that runs the release again."))
]
Force = Annotated[bool, typer.Option("--force", help=msg("Replace the release that stands in DIR."))]
Language = Annotated[str | None, typer.Option(metavar="zh|en", help=msg("Language of messages and report."))]

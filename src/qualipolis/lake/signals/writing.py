"""Signals as files: tables, machine-readable answer, page, and the record of the run."""

from __future__ import annotations

import io
import json
import platform
from collections.abc import Mapping
from dataclasses import asdict
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

import polars as pl

from qualipolis import __version__
from qualipolis.lake.canonical import sha256
from qualipolis.lake.catalogues import translator
from qualipolis.lake.exports import write_csv, write_xlsx
from qualipolis.lake.signals.frames import clusters_frame, pairs_frame, signals_frame
from qualipolis.lake.signals.listening import Heard
from qualipolis.lake.signals.notes import notes_on
from qualipolis.lake.signals.page import page_of
from qualipolis.methods.problems import msg

SCHEMA = "qualipolis.signals/1"
RUN = "qualipolis.run/1"
FILES = ("signals.csv", "signals.json", "signals.xlsx", "signals.html", "run.json")


def write(heard: Heard, out: Path, sources: Mapping[str, bytes], lang: str = "zh") -> list[str]:
    """Write everything into ``out`` and return the names of the files; ``sources`` are the files that were read.

    A record of an earlier run goes first and the new one comes last: a run stopped half-way leaves none.
    """
    made = {
        "signals.json": json.dumps(as_json(heard, lang), ensure_ascii=False, indent=1, allow_nan=False).encode()
        + b"\n",
        "signals.html": page_of(heard, lang).encode(),
    }
    signals, notes = signals_frame(heard, lang), [note.said(translator(lang)) for note in notes_on(heard)]
    out.mkdir(parents=True, exist_ok=True)
    (out / "run.json").unlink(missing_ok=True)
    for name, content in made.items():
        (out / name).write_bytes(content)
    write_csv(out / "signals.csv", signals)
    translate = translator(lang)
    sheets = {
        translate(msg("Signals")): signals,
        translate(msg("Products and hazards")): pairs_frame(heard),
        translate(msg("Clusters")): clusters_frame(heard),
    }
    book = io.BytesIO()
    write_xlsx(book, {name: frame for name, frame in sheets.items() if frame.height}, notes)
    (out / "signals.xlsx").write_bytes(book.getvalue())
    record = run_record(heard, sources, {name: (out / name).read_bytes() for name in FILES[:-1]})
    text = json.dumps(record, ensure_ascii=False, indent=1, allow_nan=False)
    (out / "run.json").write_text(text + "\n", encoding="utf-8")
    return list(FILES)


def as_json(heard: Heard, lang: str = "zh") -> dict[str, Any]:
    """Return the answer as plain values: counts, every signal and every key to watch, the clusters, what to know."""
    latest = heard.latest
    levels = latest.level.tolist()
    signals = signals_frame(heard, lang)
    spoken = signals.filter(pl.col("level").is_in(["signal", "watch"]))
    return {
        "schema": SCHEMA,
        "week": str(heard.weeks[-1]),
        "days": heard.days,
        "until": str(heard.reports.until),
        "reports": len(set(heard.reports.report.tolist())),
        "keys": len(heard.keys),
        "tests": latest.tests,
        "alpha": latest.alpha,
        "levels": {name: levels.count(name) for name in ("signal", "watch", "quiet", "unknown")},
        "signals": spoken.to_dicts(),
        "weeks": [
            {"week": str(heard.weeks[-back]), "tests": one.tests, "signals": int((one.level == "signal").sum())}
            for back, one in zip(range(len(heard.judged), 0, -1), heard.judged, strict=True)
        ],
        "clusters": clusters_frame(heard).to_dicts(),
        "notes": [note.said(translator(lang)) for note in notes_on(heard)],
    }


def run_record(heard: Heard, sources: Mapping[str, bytes], written: Mapping[str, bytes]) -> dict[str, Any]:
    """Return what is needed to repeat the run: files with their hashes, settings, seed, versions."""
    return {
        "schema": RUN,
        "command": "signal",
        "at": datetime.now(UTC).isoformat(timespec="seconds"),
        "inputs": {name: {"sha256": sha256(content), "bytes": len(content)} for name, content in sources.items()},
        "outputs": {name: {"sha256": sha256(content), "bytes": len(content)} for name, content in written.items()},
        "config": asdict(heard.config),
        "seed": heard.config.seed,
        "rows": heard.reports.rows,
        "rows_after_last_day": heard.reports.later,
        "scans": {"made": heard.clusters.scanned, "left_out": heard.clusters.left},
        "versions": {
            "qualipolis": __version__,
            "python": platform.python_version(),
            **{name: version(name) for name in ("numpy", "scipy", "polars")},
        },
    }

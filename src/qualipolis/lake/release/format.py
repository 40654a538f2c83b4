"""The release bundle ``qualipolis-release/1``: what its ``release.json`` says, and the hash that stands for all of it.

The hash of a release is the SHA-256 of ``release.json`` in canonical form without the key ``release_hash``. As the file
names the hash of every other file, that one number stands for the whole bundle.
"""

from __future__ import annotations

import platform
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from importlib.metadata import version
from pathlib import Path

import numpy as np

from qualipolis.lake.canonical import canonical_json, sha256
from qualipolis.lake.cells import Place
from qualipolis.lake.grids import Source
from qualipolis.methods import composite
from qualipolis.methods.problems import Problem

FORMAT = "qualipolis-release/1"
DOCUMENT = "release.json"
PUBLIC_COPY = "public_copy"  # the key that a copy for everyone has more, where cells are held back
SCORES = "scores.csv"
INTERVALS = "intervals.csv"
COMPARED = "compare "
SENSITIVITY = "sensitivity.csv"
CONVERGENCE = "convergence.csv"
IMPORTANCE = "importance.csv"
TIERS = "tiers.csv"
COMPARISON = "comparison.csv"
CORRELATION = "correlation.csv"
TABLES = (SCORES, INTERVALS, SENSITIVITY, CONVERGENCE, IMPORTANCE, TIERS, COMPARISON, CORRELATION)


@dataclass(frozen=True)
class About:
    """What a release calls itself. ``created_at`` has a time zone; the clock is read by whoever asks for the release."""

    title: str
    created_at: datetime
    number: str = ""
    synthetic: bool = False
    language: str = "zh"


@dataclass(frozen=True)
class Inputs:
    """What a release is computed from: two tables and a pipeline. A workbook may be both tables.

    ``others`` are further pipelines, each with a name, that are run beside the first for comparison.
    """

    framework: Source
    data: Source
    pipeline: Source
    others: tuple[tuple[str, Source], ...] = ()

    def stored(self) -> dict[str, tuple[str, Source]]:
        """Return role -> file name in the bundle and source; a file that serves twice is stored once."""
        found: dict[str, tuple[str, Source]] = {}
        taken: dict[str, bytes] = {"inputs/pipeline.toml": self.pipeline.content}
        taken |= {f"inputs/compare-{name}.toml": source.content for name, source in self.others}
        for role, source in (("framework", self.framework), ("data", self.data)):
            file = f"inputs/{source.name}"
            if taken.get(file, source.content) != source.content:
                file = f"inputs/{role}-{source.name}"
            taken[file] = source.content
            found[role] = (file, source)
        compared = {f"{COMPARED}{name}": (f"inputs/compare-{name}.toml", one) for name, one in self.others}
        return {**found, **compared, "pipeline": ("inputs/pipeline.toml", self.pipeline)}


def libraries() -> dict[str, str]:
    """Return what may change a number: the code of the method, interpreter, numpy, processor, vector instructions."""
    found = np.show_config(mode="dicts")
    simd = found.get("SIMD Extensions", {}) if isinstance(found, dict) else {}
    return {
        "method code": method_code(),
        "python": platform.python_version(),
        "numpy": np.__version__,
        "scipy": version("scipy"),
        "machine": platform.machine(),
        "simd": " ".join([*simd.get("baseline", []), *simd.get("found", [])]),
    }


@cache
def method_code() -> str:
    """Return the first 16 digits of the SHA-256 of the sources that compute scores and intervals."""
    sources = sorted(Path(composite.__file__).parent.rglob("*.py"))
    return sha256(b"".join(path.read_bytes() for path in sources))[:16]


def problem_to_dict(problem: Problem) -> dict[str, object]:
    """Return a problem as plain values."""
    place = problem.place
    return {
        "code": problem.code,
        "what": problem.what,
        "remedy": problem.remedy,
        "params": {key: plain(value) for key, value in problem.params.items()},
        "place": str(place) if isinstance(place, Place) else place,
        "severity": problem.severity,
    }


def plain(value: object) -> object:
    """Return ``value`` as JSON can hold it exactly; what it cannot hold becomes text."""
    if isinstance(value, np.generic):
        value = value.item()
    if isinstance(value, float) and not np.isfinite(value):
        return str(value)
    return value if isinstance(value, str | int | float | bool | None) else str(value)


def release_hash(document: Mapping[str, object]) -> str:
    """Return the hash of a release from its document, with or without the hash in it."""
    return sha256(canonical_json({key: value for key, value in document.items() if key != "release_hash"}))
